package posts_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/posts"
	"shoushan/workday"
)

// sketches takes the sketch of every post on the shelf anew; read counts the posts that were read whole.
type sketches struct {
	*shelf
	read int
	err  error
}

func (s *sketches) EachSketch(_ context.Context, year int, see func(string, posts.Sketch)) error {
	for _, id := range s.order {
		p, err := s.load(id)
		if err != nil {
			return err
		}
		if workday.Of(p.CreatedAt).Year() == year {
			see(id, posts.SketchOf(p))
		}
	}
	return s.err
}

func (s *sketches) Post(ctx context.Context, id string) (posts.Post, error) {
	s.read++
	return s.shelf.Post(ctx, id)
}

// prose is a text of n characters that no other seed has.
func prose(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, seed))
	var b strings.Builder
	for range n {
		b.WriteRune(rune(0x4e00 + r.IntN(3000)))
	}
	return b.String()
}

func withText(title, text string) posts.Content {
	c := content()
	c.Title, c.Markdown = title, text
	return c
}

// TestSketchesFindWhatReadingAllFinds: the same items in the same order, without reading the others.
func TestSketchesFindWhatReadingAllFinds(t *testing.T) {
	r := newRoom(t)
	for i := range uint64(40) {
		r.onPortal(withText(fmt.Sprintf("第%d篇", i), prose(i, 900)))
	}
	original := prose(7, 900) // the text of one of them
	long := prose(1000, 6000)
	r.onPortal(withText("长文", long))
	runes := []rune(original)
	tests := []struct {
		name string
		c    posts.Content
		most string // the title of the item most alike, "" for none
	}{
		{"the same text", withText("另一个题目", original), "第7篇"},
		{"a third is rewritten", withText("另一个题目", string(runes[:600])+prose(2000, 300)), "第7篇"},
		{"an excerpt", withText("节选", string(runes[100:400])), "第7篇"},
		{"the whole in a longer text", withText("综述", prose(3000, 2000)+original+prose(3001, 2000)), "第7篇"},
		{"a piece of a long text", withText("长文节选", string([]rune(long)[2000:3500])), "长文"},
		{"the same title", withText("第 9 篇！", prose(4000, 900)), "第9篇"},
		{"nothing in common", withText("新的", prose(5000, 900)), ""},
		{"a text too short to compare", withText("短讯", string(runes[:20])), ""},
		{"no title and no text", withText("", ""), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r.Sketches, r.Shelf = nil, r.shelf
			whole, err := r.AlikeTo(t.Context(), tt.c, "")
			if err != nil {
				t.Fatal(err)
			}
			s := &sketches{shelf: r.shelf}
			r.Sketches, r.Shelf = s, s
			quick, err := r.AlikeTo(t.Context(), tt.c, "")
			if err != nil {
				t.Fatal(err)
			}
			most := ""
			if len(whole) > 0 {
				most = whole[0].Post.Content.Title
			}
			if most != tt.most || !slices.Equal(shares(whole), shares(quick)) {
				t.Errorf("reading all finds %v, by sketches %v, want %q", shares(whole), shares(quick), tt.most)
			}
			if s.read > 3 {
				t.Errorf("%d posts were read", s.read)
			}
		})
	}
}

func shares(all []posts.Alike) []string {
	var out []string
	for _, a := range all {
		out = append(out, fmt.Sprintf("%s %.2f", a.Post.Content.Title, a.Share))
	}
	return out
}

func TestSketchesAreOfRecentPostsOnly(t *testing.T) {
	r := newRoom(t)
	text := prose(1, 500)
	old, err := r.RecordElsewhere(t.Context(), approver, posts.Portal, withText("两年前", text), "", r.clock.AddDate(-2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	s := &sketches{shelf: r.shelf}
	r.Sketches, r.Shelf = s, s
	if found, err := r.AlikeTo(t.Context(), withText("新稿", text), ""); err != nil || len(found) != 0 {
		t.Errorf("an item of two years ago is found: %v, %v", shares(found), err)
	}
	r.onPortal(withText("昨天的", text))
	found, err := r.AlikeTo(t.Context(), withText("新稿", text), old.ID)
	if err != nil || len(found) != 1 || found[0].Share != 1 {
		t.Errorf("found %v, %v", shares(found), err)
	}
	s.err = errors.New("redis")
	if _, err := r.AlikeTo(t.Context(), withText("新稿", text), ""); !errors.Is(err, s.err) {
		t.Errorf("sketches that cannot be read: %v", err)
	}
}

func TestASketchIsSmall(t *testing.T) {
	for _, n := range []int{0, 5, 40, 20000} {
		if s := posts.SketchOf(posts.Post{Content: withText("题", prose(9, n))}); len(s) > 8+32*4 || len(s) < 8 {
			t.Errorf("the sketch of %d characters has %d bytes", n, len(s))
		}
	}
}

// onPortal records an item that was published on the portal an hour ago.
func (r *room) onPortal(c posts.Content) {
	r.t.Helper()
	r.must(r.RecordElsewhere(r.t.Context(), approver, posts.Portal, c, "", r.clock.Add(-time.Hour)))
}
