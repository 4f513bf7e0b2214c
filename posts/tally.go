package posts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"shoushan/workday"
)

// Sheet counts the items of the account and of the portal site in a span, by article and by the Beijing date of
// publication. Every number is the length of a list of post ids, so that each can be opened. What was deleted or banned
// since is listed and not counted.
type Sheet struct {
	Span

	Originals, Reposts []string // of the account
	Portal             []string
	Removed            []string // deleted or banned since; not counted above
	WithoutSource      []string // reposts that name no source (转载未注明来源)
	Unapproved         []string // reposts from a source that is not on the list
	Differences        []string // declared original, judged a reprint by the platform

	Months  []Tally // each of the span, named 2026-11
	Topics  []Tally // the largest first
	Authors []Tally
	Sources []Tally // of reposts
	Gaps    []Gap   // of GapWarning days and more without an item of the account
}

// Tally is a name with the items that it counts.
type Tally struct {
	Name                       string
	Originals, Reposts, Portal []string
	Approved                   bool // of a source: on the list
}

// IDs lists all items of the tally.
func (t Tally) IDs() []string { return slices.Concat(t.Originals, t.Reposts, t.Portal) }

// Gap is a stretch without an item of the account.
type Gap struct {
	From, To workday.Date // the days of the items before and after, or the edges of the span
	Days     int          // from one to the other
	TooLong  bool         // the 14 days of the inspection indicators are used up
}

// The days without an item from which a gap is listed, and from which it is a fault (国办秘函〔2019〕19号检查指标).
const (
	GapWarning = 10
	GapLimit   = 14
)

// Total is how many items of the account count.
func (s Sheet) Total() int { return len(s.Originals) + len(s.Reposts) }

// OriginalRate is the share of originals among the items of the account in percent, rounded to one decimal; 0 for none.
func (s Sheet) OriginalRate() float64 {
	if s.Total() == 0 {
		return 0
	}
	return float64((len(s.Originals)*2000+s.Total())/(2*s.Total())) / 10
}

// Count makes the sheet of a span, which ends today at the latest.
func (n *Newsroom) Count(ctx context.Context, span Span) (Sheet, error) {
	s := Sheet{Span: span.Until(workday.Of(n.now()))}
	if s.To.Before(s.From) {
		return s, nil
	}
	rules, err := n.Rules(ctx)
	if err != nil {
		return s, err
	}
	published, err := n.Shelf.Posts(ctx, Query{Published: s.Span})
	if err != nil {
		return s, fmt.Errorf("posts: list what was published: %w", err)
	}
	s.startMonths()
	var days []workday.Date
	for _, p := range published {
		s.count(p, rules)
		if p.Channel == Account && p.Counts() {
			days = append(days, workday.Of(p.Publication.PublishedAt))
		}
	}
	s.Gaps = gaps(s.From, s.To, days)
	s.sort()
	return s, nil
}

// Counts reports whether a post is counted: it is published and was neither deleted nor banned since.
func (p Post) Counts() bool { return p.State == Published && p.Publication.RemovedAt.IsZero() }

// Readable reports whether citizens can read the post on the account: it is published, still there, and has a permanent link.
func (p Post) Readable() bool {
	return p.Counts() && p.Channel == Account && p.Publication.URL != ""
}

func monthName(d workday.Date) string { return fmt.Sprintf("%04d-%02d", d.Year(), int(d.Month())) }

// startMonths makes a line for each month of the span, also for one without items.
func (s *Sheet) startMonths() {
	for d := s.From; !d.After(s.To); d = MonthSpan(d.Year(), d.Month()).To.AddDays(1) {
		s.Months = append(s.Months, Tally{Name: monthName(d)})
	}
}

func (s *Sheet) count(p Post, rules Rules) {
	if !p.Counts() {
		s.Removed = append(s.Removed, p.ID)
		return
	}
	add(&s.Months, monthName(workday.Of(p.Publication.PublishedAt)), p)
	add(&s.Topics, orElse(p.Content.Topic, "未分类"), p)
	add(&s.Authors, orElse(orElse(p.Content.Editor, p.Content.Byline), "未署名"), p)
	switch {
	case p.Channel == Portal:
		s.Portal = append(s.Portal, p.ID)
		return
	case p.Content.Origin == Original:
		s.Originals = append(s.Originals, p.ID)
	default:
		s.countRepost(p, rules)
	}
	if d, differs := p.originDifference(); differs && d.Verdict != NoVerdict {
		s.Differences = append(s.Differences, p.ID)
	}
}

func (s *Sheet) countRepost(p Post, rules Rules) {
	s.Reposts = append(s.Reposts, p.ID)
	if p.Content.Source == nil || p.Content.Source.Name == "" {
		s.WithoutSource = append(s.WithoutSource, p.ID)
		return
	}
	t := add(&s.Sources, p.Content.Source.Name, p)
	if len(rules.sourceProblems(p.Content)) > 0 {
		s.Unapproved = append(s.Unapproved, p.ID)
	} else {
		t.Approved = true
	}
}

func add(list *[]Tally, name string, p Post) *Tally {
	i := slices.IndexFunc(*list, func(t Tally) bool { return t.Name == name })
	if i < 0 {
		i = len(*list)
		*list = append(*list, Tally{Name: name})
	}
	t := &(*list)[i]
	switch {
	case p.Channel == Portal:
		t.Portal = append(t.Portal, p.ID)
	case p.Content.Origin == Original:
		t.Originals = append(t.Originals, p.ID)
	default:
		t.Reposts = append(t.Reposts, p.ID)
	}
	return t
}

func (s *Sheet) sort() {
	for _, list := range [][]Tally{s.Topics, s.Authors, s.Sources} {
		slices.SortStableFunc(list, func(a, b Tally) int {
			return cmp.Or(cmp.Compare(len(b.IDs()), len(a.IDs())), cmp.Compare(a.Name, b.Name))
		})
	}
}

// gaps lists the stretches between items, and to the edges of the span, of GapWarning days and more.
func gaps(from, to workday.Date, days []workday.Date) []Gap {
	days = append(slices.Clone(days), from, to)
	slices.SortFunc(days, workday.Date.Compare)
	var found []Gap
	for i := 1; i < len(days); i++ {
		if n := daysBetween(days[i-1], days[i]); n >= GapWarning {
			found = append(found, Gap{days[i-1], days[i], n, n >= GapLimit})
		}
	}
	return found
}

func daysBetween(a, b workday.Date) int { return int(b.Start().Sub(a.Start()) / (24 * time.Hour)) }
