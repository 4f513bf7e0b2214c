package handlers_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/handlers"
	"shoushan/workday"
)

// process is the citizens' side of a process of its own: it shares with others what is stored, and nothing else.
func (w *world) process(drafts handlers.Drafts) bot.Handler {
	c := &handlers.Citizen{
		Desk: w.desk, Requests: w.memory, Drafts: drafts, Guesses: w.citizen.Guesses, Organ: town,
		Calendar: func(context.Context) (workday.Calendar, error) { return workday.Embedded(), nil },
		Now:      w.citizen.Now, Articles: w.citizen.Articles, PublicURL: w.citizen.PublicURL,
	}
	return c.Handler()
}

// gate holds the first two saves of a citizen until both have been asked for, so that both have read the same draft.
type gate struct {
	*memory
	mu      sync.Mutex
	arrived int
	open    chan struct{}
}

func (g *gate) Save(ctx context.Context, openID string, data []byte, mark string, ttl time.Duration) (string, error) {
	g.mu.Lock()
	g.arrived++
	if g.arrived == 2 {
		close(g.open)
	}
	g.mu.Unlock()
	<-g.open
	return g.memory.Save(ctx, openID, data, mark, ttl)
}

// atOnce has two processes answer two messages of one citizen at the same instant, and returns both answers.
func (w *world) atOnce(t *testing.T, one, two string) [2]string {
	t.Helper()
	g := &gate{memory: w.memory, open: make(chan struct{})}
	processes := [2]bot.Handler{w.process(g), w.process(g)}
	var answers [2]string
	var both sync.WaitGroup
	for i, text := range []string{one, two} {
		both.Go(func() {
			r, err := processes[i](t.Context(), bot.Message{From: "c", Type: bot.TextMessage, Text: text})
			if answers[i] = r.Text; err != nil {
				answers[i] = fault.Message(err)
			}
		})
	}
	both.Wait()
	return answers
}

func TestTwoConfirmationsAtTheSameInstant(t *testing.T) {
	w := newWorld(t)
	for _, text := range naturalAnswers[:len(naturalAnswers)-1] {
		w.says(t, "c", text)
	}
	answers := w.atOnce(t, "确认", "确认")
	if len(w.memory.requests) != 1 {
		t.Fatalf("%d requests are filed, want one", len(w.memory.requests))
	}
	if answers[0] != answers[1] || !strings.Contains(answers[0], w.memory.requests[0].ID) {
		t.Errorf("answers are\n%s\nand\n%s\nwant the same receipt", answers[0], answers[1])
	}
	if len(w.memory.drafts) != 0 {
		t.Error("the draft is still there")
	}
}

func TestTwoAnswersAtTheSameInstant(t *testing.T) {
	tests := []struct {
		name     string
		before   int // answers given
		one, two string
		want     []string // parts of the kept draft
	}{
		{"two answers", 2, "1", "王小明", []string{`"applicant_kind":"natural"`}},
		{"an answer and a pause", 4, "140599199001010018", "暂停", []string{`"document_number":"140599199001010018"`, `"paused":true`}},
		{"two kinds", 2, "1", "1", []string{`"applicant_kind":"natural"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			for _, text := range naturalAnswers[:tt.before] {
				w.says(t, "c", text)
			}
			w.atOnce(t, tt.one, tt.two)
			draft := string(w.memory.drafts["c"].data)
			for _, want := range tt.want {
				if !strings.Contains(draft, want) {
					t.Errorf("the draft lacks %s: %s", want, draft)
				}
			}
		})
	}
}

// A draft whose saving is always overtaken must not turn for ever: the citizen gets a sentence.
func TestAlwaysOvertaken(t *testing.T) {
	w := newWorld(t)
	r, err := w.process(overtaken{w.memory})(t.Context(), bot.Message{From: "c", Type: bot.TextMessage, Text: "申请公开"})
	if !fault.Is(err, fault.Conflict) || fault.Message(err) == "" {
		t.Errorf("answer = %+v, %v, want a Conflict with a sentence", r, err)
	}
}

type overtaken struct{ *memory }

func (overtaken) Save(context.Context, string, []byte, string, time.Duration) (string, error) {
	return "", fault.New(fault.Conflict, "请按最新的提示继续。")
}
