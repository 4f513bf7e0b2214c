package handlers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/handlers"
	"shoushan/workday"
)

type brokenGuesses struct{}

func (brokenGuesses) Take(context.Context, string, int) (bool, error) { return false, errBroken }
func (brokenGuesses) GiveBack(context.Context, string) error          { return errBroken }

// Tencent: 自定义菜单 takes 1–3 buttons of 1–5 each, names of 16 and 60 bytes, keys of 128.
func TestMenuFitsThePlatform(t *testing.T) {
	menu := handlers.Menu()
	if len(menu) < 1 || len(menu) > 3 {
		t.Errorf("%d buttons, want 1 to 3", len(menu))
	}
	for _, b := range menu {
		if len(b.Name) > 16 || len(b.Sub) > 5 || (b.Key == "") == (len(b.Sub) == 0) {
			t.Errorf("button %+v does not fit", b)
		}
		for _, s := range b.Sub {
			if len(s.Name) > 60 || s.Key == "" || len(s.Sub) > 0 {
				t.Errorf("sub-button %+v does not fit", s)
			}
		}
	}
}

// Every button does something of its own.
func TestEveryButtonAnswers(t *testing.T) {
	w := newWorld(t)
	unknown := w.sends(t, bot.Message{From: "x", Type: bot.EventMessage, Event: bot.Click, EventKey: "NONE"})
	for _, b := range handlers.Menu() {
		for _, leaf := range append(b.Sub, b) {
			if leaf.Key == "" || leaf.Key == handlers.KeyHelp {
				continue
			}
			got := w.sends(t, bot.Message{From: leaf.Key, Type: bot.EventMessage, Event: bot.Click, EventKey: leaf.Key})
			if got == "" || got == unknown {
				t.Errorf("%s answers %q, like an unknown key", leaf.Name, got)
			}
		}
	}
}

// A follower who scans a code at the counter is told what there is to do; an application that is open stays where it is.
func TestAScannedCodeIsAnswered(t *testing.T) {
	w := asked(t, atKind)
	scan := bot.Message{From: "c", Type: bot.EventMessage, Event: bot.Scan, EventKey: "hall"}
	if got := w.sends(t, scan); !strings.Contains(got, "申请公开") {
		t.Errorf("reply to a scan = %q, want help", got)
	}
	if got := w.says(t, "c", "继续"); !strings.Contains(got, "【第1项】") {
		t.Errorf("after the scan = %q, want the question that was open", got)
	}
}

func TestEventsOfOthersAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	for _, e := range []bot.Event{bot.PublishDone, bot.MassDone, bot.View, "LOCATION", ""} {
		r, err := w.handle(t.Context(), bot.Message{From: "platform", Type: bot.EventMessage, Event: e})
		if err != nil || !r.Empty() {
			t.Errorf("event %q: %+v, %v; want the empty reply", e, r, err)
		}
	}
	if len(w.memory.drafts) != 0 {
		t.Error("an event opened a draft")
	}
}

// 湖北办法 and its like: following must not be the condition of a service, nor asked for.
func TestNobodyIsToldToFollow(t *testing.T) {
	w := newWorld(t)
	for _, text := range append([]string{"帮助", "公开指南", "人工", "asdf"}, naturalAnswers...) {
		if got := w.says(t, "c", text); strings.Contains(got, "请关注") || strings.Contains(got, "先关注") || strings.Contains(got, "关注后") {
			t.Errorf("reply to %q: %s", text, got)
		}
	}
}

func TestNews(t *testing.T) {
	w := newWorld(t)
	for i := range 12 {
		w.memory.publish(fmt.Sprintf("第%d篇", i+1), w.now.Add(time.Duration(i)*time.Hour))
	}
	tap, err := w.handle(t.Context(), bot.Message{From: "c", Type: bot.EventMessage, Event: bot.Click, EventKey: handlers.KeyNews})
	if err != nil || len(tap.News) != 5 || tap.News[0].Title != "第12篇" || tap.News[0].URL == "" {
		t.Errorf("tap: %+v, %v; want five cards, newest first, with links", tap, err)
	}
	if first := tap.News[0]; first.Description != "摘要：第12篇" || first.PicURL != "https://mmbiz.qpic.cn/cover12" {
		t.Errorf("card %+v, want the article's digest and cover", first)
	}
	typed, err := w.handle(t.Context(), bot.Message{From: "c", Type: bot.TextMessage, Text: "最新发布"})
	if err != nil || len(typed.News) != 0 || strings.Count(typed.Text, "https://mp.weixin.qq.com/") != 8 {
		t.Errorf("typed: %+v, %v; want eight links in a text", typed, err)
	}
}

// That the articles cannot be listed must not stop an application.
func TestBrokenShelfDoesNotStopAnApplication(t *testing.T) {
	w := newWorld(t)
	w.memory.fail["posts"] = errBroken
	w.file(t, "c")
}

func TestPeopleAreBackOnTheNextWorkday(t *testing.T) {
	tests := []struct{ day, want string }{
		{"2026-10-01", "2026年10月8日（星期四）上班"},
		{"2026-09-20", ""}, // a make-up Sunday
		{"2026-11-21", "2026年11月23日（星期一）上班"},
		{"2026-11-23", ""},
	}
	for _, tt := range tests {
		t.Run(tt.day, func(t *testing.T) {
			w := newWorld(t)
			w.now = workday.MustParse(tt.day).At(10, 0)
			got := w.says(t, "c", "人工")
			if tt.want == "" && strings.Contains(got, "今天休息") || !strings.Contains(got, tt.want) || !strings.Contains(got, town.Phone) {
				t.Errorf("reply = %s, want %q", got, tt.want)
			}
		})
	}
}

func TestWindow(t *testing.T) {
	now := workday.MustParse("2026-11-23").At(9, 0)
	w := &handlers.Window{Now: func() time.Time { return now }}
	take := func(key string) bool {
		ok, err := w.Take(t.Context(), key, 2)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	for i, want := range []bool{true, true, false} {
		if got := take("a"); got != want {
			t.Errorf("after %d attempts Take() = %v, want %v", i, got, want)
		}
	}
	if !take("b") {
		t.Error("another key is not allowed")
	}
	for range 2 {
		if err := w.GiveBack(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if !take("a") {
		t.Error("not allowed after two attempts were given back")
	}
	now = now.Add(15 * time.Minute)
	if !take("a") {
		t.Error("not allowed after the span")
	}
}

func TestMissingWiringIsFoundAtStart(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Handler() of an empty Citizen did not panic")
		}
	}()
	(&handlers.Citizen{}).Handler()
}
