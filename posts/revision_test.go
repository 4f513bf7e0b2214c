package posts_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shoushan/fault"
	"shoushan/posts"
)

// notepad keeps bytes in memory, with expiry by the room's clock.
type notepad struct {
	rows map[string][]byte
	ends map[string]time.Time
	now  func() time.Time
}

func (n *notepad) Get(_ context.Context, name string) ([]byte, error) {
	if data, known := n.rows[name]; known && n.now().Before(n.ends[name]) {
		return data, nil
	}
	return nil, fault.New(fault.NotFound, "没有。")
}

func (n *notepad) Put(_ context.Context, name string, data []byte, ttl time.Duration) error {
	n.rows[name], n.ends[name] = data, n.now().Add(ttl)
	return nil
}

func (n *notepad) Delete(_ context.Context, name string) error { delete(n.rows, name); return nil }

func (n *notepad) Update(ctx context.Context, name string, ttl time.Duration, change func([]byte) ([]byte, error)) error {
	old, _ := n.Get(ctx, name)
	data, err := change(old)
	if err != nil || data == nil {
		delete(n.rows, name)
		return err
	}
	return n.Put(ctx, name, data, ttl)
}

func (r *room) withNotepad() *room {
	r.Notepad = &notepad{map[string][]byte{}, map[string]time.Time{}, func() time.Time { return r.clock }}
	return r
}

func TestRevisions(t *testing.T) {
	r := newRoom(t)
	p := r.must(r.Create(t.Context(), author, posts.Account, content()))
	c := p.Content
	c.Markdown += "\n\n又来了十人。"
	p = r.must(r.Edit(t.Context(), author, p.ID, p.Version, c))
	p = r.must(r.Edit(t.Context(), author, p.ID, p.Version, c)) // saved without a change
	if len(p.Revisions) != 2 || p.Revisions[1].By != author.Name {
		t.Fatalf("revisions = %+v", p.Revisions)
	}
	first, err := r.RevisionContent(t.Context(), p, 1)
	if err != nil || first.Hash() != p.Revisions[0].Hash || first.Markdown != content().Markdown {
		t.Fatalf("first revision = %+v, %v", first, err)
	}
	p = r.must(r.Submit(t.Context(), author, p.ID))
	p = r.must(r.Review(t.Context(), reviewer, p.ID, true, ""))
	p = r.must(r.RestoreRevision(t.Context(), author, p.ID, p.Version, 1))
	wantState(t, p, posts.Draft) // restoring is an edit: it voids the approvals
	if len(p.Revisions) != 3 || p.Content.Hash() != first.Hash() || len(p.Reviews) != 0 {
		t.Errorf("restored %+v", p)
	}
	if note := p.Trail[len(p.Trail)-1].Note; !strings.Contains(note, "恢复第 1 个版本") {
		t.Errorf("note = %q", note)
	}
}

func TestRevisionsThatCannotBeRead(t *testing.T) {
	r := newRoom(t)
	p := r.must(r.Create(t.Context(), author, posts.Account, content()))
	for _, number := range []int{0, 2} {
		_, err := r.RevisionContent(t.Context(), p, number)
		wantFault(t, err, fault.NotFound)
	}
	forged := content()
	forged.Title = "伪造"
	data, _ := json.Marshal(forged)
	r.files[p.Revisions[0].File] = data
	_, err := r.RestoreRevision(t.Context(), author, p.ID, p.Version, 1)
	wantFault(t, err, fault.Conflict)
	delete(r.files, p.Revisions[0].File)
	_, err = r.RevisionContent(t.Context(), p, 1)
	wantFault(t, err, fault.NotFound)
	_, err = r.RestoreRevision(t.Context(), desk, p.ID, p.Version, 1)
	if err == nil {
		t.Error("a member without the right restored a revision")
	}
}

func TestCompareShowsWhatChanged(t *testing.T) {
	before, after := content(), content()
	after.Title = "新标题"
	after.Markdown = "镇里在河道举行了演练。\n\n## 过程\n\n共有**三十人**参加。"
	after.Origin, after.Source = posts.Repost, &posts.Source{Name: "新华社"}
	want := []posts.Change{
		{Field: "title", Lines: []posts.Line{{Kind: posts.Removed, Text: before.Title}, {Kind: posts.Added, Text: "新标题"}}},
		{Field: "markdown", Lines: []posts.Line{
			{Kind: posts.Same, Text: "镇里在河道举行了演练。"}, {Kind: posts.Same}, {Kind: posts.Removed, Text: "## 经过"}, {Kind: posts.Added, Text: "## 过程"},
			{Kind: posts.Same}, {Kind: posts.Same, Text: "共有**三十人**参加。"},
		}},
		{Field: "origin", Lines: []posts.Line{{Kind: posts.Removed, Text: "原创"}, {Kind: posts.Added, Text: "转载"}}},
		{Field: "source", Lines: []posts.Line{{Kind: posts.Added, Text: "新华社"}, {Kind: posts.Added}}},
	}
	if diff := cmp.Diff(want, posts.Compare(before, after)); diff != "" {
		t.Error(diff)
	}
	if got := posts.Compare(before, before); len(got) != 0 {
		t.Errorf("equal contents differ: %v", got)
	}
}

// TestCompareIsAnEdit: for any two texts, the lines kept and removed are the old text, those kept and added the new one.
func TestCompareIsAnEdit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"甲", "乙", "丙", "丁"}), 1, 12)
		old, now := text.Draw(t, "old"), text.Draw(t, "new")
		a, b := content(), content()
		a.Markdown, b.Markdown = strings.Join(old, "\n"), strings.Join(now, "\n")
		var left, right []string
		for _, change := range posts.Compare(a, b) {
			for _, l := range change.Lines {
				if l.Kind != posts.Added {
					left = append(left, l.Text)
				}
				if l.Kind != posts.Removed {
					right = append(right, l.Text)
				}
			}
		}
		if a.Markdown != b.Markdown && (cmp.Diff(old, left) != "" || cmp.Diff(now, right) != "") {
			t.Fatalf("from %v to %v: %v and %v", old, now, left, right)
		}
	})
}

func TestUnsavedIsPrivateAndMakesNoVersion(t *testing.T) {
	r := newRoom(t).withNotepad()
	p := r.must(r.Create(t.Context(), author, posts.Account, content()))
	c := content()
	c.Title = ""
	if err := r.KeepUnsaved(t.Context(), author, p.ID, p.Version, c); err != nil {
		t.Fatal(err)
	}
	a, err := r.Unsaved(t.Context(), author, p.ID)
	if err != nil || a.Content.Hash() != c.Hash() || a.Version != p.Version || !a.At.Equal(r.clock) {
		t.Errorf("unsaved = %+v, %v", a, err)
	}
	if got := r.stored(p.ID); got.Version != p.Version || len(got.Trail) != len(p.Trail) {
		t.Error("autosave changed the record")
	}
	_, err = r.Unsaved(t.Context(), second, p.ID)
	wantFault(t, err, fault.NotFound)
	wantFault(t, r.KeepUnsaved(t.Context(), desk, p.ID, 1, c), fault.Forbidden)
	if err := r.ForgetUnsaved(t.Context(), author, p.ID); err != nil {
		t.Fatal(err)
	}
	_, err = r.Unsaved(t.Context(), author, p.ID)
	wantFault(t, err, fault.NotFound)
}

func TestTwoPeopleAtOnePost(t *testing.T) {
	r := newRoom(t).withNotepad()
	attend := func(id string) []posts.Presence {
		t.Helper()
		who := author
		who.ID, who.Name = id, id
		others, err := r.Attend(t.Context(), who, "p1")
		if err != nil {
			t.Fatal(err)
		}
		return others
	}
	if others := attend("a"); len(others) != 0 {
		t.Errorf("others = %v", others)
	}
	if others := attend("b"); len(others) != 1 || others[0].Name != "a" {
		t.Errorf("others = %v", others)
	}
	r.pass(30 * time.Second)
	if others := attend("a"); len(others) != 1 || others[0].Name != "b" {
		t.Errorf("others = %v", others)
	}
	r.pass(40 * time.Second) // nothing was heard of b for 70 seconds
	if others := attend("a"); len(others) != 0 {
		t.Errorf("others = %v", others)
	}
	attend("b")
	gone := author
	gone.ID = "b"
	for range 2 {
		if err := r.Leave(t.Context(), gone, "p1"); err != nil {
			t.Fatal(err)
		}
	}
	if others := attend("a"); len(others) != 0 {
		t.Errorf("others = %v", others)
	}
}

func TestWithoutANotepadNothingIsKept(t *testing.T) {
	r := newRoom(t)
	wantFault(t, r.KeepUnsaved(t.Context(), author, "p", 1, content()), fault.Unavailable)
	_, err := r.Unsaved(t.Context(), author, "p")
	wantFault(t, err, fault.NotFound)
	if others, err := r.Attend(t.Context(), author, "p"); err != nil || others != nil {
		t.Errorf("Attend = %v, %v", others, err)
	}
	if r.ForgetUnsaved(t.Context(), author, "p") != nil || r.Leave(t.Context(), author, "p") != nil {
		t.Error("forgetting nothing failed")
	}
}
