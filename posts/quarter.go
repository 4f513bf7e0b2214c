package posts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/workday"
)

// QuarterSheet is the quarterly self-inspection sheet (季度自查表) of the account and the portal site. Every number is the
// length of a list of post ids, so that each can be opened.
type QuarterSheet struct {
	Year, Quarter int
	From, To      workday.Date // both included; To is today in the running quarter

	Originals, Reposts []string // of the account
	Portal             []string
	Removed            []string // deleted or banned since; not counted above
	WithoutSource      []string // reposts that name no source (转载未注明来源)
	Unapproved         []string // reposts from a source that is not on the list
	Differences        []string // declared original, judged a reprint by the platform

	Topics  []Tally
	Authors []Tally
	Sources []Tally // of reposts
	Gaps    []Gap   // of more than GapWarning days without an item of the account
}

// Tally is a name with the items that it counts.
type Tally struct {
	Name     string
	IDs      []string
	Approved bool // of a source: on the list
}

// Gap is a stretch without an item of the account.
type Gap struct {
	From, To workday.Date // the days of the items before and after, or the edges of the quarter
	Days     int          // from one to the other
	TooLong  bool         // the 14 days of the inspection indicators are used up
}

// The days without an item from which a gap is listed, and from which it is a fault (国办秘函〔2019〕19号检查指标).
const (
	GapWarning = 10
	GapLimit   = 14
)

// Total is how many items of the account count.
func (s QuarterSheet) Total() int { return len(s.Originals) + len(s.Reposts) }

// OriginalRate is the share of originals among the items of the account in percent, rounded to one decimal; 0 for none.
func (s QuarterSheet) OriginalRate() float64 {
	if s.Total() == 0 {
		return 0
	}
	return float64((len(s.Originals)*2000+s.Total())/(2*s.Total())) / 10
}

// Quarter makes the sheet of a Beijing quarter, 1 to 4.
func (n *Newsroom) Quarter(ctx context.Context, year, quarter int) (QuarterSheet, error) {
	if quarter < 1 || quarter > 4 {
		return QuarterSheet{}, fault.New(fault.Invalid, "季度应为 1 到 4。")
	}
	s := QuarterSheet{Year: year, Quarter: quarter, From: workday.On(year, time.Month(quarter*3-2), 1)}
	s.To = endOfQuarter(year, quarter)
	if today := workday.Of(n.now()); today.Before(s.To) {
		s.To = today
	}
	rules, err := n.Rules(ctx)
	if err != nil {
		return s, err
	}
	all, err := n.Shelf.Posts(ctx, Query{PublishedYear: year})
	if err != nil {
		return s, fmt.Errorf("posts: list the quarter: %w", err)
	}
	var days []workday.Date
	for _, p := range all {
		day := workday.Of(p.Publication.PublishedAt)
		if day.Before(s.From) || day.After(s.To) {
			continue
		}
		s.count(p, rules)
		if p.Channel == Account && p.State == Published {
			days = append(days, day)
		}
	}
	s.Gaps = gaps(s.From, s.To, days)
	s.sort()
	return s, nil
}

func endOfQuarter(year, quarter int) workday.Date {
	if quarter == 4 {
		return workday.On(year, time.December, 31)
	}
	return workday.On(year, time.Month(quarter*3+1), 1).AddDays(-1)
}

func (s *QuarterSheet) count(p Post, rules Rules) {
	switch {
	case p.State != Published || !p.Publication.RemovedAt.IsZero():
		s.Removed = append(s.Removed, p.ID)
		return
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
	add(&s.Topics, orElse(p.Content.Topic, "未分类"), p.ID)
	add(&s.Authors, orElse(p.Content.Editor, "未署名"), p.ID)
}

func (s *QuarterSheet) countRepost(p Post, rules Rules) {
	s.Reposts = append(s.Reposts, p.ID)
	if p.Content.Source == nil || p.Content.Source.Name == "" {
		s.WithoutSource = append(s.WithoutSource, p.ID)
		return
	}
	t := add(&s.Sources, p.Content.Source.Name, p.ID)
	if len(rules.sourceProblems(p.Content)) > 0 {
		s.Unapproved = append(s.Unapproved, p.ID)
	} else {
		t.Approved = true
	}
}

func add(list *[]Tally, name, id string) *Tally {
	i := slices.IndexFunc(*list, func(t Tally) bool { return t.Name == name })
	if i < 0 {
		i = len(*list)
		*list = append(*list, Tally{Name: name})
	}
	t := &(*list)[i]
	t.IDs = append(t.IDs, id)
	return t
}

func (s *QuarterSheet) sort() {
	for _, list := range [][]Tally{s.Topics, s.Authors, s.Sources} {
		slices.SortStableFunc(list, func(a, b Tally) int {
			return cmp.Or(cmp.Compare(len(b.IDs), len(a.IDs)), cmp.Compare(a.Name, b.Name))
		})
	}
}

// gaps lists the stretches between items, and to the edges of the quarter, of more than GapWarning days.
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
