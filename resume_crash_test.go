package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/staff"
	"shoushan/workday"
)

// TestNoticeCrash kills the real program (kill -9) while it tells the first of two citizens that a notice of holidays has moved the
// due date: when the message has arrived at the platform and nothing was done yet, and when it was sent and the answer is not on
// its way. The next process enters what is left, tells the other citizen, and tells nobody twice.
func TestNoticeCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("short: builds the program")
	}
	c := &crashTest{program: buildProgram(t), redis: crashRedis(t)}
	for name, acted := range map[string]bool{"before the platform acts": false, "after it has acted": true} {
		t.Run(name, func(t *testing.T) {
			r := c.newRun(t, posts.FreePublish, customSend, acted)
			next := r.another()
			for _, citizen := range crashCitizens {
				r.files(next, citizen)
			}
			known := workday.Embedded().KnownThrough() + 1
			off := map[workday.Date]string{workday.On(known, 1, 1): "元旦"}
			for day := workday.On(known, 1, 4); day.Before(workday.On(known, 1, 9)); day = day.AddDays(1) {
				off[day] = "元旦"
			}
			if err := r.store.SaveNotice(t.Context(), workday.Notice{Year: known, Number: "国办发明电〔示例〕0号", Off: off}); err != nil {
				t.Fatal(err)
			}
			r.start()
			select {
			case <-r.killed:
			case <-time.After(80 * time.Second):
				t.Fatalf("the program never told anybody:\n%s", r.output)
			}
			_ = r.child.Wait()
			for range 2 { // the next process, two minutes later and again
				next.clock.Set(next.clock.Now().Add(2 * time.Minute))
				if _, err := next.desk.Resume(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			r.wantTold(acted)
		})
	}
}

var crashCitizens = []string{"zhang", "wang"}

// another is a process that lives on: the house on the same records, in this test.
func (r *crashRun) another() *house {
	r.t.Helper()
	environment := r.environment()
	cfg, err := LoadConfig(func(name string) string { return environment[name] })
	if err != nil {
		r.t.Fatal(err)
	}
	organ, err := demoOrgan()
	if err != nil {
		r.t.Fatal(err)
	}
	h, err := build(plan{config: cfg, organ: organ, store: r.store, clock: &clock{}, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		r.t.Fatal(err)
	}
	return h
}

// files has a citizen follow the account, write to it and file a request whose answer is due in the first year without a notice.
func (r *crashRun) files(h *house, citizen string) {
	r.t.Helper()
	for path, body := range map[string]string{"/phone/follow": `{"citizen":%q}`} {
		res, err := http.Post(r.web.URL+path, "application/json", strings.NewReader(fmt.Sprintf(body, citizen)))
		if err != nil {
			r.t.Fatal(err)
		}
		res.Body.Close()
	}
	res, err := http.Post(r.web.URL+"/phone/text", "application/json", strings.NewReader(fmt.Sprintf(`{"citizen":%q,"text":"在吗"}`, citizen)))
	if err != nil {
		r.t.Fatal(err)
	}
	res.Body.Close()
	openID, _ := r.phone(citizen)
	if err := r.store.Windows().Grant(r.t.Context(), openID, "message", 5, time.Now().Add(24*time.Hour)); err != nil {
		r.t.Fatal(err)
	}
	desk := *h.desk
	desk.Notifier = nil
	desk.Now = func() time.Time { return workday.On(workday.Embedded().KnownThrough(), 12, 20).At(9, 0) }
	_, err = desk.SubmitConfirmed(r.t.Context(), staff.Citizen, disclosure.Filing{
		Channel: disclosure.ByWeChat, ApplicantKind: disclosure.NaturalPerson, OpenID: openID, Medium: disclosure.Electronic, Delivery: disclosure.DeliverByWeChat,
		Personal: disclosure.Personal{Name: "王小明", DocumentNumber: "140599199001010018", Phone: "13900000000", Description: "2025年崇文镇农村低保对象名单"},
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// phone returns the citizen's OpenID and what the phone shows.
func (r *crashRun) phone(citizen string) (openID string, shown []string) {
	r.t.Helper()
	res, err := http.Get(r.web.URL + "/phone/chat?citizen=" + citizen)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var chat struct {
		Citizen struct {
			OpenID string `json:"openid"`
		} `json:"citizen"`
		Bubbles []struct{ From, Text string } `json:"bubbles"`
	}
	if err := json.NewDecoder(res.Body).Decode(&chat); err != nil {
		r.t.Fatal(err)
	}
	for _, b := range chat.Bubbles {
		if b.From != "citizen" {
			shown = append(shown, b.Text)
		}
	}
	return chat.Citizen.OpenID, shown
}

// wantTold: each case has one event; the citizen whose message was cut off was told once if the platform had acted and is
// marked for a call, the other was told once.
func (r *crashRun) wantTold(acted bool) {
	r.t.Helper()
	all, err := r.store.Requests(r.t.Context(), disclosure.Query{})
	if err != nil {
		r.t.Fatal(err)
	}
	unsure, told := 0, 0
	for _, one := range all {
		moves := 0
		for _, e := range one.Trail {
			if e.Action == string(disclosure.DoRecalculate) {
				moves++
			}
			if strings.Contains(e.Note, "不确定申请人是否收到") {
				unsure++
			}
		}
		if moves != 1 || len(one.Owed) > 0 {
			r.t.Errorf("%s: %d events, %d messages still owed", one.ID, moves, len(one.Owed))
		}
	}
	for _, citizen := range crashCitizens {
		_, shown := r.phone(citizen)
		n := strings.Count(strings.Join(shown, "\n"), "答复期限由")
		if told += n; n > 1 {
			r.t.Errorf("%s was told %d times", citizen, n)
		}
	}
	if want := map[bool]int{true: 2, false: 1}[acted]; told != want || unsure != 1 {
		r.t.Errorf("%d were told, want %d; %d are marked for a call, want 1", told, want, unsure)
	}
}
