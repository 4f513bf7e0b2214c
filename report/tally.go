package report

import (
	"fmt"
	"strings"

	"shoushan/disclosure"
	"shoushan/posts"
)

// Tally is what a year's records count to, month by month and topic by topic. Posts count by the Beijing date on which
// they were published; what was withdrawn or removed does not count.
type Tally struct {
	Year     int            `json:"year"`
	Account  AccountTally   `json:"account"`
	Portal   PortalTally    `json:"portal"`
	ByMonth  []MonthTally   `json:"by_month"` // January to December
	ByTopic  map[string]int `json:"by_topic"`
	Requests RequestTally   `json:"requests"`
}

// AccountTally counts posts on the account “首善崇文”.
type AccountTally struct {
	Original int `json:"original"` // 原创
	Repost   int `json:"repost"`   // 转载
}

// PortalTally counts items on the portal site.
type PortalTally struct {
	Items int `json:"items"`
}

// MonthTally is one month's part.
type MonthTally struct {
	Month    int `json:"month"`
	Original int `json:"original"`
	Repost   int `json:"repost"`
	Portal   int `json:"portal"`
	Requests int `json:"requests"` // newly received
}

// RequestTally counts requests as table 三 does; New + CarriedIn = Closed + CarriedOut.
type RequestTally struct {
	New        int            `json:"new"`
	CarriedIn  int            `json:"carried_in"`
	Closed     int            `json:"closed"`
	CarriedOut int            `json:"carried_out"`
	ByOutcome  map[string]int `json:"by_outcome"` // row of table 三 → requests closed with it; rows without any are left out
}

// NewTally counts the records of a year. It can be given more than the year's: what does not belong does not count.
func NewTally(year int, ps []posts.Post, requests []disclosure.Request) Tally {
	return newTally(year, Records{Posts: ps, Requests: requests}.counts(year))
}

// TallyOf is the tally of a year that was counted already; see Records.Counts.
func TallyOf(year int, counts map[string]int) Tally { return newTally(year, counts) }

func newTally(year int, counts map[string]int) Tally {
	t := Tally{
		Year:    year,
		Account: AccountTally{counts["account.original"], counts["account.repost"]},
		Portal:  PortalTally{counts["portal.items"]},
		ByTopic: map[string]int{},
		Requests: RequestTally{
			New: counts["requests.new"], CarriedIn: counts["requests.carried_in"],
			Closed: counts["requests.closed"], CarriedOut: counts["requests.carried_out"], ByOutcome: map[string]int{},
		},
	}
	for figure, n := range counts {
		if topic, ok := strings.CutPrefix(figure, "topic."); ok {
			t.ByTopic[topic] = n
		}
	}
	for _, id := range officialForm().Details3 {
		if n := counts["t3."+id+".total"]; n > 0 {
			t.Requests.ByOutcome[id] = n
		}
	}
	for month := 1; month <= 12; month++ {
		key := fmt.Sprintf("month.%d.", month)
		t.ByMonth = append(t.ByMonth, MonthTally{
			month, counts[key+"account.original"], counts[key+"account.repost"], counts[key+"portal.items"], counts[key+"requests"],
		})
	}
	return t
}
