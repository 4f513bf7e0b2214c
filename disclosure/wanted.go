package disclosure

import (
	"slices"

	"shoushan/workday"
)

// Wanted is information that was given on request and may be worth publishing for everybody (条例第四十四条): several applicants asked
// for much the same, or an applicant suggests it.
type Wanted struct {
	Request    Request   // the one that the review is about
	Others     []Request // those that ask for much the same, newest first
	Applicants int       // how many different people asked
}

// State is how far the review has come.
func (w Wanted) State() ProactiveState {
	if w.Request.Proactive == nil {
		return ToReview
	}
	return w.Request.Proactive.State
}

// WantedByMany finds them among requests, newest first. Only those served on since or later lead a group; since may be zero for
// all. A group that was reviewed once is told of by the request that holds the review.
func WantedByMany(among []Request, since workday.Date) []Wanted {
	index := newLikeness(among)
	done := map[string]bool{}
	var out []Wanted
	for _, r := range leadsFirst(among, since) {
		if done[r.ID] {
			continue
		}
		w := Wanted{Request: r, Others: index.like(r)}
		people := map[string]bool{r.Filing.Personal.DocumentNumber: true}
		done[r.ID] = true
		for _, other := range w.Others {
			people[other.Filing.Personal.DocumentNumber], done[other.ID] = true, true
		}
		if w.Applicants = len(people); w.Applicants > 1 || !r.SuggestedOn.IsZero() || r.Proactive != nil {
			out = append(out, w)
		}
	}
	return out
}

// leadsFirst returns the requests that a review can be about: those that hold one, then those that suggest one, then the newest.
func leadsFirst(among []Request, since workday.Date) []Request {
	var out []Request
	for _, r := range slices.Backward(among) {
		if r.Released() && r.Filing.Matter == Information && (r.Proactive != nil || !r.Decision.ServedOn.Before(since)) {
			out = append(out, r)
		}
	}
	rank := func(r Request) int {
		switch {
		case r.Proactive != nil:
			return 0
		case !r.SuggestedOn.IsZero():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b Request) int { return rank(a) - rank(b) })
	return out
}

// likeness compares descriptions that are taken apart once.
type likeness struct {
	requests []Request
	pairs    []map[[2]rune]int
	sizes    []int
}

func newLikeness(among []Request) likeness {
	l := likeness{requests: among}
	for _, r := range among {
		pairs, size := pairsOf(r.Filing.Personal.Description), 0
		for _, n := range pairs {
			size += n
		}
		l.pairs, l.sizes = append(l.pairs, pairs), append(l.sizes, size)
	}
	return l
}

// like returns the requests whose description is much like this one's, newest first.
func (l likeness) like(r Request) []Request {
	mine, size := pairsOf(r.Filing.Personal.Description), 0
	for _, n := range mine {
		size += n
	}
	var out []Request
	for i, other := range slices.Backward(l.requests) {
		if r.partOfTheSame(other) || 2*float64(min(size, l.sizes[i])) < alike*float64(size+l.sizes[i]) {
			continue // the likeness cannot reach the threshold: no need to look closer
		}
		if dice(mine, l.pairs[i]) >= alike {
			out = append(out, other)
		}
	}
	return out
}
