package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
)

// Wording is what staff have written in place of the bot's own words. An empty text means the bot's own.
type Wording struct {
	Welcome string    `json:"welcome,omitempty"` // on following
	Help    string    `json:"help,omitempty"`    // for 帮助
	Hours   string    `json:"hours,omitempty"`   // 办公时间, in place of the organ's profile
	By      string    `json:"by,omitempty"`      // who changed it last
	At      time.Time `json:"at,omitzero"`
}

const (
	wordingName = "chat:wording"
	wordingAge  = 30 * time.Second // how long another process's change may go unnoticed
	maxHours    = 60               // characters
)

// Wordings keeps the wording. It reads it at most twice a minute, since every turn needs it.
type Wordings struct {
	Memo bot.Memo
	Now  func() time.Time

	mu   sync.Mutex
	last Wording
	read time.Time
}

// Current returns the wording as it was at most half a minute ago. When it cannot be read the last one counts: a store that
// fails is no reason to say nothing.
func (w *Wordings) Current(ctx context.Context) (Wording, error) {
	last, claimed, due := w.claim()
	if !due {
		return last, nil
	}
	var fresh Wording
	err := w.Memo.Setting(ctx, wordingName, &fresh)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch saved := !w.read.Equal(claimed); {
	case saved: // in the meantime, by Save: newer than what was read
		return w.last, nil
	case err != nil && !fault.Is(err, fault.NotFound):
		w.read = time.Time{} // the next turn tries again
		return w.last, err
	}
	w.last = fresh
	return fresh, nil
}

// claim returns the wording as it was read last, and whether the caller is the one who has to read it again. Nobody else
// waits for that: a store that hangs would hold up every turn.
func (w *Wordings) claim() (last Wording, now time.Time, due bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now = w.Now()
	due = w.read.IsZero() || now.Sub(w.read) >= wordingAge || now.Before(w.read)
	if due {
		w.read = now
	}
	return w.last, now, due
}

// known is the wording without a look at the store.
func (w *Wordings) known() Wording {
	if w == nil {
		return Wording{}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// Save replaces the wording, or returns what is wrong with it. A text that is the bot's own is not kept: it changes with
// the program.
func (w *Wordings) Save(ctx context.Context, own, changed Wording) error {
	for _, text := range []struct {
		ours string
		new  *string
	}{{own.Welcome, &changed.Welcome}, {own.Help, &changed.Help}, {own.Hours, &changed.Hours}} {
		*text.new = strings.TrimSpace(strings.ReplaceAll(*text.new, "\r\n", "\n"))
		if *text.new == strings.TrimSpace(text.ours) {
			*text.new = ""
		}
	}
	if err := changed.check(); err != nil {
		return err
	}
	changed.At = w.Now().UTC()
	err := w.Memo.ChangeSetting(ctx, wordingName, func([]byte) ([]byte, error) { return json.Marshal(changed) })
	if err != nil {
		return fmt.Errorf("handlers: save wording: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.read = changed, w.Now()
	return nil
}

// check keeps the doors open: whoever reads the welcome or the help must learn how to apply and how to ask for progress.
func (w Wording) check() error {
	for _, text := range []struct{ name, text string }{{"欢迎语", w.Welcome}, {"帮助", w.Help}} {
		switch {
		case text.text == "":
		case len([]rune(text.text)) > maxAnswerText:
			return fault.Newf(fault.Invalid, "%s不能超过 %d 个字，现在是 %d 个字。", text.name, maxAnswerText, len([]rune(text.text)))
		case !strings.Contains(text.text, "申请公开") || !strings.Contains(text.text, "查进度"):
			return fault.Newf(fault.Invalid, "%s里要有“申请公开”和“查进度”这两个词，群众才知道怎样申请、怎样查进度。", text.name)
		}
	}
	if n := len([]rune(w.Hours)); n > maxHours || strings.Contains(w.Hours, "\n") {
		return fault.Newf(fault.Invalid, "办公时间写一行，不超过 %d 个字，例如：工作日 8:00—12:00，14:30—18:00。", maxHours)
	}
	return nil
}

// Own is the bot's own wording for an organ.
func Own(o disclosure.Organ) Wording {
	return Wording{Welcome: welcome(o), Help: helpText(o), Hours: o.Hours}
}

// organ is the organ with the office hours that staff have entered last.
func (c *Citizen) organ() disclosure.Organ {
	o := c.Organ
	if hours := c.Wordings.known().Hours; hours != "" {
		o.Hours = hours
	}
	return o
}

// hearWording looks at most twice a minute whether staff have changed the wording.
func (c *Citizen) hearWording(ctx context.Context) {
	if c.Wordings == nil {
		return
	}
	if _, err := c.Wordings.Current(ctx); err != nil && c.Log != nil {
		c.Log.WarnContext(ctx, "staff's wording could not be read", "error", err)
	}
}

// welcomed answers following.
func (c *Citizen) welcomed() bot.Reply {
	if text := c.Wordings.known().Welcome; text != "" {
		return say(text)
	}
	return say(welcome(c.organ()))
}

// helped answers 帮助.
func (c *Citizen) helped() bot.Reply {
	if text := c.Wordings.known().Help; text != "" {
		return say(text)
	}
	return say(helpText(c.organ()))
}
