package posts_test

import (
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

func TestMassSendToATag(t *testing.T) {
	r, m := massRoom(t)
	m.tags = []posts.FollowerTag{{ID: 2, Name: "星标组"}, {ID: 101, Name: "药农", Followers: 12}}
	p := r.approved(content())
	p = r.must(r.ScheduleMass(t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.MassChoice{TagID: 101, TagName: "别的名字"}))
	if p.Mass.TagName != "药农" || p.Way() != "群发给标签“药农”的关注者" {
		t.Errorf("the choice is %+v: %s", p.Mass, p.Way())
	}
	if note := p.Trail[len(p.Trail)-1].Note; !strings.Contains(note, "群发给标签“药农”的关注者") {
		t.Errorf("the trail does not say to whom: %q", note)
	}
	m.tags[1].Name = "药农和种植户" // renamed since: what was chosen stays on record
	r.clock = p.DueAt
	r.work(2 * time.Minute)
	p = r.stored(p.ID)
	wantState(t, p, posts.Published)
	if len(m.jobs) != 1 || m.jobs[0].order.TagID != 101 || p.Mass.Audience() != "标签“药农”的关注者" {
		t.Errorf("sent %+v, on record %s", m.jobs, p.Mass.Audience())
	}
}

func TestATagThatReachesNobodyIsRefused(t *testing.T) {
	tests := []struct {
		name string
		tag  int
		kind fault.Kind
		says string
	}{
		{"a tag that the platform does not have", 7, fault.Invalid, "没有这个标签"},
		{"a tag that nobody carries", 2, fault.Invalid, "现在没有关注者"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, m := massRoom(t)
			m.tags = []posts.FollowerTag{{ID: 2, Name: "星标组"}}
			p := r.approved(content())
			_, later := r.ScheduleMass(t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.MassChoice{TagID: tt.tag})
			_, now := r.SendNow(t.Context(), approver, p.ID, posts.MassSend, posts.MassChoice{TagID: tt.tag})
			for _, err := range []error{later, now} {
				if !fault.Is(err, tt.kind) || !strings.Contains(fault.Message(err), tt.says) {
					t.Errorf("refused with %v", err)
				}
			}
			wantState(t, r.stored(p.ID), posts.Approved)
		})
	}
}

func TestTagsNeedTheRightAndThePlatform(t *testing.T) {
	r, _ := massRoom(t)
	if _, err := r.FollowerTags(t.Context(), author); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an author reads the tags: %v", err)
	}
	r.platform.failing["FollowerTags"] = failure{err: fault.New(fault.Unavailable, "微信暂时没有答复。"), times: 1}
	p := r.approved(content())
	if _, err := r.SendNow(t.Context(), approver, p.ID, posts.MassSend, posts.MassChoice{TagID: 101}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a tag that could not be looked up: %v", err)
	}
	p = r.must(r.SendNow(t.Context(), approver, p.ID, posts.MassSend, posts.MassChoice{}))
	if p.Way() != "群发给全部关注者" {
		t.Errorf("all followers need no tag: %s", p.Way())
	}
	r.Mass = nil
	if _, err := r.FollowerTags(t.Context(), approver); !fault.Is(err, fault.Conflict) {
		t.Errorf("without mass sending: %v", err)
	}
}

func TestAudienceOfOlderRecords(t *testing.T) {
	if got := (posts.MassChoice{TagID: 5}).Audience(); got != "标签 5 的关注者" {
		t.Errorf("Audience() = %q", got)
	}
}
