package posts_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

// bundler makes drafts of several articles on the small WeChat of the tests.
type bundler struct {
	*platform
	made [][]posts.Article
}

func (b *bundler) AddBundle(_ context.Context, articles []posts.Article) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	acts, err := b.answer("AddBundle")
	id := b.next("draft")
	if acts {
		b.drafts[id] = articles[0]
		b.made = append(b.made, articles)
	}
	return id, err
}

func bundleRoom(t testing.TB) (*room, *bundler) {
	t.Helper()
	r := newRoom(t)
	b := &bundler{platform: r.platform}
	r.Bundles = b
	return r, b
}

// approvedAs is an approved post with the title.
func (r *room) approvedAs(title string) posts.Post {
	r.t.Helper()
	c := r.illustrated()
	c.Title = title
	return r.approved(c)
}

func TestSeveralArticlesGoOutTogether(t *testing.T) {
	r, b := bundleRoom(t)
	lead, two, three := r.approvedAs("头条"), r.approvedAs("二条"), r.approvedAs("三条")
	lead = r.must(r.Combine(t.Context(), approver, lead.ID, []string{two.ID, three.ID}))
	wantState(t, r.stored(two.ID), posts.Combined)
	_, err := r.PublishNow(t.Context(), approver, two.ID)
	wantFault(t, err, fault.Conflict)
	_, err = r.Edit(t.Context(), author, two.ID, r.stored(two.ID).Version, content())
	wantFault(t, err, fault.Conflict)
	r.must(r.PublishNow(t.Context(), approver, lead.ID))
	r.work(2 * time.Minute)
	var titles []string
	for _, a := range b.made[0] {
		titles = append(titles, a.Title)
		if a.CoverMediaID == "" || !strings.Contains(a.HTML, "mmbiz.qpic.cn") {
			t.Errorf("article %+v", a)
		}
	}
	if strings.Join(titles, " ") != "头条 二条 三条" || len(b.made) != 1 || r.platform.count("SubmitPublish") != 1 {
		t.Errorf("drafts %v, submitted %d times", titles, r.platform.count("SubmitPublish"))
	}
	lead = r.stored(lead.ID)
	for _, p := range []posts.Post{lead, r.stored(two.ID), r.stored(three.ID)} {
		wantState(t, p, posts.Published)
		if !p.Publication.PublishedAt.Equal(lead.Publication.PublishedAt) || p.Trail.Verify() != nil {
			t.Errorf("publication of %s = %+v", p.Content.Title, p.Publication)
		}
	}
}

func TestCombinedArticlesGetTheirOwnLinks(t *testing.T) {
	r, _ := bundleRoom(t)
	lead, two := r.approvedAs("头条"), r.approvedAs("二条")
	r.must(r.Combine(t.Context(), approver, lead.ID, []string{two.ID}))
	r.platform.pending = 1000
	r.must(r.PublishNow(t.Context(), approver, lead.ID))
	r.work(0)
	done := posts.PublishStatus{State: posts.PublishDone, ArticleID: "a", URL: "https://x/1", MoreURLs: "https://x/2"}
	if err := r.HandlePublishEvent(t.Context(), r.stored(lead.ID).Publication.PublishID, done); err != nil {
		t.Fatal(err)
	}
	r.work(0)
	if got := r.stored(two.ID).Publication.URL; got != "https://x/2" {
		t.Errorf("link = %q", got)
	}
}

func TestWhatCannotBeCombined(t *testing.T) {
	r, _ := bundleRoom(t)
	lead, two, draft := r.approvedAs("头条"), r.approvedAs("二条"), r.must(r.Create(t.Context(), author, posts.Account, content()))
	var many []string
	for i := range 8 {
		many = append(many, fmt.Sprint(i))
	}
	for name, tt := range map[string]struct {
		lead string
		ids  []string
		kind fault.Kind
	}{
		"with itself":   {lead.ID, []string{lead.ID}, fault.Invalid},
		"twice":         {lead.ID, []string{two.ID, two.ID}, fault.Invalid},
		"nine articles": {lead.ID, many, fault.Invalid},
		"a draft":       {lead.ID, []string{draft.ID}, fault.Conflict},
		"to a draft":    {draft.ID, []string{two.ID}, fault.Conflict},
		"nobody":        {lead.ID, []string{"nobody"}, fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.Combine(t.Context(), approver, tt.lead, tt.ids)
			wantFault(t, err, tt.kind)
		})
	}
	_, err := r.Combine(t.Context(), author, lead.ID, []string{two.ID})
	wantFault(t, err, fault.Forbidden)
	wantState(t, r.stored(two.ID), posts.Approved)
	r.Bundles = nil
	_, err = r.Combine(t.Context(), approver, lead.ID, []string{two.ID})
	wantFault(t, err, fault.Conflict)
}

func TestACompanionIsFreedAgain(t *testing.T) {
	tests := []struct {
		name string
		free func(r *room, lead posts.Post)
	}{
		{"taken out", func(r *room, lead posts.Post) {
			r.must(r.Combine(t.Context(), approver, lead.ID, nil))
		}},
		{"the leading post is withdrawn", func(r *room, lead posts.Post) {
			r.must(r.Withdraw(t.Context(), author, lead.ID, "不发了"))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := bundleRoom(t)
			lead, two := r.approvedAs("头条"), r.approvedAs("二条")
			r.must(r.Combine(t.Context(), approver, lead.ID, []string{two.ID}))
			tt.free(r, lead)
			r.work(3 * time.Minute)
			wantState(t, r.stored(two.ID), posts.Approved)
		})
	}
}

// TestACrashWhileCombiningFreesTheCompanions stops the process at each write of Combine.
func TestACrashWhileCombiningFreesTheCompanions(t *testing.T) {
	for at := 1; at <= 3; at++ {
		r, _ := bundleRoom(t)
		lead, two, three := r.approvedAs("头条"), r.approvedAs("二条"), r.approvedAs("三条")
		r.shelf.dieAt, r.shelf.after = r.shelf.writes+at, true
		_, err := r.Combine(t.Context(), approver, lead.ID, []string{two.ID, three.ID})
		if !errors.Is(err, errDead) {
			t.Fatalf("write %d: %v", at, err)
		}
		r.restart(time.Second)
		r.work(3 * time.Minute)
		want := posts.Approved
		if at == 3 {
			want = posts.Combined
		}
		wantState(t, r.stored(two.ID), want)
		wantState(t, r.stored(three.ID), want)
	}
}

func TestARemovedSendRemovesItsCompanions(t *testing.T) {
	r, _ := bundleRoom(t)
	lead, two := r.approvedAs("头条"), r.approvedAs("二条")
	r.must(r.Combine(t.Context(), approver, lead.ID, []string{two.ID}))
	r.platform.pending = 1000
	r.must(r.PublishNow(t.Context(), approver, lead.ID))
	r.work(0)
	gone := posts.PublishStatus{State: posts.PublishRemoved, ArticleID: "a"}
	if err := r.HandlePublishEvent(t.Context(), r.stored(lead.ID).Publication.PublishID, gone); err != nil {
		t.Fatal(err)
	}
	r.work(0)
	if p := r.stored(two.ID); p.State != posts.Withdrawn || p.Publication.RemovedAt.IsZero() {
		t.Errorf("companion is %s", p.State)
	}
}

func pictureMessage(r *room) posts.Content {
	r.illustrated()
	return posts.Content{Kind: posts.PictureMessage, Title: "秋收掠影", Markdown: "玉米丰收。", Gallery: []string{pic("a"), pic("b")}, Origin: posts.Original}
}

func TestPictureMessage(t *testing.T) {
	r, b := bundleRoom(t)
	p := r.due(pictureMessage(r))
	r.work(2 * time.Minute)
	p = r.stored(p.ID)
	wantState(t, p, posts.Published)
	a := b.made[0][0]
	if a.Kind != posts.PictureMessage || len(a.Gallery.MediaIDs) != 2 || a.Gallery.MediaIDs[0] == "" || !strings.HasPrefix(a.HTML, "玉米丰收。") || strings.Contains(a.HTML, "<") {
		t.Errorf("article = %+v", a)
	}
	if r.platform.count("UploadImage") != 0 || r.platform.count("AddCover") != 2 {
		t.Errorf("calls = %v", r.platform.calls)
	}
	if shown := posts.Preview(p.Content); !strings.Contains(shown, "/files/"+pic("a")) || !strings.Contains(shown, "玉米丰收") {
		t.Errorf("preview = %s", shown)
	}
}

func TestPictureMessageProblems(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*posts.Content)
		field  string
	}{
		"no picture":       {func(c *posts.Content) { c.Gallery = nil }, "gallery"},
		"21 pictures":      {func(c *posts.Content) { c.Gallery = make([]string, 21) }, "gallery"},
		"1001 characters":  {func(c *posts.Content) { c.Markdown = strings.Repeat("字", 1001) }, "markdown"},
		"picture in text":  {func(c *posts.Content) { c.Markdown = "![x](file:a)" }, "markdown"},
		"a lost picture":   {func(c *posts.Content) { c.Gallery = []string{"gone"} }, "markdown"},
		"identity numbers": {func(c *posts.Content) { c.Markdown = "110101199003070038" }, "markdown"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			c := pictureMessage(r)
			tt.change(&c)
			found, err := r.Findings(t.Context(), posts.Post{Content: c})
			if err != nil || messages(found, tt.field, true) == "" {
				t.Errorf("found %v, %v", found, err)
			}
		})
	}
	r := newRoom(t)
	p := r.due(pictureMessage(r))
	r.work(time.Minute)
	wantState(t, r.stored(p.ID), posts.Failed) // without a Bundler
}
