package posts_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/fault"
	"shoushan/posts"
)

var update = flag.Bool("update", false, "write the golden files anew")

func row(from posts.State, do posts.Action) (posts.Row, bool) {
	rows := posts.Table()
	i := slices.IndexFunc(rows, func(r posts.Row) bool { return r.From == from && r.Do == do })
	if i < 0 {
		return posts.Row{}, false
	}
	return rows[i], true
}

// TestEveryPair tries every action in every state: rows of the table move, missing rows are a Conflict with a sentence.
func TestEveryPair(t *testing.T) {
	for _, from := range append([]posts.State{""}, posts.States()...) {
		for _, do := range posts.Actions() {
			p := posts.Post{State: from}
			want, possible := row(from, do)
			err := posts.Move(&p, do)
			switch {
			case p.State != want.To && possible:
				t.Errorf("%s in %q leads to %q, want %q", do, from, p.State, want.To)
			case possible && err != nil, (&posts.Post{State: from}).Can(do) != possible:
				t.Errorf("%s in %q: %v, want possible = %v", do, from, err, possible)
			case !possible && (!fault.Is(err, fault.Conflict) || p.State != from):
				t.Errorf("%s in %q: %v and state %q, want Conflict and no move", do, from, err, p.State)
			}
		}
	}
}

// TestEveryVerbInEveryState does what people do through the newsroom itself, in every state.
func TestEveryVerbInEveryState(t *testing.T) {
	type verb = func(ctx context.Context, r *room, id string) (posts.Post, error)
	verbs := map[posts.Action]verb{
		posts.Write: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.Edit(ctx, author, id, r.stored(id).Version, content())
		},
		posts.Submit: func(ctx context.Context, r *room, id string) (posts.Post, error) { return r.Submit(ctx, author, id) },
		posts.Return: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.Review(ctx, reviewer, id, false, "改")
		},
		posts.Pass: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.Review(ctx, reviewer, id, true, "")
		},
		posts.Schedule: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.Newsroom.Schedule(ctx, approver, id, r.clock.Add(time.Hour), posts.FreePublish)
		},
		posts.PublishNow: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.PublishNow(ctx, approver, id)
		},
		posts.Unschedule: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.Unschedule(ctx, approver, id)
		},
		posts.Release: func(ctx context.Context, r *room, id string) (posts.Post, error) { return r.Release(ctx, approver, id) },
		posts.Withdraw: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.Withdraw(ctx, author, id, "不发了")
		},
		posts.RecordPublished: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.RecordOutcome(ctx, approver, id, "https://mp.weixin.qq.com/s/1", r.clock)
		},
		posts.RecordFailed: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.RecordNotPublished(ctx, approver, id, "没有")
		},
		posts.Remove: func(ctx context.Context, r *room, id string) (posts.Post, error) {
			return r.RecordRemoval(ctx, approver, id, r.clock, "删了")
		},
	}
	for _, from := range posts.States() {
		for do, try := range verbs {
			t.Run(fmt.Sprintf("%s in %s", do, from), func(t *testing.T) {
				r := newRoom(t)
				p := r.must(r.Create(t.Context(), author, posts.Account, content()))
				before := r.must(r.shelf.UpdatePost(t.Context(), p.ID, func(p *posts.Post) error { p.State = from; return nil }))
				after, err := try(t.Context(), r, p.ID)
				want, possible := row(from, do)
				if !possible {
					wantFault(t, err, fault.Conflict)
					if diff := cmp.Diff(before, r.stored(p.ID)); diff != "" {
						t.Errorf("a refused verb changed the record: %s", diff)
					}
					return
				}
				if err != nil || after.State != want.To || len(after.Trail) != len(before.Trail)+1 {
					t.Errorf("%v, state %s, want %s and one more event", err, after.State, want.To)
				}
			})
		}
	}
}

func TestEveryStateCanBeReachedAndLeft(t *testing.T) {
	for _, s := range posts.States() {
		in := slices.ContainsFunc(posts.Table(), func(r posts.Row) bool { return r.To == s && r.From != s })
		out := slices.ContainsFunc(posts.Table(), func(r posts.Row) bool { return r.From == s && r.To != s })
		if !in || out == (s == posts.Withdrawn) {
			t.Errorf("%s: reached %v, left %v", s, in, out)
		}
	}
	seen := map[string]bool{}
	for _, r := range posts.Table() {
		key := string(r.From) + " " + string(r.Do)
		if seen[key] {
			t.Errorf("two rows for %s", key)
		}
		seen[key] = true
	}
}

func TestNamesAreChinese(t *testing.T) {
	for _, s := range posts.States() {
		if s.Chinese() == "" {
			t.Errorf("state %s has no name", s)
		}
	}
	for _, a := range posts.Actions() {
		if a.Chinese() == "" {
			t.Errorf("action %s has no name", a)
		}
	}
	for _, name := range []string{
		posts.Original.Chinese(), posts.Repost.Chinese(), posts.Account.Chinese(), posts.Portal.Chinese(), posts.FreePublish.Chinese(),
		posts.MassSend.Chinese(), posts.Elsewhere.Chinese(), posts.First.Chinese(), posts.Second.Chinese(), posts.Final.Chinese(),
		posts.Step{Name: posts.StepSubmit}.Chinese(),
	} {
		if name == "" {
			t.Error("a word has no Chinese name")
		}
	}
}

// TestPictureOfTheStates keeps docs/post-states.md equal to the table; run with -update after a change.
func TestPictureOfTheStates(t *testing.T) {
	const path = "../docs/post-states.md"
	got := pictureOfStates()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the picture is not the table: %s", diff)
	}
}

func pictureOfStates() string {
	var b strings.Builder
	b.WriteString("# The life of a post (稿件)\n\nGenerated from the table in `posts/state.go` by `go test ./posts -run Picture -update`; do not edit.\n\n```mermaid\nstateDiagram-v2\n")
	for _, s := range posts.States() {
		fmt.Fprintf(&b, "    %s: %s\n", s, s.Chinese())
	}
	arrows := map[string][]string{}
	var order []string
	for _, r := range posts.Table() {
		from := string(r.From)
		if from == "" {
			from = "[*]"
		}
		arrow := from + " --> " + string(r.To)
		if arrows[arrow] == nil {
			order = append(order, arrow)
		}
		arrows[arrow] = append(arrows[arrow], r.Do.Chinese())
	}
	for _, arrow := range order {
		fmt.Fprintf(&b, "    %s: %s\n", arrow, strings.Join(arrows[arrow], "、"))
	}
	b.WriteString("    withdrawn --> [*]\n```\n\n| state | 状态 | action | 动作 | next state |\n|---|---|---|---|---|\n")
	for _, r := range posts.Table() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.From, r.From.Chinese(), r.Do, r.Do.Chinese(), r.To)
	}
	return b.String()
}
