package posts_test

import (
	"context"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
)

// platformList is a fixed list of the platform.
type platformList struct {
	all []posts.Listed
	err error
}

func (l platformList) ListPublished(context.Context, time.Time) ([]posts.Listed, error) {
	return l.all, l.err
}

func listed(id, at string, articles ...posts.ListedArticle) posts.Listed {
	return posts.Listed{ArticleID: id, At: beijing(at), Articles: articles}
}

// elsewhere records an item of the account that was published by hand.
func (r *room) elsewhere(title, url, at string) posts.Post {
	r.t.Helper()
	c := content()
	c.Title = title
	return r.must(r.RecordElsewhere(r.t.Context(), approver, posts.Account, c, url, beijing(at)))
}

func link(id string) string { return "https://mp.weixin.qq.com/s/" + id }

func TestMatchMonth(t *testing.T) {
	r, m := massRoom(t)
	both := r.elsewhere("两边都有", link("both"), "2026-11-02 09:00:00")
	otherDay := r.elsewhere("日期不同", link("day"), "2026-11-03 09:00:00")
	hand := r.elsewhere("后台群发", link("hand"), "2026-11-04 09:00:00")
	noLink := r.elsewhere("没有链接", "", "2026-11-05 09:00:00")
	gone := r.elsewhere("删掉的", link("gone"), "2026-11-06 09:00:00")
	r.elsewhere("上月的", link("october"), "2026-10-31 23:59:59")
	c := content()
	c.Title = "网站的"
	r.must(r.RecordElsewhere(t.Context(), approver, posts.Portal, c, "https://www.lczf.gov.cn/1", beijing("2026-11-07 09:00:00")))
	sent := r.massDue(content())
	r.work(time.Minute)
	ours := r.due(posts.Content{Title: "查不到的", Markdown: "我镇的事", Origin: posts.Original})
	r.work(time.Minute)
	wantFault(t, r.HandleMassEvent(t.Context(), posts.MassOutcome{MsgID: "77", Sent: true, URLs: []string{link("foreign")}, At: beijing("2026-11-20 10:00:00")}), fault.NotFound)
	r.Lister = platformList{all: []posts.Listed{
		listed("a1", "2026-11-02 09:00:01", posts.ListedArticle{Title: "两边都有", URL: link("both")}),
		listed("a2", "2026-11-04 09:00:01", posts.ListedArticle{Title: "日期不同", URL: link("day")}),
		listed("a3", "2026-11-06 09:00:01", posts.ListedArticle{Title: "删掉的", URL: link("gone"), Deleted: true}),
		listed("a4", "2026-11-08 09:00:01", posts.ListedArticle{Title: "没登记的", URL: link("theirs")}, posts.ListedArticle{Title: "没登记的二条", URL: link("theirs2")}),
		listed("a5", "2026-10-30 09:00:01", posts.ListedArticle{Title: "上月的另一篇", URL: link("x")}),
		listed("a6", "2026-11-09 09:00:01", posts.ListedArticle{Title: "登记前就删了", Deleted: true}),
	}}
	got, err := r.MatchMonth(t.Context(), 2026, time.November)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		kind posts.MatchKind
		open bool
	}{
		both.ID: {posts.MatchBoth, false}, otherDay.ID: {posts.MatchOtherDay, true}, hand.ID: {posts.MatchUnlisted, false},
		noLink.ID: {posts.MatchNoLink, true}, gone.ID: {posts.MatchRemoved, true}, sent.ID: {posts.MatchUnlisted, false},
		ours.ID: {posts.MatchOurs, true}, "list:a4:1": {posts.MatchTheirs, true}, "list:a4:2": {posts.MatchTheirs, true}, "mass:77": {posts.MatchTheirs, true},
	}
	for _, row := range got.Rows {
		w, expected := want[row.Key]
		if !expected || row.Kind != w.kind || row.Open != w.open || row.Kind.Chinese() == "" {
			t.Errorf("%s %s: %s open %v, want %s open %v", row.Key, row.Title, row.Kind, row.Open, w.kind, w.open)
		}
		delete(want, row.Key)
	}
	if len(want) != 0 || got.Open != 7 || got.Counted != 7 || got.ListedAt.IsZero() {
		t.Errorf("missing rows %v; %d open, %d counted", want, got.Open, got.Counted)
	}
	_ = m
	r.explain(ours.ID, got.Open)
}

// explain writes a reason for one difference, which is then no longer open.
func (r *room) explain(key string, open int) {
	r.t.Helper()
	ctx := r.t.Context()
	wantFault(r.t, r.ExplainMatch(ctx, author, 2026, time.November, key, "x"), fault.Forbidden)
	wantFault(r.t, r.ExplainMatch(ctx, approver, 2026, time.November, key, " "), fault.Invalid)
	if err := r.ExplainMatch(ctx, approver, 2026, time.November, key, "平台列表只列最近一百篇"); err != nil {
		r.t.Fatal(err)
	}
	got, err := r.MatchMonth(ctx, 2026, time.November)
	if err != nil || got.Open != open-1 {
		r.t.Errorf("%d open, %v; want %d", got.Open, err, open-1)
	}
}

func TestMatchMonthWithoutTheList(t *testing.T) {
	r, _ := massRoom(t)
	p := r.due(content())
	r.work(time.Minute)
	got, err := r.MatchMonth(t.Context(), 2026, time.November)
	if err != nil || len(got.Rows) != 1 || got.Rows[0].Post.ID != p.ID || got.Rows[0].Explanation == "" || !got.ListedAt.IsZero() {
		t.Errorf("matching = %+v, %v", got, err)
	}
	r.Lister = platformList{err: busy}
	if _, err := r.MatchMonth(t.Context(), 2026, time.November); err == nil {
		t.Error("a list that cannot be read went unnoticed")
	}
	if got, err = r.MatchMonth(t.Context(), 2025, time.December); err == nil {
		t.Errorf("matching = %+v", got)
	}
}

func TestLookFindsWhatWasPublishedOrDeletedByHand(t *testing.T) {
	r, _ := massRoom(t)
	since := beijing("2026-11-01 00:00:00")
	_, err := r.Look(t.Context(), since)
	wantFault(t, err, fault.Unavailable)
	gone := r.elsewhere("删掉的", link("gone"), "2026-11-06 09:00:00")
	r.elsewhere("还在的", link("there"), "2026-11-07 09:00:00")
	r.Lister = platformList{all: []posts.Listed{
		listed("a1", "2026-11-06 09:00:00", posts.ListedArticle{Title: "删掉的", URL: link("gone"), Deleted: true}),
		listed("a2", "2026-11-07 09:00:00", posts.ListedArticle{Title: "还在的", URL: link("there")}),
		listed("a3", "2026-11-08 09:00:00", posts.ListedArticle{Title: "没登记的", URL: link("new")}),
	}}
	for pass := range 2 {
		found, err := r.Look(t.Context(), since)
		if err != nil || found.Listed != 3 || found.Sightings != 1 || len(found.Removed) != 1-pass {
			t.Errorf("pass %d: %+v, %v", pass, found, err)
		}
	}
	if p := r.stored(gone.ID); p.State != posts.Withdrawn || p.Publication.RemovedAt.IsZero() {
		t.Errorf("the deleted item is %s", p.State)
	}
	seen, err := r.Sightings(t.Context(), 2026)
	if err != nil || len(seen) != 1 || seen[0].Title != "没登记的" {
		t.Errorf("sightings = %+v, %v", seen, err)
	}
}
