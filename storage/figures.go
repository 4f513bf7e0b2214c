package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

// The figures of the annual report are answered from indexes, which are written in the same transaction as the records
// they count. What depends on the passing of time is not indexed but derived: what is carried into a year is what was
// received before it and not settled before it.

// topicEntry is a counted post's place among those of its topic.
func (s *Store) topicEntry(p *posts.Post) entry {
	return entry{s.keys.countedTopic(report.TopicOf(*p)), millis(p.Publication.PublishedAt)}
}

// shelveTopic keeps the names of all topics, so that they are found without a scan.
func (s *Store) shelveTopic(ctx context.Context, p redis.Pipeliner, post *posts.Post) {
	if _, counts := report.CountedIn(*post); counts {
		p.SAdd(ctx, s.keys.topics(), report.TopicOf(*post))
	}
}

// figureEntries are a request's places in the indexes of table 三, and whether table 四 or section 六 has to look at it.
func (s *Store) figureEntries(r *disclosure.Request) []entry {
	var list []entry
	if len(r.Remedies) > 0 || r.Fee != nil && !r.Fee.PaidOn.IsZero() {
		list = append(list, entry{s.keys.requestsWithMore(), numberScore(r.ID)})
	}
	if r.Filing.Matter != disclosure.Information || r.ReceivedOn.IsZero() {
		return list
	}
	column := string(r.Filing.ApplicantKind)
	list = append(list, entry{s.keys.requestsReceived(column), dayScore(r.ReceivedOn)})
	if row, year := settled(r); year != 0 {
		list = append(list, entry{s.keys.requestsSettled(row, column), float64(year)})
	}
	return list
}

// dayScore puts days in their order and reads as one: 20261123.
func dayScore(d workday.Date) float64 {
	return float64(d.Year()*10000 + int(d.Month())*100 + d.Day())
}

// settled returns the row of table 三 in which the request ended and the year of which it left the books, 0 while it is on
// them (disclosure.Request.Cells decides).
func settled(r *disclosure.Request) (row string, year int) {
	last := r.ReceivedOn.Year()
	if r.Decision != nil {
		last = max(last, r.Decision.ServedOn.Year())
	}
	for _, d := range r.Earlier {
		last = max(last, d.ServedOn.Year())
	}
	for y := r.ReceivedOn.Year(); y <= last; y++ {
		for _, c := range r.Cells(y, workday.On(y+1, time.January, 1)) {
			if slices.Contains(report.OfficialForm().Details3, c.Row) {
				return c.Row, y
			}
		}
	}
	return "", 0
}

// Figures counts a year as report.Records.Counts does from all its records, from indexes only but for the registers and the
// few requests with a remedy or a fee: a million posts take no longer than ten.
func (s *Store) Figures(ctx context.Context, year int) (map[string]int, error) {
	counted, err := s.YearCounts(ctx, year)
	return counted.Figures, err
}

// YearCounts is report.Records.Year from the same indexes as Figures.
func (s *Store) YearCounts(ctx context.Context, year int) (report.YearCounts, error) {
	some, err := s.FewRecords(ctx)
	if err != nil {
		return report.YearCounts{}, err
	}
	counts := some.Counts(year)
	for figure := range counts { // those requests are in the indexes as well
		if !strings.HasPrefix(figure, "t2.") && !strings.HasPrefix(figure, "t4.") && figure != "fee.cases" {
			delete(counts, figure)
		}
	}
	return report.YearCounts{Figures: counts, Registers: some.Registers, Fee: some.Fee(year)}, s.countInto(ctx, year, counts)
}

// question is one piece of an index, from low to below high, and the figures that its entries count in; sign is -1 where they
// are taken away.
type question struct {
	key, low, high string
	figures        []string
	sign           int
}

// asker writes down what has to be asked for the figures of a year.
type asker struct {
	keys  keys
	year  int
	asked []question
}

func (a *asker) ask(key, low, high string, sign int, figures ...string) {
	a.asked = append(a.asked, question{key, low, "(" + high, figures, sign})
}

// countInto asks all indexes in one round trip and adds the answers to counts.
func (s *Store) countInto(ctx context.Context, year int, counts map[string]int) error {
	topics, err := s.rdb.SMembers(ctx, s.keys.topics()).Result()
	if err != nil {
		return unavailable(err, "list topics")
	}
	a := asker{keys: s.keys, year: year}
	a.posts(topics)
	a.requests()
	pipe := s.rdb.Pipeline()
	answers := make([]*redis.IntCmd, len(a.asked))
	for i, q := range a.asked {
		answers[i] = pipe.ZCount(ctx, q.key, q.low, q.high)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return unavailable(err, "count from indexes")
	}
	for i, q := range a.asked {
		for _, figure := range q.figures {
			counts[figure] += q.sign * int(answers[i].Val())
		}
	}
	maps.DeleteFunc(counts, func(_ string, n int) bool { return n == 0 })
	return nil
}

// counted are the figures of posts by channel and origin; the portal does not tell original and repost apart.
var counted = []struct {
	channel posts.Channel
	origin  posts.Origin
	figure  string
	also    []string
}{
	{posts.Account, posts.Original, "account.original", []string{"account.total"}},
	{posts.Account, posts.Repost, "account.repost", []string{"account.total"}},
	{posts.Portal, posts.Original, "portal.items", nil},
	{posts.Portal, posts.Repost, "portal.items", nil},
}

func (a *asker) posts(topics []string) {
	for month := time.January; month <= time.December; month++ {
		low, high := scoreText(workday.On(a.year, month, 1).Start()), scoreText(workday.On(a.year, month+1, 1).Start())
		for _, k := range counted {
			figures := append([]string{k.figure, fmt.Sprintf("month.%d.%s", month, k.figure)}, k.also...)
			a.ask(a.keys.countedPosts(string(k.channel), string(k.origin)), low, high, 1, figures...)
		}
	}
	year := scoresOf(posts.YearSpan(a.year))
	for _, topic := range topics {
		a.ask(a.keys.countedTopic(topic), year.Min, strings.TrimPrefix(year.Max, "("), 1, "topic."+topic)
	}
}

func (a *asker) requests() {
	for _, column := range report.Columns()[:6] {
		a.received(column)
		for _, row := range report.OfficialForm().Details3 {
			key := a.keys.requestsSettled(row, column)
			this, next := strconv.Itoa(a.year), strconv.Itoa(a.year+1)
			a.ask(key, this, next, 1, append(cells(row, column), append(cells("r7", column), "requests.closed")...)...)
			a.ask(key, "-inf", this, -1, append(cells(disclosure.RowCarriedIn, column), "requests.carried_in")...)
			a.ask(key, "-inf", next, -1, append(cells(disclosure.RowCarriedOut, column), "requests.carried_out")...)
		}
	}
}

func (a *asker) received(column string) {
	key := a.keys.requestsReceived(column)
	for month := time.January; month <= time.December; month++ {
		low, high := dayText(workday.On(a.year, month, 1)), dayText(workday.On(a.year, month+1, 1))
		a.ask(key, low, high, 1, append(cells(disclosure.RowNew, column), "requests.new", fmt.Sprintf("month.%d.requests", month))...)
	}
	this, next := dayText(workday.On(a.year, time.January, 1)), dayText(workday.On(a.year+1, time.January, 1))
	a.ask(key, "-inf", this, 1, append(cells(disclosure.RowCarriedIn, column), "requests.carried_in")...)
	a.ask(key, "-inf", next, 1, append(cells(disclosure.RowCarriedOut, column), "requests.carried_out")...)
}

func dayText(d workday.Date) string { return strconv.Itoa(int(dayScore(d))) }

// cells are a cell of table 三 and the total of its row.
func cells(row, column string) []string {
	return []string{"t3." + row + "." + column, "t3." + row + ".total"}
}

// Tally is report.NewTally from indexes.
func (s *Store) Tally(ctx context.Context, year int) (report.Tally, error) {
	counts, err := s.Figures(ctx, year)
	if err != nil {
		return report.Tally{}, err
	}
	return report.TallyOf(year, counts), nil
}

// EnsureFigures brings a store that is older than these indexes up to date, once: it recounts and repairs.
func (s *Store) EnsureFigures(ctx context.Context) error {
	var done bool
	if err := s.Setting(ctx, figuresSetting, &done); !fault.Is(err, fault.NotFound) {
		return err
	}
	if _, err := s.Recount(ctx, true); err != nil {
		return err
	}
	if err := s.overPosts(ctx, s.shelveTopic); err != nil {
		return err
	}
	return s.SaveSetting(ctx, figuresSetting, true)
}

// figuresSetting says that every record is in the indexes of this version; the third has those of authors.
const figuresSetting = "figures_indexed_3"
