package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"shoushan/bot"
	"shoushan/fault"
)

const (
	// talkLife is how long a talk is kept after its last word, and so the longest that the bot stays silent; maxLines how much
	// of it.
	talkLife = 90 * 24 * time.Hour
	maxLines = 100
	// unheard is how long a citizen who waits for a person waits before the bot says how to come back; and how long until it
	// says so again.
	unheard = 24 * time.Hour
)

// Talk is what a citizen wrote to people instead of to the bot, and what they answered (留言).
type Talk struct {
	ID      string    `json:"id"` // random, for addresses
	OpenID  string    `json:"open_id"`
	Last    time.Time `json:"last"`            // of the newest line
	Until   time.Time `json:"until,omitzero"`  // the bot is silent until somebody releases it, and then at the latest
	Told    time.Time `json:"told,omitzero"`   // when the citizen was last told how to come back
	Waiting bool      `json:"waiting"`         // for an answer by a person
	Lines   []Line    `json:"lines,omitempty"` // oldest first; the latest hundred
}

// Line is one message of a talk.
type Line struct {
	At    time.Time `json:"at"`
	By    string    `json:"by,omitempty"` // the member's name; "" is the citizen
	Text  string    `json:"text"`
	Guess string    `json:"guess,omitempty"` // what the bot thinks the citizen wanted
	How   string    `json:"how,omitempty"`   // how an answer went out
	Filed string    `json:"filed,omitempty"` // the number of the request into whose case it was put
}

// HandedOver reports whether the bot is silent in the talk at now.
func (t Talk) HandedOver(now time.Time) bool { return now.Before(t.Until) }

// Talks keeps the talks. One list of all names what is in them; each talk is a paper of its own, under the OpenID.
type Talks struct {
	Papers bot.Papers
	Now    func() time.Time
}

const talkList = "list of talks"

// heading is a talk on the list.
type heading struct {
	ID      string    `json:"id"`
	OpenID  string    `json:"open_id"`
	Last    time.Time `json:"last"`
	Waiting bool      `json:"waiting"`
}

// change changes a citizen's talk and its heading.
func (t *Talks) change(ctx context.Context, openID string, change func(*Talk)) (after Talk, err error) {
	err = bot.ChangePaper(ctx, t.Papers, openID, talkLife, func(talk *Talk) (bool, error) {
		if talk.ID == "" {
			talk.ID, talk.OpenID = rand.Text()[:12], openID
		}
		change(talk)
		if more := len(talk.Lines) - maxLines; more > 0 {
			talk.Lines = talk.Lines[more:]
		}
		after = *talk
		return true, nil
	})
	if err != nil {
		return after, err
	}
	return after, t.list(ctx, func(all []heading) []heading {
		all = slices.DeleteFunc(all, func(h heading) bool { return h.ID == after.ID })
		return append(all, heading{after.ID, openID, after.Last, after.Waiting})
	})
}

func (t *Talks) list(ctx context.Context, change func([]heading) []heading) error {
	oldest := t.Now().Add(-talkLife)
	return bot.ChangePaper(ctx, t.Papers, talkList, 0, func(all *[]heading) (bool, error) {
		*all = slices.DeleteFunc(change(*all), func(h heading) bool { return h.Last.Before(oldest) })
		return len(*all) > 0, nil
	})
}

// HandOver makes the bot silent for the citizen, and puts the talk before staff.
func (t *Talks) HandOver(ctx context.Context, openID, said string) error {
	now := t.Now().UTC()
	_, err := t.change(ctx, openID, func(talk *Talk) {
		talk.Until, talk.Waiting, talk.Last, talk.Told = now.Add(talkLife), true, now, now
		talk.Lines = append(talk.Lines, Line{At: now, Text: said, Guess: "要求人工服务"})
	})
	return err
}

// Note keeps what the citizen wrote for staff; guess is what the bot makes of it.
func (t *Talks) Note(ctx context.Context, openID, text, guess string) error {
	now := t.Now().UTC()
	_, err := t.change(ctx, openID, func(talk *Talk) {
		talk.Waiting, talk.Last = true, now
		talk.Lines = append(talk.Lines, Line{At: now, Text: text, Guess: guess})
	})
	return err
}

// Write is Note for a citizen to whom the bot is silent. It reports, at most once a day, that the citizen has waited for a
// person for a day without an answer.
func (t *Talks) Write(ctx context.Context, openID, text, guess string) (tellHow bool, err error) {
	now := t.Now().UTC()
	_, err = t.change(ctx, openID, func(talk *Talk) {
		talk.Waiting, talk.Last = true, now
		talk.Lines = append(talk.Lines, Line{At: now, Text: text, Guess: guess})
		if tellHow = now.Sub(talk.unansweredSince()) >= unheard && now.Sub(talk.Told) >= unheard; tellHow {
			talk.Told = now
		}
	})
	return tellHow, err
}

// unansweredSince is when the citizen wrote the first line after the last that a member wrote.
func (t Talk) unansweredSince() time.Time {
	for i := len(t.Lines) - 1; i >= 0; i-- {
		if t.Lines[i].By != "" {
			if i+1 < len(t.Lines) {
				return t.Lines[i+1].At
			}
			return t.Last
		}
	}
	return t.Lines[0].At
}

// Silent reports whether the bot has been told to be silent for the citizen.
func (t *Talks) Silent(ctx context.Context, openID string) (bool, error) {
	talk, err := bot.ReadPaper[Talk](ctx, t.Papers, openID)
	return talk.HandedOver(t.Now()), err
}

// Release lets the bot answer the citizen again.
func (t *Talks) Release(ctx context.Context, openID string) error {
	_, err := t.change(ctx, openID, func(talk *Talk) { talk.Until = time.Time{} })
	return err
}

// Talks lists the talks without their lines: those that wait first, then the newest.
func (t *Talks) Talks(ctx context.Context) ([]Talk, error) {
	all, err := bot.ReadPaper[[]heading](ctx, t.Papers, talkList)
	slices.SortStableFunc(all, func(a, b heading) int {
		if a.Waiting != b.Waiting {
			if a.Waiting {
				return -1
			}
			return 1
		}
		return b.Last.Compare(a.Last)
	})
	var out []Talk
	for _, h := range all {
		out = append(out, Talk{ID: h.ID, OpenID: h.OpenID, Last: h.Last, Waiting: h.Waiting})
	}
	return out, err
}

// Talk returns one talk with its lines, or a NotFound fault.
func (t *Talks) Talk(ctx context.Context, id string) (Talk, error) {
	all, err := bot.ReadPaper[[]heading](ctx, t.Papers, talkList)
	if err != nil {
		return Talk{}, err
	}
	i := slices.IndexFunc(all, func(h heading) bool { return h.ID == id })
	if i < 0 {
		return Talk{}, errNoTalk()
	}
	talk, err := bot.ReadPaper[Talk](ctx, t.Papers, all[i].OpenID)
	if err == nil && talk.ID != id {
		return Talk{}, errNoTalk()
	}
	return talk, err
}

// With returns the citizen's talk, or one without an ID when the citizen has not written to people.
func (t *Talks) With(ctx context.Context, openID string) (Talk, error) {
	return bot.ReadPaper[Talk](ctx, t.Papers, openID)
}

// Filed notes that what the citizen wrote was put into the case of a request. The talk waits no longer; whether the bot is
// silent stays as it is.
func (t *Talks) Filed(ctx context.Context, openID, request string) error {
	_, err := t.change(ctx, openID, func(talk *Talk) {
		talk.Waiting = false
		for i := range talk.Lines {
			if l := &talk.Lines[i]; l.By == "" && l.Filed == "" {
				l.Filed = request
			}
		}
	})
	return err
}

func errNoTalk() error {
	return fault.New(fault.NotFound, "没有这段留言。对方取消关注后，留言会立即删除。")
}

// Answered notes what a member answered, and how it went out. The talk waits no longer.
func (t *Talks) Answered(ctx context.Context, openID, by, text, how string) error {
	now := t.Now().UTC()
	_, err := t.change(ctx, openID, func(talk *Talk) {
		talk.Waiting, talk.Last = false, now
		talk.Lines = append(talk.Lines, Line{At: now, By: by, Text: text, How: how})
	})
	return err
}

// Settled says that nothing needs an answer any more, and lets the bot answer again.
func (t *Talks) Settled(ctx context.Context, openID string) error {
	_, err := t.change(ctx, openID, func(talk *Talk) { talk.Waiting, talk.Until = false, time.Time{} })
	return err
}

// Forget deletes the citizen's talk at once.
func (t *Talks) Forget(ctx context.Context, openID string) error {
	return errors.Join(t.Papers.Delete(ctx, openID), t.list(ctx, func(all []heading) []heading {
		return slices.DeleteFunc(all, func(h heading) bool { return h.OpenID == openID })
	}))
}
