package console

import (
	"cmp"
	"net/http"
	"slices"

	"shoushan/disclosure"
)

// remedyRow is one case of reconsideration or litigation.
type remedyRow struct {
	ID, Kind, Number, Opened, Closed, Outcome string
	Result                                    word
	opened                                    string
}

type remediesPage struct {
	frame
	Filters []filterLink
	Rows    []remedyRow
	Paging  paging
	Empty   string
}

// remedies is the register of reviews and lawsuits (年度报告表四), the open ones first.
func (c *Console) remedies(v *visit) error {
	all, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{})
	if err != nil {
		return err
	}
	rows := remedyRows(all)
	p := &remediesPage{frame: frame{Title: "复议和诉讼", Here: "/remedies"}, Empty: "没有登记过行政复议或者行政诉讼。收到复议机关、法院的通知后，在申请的办理页面登记。"}
	open := keep(slices.Clone(rows), func(r remedyRow) bool { return r.Closed == "" })
	only := v.ask("only") == "open"
	p.Filters = []filterLink{{"全部", "/remedies", len(rows), !only}, {"尚未审结", "/remedies?only=open", len(open), only}}
	if only {
		rows, p.Empty = open, "没有尚未审结的复议和诉讼。"
	}
	p.Rows, p.Paging = cut(rows, v.r.URL)
	return c.show(v, http.StatusOK, "remedies", p)
}

func remedyRows(all []disclosure.Request) []remedyRow {
	var out []remedyRow
	for _, r := range all {
		for _, m := range r.Remedies {
			row := remedyRow{ID: r.ID, Kind: m.Kind.Chinese(), Number: m.Number, Opened: m.OpenedOn.String(), opened: m.OpenedOn.String()}
			row.Result = word{disclosure.Pending.Chinese(), "amber"}
			if !m.ClosedOn.IsZero() {
				row.Closed, row.Result = m.ClosedOn.String(), word{m.Result.Chinese(), "green"}
			}
			if r.Decision != nil {
				row.Outcome = r.Decision.Outcome.Chinese()
			}
			out = append(out, row)
		}
	}
	slices.SortStableFunc(out, func(a, b remedyRow) int {
		return cmp.Or(cmp.Compare(min(len(a.Closed), 1), min(len(b.Closed), 1)), cmp.Compare(b.opened, a.opened))
	})
	return out
}
