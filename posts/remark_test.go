package posts_test

import (
	"strings"
	"testing"

	"shoushan/fault"
	"shoushan/posts"
)

func TestACommentMovesNothing(t *testing.T) {
	r := newRoom(t)
	p := r.approved(content())
	after := r.must(r.Comment(t.Context(), reviewer, p.ID, " 标题可以再短些。\n"))
	last := after.Trail[len(after.Trail)-1]
	if after.State != p.State || after.ApprovedHash != p.ApprovedHash || len(after.Reviews) != len(p.Reviews) {
		t.Errorf("a comment changed %s %s", after.State, after.ApprovedHash)
	}
	if last.Action != string(posts.Remark) || last.Note != "标题可以再短些。" || last.Actor != reviewer.Name {
		t.Errorf("the record says %+v", last)
	}
	if posts.Remark.Chinese() == "" {
		t.Error("the action has no name")
	}
}

func TestCommentsThatAreRefused(t *testing.T) {
	r := newRoom(t)
	p := r.submitted(content())
	_, err := r.Comment(t.Context(), desk, p.ID, "好")
	wantFault(t, err, fault.Forbidden)
	for _, text := range []string{"", " \n", strings.Repeat("字", posts.MaxRemark+1)} {
		_, err := r.Comment(t.Context(), author, p.ID, text)
		wantFault(t, err, fault.Invalid)
	}
	r.must(r.Comment(t.Context(), author, p.ID, strings.Repeat("字", posts.MaxRemark)))
}

func TestACommentDoesNotGetInTheWayOfAWriter(t *testing.T) {
	r := newRoom(t)
	p := r.must(r.Create(t.Context(), author, posts.Account, content()))
	open := p.Version
	r.must(r.Comment(t.Context(), reviewer, p.ID, "第二段请补充日期。"))
	c := p.Content
	c.Title = "新的标题"
	p = r.must(r.Edit(t.Context(), author, p.ID, open, c))
	c.Title = "旧页面里的标题"
	_, err := r.Edit(t.Context(), author, p.ID, open, c)
	wantFault(t, err, fault.Conflict)
	r.must(r.Comment(t.Context(), reviewer, p.ID, "好"))
	_, err = r.Edit(t.Context(), author, p.ID, p.Version+99, c)
	wantFault(t, err, fault.Conflict)
	r.must(r.Submit(t.Context(), author, p.ID))
	_, err = r.Edit(t.Context(), author, p.ID, p.Version, c)
	wantFault(t, err, fault.Conflict)
}
