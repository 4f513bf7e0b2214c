package posts_test

import (
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

func TestCorrectDate(t *testing.T) {
	r := newRoom(t)
	wrong, right := beijing("2026-01-02 09:00:00"), beijing("2025-12-31 09:00:00")
	p := r.must(r.RecordElsewhere(t.Context(), author, posts.Portal, content(), "https://www.lczf.gov.cn/1", wrong))
	p = r.must(r.CorrectDate(t.Context(), author, p.ID, right, " 登记时看错了年份 "))
	if !p.Publication.PublishedAt.Equal(right) || p.State != posts.Published {
		t.Errorf("published %v, %s", p.Publication.PublishedAt, p.State)
	}
	note := p.Trail[len(p.Trail)-1]
	if note.Action != string(posts.CorrectDate) || note.Actor != author.Name || note.Note != "发布时间由 2026-01-02 09:00 改为 2025-12-31 09:00（北京时间），原因：登记时看错了年份" {
		t.Errorf("the trail says %+v", note)
	}
	if err := p.Trail.Verify(); err != nil {
		t.Error(err)
	}
	for year, want := range map[int]int{2025: 1, 2026: 0} {
		if found, err := r.shelf.Posts(t.Context(), posts.Query{PublishedYear: year}); err != nil || len(found) != want {
			t.Errorf("%d has %d items, want %d", year, len(found), want)
		}
	}
}

func TestCorrectDateRefuses(t *testing.T) {
	r := newRoom(t)
	at := r.clock.Add(-48 * time.Hour)
	portal := r.must(r.RecordElsewhere(t.Context(), author, posts.Portal, content(), "https://www.lczf.gov.cn/1", at))
	r.must(r.RecordElsewhere(t.Context(), author, posts.Portal, content(), "https://www.lczf.gov.cn/1", at.AddDate(-1, 0, 0))) // the same address a year before
	account := r.must(r.RecordElsewhere(t.Context(), approver, posts.Account, content(), "https://mp.weixin.qq.com/s/1", at))
	draft := r.approved(content())
	byPlatform := r.approved(content())
	byPlatform = r.must(r.SendNow(t.Context(), approver, byPlatform.ID, posts.FreePublish, posts.MassChoice{}))
	r.work(2 * time.Minute)
	wantState(t, r.stored(byPlatform.ID), posts.Published)
	tests := []struct {
		name   string
		by     staff.Member
		id     string
		at     time.Time
		reason string
		kind   fault.Kind
		says   string
	}{
		{"no reason", author, portal.ID, at.Add(-time.Hour), " ", fault.Invalid, "请写明更正发布日期的原因"},
		{"a time that has not come", author, portal.ID, r.clock.Add(time.Hour), "写错了", fault.Invalid, "还没有到"},
		{"the same time", author, portal.ID, at, "写错了", fault.Invalid, "相同"},
		{"the address stands in that year already", author, portal.ID, at.AddDate(-1, 0, 1), "写错了", fault.Conflict, "已经登记过"},
		{"an article of the account by somebody who may not publish", author, account.ID, at.Add(-time.Hour), "写错了", fault.Forbidden, ""},
		{"by somebody who neither writes nor publishes", reviewer, portal.ID, at.Add(-time.Hour), "写错了", fault.Forbidden, ""},
		{"what is not published", approver, draft.ID, at, "写错了", fault.Conflict, "不能更正发布日期"},
		{"what the platform dated", approver, byPlatform.ID, at, "写错了", fault.Conflict, "平台给出的"},
		{"no such item", approver, "nothing", at, "写错了", fault.NotFound, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := r.CorrectDate(t.Context(), tt.by, tt.id, tt.at, tt.reason)
			if !fault.Is(err, tt.kind) || !strings.Contains(fault.Message(err), tt.says) {
				t.Errorf("CorrectDate = %v, want %s %q", err, tt.kind, tt.says)
			}
		})
	}
	if p := r.stored(portal.ID); !p.Publication.PublishedAt.Equal(at) || len(p.Trail) != 1 {
		t.Errorf("what was refused left its mark: %+v", p.Publication)
	}
}

func TestDatedByHand(t *testing.T) {
	settled := posts.Post{Method: posts.FreePublish, Trail: staff.Trail{}.Append(approver, beijing(opening), string(posts.RecordPublished), "人工核对", "")}
	for want, all := range map[bool][]posts.Post{
		true:  {{Method: posts.Elsewhere}, settled}, // an archive of the years before has no trail
		false: {{Method: posts.FreePublish}, {Method: posts.MassSend}},
	} {
		for _, p := range all {
			if p.DatedByHand() != want {
				t.Errorf("DatedByHand(%s, %d events) = %v", p.Method, len(p.Trail), !want)
			}
		}
	}
}

// TestACorrectedItemIsNotImportedAgain: the file still has the wrong day.
func TestACorrectedItemIsNotImportedAgain(t *testing.T) {
	r := newRoom(t)
	table := [][]string{head, {"门户网站", "防汛演练", "原创", "", "2026-01-02"}}
	rows, err := r.ReadImport(t.Context(), table, posts.Account)
	if err != nil {
		t.Fatal(err)
	}
	done, err := r.Import(t.Context(), approver, rows)
	if err != nil || len(done.Added) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	r.must(r.CorrectDate(t.Context(), approver, done.Added[0], beijing("2025-12-30 10:00:00"), "表里写错了"))
	for _, day := range []string{"2026-01-02", "2025-12-30"} {
		table[1][4] = day
		rows, err := r.ReadImport(t.Context(), table, posts.Account)
		if err != nil || rows[0].Known != done.Added[0] {
			t.Errorf("the line of %s counts as new: %+v, %v", day, rows, err)
		}
	}
}
