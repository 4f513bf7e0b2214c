package console

import (
	"cmp"
	"net/url"
	"slices"

	"shoushan/staff"
	"shoushan/workday"
)

// field is one thing that a form asks.
type field struct {
	ID                string // of the element; verb-name
	Name, Label, Help string
	Kind              fieldKind
	Required          bool
	Value             string
	Options           []option
}

type fieldKind string

const (
	textLine  fieldKind = "text"
	textBlock fieldKind = "textarea"
	dateField fieldKind = "day"    // a line of text like 2026-11-27
	timeField fieldKind = "moment" // a line of text like 2026-11-27 15:30
	numField  fieldKind = "number"
	pickOne   fieldKind = "select"
	checkBox  fieldKind = "checkbox" // its value is yes or nothing
	// hiddenField is what the page shows and the form has to say back; it is never filled in again from what was posted.
	hiddenField fieldKind = "hidden"
)

type option struct{ Value, Label string }

// chosen reports whether the option is the field's value.
func (f field) Chosen(o option) bool { return f.Value == o.Value }

// verbForm is one act that a record's page offers.
type verbForm struct {
	ID, Action, Title, Explain, Submit string
	Picker                             *picker
	Fields                             []field
	Open, First, Danger, More          bool
	Problem                            problem
	Seen                               string // how the record stood when the form was shown; "" where nobody asks
}

// picker is a choice that decides which fields a form asks. It is its own GET form, so that it works without a script.
type picker struct {
	Name, Label, Action, Value string
	Groups                     []optionGroup
}

type optionGroup struct {
	Title   string
	Options []option
}

// Chosen reports whether the option is picked.
func (p picker) Chosen(o option) bool { return p.Value == o.Value }

// verb is one act on a record of type T: who may do it, when it is offered, what it asks, and how it is done. The room
// that owns the record decides again; offered only keeps pages free of forms that would be refused.
type verb[T any] struct {
	name    string // path segment; the form's id is form-name
	title   string
	explain string
	rights  []staff.Right
	danger  bool
	more    bool                               // folded away with the other steps that few records take
	hidden  bool                               // has a form of its own elsewhere on the page
	after   func(t T, today workday.Date) bool // set: not offered before, because it would be refused
	beside  func(t T) bool                     // set and true: never laid open as the step that is due
	offered func(t T, who staff.Member) bool
	note    func(c *Console, v *visit, t T) (string, error) // in place of explain, for what depends on the record
	pick    func(v *visit, t T) *picker
	fields  func(c *Console, v *visit, t T) ([]field, error)
	do      func(c *Console, v *visit, t T) (done string, err error)
}

// form builds the verb's form for a record whose page is at path.
func (a verb[T]) form(c *Console, v *visit, path string, t T) (verbForm, error) {
	f := verbForm{ID: "form-" + a.name, Action: path + "/" + a.name, Title: a.title, Explain: a.explain, Submit: a.title, Danger: a.danger, More: a.more}
	if a.pick != nil {
		f.Picker = a.pick(v, t)
		f.Picker.Action, f.Open = path, f.Picker.Value != ""
	}
	var err error
	if a.note != nil {
		if f.Explain, err = a.note(c, v, t); err != nil {
			return f, err
		}
	}
	if a.fields == nil {
		return f, nil
	}
	f.Fields, err = a.fields(c, v, t)
	for i := range f.Fields {
		f.Fields[i].ID = a.name + "-" + f.Fields[i].Name
	}
	return f, err
}

// refill puts what was typed back into the form, opens it and attaches the sentence.
func (f verbForm) refill(typed url.Values, p problem) verbForm {
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		if value, ok := typed[f.Fields[i].Name]; ok && len(value) > 0 && f.Fields[i].Kind != hiddenField {
			f.Fields[i].Value = value[0]
		}
	}
	f.Open, f.Problem = true, p
	return f
}

// offers lists the forms that this member may use on the record now; the first that can be the step that is due is laid
// open.
func offers[T any](c *Console, v *visit, verbs []verb[T], path string, t T) ([]verbForm, error) {
	var out []verbForm
	led := false
	for _, a := range verbs {
		if a.hidden || !slices.ContainsFunc(a.rights, v.who.May) || !a.offered(t, v.who) || a.after != nil && !a.after(t, workday.Of(v.now)) {
			continue
		}
		f, err := a.form(c, v, path, t)
		if err != nil {
			return nil, err
		}
		if !led && !a.more && !a.danger && (a.beside == nil || !a.beside(t)) {
			f.First, led = true, true
		}
		out = append(out, f)
	}
	return out, nil
}

// verbBox is the block of forms on a record's page: the usual ones, and the others under one heading.
type verbBox struct {
	Usual, More []verbForm
	Open        bool // one of the others was just refused
}

func boxed(forms []verbForm) verbBox {
	var b verbBox
	for _, f := range forms {
		if !f.More {
			b.Usual = append(b.Usual, f)
			continue
		}
		b.More = append(b.More, f)
		b.Open = b.Open || f.Open
	}
	return b
}

// reopen puts the filled form in the place of the fresh one; it reports false when that form is no longer offered.
func reopen(forms []verbForm, typed verbForm) bool {
	found := false
	for i := range forms {
		forms[i].First = false
		if forms[i].ID == typed.ID {
			forms[i], found = typed, true
		}
	}
	return found
}

// typedAgain is what somebody typed into a form that is no longer offered: shown so that it can be copied.
func typedAgain(f verbForm) []field {
	var out []field
	for _, fd := range f.Fields {
		if fd.Value != "" && fd.Kind != hiddenField {
			out = append(out, fd)
		}
	}
	return out
}

// choice returns what was picked: posted, or asked for in the address.
func (v *visit) choice(name string) string { return cmp.Or(v.form(name), v.ask(name)) }
