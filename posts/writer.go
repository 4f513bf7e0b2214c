package posts

import (
	"fmt"
	"html"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// writer gives each node its inline style and writes the nodes that the platform wants in another form than HTML
// documents do. It serves one rendering.
type writer struct {
	style Style
	image func(ref string) (string, bool)
	links []string // outside addresses, in the order of their notes
}

// css returns the style attribute of an element.
func (w *writer) css(element string) string {
	return ` style="` + html.EscapeString(w.style.css[element]) + `"`
}

// Transform sets the inline styles; it implements parser.ASTTransformer.
func (w *writer) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		css := strings.TrimSuffix(w.style.css[elementOf(node)], ";") // the table extension adds its own semicolon
		if entering && css != "" {
			node.SetAttributeString("style", []byte(css))
		}
		return ast.WalkContinue, nil
	}) // the walker never fails
}

func tableElement(node ast.Node) string {
	switch n := node.(type) {
	case *extast.Table:
		return "table"
	case *extast.Strikethrough:
		return "del"
	case *extast.TableCell:
		if n.Parent().Kind() == extast.KindTableHeader {
			return "th"
		}
		return "td"
	}
	return ""
}

// RegisterFuncs implements renderer.NodeRenderer.
func (w *writer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindParagraph, w.paragraph)
	reg.Register(ast.KindImage, w.picture)
	reg.Register(ast.KindLink, w.link)
	reg.Register(ast.KindAutoLink, w.autoLink)
	reg.Register(ast.KindText, w.text)
	reg.Register(ast.KindCodeBlock, w.code)
	reg.Register(ast.KindFencedCodeBlock, w.code)
	reg.Register(ast.KindHTMLBlock, w.rawBlock)
	reg.Register(ast.KindRawHTML, w.rawInline)
	reg.Register(extast.KindFootnoteLink, w.footnoteLink)
	reg.Register(extast.KindFootnoteBacklink, w.nothing)
	reg.Register(extast.KindFootnote, w.footnote)
	reg.Register(extast.KindFootnoteList, w.footnotes)
}

// paragraph writes a paragraph; one that holds nothing but pictures becomes a figure with captions.
func (w *writer) paragraph(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if onlyPictures(node, source) {
		return ast.WalkContinue, nil
	}
	if node.Parent().Kind() == extast.KindFootnote {
		if !entering && node.NextSibling() != nil {
			_, _ = out.WriteString("<br>")
		}
		return ast.WalkContinue, nil
	}
	element := "p"
	if node.Parent().Kind() != ast.KindDocument {
		element = "inner"
	}
	if entering {
		_, _ = out.WriteString("<p" + w.css(element) + ">")
	} else {
		_, _ = out.WriteString("</p>\n")
	}
	return ast.WalkContinue, nil
}

func onlyPictures(node ast.Node, source []byte) bool {
	if node.Kind() != ast.KindParagraph && node.Kind() != ast.KindTextBlock {
		return false
	}
	pictures := 0
	for c := node.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Image:
			pictures++
		case *ast.Text:
			if strings.TrimSpace(string(c.Segment.Value(source))) != "" {
				return false
			}
		default:
			return false
		}
	}
	return pictures > 0
}

// picture writes an image: within a line as it is, alone as a figure. One without an address leaves its caption.
func (w *writer) picture(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	caption := html.EscapeString(strings.TrimSpace(plain(node, source)))
	src := w.address(string(node.(*ast.Image).Destination))
	img := ""
	if src != "" {
		img = `<img src="` + html.EscapeString(src) + `" alt="` + caption + `"` + w.css("img") + `>`
	}
	switch {
	case !onlyPictures(node.Parent(), source):
		if img == "" {
			img = caption
		}
		_, _ = out.WriteString(img)
	case img+caption != "":
		_, _ = out.WriteString("<section" + w.css("figure") + ">" + img + w.captionLine(caption) + "</section>\n")
	}
	return ast.WalkSkipChildren, nil
}

func (w *writer) captionLine(caption string) string {
	if caption == "" {
		return ""
	}
	return "<p" + w.css("caption") + ">" + caption + "</p>"
}

func (w *writer) address(ref string) string {
	id, ours := fileID(ref)
	if !ours || w.image == nil {
		return ""
	}
	src, known := w.image(id)
	if !known {
		return ""
	}
	return src
}

// plain is the text of a node without its markup.
func plain(node ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Segment.Value(source))
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		}
		return ast.WalkContinue, nil
	}) // the walker never fails
	return b.String()
}

// link keeps links within the platform and turns the others, which readers could not follow, into numbered notes.
func (w *writer) link(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	target := string(node.(*ast.Link).Destination)
	switch {
	case insidePlatform(target) && entering:
		_, _ = out.WriteString(`<a href="` + html.EscapeString(target) + `"` + w.css("a") + ">")
	case insidePlatform(target):
		_, _ = out.WriteString("</a>")
	case !entering && webAddress(target) && plain(node, source) != target:
		w.links = append(w.links, target)
		_, _ = fmt.Fprintf(out, "<sup%s>[%d]</sup>", w.css("sup"), len(w.links))
	}
	return ast.WalkContinue, nil
}

func insidePlatform(target string) bool {
	u, err := url.Parse(target)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host == "mp.weixin.qq.com"
}

func (w *writer) autoLink(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = out.WriteString(html.EscapeString(string(node.(*ast.AutoLink).Label(source))))
	}
	return ast.WalkContinue, nil
}

// linkNotes lists the outside addresses at the end of the article.
func (w *writer) linkNotes() string {
	if len(w.links) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<section" + w.css("notes") + ">\n<p" + w.css("inner") + ">相关链接</p>\n")
	for i, target := range w.links {
		fmt.Fprintf(&b, "<p%s>[%d] %s</p>\n", w.css("inner"), i+1, html.EscapeString(target))
	}
	b.WriteString("</section>\n")
	return b.String()
}

// text writes a run of text; a single line break is kept, since what people type is what they mean.
func (w *writer) text(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Text)
	value := util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(n.Segment.Value(source))))
	if n.IsRaw() {
		value = n.Segment.Value(source)
	}
	_, _ = out.WriteString(html.EscapeString(string(value)))
	if n.HardLineBreak() || n.SoftLineBreak() {
		_, _ = out.WriteString("<br>")
	}
	return ast.WalkContinue, nil
}

// code writes a code block; the platform folds white space in pre, so breaks and spaces are written out.
func (w *writer) code(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	_, _ = out.WriteString("<section" + w.css("pre") + ">" + asLines(node, source) + "</section>\n")
	return ast.WalkSkipChildren, nil
}

func asLines(node ast.Node, source []byte) string {
	var b strings.Builder
	for i := range node.Lines().Len() {
		line := node.Lines().At(i)
		b.Write(line.Value(source))
	}
	lines := html.EscapeString(strings.TrimRight(b.String(), "\n"))
	return strings.NewReplacer("\n", "<br>", "  ", "\u00a0\u00a0", "\t", "\u00a0\u00a0\u00a0\u00a0").Replace(lines)
}

// rawBlock shows HTML in the text as text: nothing that was reviewed vanishes, and nothing foreign is executed.
func (w *writer) rawBlock(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	shown := asLines(node, source)
	if n := node.(*ast.HTMLBlock); n.HasClosure() {
		shown += "<br>" + html.EscapeString(strings.TrimSpace(string(n.ClosureLine.Value(source))))
	}
	_, _ = out.WriteString("<p" + w.css("p") + ">" + shown + "</p>\n")
	return ast.WalkContinue, nil
}

func (w *writer) rawInline(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = out.WriteString(html.EscapeString(string(node.(*ast.RawHTML).Segments.Value(source))))
	}
	return ast.WalkSkipChildren, nil
}

func (w *writer) nothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}

func (w *writer) footnoteLink(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = fmt.Fprintf(out, "<sup%s>注%d</sup>", w.css("sup"), node.(*extast.FootnoteLink).Index)
	}
	return ast.WalkContinue, nil
}

func (w *writer) footnote(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = fmt.Fprintf(out, "<section>注%d ", node.(*extast.Footnote).Index)
	} else {
		_, _ = out.WriteString("</section>\n")
	}
	return ast.WalkContinue, nil
}

func (w *writer) footnotes(out util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = out.WriteString("<section" + w.css("notes") + ">\n")
	} else {
		_, _ = out.WriteString("</section>\n")
	}
	return ast.WalkContinue, nil
}
