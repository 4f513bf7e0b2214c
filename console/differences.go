package console

import (
	"net/http"

	"shoushan/posts"
)

// differenceRow is one item on whose origin two of the three voices disagree.
type differenceRow struct {
	postRow
	Declared, Suggests, Verdict, Says string
	Evidence                          []string
}

type differencesPage struct {
	frame
	Year           int
	Previous, Next int // 0: there is none yet
	Rows           []differenceRow
}

// differences lists what is declared one way and looks, or was judged, another.
func (c *Console) differences(v *visit) error {
	year, err := c.yearAsked(v, v.ask("year"))
	if err != nil {
		return err
	}
	names, err := c.memberNames(v)
	if err != nil {
		return err
	}
	found, err := c.cfg.Newsroom.OriginDifferences(v.ctx(), year)
	if err != nil {
		return err
	}
	p := &differencesPage{frame: frame{Title: "原创转载不一致", Here: "/posts/differences"}, Year: year, Previous: year - 1}
	if year < v.now.In(beijing).Year() {
		p.Next = year + 1
	}
	for _, d := range found {
		row := differenceRow{postRow: postRowOf(d.Post, names), Declared: d.Declared.Chinese(), Suggests: d.Suggests.Chinese(), Says: d.Message}
		if d.Verdict != posts.NoVerdict {
			row.Verdict = d.Verdict.Chinese()
		}
		if d.Suggests != "" {
			row.Evidence = suggestionOf(*d.Post.Suggestion, d.Declared).Evidence
		}
		p.Rows = append(p.Rows, row)
	}
	return c.show(v, http.StatusOK, "differences", p)
}
