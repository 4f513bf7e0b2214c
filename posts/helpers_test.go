package posts_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

var (
	author   = staff.Member{ID: "author", Name: "李明", Roles: []staff.Role{staff.Author}}
	reviewer = staff.Member{ID: "reviewer", Name: "赵强", Roles: []staff.Role{staff.Reviewer}}
	second   = staff.Member{ID: "second", Name: "钱丽", Roles: []staff.Role{staff.Reviewer}}
	approver = staff.Member{ID: "approver", Name: "孙伟", Roles: []staff.Role{staff.Approver}}
	desk     = staff.Member{ID: "desk", Name: "周敏", Roles: []staff.Role{staff.RequestDesk}}
)

func beijing(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, workday.Beijing)
	if err != nil {
		panic(err)
	}
	return t
}

// shelf keeps posts as JSON in memory and can stop working, as if the process had died: at write number dieAt, before
// or after the write.
type shelf struct {
	mu     sync.Mutex
	rows   map[string][]byte
	order  []string
	writes int
	dieAt  int // 0: never
	after  bool
	dead   bool

	updates    int    // calls of UpdatePost
	overtakeAt int    // before this call
	overtake   func() // another process gets its turn
}

var errDead = errors.New("the process has died")

func (s *shelf) CreatePost(_ context.Context, p posts.Post) (posts.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ID = fmt.Sprintf("p%d", len(s.rows)+1)
	p.Version = 1
	s.order = append(s.order, p.ID)
	return p, s.put(p)
}

func (s *shelf) put(p posts.Post) error {
	data, err := json.Marshal(p)
	s.rows[p.ID] = data
	return err
}

func (s *shelf) UpdatePost(ctx context.Context, id string, change func(*posts.Post) error) (posts.Post, error) {
	if s.overtake != nil {
		if s.updates++; s.updates == s.overtakeAt {
			s.overtake()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return posts.Post{}, errDead
	}
	if ctx.Err() != nil {
		return posts.Post{}, ctx.Err()
	}
	p, err := s.load(id)
	if err != nil {
		return posts.Post{}, err
	}
	if err := change(&p); err != nil {
		return posts.Post{}, err
	}
	s.writes++
	if s.writes == s.dieAt && !s.after {
		s.dead = true
		return posts.Post{}, errDead
	}
	p.Version++
	if err := s.put(p); err != nil {
		return posts.Post{}, err
	}
	if s.writes == s.dieAt {
		s.dead = true
		return posts.Post{}, errDead
	}
	return p, nil
}

func (s *shelf) load(id string) (p posts.Post, err error) {
	data, known := s.rows[id]
	if !known {
		return p, fault.New(fault.NotFound, "没有这篇稿件。")
	}
	return p, json.Unmarshal(data, &p)
}

func (s *shelf) Post(_ context.Context, id string) (posts.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return posts.Post{}, errDead
	}
	return s.load(id)
}

func (s *shelf) Posts(_ context.Context, q posts.Query) ([]posts.Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []posts.Post
	for _, id := range s.order {
		p, err := s.load(id)
		if err != nil {
			return nil, err
		}
		if q.Matches(p) {
			found = append(found, p)
		}
	}
	slices.Reverse(found)
	return found, nil
}

// files keeps pictures by id.
type files map[string][]byte

// pic is the id of the file that a test calls so: ids are digests.
func pic(name string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(name))) }

func (f files) SaveFile(_ context.Context, data []byte) (string, error) {
	id := pic(fmt.Sprintf("pic%d", len(f)+1))
	f[id] = data
	return id, nil
}

func (f files) File(_ context.Context, id string) ([]byte, error) {
	if data, known := f[id]; known {
		return data, nil
	}
	return nil, fault.New(fault.NotFound, "没有这个文件。")
}

// platform is a small WeChat: drafts vanish when they are published, a submission takes pending polls to come out, and
// each call can fail before it acts, after it acted (the answer is lost), or kill the process.
type platform struct {
	mu        sync.Mutex
	now       func() time.Time
	drafts    map[string]posts.Article
	published []publishedArticle
	jobs      map[string]*job
	calls     []string
	pending   int           // polls before a result
	refuse    string        // the platform's verdict: not published, with this reason
	at        time.Duration // how long a submission takes to come out
	failing   map[string]failure
	serial    int
}

type failure struct {
	err   error
	acted bool // the platform did it all the same
	times int  // 0: always
}

type publishedArticle struct {
	title, article, url string
	at                  time.Time
}

type job struct {
	mediaID string
	polls   int
	done    *posts.PublishStatus
}

// answer notes the call and says whether the platform acts, and with which error it answers.
func (f *platform) answer(call string) (acts bool, err error) {
	f.calls = append(f.calls, call)
	plan, planned := f.failing[call]
	if !planned {
		return true, nil
	}
	if plan.times == 1 {
		delete(f.failing, call)
	} else if plan.times > 1 {
		plan.times--
		f.failing[call] = plan
	}
	return plan.acted, plan.err
}

func (f *platform) next(prefix string) string {
	f.serial++
	return fmt.Sprintf("%s%d", prefix, f.serial)
}

func (f *platform) UploadImage(_ context.Context, name string, data []byte) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.answer("UploadImage"); err != nil {
		return "", err
	}
	if len(data) == 0 || !strings.Contains(name, ".") {
		return "", fault.New(fault.Invalid, "图片是空的。")
	}
	return "https://mmbiz.qpic.cn/" + f.next("img"), nil
}

func (f *platform) AddCover(_ context.Context, _ string, data []byte) (posts.Material, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.answer("AddCover"); err != nil {
		return posts.Material{}, err
	}
	if len(data) == 0 {
		return posts.Material{}, fault.New(fault.Invalid, "封面是空的。")
	}
	id := f.next("cover")
	return posts.Material{MediaID: id, URL: "https://mmbiz.qpic.cn/" + id}, nil
}

func (f *platform) AddDraft(_ context.Context, a posts.Article) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	acts, err := f.answer("AddDraft")
	id := f.next("draft")
	if acts {
		f.drafts[id] = a
	}
	if err != nil {
		return "", err
	}
	return id, nil
}

func (f *platform) DraftExists(_ context.Context, mediaID string) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.answer("DraftExists"); err != nil {
		return false, err
	}
	f.settle()
	_, there := f.drafts[mediaID]
	return there, nil
}

func (f *platform) DeleteDraft(_ context.Context, mediaID string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	acts, err := f.answer("DeleteDraft")
	f.settle()
	if acts {
		delete(f.drafts, mediaID)
	}
	return err
}

func (f *platform) SubmitPublish(ctx context.Context, mediaID string) (string, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	acts, err := f.answer("SubmitPublish")
	if acts {
		if _, there := f.drafts[mediaID]; !there {
			return "", "", fault.New(fault.Conflict, "草稿不存在（40007）。")
		}
	}
	id := f.next("publish")
	if acts {
		f.jobs[id] = &job{mediaID: mediaID}
		if f.at == 0 {
			f.finish(f.jobs[id])
		}
	}
	if err != nil {
		return "", "", err
	}
	if ctx.Err() != nil {
		return "", "", ctx.Err()
	}
	return id, "msg" + id, nil
}

// settle lets the submissions come out whose time has come.
func (f *platform) settle() {
	for _, j := range f.jobs {
		if f.at == 0 && j.done == nil {
			f.finish(j)
		}
	}
}

// finish is the platform publishing: once for each draft, however often it was submitted.
func (f *platform) finish(j *job) {
	a, there := f.drafts[j.mediaID]
	switch {
	case !there:
		j.done = &posts.PublishStatus{State: posts.PublishRefused, Reason: "草稿已经用过。"}
	case f.refuse != "":
		j.done = &posts.PublishStatus{State: posts.PublishRefused, Reason: f.refuse}
	default:
		delete(f.drafts, j.mediaID)
		id := f.next("article")
		p := publishedArticle{a.Title, id, "https://mp.weixin.qq.com/s/" + id, f.now()}
		f.published = append(f.published, p)
		j.done = &posts.PublishStatus{State: posts.PublishDone, ArticleID: id, URL: p.url}
	}
}

func (f *platform) PublishStatus(_ context.Context, publishID string) (posts.PublishStatus, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.answer("PublishStatus"); err != nil {
		return posts.PublishStatus{}, err
	}
	f.settle()
	j, known := f.jobs[publishID]
	if !known {
		return posts.PublishStatus{}, fault.New(fault.NotFound, "没有这个发布编号（53502）。")
	}
	if j.polls++; j.polls <= f.pending || j.done == nil {
		return posts.PublishStatus{State: posts.PublishPending}, nil
	}
	return *j.done, nil
}

func (f *platform) FindPublished(_ context.Context, title string, since time.Time) (posts.PublishStatus, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.answer("FindPublished"); err != nil {
		return posts.PublishStatus{}, false, err
	}
	f.settle()
	for _, p := range slices.Backward(f.published) {
		if p.title == title && !p.at.Before(since) {
			return posts.PublishStatus{State: posts.PublishDone, ArticleID: p.article, URL: p.url}, true, nil
		}
	}
	return posts.PublishStatus{}, false, nil
}

func (f *platform) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.calls {
		if c == call {
			n++
		}
	}
	return n
}

// room is a newsroom with its shelf, files, platform and clock.
type room struct {
	*posts.Newsroom
	t        testing.TB
	clock    time.Time
	shelf    *shelf
	files    files
	platform *platform
}

const opening = "2026-11-23 08:00:00" // a Monday

func newRoom(t testing.TB) *room {
	t.Helper()
	r := &room{t: t, clock: beijing(opening), shelf: &shelf{rows: map[string][]byte{}}, files: files{}}
	now := func() time.Time { return r.clock }
	r.platform = &platform{now: now, drafts: map[string]posts.Article{}, jobs: map[string]*job{}, failing: map[string]failure{}}
	r.Newsroom = &posts.Newsroom{Shelf: r.shelf, Files: r.files, Platform: r.platform, Now: now, Started: r.clock.Add(-time.Hour)}
	return r
}

// restart is a new process on the same records, a little later.
func (r *room) restart(after time.Duration) {
	r.clock = r.clock.Add(after)
	r.shelf.dead, r.shelf.dieAt = false, 0
	next := *r.Newsroom
	next.Started = r.clock
	r.Newsroom = &next
}

func (r *room) pass(d time.Duration) { r.clock = r.clock.Add(d) }

func content() posts.Content {
	return posts.Content{Title: "崇文镇开展防汛演练", Byline: "崇文镇", Digest: "演练在河道举行。", Markdown: "镇里在河道举行了演练。\n\n## 经过\n\n共有**三十人**参加。", Origin: posts.Original}
}

func (r *room) must(p posts.Post, err error) posts.Post {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func (r *room) submitted(c posts.Content) posts.Post {
	r.t.Helper()
	p := r.must(r.Create(r.t.Context(), author, posts.Account, c))
	return r.must(r.Submit(r.t.Context(), author, p.ID))
}

func (r *room) approved(c posts.Content) posts.Post {
	r.t.Helper()
	p := r.submitted(c)
	for _, by := range []staff.Member{reviewer, second, approver} {
		p = r.must(r.Review(r.t.Context(), by, p.ID, true, ""))
	}
	return p
}

// scheduled is approved and due in an hour.
func (r *room) scheduled(c posts.Content) posts.Post {
	r.t.Helper()
	p := r.approved(c)
	return r.must(r.Schedule(r.t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.FreePublish))
}

// due is scheduled and its minute has come.
func (r *room) due(c posts.Content) posts.Post {
	r.t.Helper()
	p := r.scheduled(c)
	r.clock = p.DueAt
	return p
}

func (r *room) stored(id string) posts.Post {
	r.t.Helper()
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	p, err := r.shelf.load(id)
	return r.must(p, err)
}

// work is the clock: it sweeps every half minute for the time given, whatever goes wrong.
func (r *room) work(d time.Duration) {
	for end := r.clock.Add(d); ; r.pass(30 * time.Second) {
		ids, _ := r.Due(r.t.Context())
		for _, id := range ids {
			_, _ = r.Advance(r.t.Context(), id)
		}
		if !r.clock.Before(end) {
			return
		}
	}
}

func wantFault(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Fatalf("error = %v, want %v", err, kind)
	}
}

func wantState(t testing.TB, p posts.Post, state posts.State) {
	t.Helper()
	if p.State != state {
		t.Fatalf("state = %s (%s), want %s", p.State, p.Publication.Failure, state)
	}
}
