package posts_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

func TestCreate(t *testing.T) {
	tests := []struct {
		name    string
		by      staff.Member
		channel posts.Channel
		c       posts.Content
		want    fault.Kind // Internal: it works
	}{
		{"an original", author, posts.Account, posts.Content{Title: "标题", Origin: posts.Original}, fault.Internal},
		{"转载注明来源: a repost with its source", author, posts.Portal, posts.Content{Title: "标题", Origin: posts.Repost, Source: &posts.Source{Name: "新华社"}}, fault.Internal},
		{"转载注明来源: a repost without", author, posts.Account, posts.Content{Title: "标题", Origin: posts.Repost}, fault.Invalid},
		{"a repost whose source is a blank", author, posts.Account, posts.Content{Title: "标题", Origin: posts.Repost, Source: &posts.Source{Name: " "}}, fault.Invalid},
		{"no declaration", author, posts.Account, posts.Content{Title: "标题"}, fault.Invalid},
		{"no title", author, posts.Account, posts.Content{Title: "  ", Origin: posts.Original}, fault.Invalid},
		{"no such channel", author, "radio", posts.Content{Title: "标题", Origin: posts.Original}, fault.Invalid},
		{"by the request desk", desk, posts.Account, posts.Content{Title: "标题", Origin: posts.Original}, fault.Forbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p, err := r.Create(t.Context(), tt.by, tt.channel, tt.c)
			if tt.want != fault.Internal {
				wantFault(t, err, tt.want)
				return
			}
			if err != nil || p.State != posts.Draft || p.AuthorID != tt.by.ID || p.Content.Editor != tt.by.Name || len(p.Trail) != 1 {
				t.Errorf("%v, %+v", err, p)
			}
		})
	}
}

func TestAnOriginalHasNoSource(t *testing.T) {
	c := content()
	c.Source = &posts.Source{Name: "新华社"}
	r := newRoom(t)
	if p := r.must(r.Create(t.Context(), author, posts.Account, c)); p.Content.Source != nil {
		t.Errorf("source = %+v", p.Content.Source)
	}
}

func TestEditVoidsApprovals(t *testing.T) {
	r := newRoom(t)
	p := r.approved(content())
	if p.ApprovedHash == "" || p.ApprovedHash != p.Content.Hash() {
		t.Fatalf("approved hash = %q", p.ApprovedHash)
	}
	c := p.Content
	c.Markdown += "\n\n补充一句。"
	p = r.must(r.Edit(t.Context(), author, p.ID, p.Version, c))
	if p.State != posts.Draft || p.ApprovedHash != "" || len(p.Reviews) != 0 {
		t.Errorf("after an edit: %s, %q, %v", p.State, p.ApprovedHash, p.Reviews)
	}
	p = r.must(r.Submit(t.Context(), author, p.ID))
	if p.NextRound() != posts.First {
		t.Errorf("next round = %s, want the first", p.NextRound())
	}
}

func TestEditOfAnOldVersionLosesNothing(t *testing.T) {
	r := newRoom(t)
	p := r.must(r.Create(t.Context(), author, posts.Account, content()))
	c := p.Content
	c.Title = "甲改的标题"
	r.must(r.Edit(t.Context(), author, p.ID, p.Version, c))
	other := staff.Member{ID: "other", Name: "吴刚", Roles: []staff.Role{staff.Author}}
	c.Title = "乙改的标题"
	_, err := r.Edit(t.Context(), other, p.ID, p.Version, c)
	wantFault(t, err, fault.Conflict)
	if got := r.stored(p.ID); got.Content.Title != "甲改的标题" || len(got.Writers) != 1 {
		t.Errorf("stored %q by %v", got.Content.Title, got.Writers)
	}
}

func TestEditKeepsTheResponsibleEditor(t *testing.T) {
	r := newRoom(t)
	p := r.must(r.Create(t.Context(), author, posts.Account, content()))
	c := content() // a form that does not know the field
	p = r.must(r.Edit(t.Context(), staff.Member{ID: "x", Name: "别人", Roles: []staff.Role{staff.Author}}, p.ID, p.Version, c))
	if p.Content.Editor != author.Name {
		t.Errorf("editor = %q, want %q", p.Content.Editor, author.Name)
	}
}

func TestEditNotesAChangedDeclaration(t *testing.T) {
	r := newRoom(t)
	p := r.must(r.Create(t.Context(), author, posts.Account, content()))
	c := p.Content
	c.Origin, c.Source = posts.Repost, &posts.Source{Name: "新华社"}
	p = r.must(r.Edit(t.Context(), author, p.ID, p.Version, c))
	if note := p.Trail[len(p.Trail)-1].Note; !strings.Contains(note, "原创改为转载") {
		t.Errorf("note = %q", note)
	}
}

func TestSubmitRefusesWhatBlocks(t *testing.T) {
	r := newRoom(t)
	c := content()
	c.Title = strings.Repeat("长", 33)
	p := r.must(r.Create(t.Context(), author, posts.Account, c))
	_, err := r.Submit(t.Context(), author, p.ID)
	wantFault(t, err, fault.Invalid)
	if !strings.Contains(fault.Message(err), "33") {
		t.Errorf("message = %q", fault.Message(err))
	}
	wantState(t, r.stored(p.ID), posts.Draft)
}

func TestThreeRounds(t *testing.T) {
	r := newRoom(t)
	p := r.submitted(content())
	for i, by := range []staff.Member{reviewer, second, approver} {
		want := posts.Rounds()[i]
		if p.NextRound() != want {
			t.Fatalf("next round = %s, want %s", p.NextRound(), want)
		}
		p = r.must(r.Review(t.Context(), by, p.ID, true, "同意"))
		if last := p.Reviews[i]; last.Round != want || last.By != by.ID || last.ByName != by.Name || last.Hash != p.Content.Hash() {
			t.Errorf("review = %+v", last)
		}
	}
	wantState(t, p, posts.Approved)
	if err := p.Trail.Verify(); err != nil || len(p.Trail) != 5 {
		t.Errorf("%d events, %v", len(p.Trail), err)
	}
}

func TestWhoMayReview(t *testing.T) {
	writer := staff.Member{ID: "writer", Name: "郑华", Roles: []staff.Role{staff.Author, staff.Reviewer, staff.Approver}}
	helper := staff.Member{ID: "helper", Name: "冯军", Roles: []staff.Role{staff.Author, staff.Reviewer}}
	tests := []struct {
		name   string
		before []staff.Member // who decided the earlier rounds
		by     staff.Member
		want   bool
	}{
		{"审核制度: a reviewer in the first round", nil, reviewer, true},
		{"审核制度: an approver is kept for 终审, in the first round", nil, approver, false},
		{"审核制度: and in the second", []staff.Member{reviewer}, approver, false},
		{"审核制度: the same person not twice", []staff.Member{reviewer}, reviewer, false},
		{"审核制度: another one in the second", []staff.Member{reviewer}, second, true},
		{"终审 needs the right to approve", []staff.Member{reviewer, second}, staff.Member{ID: "third", Roles: []staff.Role{staff.Reviewer}}, false},
		{"终审 by an approver", []staff.Member{reviewer, second}, approver, true},
		{"终审 not by one who did an earlier round and was promoted since", []staff.Member{reviewer, second},
			staff.Member{ID: second.ID, Name: second.Name, Roles: []staff.Role{staff.Approver}}, false},
		{"never without the right", nil, author, false},
		{"never the author, whatever the rights", nil, writer, false},
		{"never who changed a word in it", nil, helper, false},
		{"never the request desk", nil, desk, false},
		{"never a disabled member", nil, staff.Member{ID: "gone", Roles: []staff.Role{staff.Reviewer}, Disabled: true}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p := r.must(r.Create(t.Context(), writer, posts.Account, content()))
			c := p.Content
			c.Digest = "作者改了一笔"
			p = r.must(r.Edit(t.Context(), helper, p.ID, p.Version, c))
			p = r.must(r.Submit(t.Context(), author, p.ID))
			for _, m := range tt.before {
				p = r.must(r.Review(t.Context(), m, p.ID, true, ""))
			}
			if err := p.MayReview(tt.by); (err == nil) != tt.want {
				t.Errorf("MayReview = %v, want allowed = %v", err, tt.want)
			}
			_, err := r.Review(t.Context(), tt.by, p.ID, true, "")
			if tt.want && err != nil {
				t.Errorf("Review = %v", err)
			}
			if !tt.want {
				wantFault(t, err, fault.Forbidden)
			}
		})
	}
}

func TestReturn(t *testing.T) {
	r := newRoom(t)
	p := r.submitted(content())
	p = r.must(r.Review(t.Context(), reviewer, p.ID, true, ""))
	_, err := r.Review(t.Context(), second, p.ID, false, " ")
	wantFault(t, err, fault.Invalid)
	p = r.must(r.Review(t.Context(), second, p.ID, false, "人数请核对"))
	wantState(t, p, posts.Draft)
	if last := p.Reviews[len(p.Reviews)-1]; last.Approved || last.Comment != "人数请核对" {
		t.Errorf("the author cannot see why: %+v", last)
	}
	c := p.Content
	c.Markdown = "共有三十一人参加。"
	p = r.must(r.Edit(t.Context(), author, p.ID, p.Version, c))
	if len(p.Reviews) == 0 {
		t.Error("the reason is gone while the author works on it")
	}
	p = r.must(r.Submit(t.Context(), author, p.ID))
	if p.NextRound() != posts.First || len(p.Reviews) != 0 {
		t.Errorf("the rounds do not start anew: %s, %v", p.NextRound(), p.Reviews)
	}
	r.must(r.Review(t.Context(), second, p.ID, true, "")) // who returned it may review it again
}

func TestSchedule(t *testing.T) {
	tests := []struct {
		name string
		by   staff.Member
		in   time.Duration
		m    posts.Method
		want fault.Kind // Internal: it works
	}{
		{"in an hour", approver, time.Hour, posts.FreePublish, fault.Internal},
		{"now is not the future", approver, 0, posts.FreePublish, fault.Invalid},
		{"in the past", approver, -time.Hour, posts.FreePublish, fault.Invalid},
		{"by an author", author, time.Hour, posts.FreePublish, fault.Forbidden},
		{"by no known method", approver, time.Hour, posts.Elsewhere, fault.Invalid},
		{"mass send without that right", staff.Member{ID: "admin", Roles: []staff.Role{staff.Administrator}}, time.Hour, posts.MassSend, fault.Forbidden},
		{"mass send is refused in words, never replaced silently", approver, time.Hour, posts.MassSend, fault.Conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p := r.approved(content())
			got, err := r.Schedule(t.Context(), tt.by, p.ID, r.clock.Add(tt.in), tt.m)
			if tt.want != fault.Internal {
				wantFault(t, err, tt.want)
				wantState(t, r.stored(p.ID), posts.Approved)
				return
			}
			if err != nil || got.State != posts.Scheduled || !got.DueAt.Equal(r.clock.Add(tt.in)) {
				t.Errorf("%v, %s at %v", err, got.State, got.DueAt)
			}
		})
	}
}

func TestScheduleTellsBeijingTime(t *testing.T) {
	r := newRoom(t)
	p := r.approved(content())
	p = r.must(r.Schedule(t.Context(), approver, p.ID, beijing("2026-12-31 23:59:00"), posts.FreePublish))
	if note := p.Trail[len(p.Trail)-1].Note; !strings.Contains(note, "2026-12-31 23:59") {
		t.Errorf("note = %q", note)
	}
}

func TestAPortalItemIsNotScheduled(t *testing.T) {
	r := newRoom(t)
	p := r.must(r.Create(t.Context(), author, posts.Portal, content()))
	p = r.must(r.Submit(t.Context(), author, p.ID))
	for _, by := range []staff.Member{reviewer, second, approver} {
		p = r.must(r.Review(t.Context(), by, p.ID, true, ""))
	}
	_, err := r.Schedule(t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.FreePublish)
	wantFault(t, err, fault.Conflict)
	p = r.must(r.RecordOutcome(t.Context(), approver, p.ID, "https://www.example.gov.cn/1", r.clock))
	if p.State != posts.Published || p.Method != posts.Elsewhere {
		t.Errorf("%s by %s", p.State, p.Method)
	}
}

func TestWithdraw(t *testing.T) {
	r := newRoom(t)
	p := r.submitted(content())
	_, err := r.Withdraw(t.Context(), author, p.ID, "")
	wantFault(t, err, fault.Invalid)
	_, err = r.Withdraw(t.Context(), desk, p.ID, "不合适")
	wantFault(t, err, fault.Forbidden)
	wantState(t, r.must(r.Withdraw(t.Context(), reviewer, p.ID, "不合适")), posts.Withdrawn)
	q := r.due(posts.Content{Title: "发出的", Markdown: "正文", Origin: posts.Original})
	r.work(0)
	_, err = r.Withdraw(t.Context(), author, q.ID, "后悔")
	wantFault(t, err, fault.Conflict)
	if !strings.Contains(fault.Message(err), "删除") {
		t.Errorf("message = %q", fault.Message(err))
	}
}

func TestRecordRemoval(t *testing.T) {
	r := newRoom(t)
	p := r.due(content())
	r.work(0)
	r.pass(time.Hour)
	for name, at := range map[string]time.Time{"in the future": r.clock.Add(time.Minute), "before it was published": p.DueAt.Add(-time.Minute)} {
		t.Run(name, func(t *testing.T) {
			_, err := r.RecordRemoval(t.Context(), approver, p.ID, at, "有误")
			wantFault(t, err, fault.Invalid)
		})
	}
	got := r.must(r.RecordRemoval(t.Context(), approver, p.ID, r.clock, "有误"))
	if got.State != posts.Withdrawn || !got.Publication.RemovedAt.Equal(r.clock) {
		t.Errorf("%s, removed at %v", got.State, got.Publication.RemovedAt)
	}
}

func TestRecordElsewhere(t *testing.T) {
	at := beijing("2026-11-20 10:00:00")
	tests := []struct {
		name    string
		by      staff.Member
		channel posts.Channel
		url     string
		at      time.Time
		want    fault.Kind
	}{
		{"a portal item", author, posts.Portal, "https://www.example.gov.cn/1", at, fault.Internal},
		{"without an address", author, posts.Portal, "", at, fault.Internal},
		{"by one who publishes", staff.Member{ID: "admin", Roles: []staff.Role{staff.Administrator}}, posts.Account, "", at, fault.Internal},
		{"by the request desk", desk, posts.Portal, "", at, fault.Forbidden},
		{"in the future", author, posts.Portal, "", beijing(opening).Add(time.Second), fault.Invalid},
		{"at no time", author, posts.Portal, "", time.Time{}, fault.Invalid},
		{"with no address at all", author, posts.Portal, "javascript:alert(1)", at, fault.Invalid},
		{"on no channel", author, "radio", "", at, fault.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			p, err := r.RecordElsewhere(t.Context(), tt.by, tt.channel, content(), tt.url, tt.at)
			if tt.want != fault.Internal {
				wantFault(t, err, tt.want)
				return
			}
			if err != nil || p.State != posts.Published || p.Method != posts.Elsewhere || !p.Publication.PublishedAt.Equal(tt.at) {
				t.Errorf("%v, %+v", err, p)
			}
		})
	}
}

func TestTheSameAddressIsRecordedOnce(t *testing.T) {
	r := newRoom(t)
	at, url := beijing("2026-11-20 10:00:00"), "https://mp.weixin.qq.com/s/1"
	r.must(r.RecordElsewhere(t.Context(), approver, posts.Portal, content(), url, at))
	_, err := r.RecordElsewhere(t.Context(), approver, posts.Portal, content(), url, at)
	wantFault(t, err, fault.Conflict)
	r.must(r.RecordElsewhere(t.Context(), approver, posts.Account, content(), url, at))
}

func TestAnAccountLinkIsTheAccountsOwn(t *testing.T) {
	at := time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		by   staff.Member
		link string
		want fault.Kind
	}{
		{"another site, shown to citizens as ours", approver, "https://phish.example/login", fault.Invalid},
		{"markup behind the host", approver, "https://evil.example/\"><script>", fault.Invalid},
		{"a line break that tears the chat text", approver, "https://mp.weixin.qq.com/s/a\nb", fault.Invalid},
		{"a user before the host", approver, "https://mp.weixin.qq.com@evil.example/s/a", fault.Invalid},
		{"no host", approver, "https:///s/a", fault.Invalid},
		{"an author alone", author, "https://mp.weixin.qq.com/s/a", fault.Forbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			_, err := r.RecordElsewhere(t.Context(), tt.by, posts.Account, content(), tt.link, at)
			wantFault(t, err, tt.want)
		})
	}
	r := newRoom(t)
	if _, err := r.RecordElsewhere(t.Context(), approver, posts.Account, content(), "https://mp.weixin.qq.com/s/a", at); err != nil {
		t.Errorf("the platform's own link: %v", err)
	}
}

func TestHashCoversEveryField(t *testing.T) {
	base := posts.Content{
		Title: "a", Byline: "b", Digest: "c", Markdown: "d", Cover: "e", SourceLink: "f", Style: "g", Origin: posts.Repost,
		Source: &posts.Source{Name: "h", URL: "i"}, Topic: "j", Editor: "k",
	}
	changes := map[string]func(*posts.Content){
		"title": func(c *posts.Content) { c.Title = "x" }, "byline": func(c *posts.Content) { c.Byline = "x" },
		"digest": func(c *posts.Content) { c.Digest = "x" }, "markdown": func(c *posts.Content) { c.Markdown = "x" },
		"cover": func(c *posts.Content) { c.Cover = "x" }, "source link": func(c *posts.Content) { c.SourceLink = "x" },
		"style": func(c *posts.Content) { c.Style = "x" }, "origin": func(c *posts.Content) { c.Origin = posts.Original },
		"source name": func(c *posts.Content) { c.Source = &posts.Source{Name: "x", URL: "i"} },
		"source url":  func(c *posts.Content) { c.Source = &posts.Source{Name: "h", URL: "x"} },
		"topic":       func(c *posts.Content) { c.Topic = "x" }, "editor": func(c *posts.Content) { c.Editor = "x" },
		"a letter moved from one field to the next": func(c *posts.Content) { c.Title, c.Byline = "ab", "" },
	}
	for name, change := range changes {
		c := base
		if change(&c); c.Hash() == base.Hash() {
			t.Errorf("%s: the hash is the same", name)
		}
	}
	if same := base; same.Hash() != base.Hash() || len(base.Hash()) != 64 {
		t.Errorf("hash = %q", base.Hash())
	}
}

func TestApprovalForm(t *testing.T) {
	r := newRoom(t)
	c := content()
	c.Origin, c.Source, c.Topic = posts.Repost, &posts.Source{Name: "新华社", URL: "https://www.news.cn/1"}, "防汛救灾"
	p := r.submitted(c)
	p = r.must(r.Review(t.Context(), reviewer, p.ID, false, "错字"))
	p = r.must(r.Submit(t.Context(), author, p.ID))
	r.pass(time.Minute)
	p = r.must(r.Review(t.Context(), reviewer, p.ID, true, "已改。"))
	got := p.ApprovalForm()
	want := posts.ApprovalForm{
		ID: p.ID, Title: c.Title, Channel: posts.Account, Method: posts.FreePublish, Topic: "防汛救灾", Origin: posts.Repost, Source: *c.Source,
		Author: author.Name, SubmittedAt: beijing(opening).UTC(), Path: "三审", Fingerprint: p.Content.Hash(),
		Opinions: []posts.Opinion{
			{Round: posts.First, Subject: "文字、错别字、病句、格式", Name: reviewer.Name, At: r.clock.UTC(), Text: "审核通过。已改。"},
			{Round: posts.Second, Subject: "事实、发布依据、公文规范、保密审查"},
			{Round: posts.Final, Subject: "政治导向、政策法规、是否同意发布"},
		},
		Remarks: []string{"初审退回，理由：错字"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
