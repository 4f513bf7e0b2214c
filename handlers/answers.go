package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"shoushan/bot"
	"shoushan/fault"
)

// Answer is a reply that staff have written for words that citizens use (关键词回复).
type Answer struct {
	Words []string `json:"words"`           // any of them is enough
	Text  string   `json:"text"`            // what the citizen reads
	Whole bool     `json:"whole,omitempty"` // the word has to be the whole message, not a part of it
}

const (
	answersName   = "chat:answers"
	maxAnswers    = 200
	maxWord       = 20
	maxAnswerText = 600 // characters; the platform takes about 680
)

// Answers are staff's replies. The first that fits is given.
type Answers struct{ Memo bot.Memo }

// List returns the answers in their order.
func (a *Answers) List(ctx context.Context) ([]Answer, error) {
	var list []Answer
	err := a.Memo.Setting(ctx, answersName, &list)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return list, err
}

// Add puts an answer at the end. Words that mean a command of the bot, or that another answer has, are refused.
func (a *Answers) Add(ctx context.Context, add Answer) error {
	add = tidied(add)
	return a.change(ctx, func(list []Answer) ([]Answer, error) {
		if len(list) >= maxAnswers {
			return nil, fault.Newf(fault.Conflict, "关键词回复最多 %d 条，请先删除不用的。", maxAnswers)
		}
		return append(list, add), add.check(list)
	})
}

// Remove deletes the answer whose first word is word.
func (a *Answers) Remove(ctx context.Context, word string) error {
	return a.change(ctx, func(list []Answer) ([]Answer, error) {
		i := slices.IndexFunc(list, func(x Answer) bool { return len(x.Words) > 0 && x.Words[0] == word })
		if i < 0 {
			return nil, fault.New(fault.NotFound, "这条关键词回复已经删除了。")
		}
		return slices.Delete(list, i, i+1), nil
	})
}

func (a *Answers) change(ctx context.Context, change func([]Answer) ([]Answer, error)) error {
	return a.Memo.ChangeSetting(ctx, answersName, func(old []byte) ([]byte, error) {
		var list []Answer
		if old != nil {
			if err := json.Unmarshal(old, &list); err != nil {
				return nil, fmt.Errorf("handlers: decode answers: %w", err)
			}
		}
		list, err := change(list)
		if err != nil {
			return nil, err
		}
		return json.Marshal(list)
	})
}

// tidied reduces words to what messages are compared with.
func tidied(a Answer) Answer {
	var words []string
	for _, w := range a.Words {
		if w = word(w); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	a.Words, a.Text = words, strings.TrimSpace(a.Text)
	return a
}

func (a Answer) check(others []Answer) error {
	if len(a.Words) == 0 {
		return fault.New(fault.Invalid, "请至少填写一个关键词。")
	}
	if n := len([]rune(a.Text)); n == 0 || n > maxAnswerText {
		return fault.Newf(fault.Invalid, "请填写回复内容，不超过 %d 个字。", maxAnswerText)
	}
	for _, w := range a.Words {
		switch {
		case len([]rune(w)) > maxWord || len([]rune(w)) < 2:
			return fault.Newf(fault.Invalid, "关键词“%s”应当是 2 到 %d 个字：太短会答非所问。", w, maxWord)
		case entryNamed(w) != "" || slices.Contains(reserved(), w):
			return fault.Newf(fault.Invalid, "“%s”是机器人自己要用的词，请换一个关键词。", w)
		case slices.ContainsFunc(others, func(o Answer) bool { return slices.Contains(o.Words, w) }):
			return fault.Newf(fault.Conflict, "“%s”已经有一条回复了，请先删除那一条。", w)
		}
	}
	return nil
}

// reserved are the words that steer a dialogue.
func reserved() []string {
	return slices.Concat(yesWords, cancelWords, pauseWords, resumeWords, backWords, restartWords, editWords, summaryWords, confirmWords,
		agreeWords, disagreeWords, asIsWords, agentWords, selfWords, easyWords, fullWords, personWords, robotWords, remindWords)
}

// fits reports whether the answer is for the text.
func (a Answer) fits(text string) bool {
	w := word(text)
	return slices.ContainsFunc(a.Words, func(k string) bool { return w == k || (!a.Whole && strings.Contains(w, k)) })
}

// answers lists staff's answers; a store that fails is no reason to say nothing.
func (c *Citizen) answers(ctx context.Context) []Answer {
	if c.Answers == nil {
		return nil
	}
	list, err := c.Answers.List(ctx)
	if err != nil && c.Log != nil {
		c.Log.WarnContext(ctx, "staff's answers could not be read", "error", err)
	}
	return list
}

// written returns staff's answer to a text, or "".
func (c *Citizen) written(ctx context.Context, text string) string {
	for _, a := range c.answers(ctx) {
		if a.fits(text) {
			return a.Text
		}
	}
	return ""
}
