package handlers_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/handlers"
)

// memo is bot.Memo in memory; it counts how often it is read.
type memo struct {
	mu     sync.Mutex
	values map[string][]byte
	reads  int
	down   bool
}

func (m *memo) Setting(_ context.Context, name string, v any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	switch data, there := m.values[name]; {
	case m.down:
		return errBroken
	case there:
		return json.Unmarshal(data, v)
	}
	return fault.New(fault.NotFound, "没有。")
}

func (m *memo) ChangeSetting(_ context.Context, name string, change func([]byte) ([]byte, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, err := change(m.values[name])
	if err == nil {
		m.values[name] = data
	}
	return err
}

// worded is a world whose staff can change what the bot says.
func worded(t *testing.T) (*world, *memo) {
	w, m := newWorld(t), &memo{values: map[string][]byte{}}
	w.citizen.Wordings = &handlers.Wordings{Memo: m, Now: func() time.Time { return w.now }}
	return w, m
}

const newHours = "工作日 8:30—12:00，15:00—18:30"

var greeting = "乡亲们好！回复“申请公开”申请政府信息，回复“查进度”看办理情况。"

func (w *world) reword(t *testing.T, changed handlers.Wording) {
	t.Helper()
	if err := w.citizen.Wordings.Save(t.Context(), handlers.Own(town), changed); err != nil {
		t.Fatal(err)
	}
}

func follow() bot.Message {
	return bot.Message{From: "c", Type: bot.EventMessage, Event: bot.Subscribe}
}

func TestStaffChangeWhatTheBotSays(t *testing.T) {
	w, _ := worded(t)
	own := w.sends(t, follow())
	w.reword(t, handlers.Wording{Welcome: greeting, Help: greeting + "有事打电话。", Hours: newHours})
	if got := w.sends(t, follow()); got != greeting {
		t.Errorf("on following: %s", got)
	}
	if got := w.says(t, "c", "帮助"); got != greeting+"有事打电话。" {
		t.Errorf("help: %s", got)
	}
	contains(t, w.says(t, "c", "人工"), newHours)
	contains(t, w.says(t, "c", "公开指南"), newHours)
	page := w.visit(t, http.MethodGet, "/guide", nil).Body.String()
	contains(t, page, newHours)
	if strings.Contains(page, town.Hours) {
		t.Error("the public guide still names the old hours")
	}
	w.reword(t, handlers.Wording{})
	if got := w.sends(t, follow()); got != own {
		t.Errorf("an emptied welcome: %s, want the bot's own", got)
	}
}

func TestWordingThatWillNotDo(t *testing.T) {
	tests := []struct {
		name string
		w    handlers.Wording
		want string
	}{
		{"a welcome that hides how to apply", handlers.Wording{Welcome: "欢迎关注！回复“查进度”看进度。"}, "申请公开"},
		{"a help that hides the progress", handlers.Wording{Help: "回复“申请公开”。"}, "查进度"},
		{"too long", handlers.Wording{Welcome: greeting + strings.Repeat("好", 600)}, "600"},
		{"hours in two lines", handlers.Wording{Hours: "工作日\n8:00"}, "一行"},
		{"hours too long", handlers.Wording{Hours: strings.Repeat("8", 61)}, "60"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, m := worded(t)
			err := w.citizen.Wordings.Save(t.Context(), handlers.Own(town), tt.w)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), tt.want) || len(m.values) != 0 {
				t.Errorf("Save() = %v, want a refusal that names %q and nothing stored", err, tt.want)
			}
		})
	}
}

// The bot's own text, handed back unchanged, is not kept: the next program may say it better.
func TestOwnWordingIsNotKept(t *testing.T) {
	w, m := worded(t)
	own := handlers.Own(town)
	own.Welcome = strings.ReplaceAll(own.Welcome, "\n", "\r\n") // as a browser sends it
	w.reword(t, own)
	var kept handlers.Wording
	if err := json.Unmarshal(m.values["chat:wording"], &kept); err != nil || kept.Welcome != "" || kept.Help != "" || kept.Hours != "" {
		t.Errorf("kept %+v, %v", kept, err)
	}
}

// Every turn needs the wording; it must not cost a look at the store each time, nor fail with it.
func TestWordingIsReadSeldom(t *testing.T) {
	w, m := worded(t)
	for range 20 {
		w.sends(t, follow())
	}
	if m.reads != 1 {
		t.Errorf("read %d times in one moment, want once", m.reads)
	}
	other := &handlers.Wordings{Memo: m, Now: func() time.Time { return w.now }} // another process changes it
	if err := other.Save(t.Context(), handlers.Own(town), handlers.Wording{Welcome: greeting}); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(31 * time.Second)
	if got := w.sends(t, follow()); got != greeting {
		t.Errorf("half a minute after another process's change: %s", got)
	}
	m.down = true
	w.now = w.now.Add(time.Minute)
	if got := w.sends(t, follow()); got != greeting {
		t.Errorf("while the store is down: %s", got)
	}
}

// hangingMemo is a store that answers only when it is let go.
type hangingMemo struct {
	memo
	asked, release chan struct{}
}

func (m *hangingMemo) Setting(ctx context.Context, name string, v any) error {
	m.asked <- struct{}{}
	<-m.release
	return m.memo.Setting(ctx, name, v)
}

func TestAStoreThatHangsHoldsUpOneReaderOnly(t *testing.T) {
	m := &hangingMemo{memo: memo{values: map[string][]byte{}}, asked: make(chan struct{}), release: make(chan struct{})}
	clock := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	w := &handlers.Wordings{Memo: m, Now: func() time.Time { return clock }}
	first := make(chan handlers.Wording)
	go func() {
		got, err := w.Current(t.Context())
		if err != nil {
			t.Error(err)
		}
		first <- got
	}()
	<-m.asked
	if _, err := w.Current(t.Context()); err != nil { // would wait for ever
		t.Error(err)
	}
	clock = clock.Add(time.Second)
	if err := w.Save(t.Context(), handlers.Wording{}, handlers.Wording{Hours: newHours}); err != nil {
		t.Fatal(err)
	}
	close(m.release)
	if got := <-first; got.Hours != newHours {
		t.Errorf("what was read before staff saved has replaced what they saved: %+v", got)
	}
}
