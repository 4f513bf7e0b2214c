package report

import (
	"fmt"
	"slices"
	"strings"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/workday"
)

// emitter is told every figure in which a record counts, with the record's id.
type emitter func(figure, id string)

// unsorted is the topic of posts that have none.
const unsorted = "未分类"

// CountedIn returns the Beijing year in which a post counts and whether it counts at all: it was published and has
// neither been withdrawn nor removed since.
func CountedIn(p posts.Post) (year int, counts bool) {
	if p.State != posts.Published || p.Publication.PublishedAt.IsZero() || !p.Publication.RemovedAt.IsZero() {
		return 0, false
	}
	return workday.Of(p.Publication.PublishedAt).Year(), true
}

// emitPost tells the figures of the year in which a post counts.
func emitPost(p posts.Post, year int, emit emitter) {
	if in, counts := CountedIn(p); !counts || in != year {
		return
	}
	figure := ""
	switch {
	case p.Channel == posts.Portal:
		figure = "portal.items"
	case p.Content.Origin == posts.Original:
		figure = "account.original"
	default:
		figure = "account.repost"
	}
	emit(figure, p.ID)
	if p.Channel != posts.Portal {
		emit("account.total", p.ID)
	}
	month := int(workday.Of(p.Publication.PublishedAt).Month())
	emit(fmt.Sprintf("month.%d.%s", month, figure), p.ID)
	topic := p.Content.Topic
	if topic == "" {
		topic = unsorted
	}
	emit("topic."+topic, p.ID)
}

// servedOn returns the day on which the decision in force was served, or the request was closed without one. It is zero
// while the request is open.
func servedOn(r disclosure.Request) workday.Date {
	switch {
	case r.Decision != nil && !r.Decision.ServedOn.IsZero():
		return r.Decision.ServedOn
	case r.State != disclosure.Closed:
		return workday.Date{}
	case r.Decision != nil && !r.Decision.DeliveredAt.IsZero():
		return workday.Of(r.Decision.DeliveredAt)
	case len(r.Trail) > 0:
		return workday.Of(r.Trail[len(r.Trail)-1].At)
	}
	return r.ReceivedOn
}

// closing returns the year in which a request left the books, with its row of table 三: the first year at whose end a
// served decision stood. A decision that was set aside and made anew within its year counts once, as made anew; one set
// aside in a later year stays where that year's published report counted it, and its second round counts nowhere.
func closing(r disclosure.Request) (year int, row disclosure.Outcome, closed bool) {
	for _, d := range r.Earlier {
		if !d.ServedOn.IsZero() && d.ReopenedOn.Year() > d.ServedOn.Year() {
			return d.ServedOn.Year(), d.Outcome, true
		}
	}
	on := servedOn(r)
	if on.IsZero() {
		return 0, "", false
	}
	return on.Year(), outcome(r), true
}

// emitRequest tells the figures of the year in which a request counts. One request has one result row (T3-ONE), is new in
// one year and carried over into every year in which it was still open on 1 January; so each column balances by
// construction. A request without a legal receipt (not yet confirmed by both sides, 条例第三十一条) does not count.
func emitRequest(r disclosure.Request, year int, emit emitter) {
	received := r.ReceivedOn
	closedIn, row, closed := closing(r)
	if received.IsZero() || received.Year() > year || closed && closedIn < year {
		return
	}
	tell := func(row, short string) {
		emit("t3."+row+"."+string(r.Filing.ApplicantKind), r.ID)
		emit("t3."+row+".total", r.ID)
		if short != "" {
			emit("requests."+short, r.ID)
		}
	}
	if received.Year() == year {
		tell("new", "new")
		emit(fmt.Sprintf("month.%d.requests", int(received.Month())), r.ID)
	} else {
		tell("carried_in", "carried_in")
	}
	if !closed || closedIn > year {
		tell("carried_out", "carried_out")
		return
	}
	tell(string(row), "")
	tell("r7", "closed")
}

// outcome is the row of a closed request; one closed without a decision was withdrawn, which counts as 其他.
func outcome(r disclosure.Request) disclosure.Outcome {
	if r.Decision == nil || r.Decision.Outcome == "" {
		return disclosure.OtherDisposal
	}
	return r.Decision.Outcome
}

// each tells every figure of the year in which any record counts.
func (r Records) each(year int, emit emitter) {
	for _, p := range r.Posts {
		emitPost(p, year, emit)
	}
	for _, q := range r.Requests {
		emitRequest(q, year, emit)
	}
	r.Registers.emit(year, emit)
}

// counts counts the records of every figure of the year.
func (r Records) counts(year int) map[string]int {
	counts := map[string]int{}
	r.each(year, func(figure, _ string) { counts[figure]++ })
	return counts
}

// Select returns the ids of the records that a figure counts: account.original, portal.items, month.3.account.repost,
// topic.防汛救灾, requests.carried_out, t3.r3_4.natural, t4.reconsideration.pending … The figure is the length of the list.
// A name that is no figure is an Invalid fault.
func (r Records) Select(figure string, year int) ([]string, error) {
	if !isFigure(figure) {
		return nil, fault.Newf(fault.Invalid, "没有名为“%s”的数字。", figure)
	}
	var ids []string
	r.each(year, func(name, id string) {
		if name == figure {
			ids = append(ids, id)
		}
	})
	return ids, nil
}

// Select returns the ids of the posts or requests that a figure of NewTally counts; see Records.Select.
func Select(figure string, year int, ps []posts.Post, requests []disclosure.Request) ([]string, error) {
	return Records{Posts: ps, Requests: requests}.Select(figure, year)
}

func isFigure(name string) bool {
	if topic, ok := strings.CutPrefix(name, "topic."); ok {
		return topic != ""
	}
	return slices.Contains(FigureNames(), name) || isMonthFigure(name)
}

func isMonthFigure(name string) bool {
	var month int
	var rest string
	if n, err := fmt.Sscanf(name, "month.%d.%s", &month, &rest); err != nil || n != 2 || month < 1 || month > 12 {
		return false
	}
	return slices.Contains([]string{"account.original", "account.repost", "portal.items", "requests"}, rest)
}

// FigureNames lists the figures that prose may be bound to, in the order in which an editor would look for them.
func FigureNames() []string {
	names := []string{
		"account.original", "account.repost", "account.total", "portal.items",
		"requests.new", "requests.carried_in", "requests.closed", "requests.carried_out", "fee.cases", "fee.yuan",
	}
	names = append(names, keys2...)
	for _, row := range officialForm().Rows3 {
		for _, col := range Columns() {
			names = append(names, "t3."+row.ID+"."+col)
		}
	}
	for _, group := range groups4 {
		for _, result := range results4 {
			names = append(names, "t4."+group+"."+result)
		}
	}
	return names
}
