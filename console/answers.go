package console

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode"

	"shoushan/fault"
	"shoushan/staff"
)

// Answers are what the bot says to words that staff have chosen (关键词回复).
type Answers interface {
	Answers(ctx context.Context) ([]Answer, error)
	// AddAnswer puts an answer at the end, or returns what is wrong with it.
	AddAnswer(ctx context.Context, by staff.Member, a Answer) error
	// RemoveAnswer deletes the answer with that first word.
	RemoveAnswer(ctx context.Context, by staff.Member, word string) error
	// Wording returns what the bot says now, staff's words or its own.
	Wording(ctx context.Context) (Wording, error)
	// SaveWording replaces it, or returns what is wrong. An empty text brings the bot's own back.
	SaveWording(ctx context.Context, by staff.Member, w Wording) error
}

// Wording is what the bot says on following and for 帮助, and the office hours that it, the public pages and letters name.
type Wording struct {
	Welcome, Help, Hours string
	By                   string // who changed it last; "" when it is the bot's own
	At                   time.Time
}

// Answer is one of them.
type Answer struct {
	Words []string // any of them is enough
	Text  string
	Whole bool // the word has to be the whole message
}

type answersPage struct {
	frame
	Answers []Answer
	Words   string // as typed
	Text    string
	Whole   bool
	Problem problem

	Wording        Wording
	WordingProblem problem
	Seen           string  // the wording as it is shown
	Stored         []field // what is kept now, for whoever was overtaken
}

func (c *Console) answers(v *visit) error { return c.showAnswers(v, http.StatusOK, &answersPage{}) }

func (c *Console) showAnswers(v *visit, status int, p *answersPage) error {
	p.Title, p.Here = "自动回复", "/answers"
	if c.cfg.Answers != nil {
		stored, err := c.cfg.Answers.Wording(v.ctx())
		if err != nil {
			return err
		}
		p.Seen = markOf(stored)
		switch {
		case p.WordingProblem.Sentence == "":
			p.Wording = stored
		case p.WordingProblem.Status == http.StatusConflict: // what was typed stands in the form
			p.Stored = nowStored(wordingFields(p.Wording), wordingFields(stored))
		}
		if p.Answers, err = c.cfg.Answers.Answers(v.ctx()); err != nil {
			return err
		}
	}
	return c.show(v, status, "answers", p)
}

func (c *Console) addAnswer(v *visit) error {
	if c.cfg.Answers == nil {
		return errNoChat
	}
	typed := Answer{Words: splitWords(v.form("words")), Text: v.form("text"), Whole: v.form("whole") != ""}
	if err := c.cfg.Answers.AddAnswer(v.ctx(), v.who, typed); err != nil {
		p := c.explain(v, err)
		return c.showAnswers(v, p.Status, &answersPage{Words: v.form("words"), Text: typed.Text, Whole: typed.Whole, Problem: p})
	}
	return c.redirect(v, "/answers", "已添加，马上生效。")
}

// splitWords reads words that are separated by spaces or commas of any kind.
func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r) })
}

func (c *Console) saveWording(v *visit) error {
	if c.cfg.Answers == nil {
		return errNoChat
	}
	typed := Wording{Welcome: v.form("welcome"), Help: v.form("help"), Hours: v.form("hours")}
	stored, err := c.cfg.Answers.Wording(v.ctx())
	if err != nil {
		return err
	}
	if err = v.freshValue(stored, "这些话"); err == nil {
		err = c.cfg.Answers.SaveWording(v.ctx(), v.who, typed)
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showAnswers(v, p.Status, &answersPage{Wording: typed, WordingProblem: p})
	}
	return c.redirect(v, "/answers", "已保存，半分钟内生效。")
}

func wordingFields(w Wording) []field {
	return []field{{Label: "欢迎语", Value: w.Welcome}, {Label: "帮助", Value: w.Help}, {Label: "办公时间", Value: w.Hours}}
}

func (c *Console) removeAnswer(v *visit) error {
	if c.cfg.Answers == nil {
		return errNoChat
	}
	err := c.cfg.Answers.RemoveAnswer(v.ctx(), v.who, v.form("word"))
	if fault.Is(err, fault.NotFound) {
		return c.redirect(v, "/answers", "这一条已经删除了。")
	}
	if err != nil {
		return err
	}
	return c.redirect(v, "/answers", "已删除。")
}
