package console

import (
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
	disclosure.DoSeeLetters, disclosure.DoSuggest,
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
func (c *Console) fresh(v *visit, r disclosure.Request) error {
	seen := v.form("seen")
	if seen == "" || seen == seenOf(r) {
		return nil
	}
	all := steps(r)
	last := all[len(all)-1]
	return fault.Newf(fault.Conflict, "您打开页面之后，%s在 %s “%s”了这件申请，您的提交没有生效。请看过现在的情况，再决定要不要提交。",
		last.Actor, clockText(last.At, "15:04"), actionWord(last.Action))
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
