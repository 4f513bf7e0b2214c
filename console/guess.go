package console

import (
	"cmp"
	"slices"
	"strings"

	"shoushan/disclosure"
)

// mostGuesses is how many cases are proposed for what a citizen has written.
const mostGuesses = 3

// guess proposes the case that a message belongs to.
type guess struct {
	ID, State, Why string
	Awaits         bool // the case waits for a supplement: the message may be it
	weight         int
}

// guessesFor looks among the requests for those that a talk's unfiled messages may belong to, the likeliest first: named by
// number, filed by the same citizen, or by somebody whose telephone or name the message tells. It is a proposal; a person
// decides.
func guessesFor(t Talk, all []disclosure.Request) []guess {
	said := unfiled(t)
	if said == "" {
		return nil
	}
	var out []guess
	for _, r := range all {
		if g := guessOf(t, said, r); g.weight > 0 {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(a, b guess) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.ID, a.ID)) })
	return out[:min(len(out), mostGuesses)]
}

func guessOf(t Talk, said string, r disclosure.Request) guess {
	g := guess{ID: r.ID, State: r.State.Chinese()}
	var why []string
	for _, sign := range []struct {
		weight int
		why    string
		shown  bool
	}{
		{100, "写了这件申请的编号", strings.Contains(said, r.ID)},
		{70, "写了申请人留下的电话", tells(said, r.Filing.Personal.Phone, 7)},
		{60, "同一微信提出的申请", slices.Contains(t.Requests, r.ID)},
		{40, "写了申请人的姓名", tells(said, r.Filing.Personal.Name, 2)},
	} {
		if sign.shown {
			g.weight += sign.weight
			why = append(why, sign.why)
		}
	}
	if g.weight > 0 && r.State != disclosure.Closed {
		g.weight += 20
	}
	if g.weight > 0 && r.State == disclosure.AwaitingSupplement {
		g.weight, g.Awaits = g.weight+10, true
		why = append(why, "正在等补正")
	}
	g.Why = strings.Join(why, "，")
	return g
}

// tells reports whether a text tells a word of at least so many characters.
func tells(text, word string, shortest int) bool {
	return len([]rune(word)) >= shortest && strings.Contains(text, word)
}

// unfiled is what the citizen has written that stands in no case and that nobody has answered yet, one message a line.
func unfiled(t Talk) string {
	var out []string
	for _, l := range t.Lines {
		switch {
		case l.By != "":
			out = nil
		case l.Filed == "":
			out = append(out, l.Text)
		}
	}
	return strings.Join(out, "\n")
}
