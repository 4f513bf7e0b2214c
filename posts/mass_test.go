package posts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/workday"
)

// cabinet keeps settings in memory.
type cabinet struct {
	mu   sync.Mutex
	rows map[string][]byte
	err  error
}

func (c *cabinet) Setting(_ context.Context, name string, v any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	data, known := c.rows[name]
	if !known {
		return fault.New(fault.NotFound, "没有。")
	}
	return json.Unmarshal(data, v)
}

func (c *cabinet) ChangeSetting(_ context.Context, name string, change func([]byte) ([]byte, error)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	data, err := change(c.rows[name])
	if err == nil {
		c.rows[name] = data
	}
	return err
}

// masses is mass sending on the small WeChat of the tests: it knows a clientmsgid for 24 hours, asks the administrator
// when told to, and takes the draft away when it sends.
type masses struct {
	*platform
	jobs     []*massJob
	confirm  bool   // the administrator is asked
	refuse   string // Status of the event instead of sending
	previews []string
	tags     []posts.FollowerTag
	events   func(posts.MassOutcome) // where MASSSENDJOBFINISH goes; nil: lost
}

type massJob struct {
	id    string
	order posts.MassOrder
	at    time.Time
	state posts.MassState
}

func (m *masses) MassSend(ctx context.Context, o posts.MassOrder) (string, string, error) {
	m.mu.Lock()
	acts, err := m.answer("MassSend")
	id, dataID, refused := "", "", error(nil)
	if acts {
		id, dataID, refused = m.take(o)
	}
	m.mu.Unlock()
	switch {
	case err != nil:
		return "", "", err
	case refused != nil:
		return "", "", refused
	case ctx.Err() != nil:
		return "", "", ctx.Err()
	}
	return id, dataID, nil
}

func (m *masses) take(o posts.MassOrder) (id, dataID string, err error) {
	for _, j := range m.jobs {
		if j.order.ClientMsgID == o.ClientMsgID && m.now().Sub(j.at) < 24*time.Hour {
			return j.id, "", nil
		}
	}
	if _, there := m.drafts[o.MediaID]; !there {
		return "", "", fault.New(fault.Conflict, "草稿不存在（40007）。")
	}
	j := &massJob{id: m.next("mass"), order: o, at: m.now()}
	m.jobs = append(m.jobs, j)
	if !m.confirm {
		m.finishMass(j)
	}
	return j.id, "data" + j.id, nil
}

// finishAll lets everything that was accepted be sent.
func (m *masses) finishAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.confirm = false
	for _, j := range m.jobs {
		if j.state == posts.MassSending {
			m.finishMass(j)
		}
	}
}

// finishMass sends, or not, and tells by event.
func (m *masses) finishMass(j *massJob) {
	o := posts.MassOutcome{MsgID: j.id, Sent: m.refuse == "", Reason: m.refuse, Verdict: posts.NotReprint, At: m.now()}
	j.state = posts.MassFailed
	if o.Sent {
		j.state = posts.MassSent
		a := m.drafts[j.order.MediaID]
		delete(m.drafts, j.order.MediaID)
		url := "https://mp.weixin.qq.com/s/" + j.id
		m.published = append(m.published, publishedArticle{a.Title, "", url, m.now()})
		o.URLs, o.Reach = []string{url}, posts.Reach{Total: 10, Filtered: 9, Sent: 9}
	}
	if m.events != nil {
		m.mu.Unlock()
		m.events(o)
		m.mu.Lock()
	}
}

func (m *masses) MassStatus(_ context.Context, msgID string) (posts.MassState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.answer("MassStatus"); err != nil {
		return 0, err
	}
	for _, j := range m.jobs {
		if j.id == msgID {
			return j.state, nil
		}
	}
	return 0, fault.New(fault.Invalid, "没有这次群发（40059）。")
}

func (m *masses) PreviewTo(_ context.Context, mediaID, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.answer("PreviewTo"); err != nil {
		return err
	}
	m.previews = append(m.previews, name+" "+m.drafts[mediaID].Title)
	return nil
}

func (m *masses) FollowerTags(context.Context) ([]posts.FollowerTag, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err := m.answer("FollowerTags")
	return m.tags, err
}

// massRoom is a newsroom that can mass-send; events are delivered unless silenced.
func massRoom(t testing.TB) (*room, *masses) {
	t.Helper()
	r := newRoom(t)
	m := &masses{platform: r.platform}
	m.events = func(o posts.MassOutcome) { _ = r.HandleMassEvent(t.Context(), o) }
	r.Mass, r.Cabinet = m, &cabinet{rows: map[string][]byte{}}
	return r, m
}

// massDue is approved, scheduled for mass sending, and its minute has come.
func (r *room) massDue(c posts.Content) posts.Post {
	r.t.Helper()
	p := r.approved(c)
	p = r.must(r.ScheduleMass(r.t.Context(), approver, p.ID, r.clock.Add(time.Hour), posts.MassChoice{}))
	r.clock = p.DueAt
	return p
}

func TestMassSend(t *testing.T) {
	r, m := massRoom(t)
	p := r.massDue(content())
	r.work(2 * time.Minute)
	p = r.stored(p.ID)
	wantState(t, p, posts.Published)
	pub := p.Publication
	if len(m.jobs) != 1 || pub.URL == "" || pub.MsgID == "" || pub.Reach == nil || pub.Reach.Sent != 9 || p.Verdict() != posts.NotReprint {
		t.Errorf("publication = %+v", pub)
	}
	if n := len(m.jobs[0].order.ClientMsgID); n == 0 || n > 32 {
		t.Errorf("clientmsgid has %d characters, want 1 to 32", n)
	}
	if r.platform.count("SubmitPublish") != 0 {
		t.Error("a mass send was also published freely")
	}
	if err := p.Trail.Verify(); err != nil {
		t.Error(err)
	}
}

func TestMassSendNeedsItsRightAndThePlatform(t *testing.T) {
	r := newRoom(t)
	p := r.approved(content())
	at := r.clock.Add(time.Hour)
	_, err := r.Schedule(t.Context(), approver, p.ID, at, posts.MassSend)
	wantFault(t, err, fault.Conflict)
	r, m := massRoom(t)
	m.tags = []posts.FollowerTag{{ID: 7, Name: "药农", Followers: 1}}
	p = r.approved(content())
	_, err = r.ScheduleMass(t.Context(), author, p.ID, at, posts.MassChoice{})
	wantFault(t, err, fault.Forbidden)
	_, err = r.ScheduleMass(t.Context(), approver, p.ID, r.clock, posts.MassChoice{})
	wantFault(t, err, fault.Invalid)
	p = r.must(r.ScheduleMass(t.Context(), approver, p.ID, at, posts.MassChoice{TagID: 7, IgnoreReprint: true}))
	if p.Mass != (posts.MassChoice{TagID: 7, TagName: "药农", IgnoreReprint: true}) || p.Method != posts.MassSend {
		t.Errorf("post = %+v", p)
	}
}

func TestAdministratorIsAsked(t *testing.T) {
	tests := []struct {
		name   string
		answer func(m *masses)
		want   posts.State
	}{
		{"confirms", func(*masses) {}, posts.Published},
		{"refuses: err(40001)", func(m *masses) { m.refuse = "管理员拒绝了这次群发。" }, posts.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, m := massRoom(t)
			m.confirm = true
			p := r.massDue(content())
			r.work(0)
			wantState(t, r.stored(p.ID), posts.Publishing)
			r.work(3 * time.Minute)
			p = r.stored(p.ID)
			wantState(t, p, posts.AwaitingAdmin)
			if !strings.Contains(p.Publication.Failure, "管理员") {
				t.Errorf("failure = %q", p.Publication.Failure)
			}
			tt.answer(m)
			m.mu.Lock()
			m.finishMass(m.jobs[0])
			m.mu.Unlock()
			p = r.stored(p.ID)
			wantState(t, p, tt.want)
			if tt.want == posts.Failed && p.Publication.Failure != m.refuse {
				t.Errorf("failure = %q", p.Publication.Failure)
			}
		})
	}
}

func TestNobodyEverAnswersTheConfirmation(t *testing.T) {
	r, m := massRoom(t)
	m.confirm = true
	p := r.massDue(content())
	r.work(3 * time.Hour)
	wantState(t, r.stored(p.ID), posts.OutcomeUnknown)
	m.events = nil
	m.mu.Lock()
	m.finishMass(m.jobs[0])
	m.mu.Unlock()
	r.work(2 * time.Hour)
	wantState(t, r.stored(p.ID), posts.Published)
}

func TestAPlatformThatEndsASendDoesNotStopTheNext(t *testing.T) {
	r, m := massRoom(t)
	m.refuse = "判为转载。"
	p := r.massDue(content())
	r.work(time.Minute)
	p = r.stored(p.ID)
	wantState(t, p, posts.Failed)
	m.refuse = ""
	r.must(r.ScheduleMass(t.Context(), approver, p.ID, r.clock.Add(time.Minute), posts.MassChoice{IgnoreReprint: true}))
	r.work(5 * time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
	if len(m.jobs) != 2 || m.jobs[0].order.ClientMsgID == m.jobs[1].order.ClientMsgID || !m.jobs[1].order.IgnoreReprint {
		t.Errorf("jobs = %+v %+v", m.jobs[0].order, m.jobs[1].order)
	}
}

func TestLostMassAnswers(t *testing.T) {
	tests := []struct {
		name   string
		plan   failure
		events bool
		want   posts.State
		sends  int // jobs on the platform
	}{
		{"answer lost, accepted, event delivered", failure{err: silence, acted: true, times: 1}, true, posts.Published, 1},
		{"answer lost, accepted, event lost", failure{err: silence, acted: true, times: 1}, false, posts.Published, 1},
		{"answer lost, not accepted: the repeat sends it", failure{err: silence, times: 1}, true, posts.Published, 1},
		{"never an answer, accepted", failure{err: silence, acted: true}, false, posts.OutcomeUnknown, 1},
		{"never an answer, not accepted: the draft proves it", failure{err: silence}, false, posts.Failed, 0},
		{"nonsense", failure{err: errNonsense, acted: true, times: 1}, true, posts.Published, 1},
		{"busy once", failure{err: busy, times: 1}, true, posts.Published, 1},
		{"refused", failure{err: refusal}, true, posts.Failed, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, m := massRoom(t)
			if !tt.events {
				m.events = nil
			}
			p := r.massDue(content())
			r.platform.failing["MassSend"] = tt.plan
			r.work(2 * time.Hour)
			p = r.stored(p.ID)
			wantState(t, p, tt.want)
			if len(m.jobs) != tt.sends {
				t.Errorf("%d sends on the platform, want %d: %v", len(m.jobs), tt.sends, steps(p))
			}
			for _, j := range m.jobs[min(1, len(m.jobs)):] {
				t.Errorf("a second job %+v", j)
			}
		})
	}
}

// TestMassCrashAtEveryWrite stops the process before or after each record, under each fate of the answer and the event,
// and lets the next process take over; a person then finishes what waits.
func TestMassCrashAtEveryWrite(t *testing.T) {
	fates := map[string]failure{
		"answered": {}, "answer lost, done": {err: silence, acted: true, times: 1}, "answer lost, not done": {err: silence, times: 1},
	}
	combinations := 0
	for fate, plan := range fates {
		for _, events := range []bool{true, false} {
			for _, pause := range []time.Duration{2 * time.Second, 2 * time.Minute, 26 * time.Hour} {
				slowly := !events // the platform takes five minutes, and the draft lies there meanwhile
				for at := 1; ; at++ {
					reached := false
					for _, after := range []bool{false, true} {
						name := fmt.Sprintf("%s, events %v, write %d, after %v, restart after %v", fate, events, at, after, pause)
						r, m := massRoom(t)
						if !events {
							m.events = nil
						}
						m.confirm = slowly
						p := r.massDue(r.illustrated())
						if plan.err != nil {
							r.platform.failing["MassSend"] = plan
						}
						r.shelf.dieAt, r.shelf.after = r.shelf.writes+at, after
						_, _ = r.Advance(t.Context(), p.ID)
						reached = r.shelf.dead
						delete(r.platform.failing, "MassSend")
						r.restart(pause)
						r.work(5 * time.Minute)
						m.finishAll()
						r.work(7 * time.Minute)
						r.workSlowly(70 * time.Minute)
						combinations++
						r.checkMass(name, m, p.ID)
					}
					if !reached {
						break
					}
				}
			}
		}
	}
	t.Logf("%d combinations", combinations)
	if combinations < 60 {
		t.Errorf("only %d combinations", combinations)
	}
}

// checkMass requires that what went out went out once and is known or open, and that a person can finish the rest.
func (r *room) checkMass(name string, m *masses, id string) {
	r.t.Helper()
	p := r.stored(id)
	out := len(r.platform.published)
	switch {
	case out > 1:
		r.t.Fatalf("%s: sent %d times: %v", name, out, steps(p))
	case p.State == posts.Published && out != 1:
		r.t.Fatalf("%s: called published, but nothing is out", name)
	case p.State == posts.Publishing || p.State == posts.Scheduled || p.State == posts.AwaitingAdmin:
		r.t.Fatalf("%s: stuck in %s: %v", name, p.State, steps(p))
	}
	switch p.State {
	case posts.AwaitingPerson:
		if out == 1 {
			return // a person looks into the account before releasing; it says so
		}
		r.must(r.Release(r.t.Context(), approver, id))
	case posts.Failed:
		r.must(r.PublishNow(r.t.Context(), approver, id))
	case posts.OutcomeUnknown:
		if out != 1 {
			r.t.Fatalf("%s: unknown although the draft lies there: %v", name, steps(p))
		}
		return
	default:
		return
	}
	m.events = func(o posts.MassOutcome) { _ = r.HandleMassEvent(r.t.Context(), o) }
	r.work(12 * time.Minute)
	r.workSlowly(70 * time.Minute)
	p = r.stored(id)
	if n := len(r.platform.published); n != 1 || p.State != posts.Published && (out != 1 || p.State != posts.OutcomeUnknown) {
		r.t.Fatalf("%s: after a person saw to it: sent %d times, %s: %v", name, n, p.State, steps(p))
	}
}

// workSlowly is work with a sweep every five minutes.
func (r *room) workSlowly(d time.Duration) {
	for end := r.clock.Add(d); r.clock.Before(end); r.pass(5 * time.Minute) {
		r.work(0)
	}
}

func TestMassProcessesSendOnce(t *testing.T) {
	for range 20 {
		r, m := massRoom(t)
		p := r.massDue(r.illustrated())
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { _, _ = r.Advance(t.Context(), p.ID) })
		}
		all.Wait()
		r.work(5 * time.Minute)
		wantState(t, r.stored(p.ID), posts.Published)
		if len(m.jobs) != 1 || r.platform.count("MassSend") != 1 {
			t.Fatalf("%d jobs by %d calls", len(m.jobs), r.platform.count("MassSend"))
		}
	}
}

func TestARestoredBackupNeverMassSendsAgain(t *testing.T) {
	r, m := massRoom(t)
	p := r.massDue(content())
	backup := string(r.shelf.rows[p.ID])
	r.work(time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
	r.shelf.rows[p.ID] = []byte(backup)
	r.restart(3 * time.Minute)
	r.work(time.Minute)
	wantState(t, r.stored(p.ID), posts.AwaitingPerson)
	if _, err := r.Release(t.Context(), approver, p.ID); err == nil { // the person does not know better
		r.work(30 * time.Minute)
	}
	if len(m.jobs) != 1 {
		t.Errorf("sent %d times", len(m.jobs))
	}
}

func TestMassQuota(t *testing.T) {
	r, m := massRoom(t)
	first := r.massDue(content())
	other := posts.Content{Title: "另一篇", Markdown: "正文", Origin: posts.Original}
	q := r.approved(other)
	_, err := r.ScheduleMass(t.Context(), approver, q.ID, r.clock.Add(time.Hour), posts.MassChoice{})
	wantFault(t, err, fault.Conflict) // one is planned for the day
	r.work(time.Minute)
	wantState(t, r.stored(first.ID), posts.Published)
	_, err = r.ScheduleMass(t.Context(), approver, q.ID, r.clock.Add(time.Hour), posts.MassChoice{})
	wantFault(t, err, fault.Conflict) // one is sent
	day := workday.Of(r.clock)
	meter, err := r.MassMeter(t.Context(), day)
	if err != nil || !meter.DayFull || len(meter.Sent) != 1 || meter.MonthSent != 1 || meter.Outside != 0 {
		t.Errorf("meter = %+v, %v", meter, err)
	}
	r.must(r.ScheduleMass(t.Context(), approver, q.ID, r.clock.Add(24*time.Hour), posts.MassChoice{}))

	t.Run("a send in the back end counts", func(t *testing.T) {
		err := r.HandleMassEvent(t.Context(), posts.MassOutcome{MsgID: "foreign", Sent: true, URLs: []string{"https://mp.weixin.qq.com/s/f"}, At: r.clock.Add(24 * time.Hour)})
		wantFault(t, err, fault.NotFound)
		r.clock = r.clock.Add(24 * time.Hour)
		r.work(time.Minute)
		p := r.stored(q.ID)
		wantState(t, p, posts.Failed)
		if !strings.Contains(p.Publication.Failure, "群发次数") || len(m.jobs) != 1 {
			t.Errorf("failure %q, %d jobs", p.Publication.Failure, len(m.jobs))
		}
	})
	t.Run("a service account has four a month", func(t *testing.T) {
		r.Limit = posts.MassLimit{PerDay: 100, PerMonth: 2}
		_, err := r.ScheduleMass(t.Context(), approver, q.ID, r.clock.Add(time.Hour), posts.MassChoice{})
		wantFault(t, err, fault.Conflict)
		next := beijing("2026-12-01 09:00:00")
		r.must(r.ScheduleMass(t.Context(), approver, q.ID, next, posts.MassChoice{}))
	})
}

func TestMassEventOvertakesTheAnswer(t *testing.T) {
	r, m := massRoom(t)
	var early []posts.MassOutcome
	m.events = func(o posts.MassOutcome) {
		early = append(early, o)
		if err := r.HandleMassEvent(t.Context(), o); !fault.Is(err, fault.NotFound) {
			t.Errorf("error = %v", err)
		}
	}
	p := r.massDue(content())
	r.must(r.Advance(t.Context(), p.ID))
	p = r.must(r.Advance(t.Context(), p.ID))
	wantState(t, p, posts.Published)
	if len(early) != 1 || p.Publication.URL != early[0].URLs[0] || p.Verdict() != posts.NotReprint {
		t.Errorf("publication = %+v", p.Publication)
	}
}

func TestVerdictsStandBesideTheDeclaration(t *testing.T) {
	r, m := massRoom(t)
	m.confirm = true
	p := r.massDue(content())
	r.work(0)
	out := posts.MassOutcome{MsgID: m.jobs[0].id, Sent: true, Verdict: posts.VerdictOf(2), Items: []posts.VerdictItem{{Index: 1, OriginalURL: "https://mp.weixin.qq.com/s/o", Replaced: true}}}
	for range 2 {
		if err := r.HandleMassEvent(t.Context(), out); err != nil {
			t.Fatal(err)
		}
	}
	p = r.stored(p.ID)
	wantState(t, p, posts.Published)
	if p.Content.Origin != posts.Original || p.Verdict() != posts.ReprintAllowed || len(p.Publication.Verdict.Items) != 1 || !p.Verdict().Reprint() {
		t.Errorf("post = %+v", p)
	}
	for state, want := range map[int]posts.VerdictKind{0: posts.NoVerdict, 1: posts.NotReprint, 3: posts.ReprintForbidden, 9: posts.NoVerdict} {
		if got := posts.VerdictOf(state); got != want || got.Chinese() == "" {
			t.Errorf("VerdictOf(%d) = %q", state, got)
		}
	}
}

func TestPollAndEventInAnyOrder(t *testing.T) {
	r, m := massRoom(t)
	var held []posts.MassOutcome
	m.events = func(o posts.MassOutcome) { held = append(held, o) }
	p := r.massDue(content())
	r.work(0)
	p = r.stored(p.ID)
	wantState(t, p, posts.Published)
	if p.Publication.URL != "" {
		t.Error("the poll knows no link")
	}
	if err := r.HandleMassEvent(t.Context(), held[0]); err != nil {
		t.Fatal(err)
	}
	if p = r.stored(p.ID); p.Publication.URL == "" || p.Publication.Reach == nil {
		t.Errorf("the late event added nothing: %+v", p.Publication)
	}
	m.jobs[0].state = posts.MassDeleted
}

func TestAFailureSeenByPollGetsItsReasonFromTheEvent(t *testing.T) {
	r, m := massRoom(t)
	var held []posts.MassOutcome
	m.events = func(o posts.MassOutcome) { held = append(held, o) }
	m.refuse = "群发没有成功：涉嫌广告。"
	p := r.massDue(content())
	r.work(0)
	wantState(t, r.stored(p.ID), posts.Failed)
	if err := r.HandleMassEvent(t.Context(), held[0]); err != nil {
		t.Fatal(err)
	}
	if p = r.stored(p.ID); p.Publication.Failure != m.refuse || p.Publication.MassSerial != 1 {
		t.Errorf("failure %q, serial %d", p.Publication.Failure, p.Publication.MassSerial)
	}
}

func TestSendPreview(t *testing.T) {
	r, m := massRoom(t)
	p := r.approved(r.illustrated())
	r.must(r.SendPreview(t.Context(), approver, p.ID, "zhangsan"))
	p = r.must(r.SendPreview(t.Context(), author, p.ID, "lisi"))
	if len(m.previews) != 2 || m.previews[0] != "zhangsan "+p.Content.Title || r.platform.count("AddDraft") != 1 {
		t.Errorf("previews %v, %d drafts", m.previews, r.platform.count("AddDraft"))
	}
	for _, e := range p.Trail {
		if strings.Contains(e.Note, "zhangsan") {
			t.Errorf("the trail names the person: %q", e.Note)
		}
	}
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	r.work(time.Minute)
	wantState(t, r.stored(p.ID), posts.Published)
	if r.platform.count("AddDraft") != 1 || len(r.platform.published) != 1 {
		t.Error("publishing made another draft")
	}
	_, err := r.SendPreview(t.Context(), approver, p.ID, "zhangsan")
	wantFault(t, err, fault.Conflict)
	_, err = r.SendPreview(t.Context(), approver, p.ID, "")
	wantFault(t, err, fault.Invalid)
	_, err = r.SendPreview(t.Context(), desk, p.ID, "x")
	wantFault(t, err, fault.Forbidden)
}

func TestWakeIsCalledForWhatGoesOutAtOnce(t *testing.T) {
	r := newRoom(t)
	var woken []string
	r.Wake = func(_ context.Context, id string) { woken = append(woken, id) }
	p := r.approved(content())
	r.must(r.PublishNow(t.Context(), approver, p.ID))
	if len(woken) != 1 || woken[0] != p.ID {
		t.Errorf("woken = %v", woken)
	}
	_, err := r.PublishNow(t.Context(), author, p.ID)
	wantFault(t, err, fault.Forbidden)
	if len(woken) != 1 {
		t.Error("a refused verb woke the queue")
	}
}

func TestSightingsAreExplained(t *testing.T) {
	r, _ := massRoom(t)
	out := posts.MassOutcome{MsgID: "9", Sent: true, URLs: []string{"https://mp.weixin.qq.com/s/9"}}
	for range 2 {
		wantFault(t, r.HandleMassEvent(t.Context(), out), fault.NotFound)
	}
	seen, err := r.Sightings(t.Context(), 2026)
	if err != nil || len(seen) != 1 || !seen[0].Open() || seen[0].URL != out.URLs[0] {
		t.Fatalf("sightings = %+v, %v", seen, err)
	}
	wantFault(t, r.Explain(t.Context(), author, 2026, seen[0].ID, "", "测试"), fault.Forbidden)
	wantFault(t, r.Explain(t.Context(), approver, 2026, seen[0].ID, "", " "), fault.Invalid)
	wantFault(t, r.Explain(t.Context(), approver, 2026, "nobody", "", "测试"), fault.NotFound)
	if err := r.Explain(t.Context(), approver, 2026, seen[0].ID, "", "测试群发"); err != nil {
		t.Fatal(err)
	}
	if seen, _ = r.Sightings(t.Context(), 2026); seen[0].Open() || seen[0].By != approver.Name {
		t.Errorf("sightings = %+v", seen)
	}
	r.Cabinet.(*cabinet).err = errors.New("redis")
	if err := r.HandleMassEvent(t.Context(), out); err == nil || fault.Is(err, fault.Conflict) {
		t.Errorf("error = %v", err)
	}
}
