package console

import (
	"net/url"
	"strconv"
	"time"
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
	l := newLimiter(now)
	for i := range n {
		if err := l.take("guess", strconv.Itoa(i)); err != nil && refused == nil {
			refused = err
		}
	}
	return len(l.seen), refused
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
