package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/posts"
	"shoushan/scheduler"
	"shoushan/simulator"
	"shoushan/staff"
	"shoushan/storage"
)

// TestPublishCrash runs the real program as a child process against the simulated platform and kills it (kill -9) around
// every call of publishing: when the call arrives and nothing is done yet, and when the platform has acted and the answer
// is not yet on its way. Around each call lie the records of its step, so this stops the program between any two records.
// Each moment meets each fault of the irreversible call's answer and of the event. Another process takes over, then a
// person does what is left to a person. An article must be out once: never twice, never silently missing.
//
// Time between kill and restart is not waited for: the instants of the record are moved into the past instead.
func TestPublishCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("short: 160 runs of two processes each take minutes")
	}
	c := &crashTest{program: buildProgram(t), redis: crashRedis(t)}
	const free, mass = "/cgi-bin/freepublish/submit", "/cgi-bin/message/mass/sendall"
	c.table(t, posts.FreePublish, free, "PUBLISHJOBFINISH", []string{"/cgi-bin/media/uploadimg", "/cgi-bin/material/add_material", "/cgi-bin/draft/add", free, "/cgi-bin/freepublish/get"})
	c.table(t, posts.MassSend, mass, "MASSSENDJOBFINISH", []string{"/cgi-bin/media/uploadimg", "/cgi-bin/material/add_material", "/cgi-bin/draft/add", mass, "/cgi-bin/message/mass/get"})
}

// crashTest is what all runs share.
type crashTest struct {
	program string // path of the built program
	redis   *storage.Private
	serial  atomic.Int64
}

// crashFault is one way in which the answer of the irreversible call, or the event, goes wrong.
type crashFault struct {
	name  string
	order func(call, event string) (simulator.Fault, bool)
}

func crashFaults() []crashFault {
	onCall := func(kind simulator.FaultKind, f simulator.Fault) func(string, string) (simulator.Fault, bool) {
		return func(call, _ string) (simulator.Fault, bool) { f.On, f.Kind, f.Times = call, kind, 1; return f, true }
	}
	onEvent := func(kind simulator.FaultKind, ms int) func(string, string) (simulator.Fault, bool) {
		return func(_, event string) (simulator.Fault, bool) {
			return simulator.Fault{On: event, Kind: kind, Times: 1, DelayMS: ms}, true
		}
	}
	return []crashFault{
		{"none", func(string, string) (simulator.Fault, bool) { return simulator.Fault{}, false }},
		{"answer lost", onCall(simulator.FaultDrop, simulator.Fault{})},
		{"answer late", onCall(simulator.FaultSlow, simulator.Fault{DelayMS: 700})},
		{"answer wrong", onCall(simulator.FaultTruncate, simulator.Fault{})},
		{"busy", onCall(simulator.FaultBusy, simulator.Fault{})},
		{"status 502", onCall(simulator.FaultStatus, simulator.Fault{})},
		{"event lost", onEvent(simulator.FaultLose, 0)},
		{"event twice", onEvent(simulator.FaultDuplicate, 0)},
		{"event early", onEvent(simulator.FaultEarly, 0)},
	}
}

func (c *crashTest) table(t *testing.T, method posts.Method, call, event string, calls []string) {
	t.Run(string(method), func(t *testing.T) {
		var mu sync.Mutex
		outcomes := map[string]string{}
		var rows []string
		var all sync.WaitGroup
		slots := make(chan struct{}, 8) // most of a run is waiting, so more runs than processors
		for _, at := range calls {
			for _, acted := range []bool{false, true} {
				row := at + map[bool]string{false: " before", true: " after"}[acted]
				rows = append(rows, row)
				for _, f := range crashFaults() {
					slots <- struct{}{}
					all.Go(func() {
						defer func() { <-slots }()
						t.Run(strings.ReplaceAll(strings.TrimPrefix(row, "/cgi-bin/"), "/", " ")+", "+f.name, func(t *testing.T) {
							r := c.newRun(t, method, at, acted)
							if order, ordered := f.order(call, event); ordered {
								r.fault(order)
							}
							outcome := r.all()
							mu.Lock()
							defer mu.Unlock()
							outcomes[row+f.name] = outcome
						})
					})
				}
			}
		}
		all.Wait()
		printCrashTable(t, method, rows, outcomes)
	})
}

func printCrashTable(t *testing.T, method posts.Method, rows []string, outcomes map[string]string) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "\n## kill -9 while publishing: %s\n\n", method)
	b.WriteString("1: out once, by the next process alone. 1p: out once, after a person had confirmed. 1?: out once, standing as 结果未知 until a person looks.\n\n| killed at |")
	for _, f := range crashFaults() {
		b.WriteString(" " + f.name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(crashFaults())) + "\n")
	total, double, lost := 0, 0, 0
	for _, row := range rows {
		b.WriteString("| " + strings.TrimPrefix(row, "/cgi-bin/") + " |")
		for _, f := range crashFaults() {
			outcome := outcomes[row+f.name]
			total++
			switch {
			case outcome == "": // not chosen by -run, or it failed on the way, which the test says
				total--
			case strings.HasPrefix(outcome, "1"):
			case outcome == "0":
				lost++
			default:
				double++
			}
			b.WriteString(" " + outcome + " |")
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\n%d combinations, %d double, %d lost\n", total, double, lost)
	t.Log(b.String())
	some := strings.Contains(flag.Lookup("test.run").Value.String(), "/")
	if total < 60 && !some || double+lost > 0 {
		t.Errorf("%s: %d combinations, %d double, %d lost; want at least 60, 0, 0", method, total, double, lost)
	}
	keepTable(t, "publish-crash-"+string(method)+".md", b.String())
}

// keepTable writes a table where `make test` prints it from.
func keepTable(t *testing.T, name, text string) {
	t.Helper()
	dir := os.Getenv("TABLES")
	if dir == "" {
		return
	}
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)); err != nil {
		t.Error(err)
	}
}

func buildProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shoushan")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

func crashRedis(t *testing.T) *storage.Private {
	t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("REQUIRE_REDIS") == "1" {
			t.Fatal("redis-server is not installed")
		}
		t.Skip("redis-server is not installed: killing the real program was not tried (make test installs it)")
	}
	server, err := storage.StartPrivate(t.Context(), t.TempDir(), bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// crashRun is one town: a platform, its records, and one process after the other.
type crashRun struct {
	*crashTest
	t        *testing.T
	account  string
	dir      string
	key      []byte
	method   posts.Method
	token    string // of the platform, this run's own
	platform *simulator.Server
	web      *httptest.Server
	store    *storage.Store
	newsroom *posts.Newsroom
	queue    *scheduler.Scheduler
	ahead    atomic.Int64 // how far the platform's clock is ahead

	at     string // the call at which the program is killed
	acted  bool   // before or after the platform acts
	once   sync.Once
	killed chan struct{} // closed when the child was told to die
	child  *exec.Cmd
	output *lines
}

func (c *crashTest) newRun(t *testing.T, method posts.Method, at string, acted bool) *crashRun {
	t.Helper()
	r := &crashRun{
		crashTest: c, t: t, account: fmt.Sprintf("crash%d", c.serial.Add(1)), dir: t.TempDir(), key: bytes.Repeat([]byte{7}, 32),
		method: method, at: at, acted: acted, killed: make(chan struct{}), output: &lines{},
	}
	settings := simulator.DefaultSettings()
	settings.PublishDelayMS, settings.MassDelayMS, settings.RetryPauseMS = 400, 400, 50
	// A killed process's address may soon be another run's, while its platform still pushes to it. With one token for all, the
	// other would take such an event for a mass send of its own account, made outside, and find its day's quota used.
	r.token = "token" + r.account
	r.platform = &simulator.Server{Token: r.token, Settings: &settings, Now: func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }}
	r.web = httptest.NewServer(r.killer(r.platform.Handler()))
	t.Cleanup(r.web.Close)
	t.Cleanup(r.platform.Close)
	var err error
	if r.store, err = storage.Open(t.Context(), storage.Options{URL: c.redis.URL(), Account: r.account, Key: r.key, FilesDir: filepath.Join(r.dir, "files"), Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.store.Close() })
	r.newsroom = &posts.Newsroom{Shelf: r.store, Files: r.store, Mass: noMass{}, Cabinet: r.store, Now: time.Now}
	work := map[string]scheduler.Work{scheduler.AdvancePostWork: nil}
	work[scheduler.AdvancePostWork] = func(context.Context, string) error { return nil } // never run here
	r.queue, err = scheduler.New(scheduler.Config{Redis: r.store, Queue: r.account, Work: work, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// noMass lets the test's own newsroom schedule mass sends; only the child sends.
type noMass struct{ posts.MassPlatform }

// killer kills the child at the chosen call, once.
func (r *crashRun) killer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path != r.at {
			next.ServeHTTP(w, req)
			return
		}
		mine := false
		r.once.Do(func() { mine = true })
		if !mine {
			next.ServeHTTP(w, req)
			return
		}
		if r.acted {
			body, _ := io.ReadAll(req.Body)
			again := req.Clone(context.WithoutCancel(req.Context()))
			again.Body = io.NopCloser(bytes.NewReader(body))
			func() {
				defer func() { _ = recover() }() // a dropped connection
				next.ServeHTTP(httptest.NewRecorder(), again)
			}()
		}
		_ = r.child.Process.Kill()
		close(r.killed)
	})
}

func (r *crashRun) fault(f simulator.Fault) {
	r.t.Helper()
	if _, err := r.platform.AddFault(f); err != nil {
		r.t.Fatal(err)
	}
}

// environment is how the program is configured.
func (r *crashRun) environment() map[string]string {
	return map[string]string{
		"REDIS_URL": r.redis.URL(), "ACCOUNT": r.account, "DATA_DIR": r.dir, "DATA_KEY": base64.StdEncoding.EncodeToString(r.key),
		"LISTEN": "127.0.0.1:0", "PUBLIC_URL": "https://town.example", "ORGAN_FILE": "testdata/organ.json", "WECHAT_API_BASE": r.web.URL,
		"WECHAT_APP_ID": simulator.DefaultAppID, "WECHAT_APP_SECRET": simulator.DefaultAppSecret, "WECHAT_TOKEN": r.token,
		"WECHAT_AES_KEY": simulator.DefaultAESKey,
	}
}

// start runs the real program as a service until it says where it listens.
func (r *crashRun) start() {
	r.t.Helper()
	r.child = exec.Command(r.program, "serve")
	r.child.Env = append(os.Environ(), "GOMAXPROCS=2")
	for name, value := range r.environment() {
		r.child.Env = append(r.child.Env, name+"="+value)
	}
	out, err := r.child.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	r.child.Stderr = r.output
	if err := r.child.Start(); err != nil {
		r.t.Fatal(err)
	}
	child := r.child
	r.t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		fmt.Fprintln(r.output, scanner.Text())
		var line struct{ Msg, Address string }
		if json.Unmarshal(scanner.Bytes(), &line) == nil && line.Msg == "serving" {
			if err := r.platform.Configure(func(s *simulator.Settings) { s.CallbackURL = "http://" + line.Address + "/wechat" }); err != nil {
				r.t.Fatal(err)
			}
			go func() { _, _ = io.Copy(r.output, out) }()
			return
		}
	}
	r.t.Fatalf("the program did not start:\n%s", r.output)
}

// all is one run from the first process to rest; it returns what became of the article.
func (r *crashRun) all() string {
	r.t.Helper()
	r.start()
	id := r.due()
	r.awaitKill(id)
	r.passTime(id, 90*time.Second)
	r.start()
	person := r.settle(id)
	p := r.stored(id)
	out := r.published(p.Content.Title)
	switch {
	case out != 1:
		r.t.Errorf("out %d times, recorded as %s: %s", out, p.State, r.story(id))
		return fmt.Sprint(out)
	case p.State == posts.OutcomeUnknown:
		return "1?"
	case p.State != posts.Published:
		r.t.Errorf("out, but stands as %s: %s", p.State, r.story(id))
		return "1!"
	case person:
		return "1p"
	}
	return "1"
}

// awaitKill returns when the child is dead. Where the call never comes, because a lost answer or an early event made it
// needless, the child is killed when the post has come to rest.
func (r *crashRun) awaitKill(id string) {
	r.t.Helper()
	atRest := 0
	for end := time.Now().Add(60 * time.Second); ; {
		select {
		case <-r.killed:
			_ = r.child.Wait()
			return
		case <-time.After(100 * time.Millisecond):
		}
		if p := r.stored(id); p.State == posts.Published || p.State == posts.OutcomeUnknown {
			atRest++
		}
		if atRest > 15 {
			r.once.Do(func() { close(r.killed); _ = r.child.Process.Kill() })
		}
		if time.Now().After(end) {
			r.t.Fatalf("the call %s never came:\n%s\n%s", r.at, r.story(id), r.output)
		}
	}
}

// due makes an approved article with a picture and has it published now.
func (r *crashRun) due() string {
	r.t.Helper()
	ctx := r.t.Context()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		r.t.Fatal(err)
	}
	file, err := r.store.SaveFile(ctx, picture.Bytes())
	if err != nil {
		r.t.Fatal(err)
	}
	people := []staff.Member{
		{ID: "w", Name: "写", Roles: []staff.Role{staff.Author}}, {ID: "r1", Name: "初", Roles: []staff.Role{staff.Reviewer}},
		{ID: "r2", Name: "复", Roles: []staff.Role{staff.Reviewer}}, chief(),
	}
	p, err := r.newsroom.Create(ctx, people[0], posts.Account, posts.Content{
		Title: "停电演练 " + r.account, Markdown: "我镇开展演练。\n\n![现场](file:" + file + ")\n", Origin: posts.Original,
	})
	if err == nil {
		_, err = r.newsroom.Submit(ctx, people[0], p.ID)
	}
	for _, by := range people[1:] {
		if err == nil {
			_, err = r.newsroom.Review(ctx, by, p.ID, true, "")
		}
	}
	if err == nil {
		_, err = r.store.UpdatePost(ctx, p.ID, func(p *posts.Post) error { p.Method = r.method; return nil })
	}
	if err == nil {
		_, err = r.newsroom.PublishNow(ctx, chief(), p.ID)
	}
	if err == nil {
		err = r.queue.Enqueue(ctx, scheduler.AdvancePostWork, p.ID)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return p.ID
}

func chief() staff.Member {
	return staff.Member{ID: "chief", Name: "终", Roles: []staff.Role{staff.Approver}}
}

// settle lets the process that took over work, lets time pass when it waits for time, and is the person when it waits for
// one. It reports whether a person was needed.
func (r *crashRun) settle(id string) (person bool) {
	r.t.Helper()
	ctx := r.t.Context()
	for range 12 {
		r.work(id)
		p := r.stored(id)
		var err error
		switch p.State {
		case posts.Published:
			return person
		case posts.AwaitingPerson:
			person = true
			_, err = r.newsroom.Release(ctx, chief(), id)
		case posts.Failed:
			person = true
			_, err = r.newsroom.PublishNow(ctx, chief(), id)
		case posts.OutcomeUnknown:
			r.passTime(id, r.patience(p))
		default:
			r.passTime(id, 70*time.Second)
		}
		if err != nil {
			r.t.Fatalf("%v: %s", err, r.story(id))
		}
	}
	return person
}

// patience is the time after which the newsroom can tell more about an unknown outcome: a repeat of a mass send after a
// minute while it is not late, else a draft that still lies there after ten minutes or forty.
func (r *crashRun) patience(p posts.Post) time.Duration {
	switch {
	case r.method == posts.FreePublish:
		return 11 * time.Minute
	case time.Since(p.DueAt) < 8*time.Minute:
		return 70 * time.Second
	default:
		return 41 * time.Minute
	}
}

// work has the queue take the post further and waits until it rests: in a state that needs a person, time, or nothing.
func (r *crashRun) work(id string) {
	r.t.Helper()
	r.forgetQueue()
	if err := r.queue.Enqueue(r.t.Context(), scheduler.AdvancePostWork, id); err != nil {
		r.t.Fatal(err)
	}
	before, still := r.stored(id).Version, 0
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		p := r.stored(id)
		switch {
		case slices.Contains([]posts.State{posts.Published, posts.Failed, posts.AwaitingPerson}, p.State):
			return
		case p.Version != before:
			before, still = p.Version, 0
		case still > map[bool]int{true: 12, false: 45}[p.State == posts.OutcomeUnknown]:
			return
		default:
			still++
		}
	}
}

// forgetQueue drops the tasks that the killed process held; the queue gives them up by itself after half a minute.
func (r *crashRun) forgetQueue() {
	r.t.Helper()
	client := r.store.MakeRedisClient().(redis.UniversalClient)
	defer client.Close()
	found, err := client.Keys(r.t.Context(), "asynq:{"+r.account+"}:*").Result()
	if err == nil && len(found) > 0 {
		err = client.Del(r.t.Context(), found...).Err()
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// passTime makes everything recorded about the post older by d, and the platform's memory with it.
func (r *crashRun) passTime(id string, d time.Duration) {
	r.t.Helper()
	if d < 3*time.Minute && time.Duration(r.ahead.Load()) < 2*time.Minute { // callbacks of the platform must look fresh
		r.ahead.Add(int64(d))
	}
	_, err := r.store.UpdatePost(r.t.Context(), id, func(p *posts.Post) error {
		for _, at := range []*time.Time{&p.DueAt, &p.Publication.ClaimedAt, &p.Publication.Since, &p.Publication.SubmittedAt, &p.Publication.CheckedAt} {
			if !at.IsZero() {
				*at = at.Add(-d)
			}
		}
		for i := range p.Publication.Steps {
			p.Publication.Steps[i].Begun = p.Publication.Steps[i].Begun.Add(-d)
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *crashRun) stored(id string) posts.Post {
	r.t.Helper()
	p, err := r.store.Post(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// published counts how often the platform shows an article with the title.
func (r *crashRun) published(title string) int {
	r.t.Helper()
	response, err := http.Get(r.web.URL + "/phone/articles")
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.Count(string(body), `"title":"`+title+`"`)
}

func (r *crashRun) story(id string) string {
	p := r.stored(id)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q", p.State, p.Publication.Failure)
	for _, s := range p.Publication.Steps {
		fmt.Fprintf(&b, " | %d %s %s", s.Attempt, s.Name, s.Outcome)
	}
	return b.String()
}
