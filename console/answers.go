package console

import (
	"context"
	"net/http"
	"strings"
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
}

func (c *Console) answers(v *visit) error { return c.showAnswers(v, http.StatusOK, &answersPage{}) }

func (c *Console) showAnswers(v *visit, status int, p *answersPage) error {
	p.Title, p.Here = "关键词回复", "/answers"
	if c.cfg.Answers != nil {
		var err error
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
