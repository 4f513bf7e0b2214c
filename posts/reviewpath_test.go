package posts_test

import (
	"strings"
	"testing"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

var keeper = staff.Member{ID: "admin", Name: "刘洋", Roles: []staff.Role{staff.Administrator}}

// planned is a room in which reposts from an approved source take two rounds, the second left to the approver, and
// items on 防汛救灾 only 终审.
func planned(t *testing.T) *room {
	t.Helper()
	r, _ := massRoom(t)
	err := r.SaveReviewPlan(t.Context(), keeper, posts.ReviewPlan{
		Paths: []posts.ReviewPath{
			{Name: "权威转载", Origin: posts.Repost, ApprovedSource: true, Rounds: []posts.Round{posts.First, posts.Final}, Who: map[posts.Round][]string{posts.First: {"second"}}},
			{Name: "紧急信息", Topic: "防汛救灾", Rounds: []posts.Round{posts.Final}},
		},
		Usual: posts.ReviewPath{Name: "三审", Rounds: posts.Rounds()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnItemTakesTheFirstPathThatFits(t *testing.T) {
	repost := func(source posts.Source) posts.Content {
		c := content()
		c.Origin, c.Source = posts.Repost, &source
		return c
	}
	urgent := content()
	urgent.Topic = "防汛救灾"
	tests := []struct {
		name, path string
		content    posts.Content
		rounds     int
	}{
		{"分级审核: an original takes all three", "三审", content(), 3},
		{"a repost whose address is on the list", "权威转载", repost(posts.Source{Name: "新华社", URL: "https://www.news.cn/1.html"}), 2},
		{"a name alone proves no source", "三审", repost(posts.Source{Name: "新华社"}), 3},
		{"an address that is not on the list", "三审", repost(posts.Source{Name: "新华社", URL: "https://news.cn.example/1.html"}), 3},
		{"by topic", "紧急信息", urgent, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := planned(t).submitted(tt.content)
			if p.ReviewPath != tt.path || len(p.Rounds) != tt.rounds {
				t.Errorf("path %q with rounds %v, want %q with %d", p.ReviewPath, p.Rounds, tt.path, tt.rounds)
			}
			if f := p.ApprovalForm(); f.Path != tt.path || len(f.Opinions) != tt.rounds {
				t.Errorf("the form says %q with %d opinions", f.Path, len(f.Opinions))
			}
		})
	}
}

func TestARoundLeftToCertainMembers(t *testing.T) {
	r := planned(t)
	c := content()
	c.Origin, c.Source = posts.Repost, &posts.Source{Name: "新华社", URL: "https://www.news.cn/1.html"}
	p := r.submitted(c)
	_, err := r.Review(t.Context(), reviewer, p.ID, true, "")
	wantFault(t, err, fault.Forbidden)
	if !strings.Contains(fault.Message(err), "指定的人") {
		t.Errorf("message = %q", fault.Message(err))
	}
	p = r.must(r.Review(t.Context(), second, p.ID, true, ""))
	if p.NextRound() != posts.Final {
		t.Fatalf("next round = %s", p.NextRound())
	}
	wantState(t, r.must(r.Review(t.Context(), approver, p.ID, true, "")), posts.Approved)
}

func TestItemsUnderReviewKeepTheirPath(t *testing.T) {
	r := planned(t)
	p := r.submitted(content())
	shorter := posts.ReviewPlan{Usual: posts.ReviewPath{Name: "只终审", Rounds: []posts.Round{posts.Final}}}
	if err := r.SaveReviewPlan(t.Context(), keeper, shorter); err != nil {
		t.Fatal(err)
	}
	if got := r.must(r.Review(t.Context(), reviewer, p.ID, true, "")); got.State != posts.InReview || got.NextRound() != posts.Second {
		t.Errorf("after 初审: %s, next %s", got.State, got.NextRound())
	}
}

func TestPlansThatAreRefused(t *testing.T) {
	usual := posts.DefaultReviewPlan().Usual
	path := func(change func(*posts.ReviewPath)) posts.ReviewPlan {
		p := posts.ReviewPath{Name: "短", Rounds: []posts.Round{posts.First, posts.Final}}
		change(&p)
		return posts.ReviewPlan{Paths: []posts.ReviewPath{p}, Usual: usual}
	}
	tests := []struct {
		name string
		by   staff.Member
		plan posts.ReviewPlan
		want fault.Kind
	}{
		{"先审后发: no 终审", keeper, path(func(p *posts.ReviewPath) { p.Rounds = []posts.Round{posts.First, posts.Second} }), fault.Invalid},
		{"no round at all", keeper, path(func(p *posts.ReviewPath) { p.Rounds = nil }), fault.Invalid},
		{"终审 first", keeper, path(func(p *posts.ReviewPath) { p.Rounds = []posts.Round{posts.Final, posts.First} }), fault.Invalid},
		{"初审 twice", keeper, path(func(p *posts.ReviewPath) { p.Rounds = []posts.Round{posts.First, posts.First, posts.Final} }), fault.Invalid},
		{"a round that is none", keeper, path(func(p *posts.ReviewPath) { p.Rounds = []posts.Round{"fourth", posts.Final} }), fault.Invalid},
		{"without a name", keeper, path(func(p *posts.ReviewPath) { p.Name = " " }), fault.Invalid},
		{"the usual path with a condition", keeper, posts.ReviewPlan{Usual: posts.ReviewPath{Name: "三审", Origin: posts.Original, Rounds: posts.Rounds()}}, fault.Invalid},
		{"by who approves", approver, posts.DefaultReviewPlan(), fault.Forbidden},
		{"by a reviewer", reviewer, posts.DefaultReviewPlan(), fault.Forbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := massRoom(t)
			wantFault(t, r.SaveReviewPlan(t.Context(), tt.by, tt.plan), tt.want)
			if plan, err := r.ReviewPlan(t.Context()); err != nil || len(plan.Paths) != 0 || len(plan.Usual.Rounds) != 3 {
				t.Errorf("a refused plan is in force: %+v, %v", plan, err)
			}
		})
	}
}
