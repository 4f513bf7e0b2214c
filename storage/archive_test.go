package storage_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/opinion"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/storage"
	"shoushan/workday"
)

var organ = disclosure.Organ{Name: "陵川县崇文镇人民政府", ShortName: "崇文镇"}

var notice2027 = workday.Notice{
	Year: 2027, Number: "国办发明电〔2026〕9号",
	Off: map[workday.Date]string{workday.On(2027, 1, 1): "元旦"}, Makeup: map[workday.Date]string{},
}

// furnished fills a house with something of everything.
func furnished(t *testing.T, h house) {
	t.Helper()
	ctx := t.Context()
	withEverySecret(t, h)
	eventful(t, h)
	shelve(t, h, "发布过的", func(p *posts.Post) { p.State, p.Publication.PublishedAt = posts.Published, noon })
	_, err := h.CreateConcern(ctx, 2026, func(id string) (opinion.Concern, error) {
		return opinion.Concern{ID: id, State: opinion.Open, Entry: opinion.Entry{FoundAt: noon, Summary: "某某反映停水"}}, nil
	})
	for _, err := range []error{
		err, h.SaveOrgan(ctx, organ), h.SaveNotice(ctx, notice2027), h.SaveSetting(ctx, "run:anchor", map[string]int{"n": 1}),
		h.SaveProse(ctx, report.Prose{Year: 2026, Problems: []string{"人手不足。"}}),
		h.UpdateRegisters(ctx, func(r *report.Registers) error {
			r.Documents = append(r.Documents, report.Document{ID: "d1", Kind: report.Normative, Title: "办法", MadeOn: workday.On(2026, 3, 1)})
			return nil
		}),
		h.Outbox().Queue(ctx, "oWangOpenID", "答复已作出"), saved(h.Drafts().Save(ctx, "oLi", []byte("草稿"), "", time.Hour)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(h.NextSerial(ctx, "崇政公复", 2026))(t)
	must(h.Anchor(ctx))(t)
}

// contents is everything of a house that a backup must bring back.
type contents struct {
	Requests []disclosure.Request
	Posts    []posts.Post
	Concerns []opinion.Concern
	Members  []staff.Member
	Notices  []workday.Notice
	Prose    report.Prose
	Register report.Registers
	Organ    disclosure.Organ
	Run      map[string]int
	Waiting  []string
	Anchor   storage.Anchor
	Next     int
}

func (h house) contents(t *testing.T) (c contents) {
	t.Helper()
	ctx := t.Context()
	c.Requests = must(h.Requests(ctx, disclosure.Query{}))(t)
	c.Posts = must(h.Posts(ctx, posts.Query{}))(t)
	c.Concerns = must(h.Concerns(ctx, opinion.Query{}))(t)
	c.Members = must(h.Members(ctx))(t)
	c.Notices = must(h.Notices(ctx))(t)
	c.Prose = must(h.Prose(ctx, 2026))(t)
	c.Register = must(h.Registers(ctx))(t)
	c.Organ = must(h.Organ(ctx))(t)
	c.Waiting = must(h.Outbox().Waiting(ctx, "oWangOpenID"))(t)
	c.Anchor = must(h.LastAnchor(ctx))(t)
	c.Next = must(h.NextSerial(ctx, "崇政公复", 2026))(t)
	if err := h.Setting(ctx, "run:anchor", &c.Run); err != nil {
		t.Fatal(err)
	}
	return c
}

func backup(t *testing.T, h house) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := h.Backup(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBackupThenRestore(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		furnished(t, h)
		file := must(h.SaveFile(t.Context(), []byte("附件")))(t)
		archive := backup(t, h)
		want := h.contents(t)
		other := newHouse(t, h.opts.URL)
		if err := other.Restore(t.Context(), bytes.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		got := other.contents(t)
		for i, p := range want.Posts { // the drafts could have gone out since: the newsroom will look first
			if p.State == posts.Draft {
				want.Posts[i].Publication.Doubt, want.Posts[i].Publication.Since = true, noon
			}
		}
		if d := diff(want, got); d != "" {
			t.Errorf("restored differs (-before +after):\n%s", d)
		}
		if got := must(other.File(t.Context(), file))(t); string(got) != "附件" {
			t.Errorf("the file is %q", got)
		}
		if data, _, err := other.Drafts().Load(t.Context(), "oLi"); string(data) != "草稿" || err != nil {
			t.Errorf("the unfinished draft is %q, %v", data, err)
		}
		agree(t, other)
		expectFinding(t, other, "")
		if id := create(t, other, 2026, "o").ID; id != "2026-0003" {
			t.Errorf("the next number after the restore is %s, want 2026-0003", id)
		}
		if err := other.Restore(t.Context(), bytes.NewReader(archive)); !fault.Is(err, fault.Conflict) {
			t.Errorf("restoring over data = %v, want Conflict", err)
		}
	})
}

func TestBackupHidesPersonalData(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	furnished(t, h)
	archive := string(backup(t, h))
	for _, secret := range append(secrets, "停水", "答复已作出") {
		if strings.Contains(archive, secret) {
			t.Errorf("the archive contains %q", secret)
		}
	}
}

func TestRestoreSendsNothingAgain(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		for _, state := range []posts.State{posts.Scheduled, posts.Publishing, posts.Approved, posts.OutcomeUnknown, posts.Failed, posts.Published} {
			shelve(t, h, string(state), func(p *posts.Post) { p.State, p.DueAt, p.Publication.Since = state, noon, noon.Add(time.Hour) })
		}
		other := newHouse(t, h.opts.URL)
		if err := other.Restore(t.Context(), bytes.NewReader(backup(t, h))); err != nil {
			t.Fatal(err)
		}
		for _, p := range must(other.Posts(t.Context(), posts.Query{}))(t) {
			waits := p.Content.Title == "scheduled" || p.Content.Title == "publishing"
			if (p.State == posts.AwaitingPerson) != waits || (waits && (p.Publication.Failure == "" || len(p.Trail) != 2)) {
				t.Errorf("a post that was %s is %s after the restore, told %q", p.Content.Title, p.State, p.Publication.Failure)
			}
			if doubtful := p.State != posts.Published; p.Publication.Doubt != doubtful || (doubtful && p.Publication.Since != noon) {
				t.Errorf("a post that was %s: doubt %v since %v", p.Content.Title, p.Publication.Doubt, p.Publication.Since)
			}
		}
		if got := titles(t, other, posts.Query{States: []posts.State{posts.Scheduled, posts.Publishing}}); got != "" {
			t.Errorf("about to go out after the restore: %s", got)
		}
		agree(t, other)
		expectFinding(t, other, "")
	})
}

func TestTamperingBeforeTheBackupStaysVisible(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	id, _ := eventful(t, h)
	tamper(t, h, id, func(r map[string]any) { r["trail"] = trailOf(r)[:1] })
	other := newHouse(t, servers.memory.URL())
	if err := other.Restore(t.Context(), bytes.NewReader(backup(t, h))); err != nil {
		t.Fatal(err)
	}
	expectFinding(t, other, "应有 3 条")
}

func TestRestoreRefusesBadArchives(t *testing.T) {
	source := newHouse(t, servers.memory.URL())
	furnished(t, source)
	good := string(backup(t, source))
	lines := strings.SplitAfter(strings.TrimSuffix(good, "\n"), "\n")
	tests := []struct{ name, archive, want string }{
		{"cut after some lines", strings.Join(lines[:5], ""), "没有结尾"},
		{"cut in the middle of a line", good[:len(good)/2], "读不懂"},
		{"a line left out", strings.Join(append(append([]string{}, lines[:3]...), lines[4:]...), ""), "不完整"},
		{"a holiday altered", strings.Replace(good, "元旦", "除夕", 1), "校验码"},
		{"a state altered", strings.Replace(good, `"state":"handling"`, `"state":"closed"`, 1), "校验码"},
		{"something appended", good + lines[1], "结尾之后"},
		{"another format", strings.Replace(good, "shoushan-archive/1", "shoushan-archive/9", 1), "格式"},
		{"the ending and the header left out", strings.Join(lines[1:len(lines)-1], ""), "不能确认没有被改动过"},
		{"the header left out", strings.Join(lines[1:], ""), "不能确认没有被改动过"},
		{"empty", "", "不能确认没有被改动过"},
		{"an unknown kind", lines[0] + `{"kind":"spaceship","record":{}}`, "不认识"},
		{"a record without an id", lines[0] + `{"kind":"post","record":{"channel":"account"}}`, "没有编号"},
		{"not an archive", "hello\n", "读不懂"},
		{"a wrong type", lines[0] + `{"kind":"post","record":{"id":"a","version":"one"}}`, "post"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.archive == good {
				t.Fatal("the case alters nothing")
			}
			h := newHouse(t, servers.memory.URL())
			err := h.Restore(t.Context(), strings.NewReader(tt.archive))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Restore() = %v, want an error with %q", err, tt.want)
			}
			if dump := h.everything(t) + folder(t, h.opts.FilesDir); dump != "" {
				t.Errorf("a refused archive left something behind:\n%.300s", dump)
			}
		})
	}
}

func TestRestoreWithAnotherKey(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	furnished(t, h)
	o := newHouse(t, servers.memory.URL()).opts
	o.Key = key(7)
	if err := open(t, o).Restore(t.Context(), bytes.NewReader(backup(t, h))); err == nil || !strings.Contains(err.Error(), "not among the data keys") {
		t.Errorf("Restore() = %v, want an error about the key", err)
	}
}

func TestHalfARestoreIsRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		if err := h.raw.Set(t.Context(), h.key("restoring"), "since", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := storage.Open(t.Context(), h.opts); !fault.Is(err, fault.Conflict) {
			t.Errorf("Open() = %v, want Conflict", err)
		}
		h.raw.Del(context.Background(), h.key("restoring"))
	})
}

func TestReadArchive(t *testing.T) {
	h := newHouse(t, servers.memory.URL())
	furnished(t, h)
	data, want := backup(t, h), h.contents(t)
	open := must(storage.ReadArchive(bytes.NewReader(data), key(1)))(t)
	byID := cmp.Transformer("byID", func(ps []posts.Post) map[string]string {
		out := map[string]string{}
		for _, p := range ps {
			out[p.ID] = p.Content.Title + string(p.State)
		}
		return out
	})
	if d := cmp.Diff(want.Posts, open.Posts, byID); d != "" {
		t.Errorf("posts:\n%s", d)
	}
	for name, d := range map[string]string{
		"requests": diff(want.Requests, open.Requests), "members": diff(want.Members, open.Members), "concerns": diff(want.Concerns, open.Concerns),
		"notices": diff(want.Notices, open.Notices), "registers": diff(want.Register, open.Registers), "organ": diff(&want.Organ, open.Organ),
		"prose": diff(want.Prose, open.Prose[2026]),
	} {
		if d != "" {
			t.Errorf("%s with the key:\n%s", name, d)
		}
	}
	blind := must(storage.ReadArchive(bytes.NewReader(data)))(t)
	if p := blind.Requests[0].Filing.Personal; p != (disclosure.Personal{}) || blind.Members[0].TOTPSecret != "" {
		t.Errorf("without the key personal data reads %+v", p)
	}
	if d := diff(report.NewTally(2026, want.Posts, want.Requests), report.NewTally(2026, blind.Posts, blind.Requests)); d != "" {
		t.Errorf("figures need the key:\n%s", d)
	}
	if _, err := storage.ReadArchive(bytes.NewReader(data), key(2)); err == nil {
		t.Error("the wrong key was taken")
	}
	if _, err := storage.ReadArchive(bytes.NewReader(data[:len(data)-200])); err == nil {
		t.Error("an archive that is cut off was taken")
	}
}

func TestTheTownsOwnYear(t *testing.T) {
	data, err := os.ReadFile("../testdata/chongwen-2021.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	archive := must(storage.ReadArchive(bytes.NewReader(data)))(t)
	if archive.Organ == nil || archive.Prose[2021].Year != 2021 || len(archive.Posts) < 700 {
		t.Fatalf("organ %v, prose %v, %d posts", archive.Organ, archive.Prose[2021].Year, len(archive.Posts))
	}
	everywhere(t, func(t *testing.T, h house) {
		if err := h.Restore(t.Context(), bytes.NewReader(data)); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), "--unsigned") {
			t.Fatalf("Restore() of an archive made by hand = %v, want Invalid", err)
		}
		if err := h.RestoreUnsigned(t.Context(), bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		stored := must(h.Posts(t.Context(), posts.Query{PublishedYear: 2021}))(t)
		fromStore, fromFile := report.NewTally(2021, stored, nil), report.NewTally(2021, archive.Posts, nil)
		if d := diff(fromFile, fromStore); d != "" {
			t.Errorf("figures from the store differ from those of the file:\n%s", d)
		}
		if fromStore.Account.Original != 127 {
			t.Errorf("%d originals, want the report's 127", fromStore.Account.Original)
		}
		agree(t, h)
		expectFinding(t, h, "")
	})
}
