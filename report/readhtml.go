package report

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"shoushan/fault"
)

// metaPrefix marks our own meta tags and document properties.
const metaPrefix = "xxgk-"

// ReadHTML reads a published page, in whatever encoding it declares. Tables that only arrange the page are walked through.
func ReadHTML(r io.Reader) (Annual, error) {
	decoded, err := charset.NewReader(io.LimitReader(r, maxFile), "text/html")
	if err != nil {
		return Annual{}, fault.Wrap(fault.Invalid, err, "这个网页文件是空的，或者它的文字编码认不出来。")
	}
	root, err := html.Parse(decoded)
	if err != nil {
		return Annual{}, fault.Wrap(fault.Invalid, fmt.Errorf("report: parse html: %w", err), "这个网页文件读不懂。")
	}
	w := htmlWalker{page: page{meta: map[string]string{}}}
	w.walk(root)
	w.flush()
	return w.page.annual()
}

// htmlWalker collects paragraphs and tables in the order of the page.
type htmlWalker struct {
	page page
	text strings.Builder
}

func (w *htmlWalker) flush() {
	if text := squeeze(w.text.String()); text != "" {
		w.page.blocks = append(w.page.blocks, block{text: text})
	}
	w.text.Reset()
}

func (w *htmlWalker) walk(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.text.WriteString(n.Data)
		return
	case n.Type == html.ElementNode && w.special(n):
		return
	}
	block := n.Type == html.ElementNode && isBlock(n.DataAtom)
	if block {
		w.flush()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
	if block {
		w.flush()
	}
}

// special handles the elements that are not simply walked; it reports whether n is done.
func (w *htmlWalker) special(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Select:
		return true
	case atom.Title:
		w.page.title = squeeze(textOf(n))
		return true
	case atom.Meta:
		if name := attribute(n, "name"); strings.HasPrefix(name, metaPrefix) {
			w.page.meta[strings.TrimPrefix(name, metaPrefix)] = attribute(n, "content")
		}
		return true
	case atom.Table:
		return w.table(n)
	}
	return false
}

// table takes a table of the form; any other table is walked through as part of the page.
func (w *htmlWalker) table(n *html.Node) bool {
	if contains(n, atom.Table) {
		return false
	}
	t := rawRows(n)
	if t.kind() == "" {
		return false
	}
	w.flush()
	w.page.blocks = append(w.page.blocks, block{table: t})
	return true
}

func contains(n *html.Node, a atom.Atom) bool {
	for d := range n.Descendants() {
		if d.DataAtom == a {
			return true
		}
	}
	return false
}

func rawRows(table *html.Node) rawTable {
	var out rawTable
	for tr := range table.Descendants() {
		if tr.DataAtom != atom.Tr {
			continue
		}
		var row []string
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
				row = append(row, squeeze(textOf(c)))
			}
		}
		out = append(out, row)
	}
	return out
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Br, atom.Li, atom.Ul, atom.Ol, atom.Tr, atom.Td, atom.Th,
		atom.Table, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Figure, atom.Figcaption,
		atom.Blockquote, atom.Caption, atom.Center, atom.Hr, atom.Body:
		return true
	}
	return false
}

// squeeze turns runs of white space into one space, and drops it at the ends.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
