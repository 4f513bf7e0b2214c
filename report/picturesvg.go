package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"sync"
)

//go:embed data/picture.svg.tmpl
var svgSource string

var svgTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("picture").Parse(svgSource))
})

// svgPage is what the template draws.
type svgPage struct {
	Title         string
	Width, Height int
	Ground        colour
	Shapes        []shape
}

// String writes the colour as #rrggbb.
func (c colour) String() string { return fmt.Sprintf("#%06x", uint32(c)) }

// WriteSVG writes the one-page picture (图解) of the report: its texts are texts, so that it can be searched and read aloud.
func WriteSVG(w io.Writer, a Annual) error {
	p := a.draw()
	if err := svgTemplate().Execute(w, svgPage{p.title, pictureWidth, p.height, ground, p.shapes}); err != nil {
		return fmt.Errorf("report: write svg: %w", err)
	}
	return nil
}
