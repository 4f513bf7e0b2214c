package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"sync"
)

//go:embed data/annual.html.tmpl
var htmlSource string

var htmlTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("annual").Parse(htmlSource))
})

// htmlReport adds to a laid-out report what only the page needs.
type htmlReport struct{ printedReport }

// Class names a table's style by its number of columns.
func (htmlReport) Class(columns int) string {
	switch columns {
	case 10:
		return "t3"
	case 15:
		return "t4"
	}
	return "t2"
}

// Widths returns the columns' widths in per cent.
func (htmlReport) Widths(columns int) []string {
	var out []string
	twips := columnTwips(columns)
	total := 0
	for _, w := range twips {
		total += w
	}
	for _, w := range twips {
		out = append(out, fmt.Sprintf("%.2f", float64(w)*100/float64(total)))
	}
	return out
}

// WriteHTML writes the report as one page that stands alone: real tables in the geometry of the form, and print styles.
func WriteHTML(w io.Writer, a Annual) error {
	printed, err := a.printed()
	if err != nil {
		return err
	}
	if err := htmlTemplate().Execute(w, htmlReport{printed}); err != nil {
		return fmt.Errorf("report: write html: %w", err)
	}
	return nil
}
