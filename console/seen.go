package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

// asides are the acts that leave a case as it was: nobody has to look again because of them.
var asides = []disclosure.Action{
	disclosure.DoReveal, disclosure.DoNotify, disclosure.DoNote, disclosure.DoAttach, disclosure.DoRemind, disclosure.DoAcknowledge,
	disclosure.DoSeeLetters, disclosure.DoSuggest, disclosure.DoReadEnclosure,
}

// steps are the events of a case that changed it.
func steps(r disclosure.Request) []staff.Event {
	return keep(slices.Clone(r.Trail), func(e staff.Event) bool { return !slices.Contains(asides, disclosure.Action(e.Action)) })
}

// seenOf marks how far a case had come when its page was shown. Every form carries the mark, so that nobody signs, answers
// or serves what somebody else has changed since.
func seenOf(r disclosure.Request) string { return strconv.Itoa(len(steps(r))) }

// fresh returns a Conflict when the case has changed since the posted form was shown, saying who did what. A form without
// the mark is taken as it is: the desk's own table decides.
func (c *Console) fresh(v *visit, r disclosure.Request) error { return freshCase(v.form("seen"), r) }

func freshCase(seen string, r disclosure.Request) error {
	if seen == "" || seen == seenOf(r) {
		return nil
	}
	return movedOn(steps(r), "这件申请")
}

// deskAsSeen is the desk for whoever posted the form: its first write is refused, in the same atomic step, when somebody else has
// changed the case since the form was shown.
func (c *Console) deskAsSeen(v *visit) *disclosure.Desk {
	desk := *c.cfg.Desk
	desk.Register = &seenRegister{Register: desk.Register, seen: v.form("seen")}
	return &desk
}

// seenRegister compares the mark of a form with the record that its first write finds.
type seenRegister struct {
	disclosure.Register
	seen    string
	written bool
}

// Update is that of the register, refused when the case is not as it was seen.
func (s *seenRegister) Update(ctx context.Context, id string, change func(*disclosure.Request) error) (disclosure.Request, error) {
	r, err := s.Register.Update(ctx, id, func(r *disclosure.Request) error {
		if !s.written {
			if err := freshCase(s.seen, *r); err != nil {
				return err
			}
		}
		return change(r)
	})
	s.written = s.written || err == nil
	return r, err
}

// movedOn is the Conflict that tells who did what last.
func movedOn(trail []staff.Event, what string) error {
	last := trail[len(trail)-1]
	return fault.Newf(fault.Conflict, "您打开页面之后，%s在 %s “%s”了%s，您的提交没有生效。请看过现在的情况，再决定要不要提交。",
		last.Actor, clockText(last.At, "15:04"), actionWord(last.Action), what)
}

// freshTrail is fresh for a record whose every event changes it, but for the asides.
func (v *visit) freshTrail(trail staff.Trail, what string, asides ...string) error {
	seen := v.form("seen")
	if seen == "" || seen == markOfTrail(trail, asides...) {
		return nil
	}
	return movedOn(eventsBut(trail, asides), what)
}

func markOfTrail(trail staff.Trail, asides ...string) string {
	return strconv.Itoa(len(eventsBut(trail, asides)))
}

func eventsBut(trail staff.Trail, asides []string) []staff.Event {
	return keep(slices.Clone(trail), func(e staff.Event) bool { return !slices.Contains(asides, e.Action) })
}

// markOf marks a stored value as a page shows it in a form that replaces the whole of it.
func markOf(stored any) string {
	data, err := json.Marshal(stored)
	if err != nil {
		return "" // a value that cannot be marked is not compared
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// freshValue returns a Conflict when somebody else has replaced the value since the form was shown. A form without the mark is
// taken as it is.
func (v *visit) freshValue(stored any, what string) error {
	if seen := v.form("seen"); seen == "" || seen == markOf(stored) {
		return nil
	}
	return fault.Newf(fault.Conflict, "您打开页面之后，别人保存过%s，您的提交没有生效，填写的内容还在。现在保存着的内容列在下面，请核对以后再保存。", what)
}

// nowStored lists the fields whose stored text is not what stands in the form, for whoever was overtaken.
func nowStored(form, stored []field) []field {
	var out []field
	for i, f := range stored {
		if strings.TrimSpace(strings.ReplaceAll(form[i].Value, "\r\n", "\n")) != strings.TrimSpace(f.Value) {
			out = append(out, f)
		}
	}
	return out
}

// namedTrail writes members by their names where an event tells a login.
func namedTrail(trail staff.Trail, names map[string]string) staff.Trail {
	out := slices.Clone(trail)
	for i, e := range out {
		if e.Action != string(disclosure.DoAssign) {
			continue
		}
		for id, name := range names {
			out[i].Note = strings.Replace(out[i].Note, "分给 "+id+" 办理", "分给"+name+"办理", 1)
		}
	}
	return out
}
