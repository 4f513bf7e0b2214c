package console

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"shoushan/staff"
)

// Patterns lists the site map, for the role matrix.
func Patterns() []string {
	var out []string
	for _, rt := range siteMap(&Console{}) {
		out = append(out, rt.pattern)
	}
	return out
}

// The pure pieces that pages are made of.
var (
	Age         = age
	FigureTitle = figureTitle
	MaskLetter  = maskLetter
	OwnPath     = ownPath
	CountDays   = countDays
	Lines       = lines
	ReadDay     = readDay
	ReadMoment  = readMoment
)

// Cut returns how many of n elements a page shows, and its paging.
func Cut(n int, address *url.URL) (shown int, previous, next string) {
	list, p := cut(make([]int, n), address)
	return len(list), p.Previous, p.Next
}

// Day is one line of the list of days: counted, its number, why not.
func Day(d countedDay) (counted bool, n int, reason string) { return d.Counted, d.N, d.Reason }

// Flood counts login attempts for n logins, each from its own address, and returns how many windows are remembered
// and the first refusal.
func Flood(now func() time.Time, n int) (windows int, refused error) {
	l := newLimiter(nil, now)
	for i := range n {
		if err := l.take(context.Background(), "guess", strconv.Itoa(i)); err != nil && refused == nil {
			refused = err
		}
	}
	return len(l.seen), refused
}

// Limiter is one process's count of login attempts.
type Limiter struct{ l *limiter }

// NewLimiter returns the count of a process that shares attempts with others.
func NewLimiter(shared Attempts, now func() time.Time) Limiter {
	return Limiter{newLimiter(shared, now)}
}

// Try counts an attempt, and when it was right takes it off again.
func (l Limiter) Try(ctx context.Context, login, source string, right bool) error {
	err := l.l.take(ctx, login, source)
	if err != nil || !right {
		return err
	}
	l.l.forgive(login, source)
	return l.l.right(ctx, login, source)
}

// OpenUploads takes every place in which uploads are unpacked, as a crowd would.
func OpenUploads(c *Console) (release func()) {
	for range cap(c.opening) {
		c.opening <- struct{}{}
	}
	return func() {
		for range cap(c.opening) {
			<-c.opening
		}
	}
}

// Decoy is what unknown logins are compared with.
const Decoy = decoy

// Menu lists the addresses that the menu shows a member under each heading, and the headings that are open, at the path here.
func Menu(who staff.Member, here string) (groups map[string][]string, headings, open []string) {
	groups = map[string][]string{}
	for _, g := range navigation(menuOf(siteMap(&Console{})), who, here) {
		headings = append(headings, g.Title)
		if g.Open {
			open = append(open, g.Title)
		}
		for _, item := range g.Items {
			groups[g.Title] = append(groups[g.Title], item.Path)
		}
	}
	return groups, headings, open
}
