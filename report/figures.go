package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
	emit("topic."+TopicOf(p), p.ID)
}

// TopicOf returns the topic under which a post is counted; one without a topic counts as 未分类.
func TopicOf(p posts.Post) string {
	if p.Content.Topic == "" {
		return unsorted
	}
	return p.Content.Topic
}

// emitRequest tells the figures of the year in which a request counts. Which elementary cells those are is law, told by
// disclosure.Request.Cells; here they are added up to the sums of tables 三 and 四. A running year is counted as if it ended
// with what is on record, so that carried_out is what is open now and the columns balance.
func emitRequest(r disclosure.Request, year int, emit emitter) {
	for _, c := range r.Cells(year, workday.On(year+1, time.January, 1)) {
		if slices.Contains(disclosure.RemedyKinds(), disclosure.RemedyKind(c.Row)) {
			emitRemedy(c.Row, c.Col, r.ID, emit)
			continue
		}
		emit("t3."+c.Row+"."+c.Col, r.ID)
		emit("t3."+c.Row+".total", r.ID)
		switch c.Row {
		case disclosure.RowNew:
			emit(fmt.Sprintf("month.%d.requests", int(r.ReceivedOn.Month())), r.ID)
			emit("requests.new", r.ID)
		case disclosure.RowCarriedIn, disclosure.RowCarriedOut:
			emit("requests."+c.Row, r.ID)
		default:
			emit("t3.r7."+c.Col, r.ID)
			emit("t3.r7.total", r.ID)
			emit("requests.closed", r.ID)
		}
	}
	if r.Fee != nil && r.Fee.PaidOn.Year() == year {
		emit("fee.cases", r.ID)
	}
}

func emitRemedy(kind, result, id string, emit emitter) {
	emit("t4."+kind+"."+result, id)
	emit("t4."+kind+".total", id)
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

// Counts counts the records of every figure of the year, by the figure's name; figures that count nothing are left out.
func (r Records) Counts(year int) map[string]int { return r.counts(year) }

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
