package report

import (
	"strings"

	"shoushan/disclosure"
)

// Told is a run of a text as the report will print it.
type Told struct {
	Text    string
	Binding string    // {{account.original}} when Text is a bound value
	Typed   bool      // a number that is typed by hand where a bound figure should stand
	Fits    []Fitting // the figures that have this very number now, when it is typed
}

// Fitting is a figure that could stand in place of a typed number.
type Fitting struct{ Label, Insert string }

// Binder puts the figures of a year into texts.
type Binder struct {
	values   values
	bindings []Binding
}

// NewBinder serves many texts from one count of the year.
func NewBinder(year int, organ disclosure.Organ, counted YearCounts) Binder {
	v := newValues(year, organ, counted.Figures, counted.Registers.charged(year), counted.Fee)
	return Binder{v, bindingsOf(v)}
}

// Bindings lists the figures to choose from; see Bindings.
func (b Binder) Bindings() []Binding { return b.bindings }

// Tell parts a text into words, bound values and typed numbers. Faults are those of Draft.
func (b Binder) Tell(text string) ([]Told, error) {
	var out []Told
	at := 0
	for _, m := range bindingPattern.FindAllStringSubmatchIndex(text, -1) {
		value, err := b.values.value(text[m[2]:m[3]])
		if err != nil {
			return nil, err
		}
		out = append(b.words(out, text[at:m[0]]), Told{Text: value, Binding: text[m[0]:m[1]]})
		at = m[1]
	}
	if _, err := b.values.resolve(text); err != nil {
		return nil, err
	}
	return b.words(out, text[at:]), nil
}

// words appends a run without bindings, its typed numbers apart.
func (b Binder) words(out []Told, text string) []Told {
	at := 0
	for _, m := range typedNumber.FindAllStringIndex(text, -1) {
		if m[0] > at {
			out = append(out, Told{Text: text[at:m[0]]})
		}
		typed := text[m[0]:m[1]]
		out = append(out, Told{Text: typed, Typed: true, Fits: b.fitting(typed)})
		at = m[1]
	}
	if at < len(text) {
		out = append(out, Told{Text: text[at:]})
	}
	return out
}

// maxFits bounds the figures that are offered for one typed number.
const maxFits = 4

// fitting finds the figures that a typed number may have been copied from; 0 stands in too many to be worth naming.
func (b Binder) fitting(typed string) []Fitting {
	number, err := ParseNumber(digits.FindString(typed))
	if err != nil || number.IsZero() {
		return nil
	}
	about := strings.Contains(typed, "余")
	var out []Fitting
	for _, x := range b.bindings {
		n, known := b.values.numbers[x.Name]
		switch {
		case !known || len(out) == maxFits:
		case about && approx(n) == number.String()+"余":
			out = append(out, Fitting{x.Label, "{{" + x.Name + "|approx}}"})
		case !about && n == number:
			out = append(out, Fitting{x.Label, x.Insert})
		}
	}
	return out
}
