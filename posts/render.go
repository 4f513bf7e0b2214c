package posts

import (
	"bytes"
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"shoushan/fault"
)

// Render turns Markdown into the HTML that the platform keeps: inline styles, section instead of div, no scripts, no
// classes, pictures only where image knows an address for the reference, links only within the platform (others become
// numbered notes at the end). Raw HTML in the text is shown as text. An unknown style is the default one.
func Render(markdown, style string, image func(ref string) (url string, ok bool)) (string, error) {
	return article{markdown: markdown, style: styleOf(style), image: image}.html()
}

// HTML renders the content as readers see it: the source line of a repost, the text, and the responsible editor.
func (c Content) HTML(image func(ref string) (url string, ok bool)) (string, error) {
	a := article{markdown: c.Markdown, style: styleOf(c.Style), image: image}
	if c.Origin == Repost && c.Source != nil {
		a.source = c.Source.Name
	}
	a.editor = c.Editor
	return a.html()
}

// Preview renders the content for the console, with pictures from /files/{id}. A text that cannot be rendered gives its
// complaint instead.
func Preview(c Content) string {
	if c.Kind == PictureMessage {
		return c.galleryPreview(html.EscapeString)
	}
	out, err := c.HTML(func(ref string) (string, bool) { return "/files/" + ref, true })
	if err != nil {
		return "<p>" + html.EscapeString(fault.Message(err)) + "</p>"
	}
	return out
}

// article is one rendering.
type article struct {
	markdown, source, editor string
	style                    Style
	image                    func(ref string) (string, bool)
}

func (a article) html() (string, error) {
	w := &writer{style: a.style, image: a.image}
	var body bytes.Buffer
	if err := markdownWith(w).Convert([]byte(a.markdown), &body); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "正文无法排版，请检查格式。")
	}
	var out strings.Builder
	out.WriteString("<section" + w.css("article") + ">\n")
	if a.source != "" {
		out.WriteString("<p" + w.css("source") + ">来源：" + html.EscapeString(a.source) + "</p>\n")
	}
	out.Write(body.Bytes())
	out.WriteString(w.linkNotes())
	if a.editor != "" {
		out.WriteString("<p" + w.css("footer") + ">责任编辑：" + html.EscapeString(a.editor) + "</p>\n")
	}
	out.WriteString("</section>")
	return articlePolicy().Sanitize(out.String()), nil
}

func markdownWith(w *writer) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignStyle)),
			extension.Strikethrough, extension.Footnote),
		goldmark.WithParserOptions(
			parser.WithASTTransformers(util.Prioritized(w, 500)),
			parser.WithInlineParsers(util.Prioritized(emphasis{}, 400)),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(w, 100))),
	)
}

// articlePolicy is the last gate: whatever the renderer wrote, only this leaves the house.
func articlePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("section", "p", "span", "strong", "em", "del", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "li",
		"blockquote", "table", "thead", "tbody", "tr", "sup", "code", "pre")
	p.AllowAttrs("style").Globally()
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowElements("ol", "th", "td", "a", "img")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowURLSchemes("https", "http")
	p.AllowRelativeURLs(true) // the console's own preview
	p.RequireParseableURLs(true)
	return p
}

// Pictures returns the ids of our files that the text shows, in their order, each once.
func Pictures(markdown string) []string {
	var ids []string
	for _, ref := range pictureRefs(markdown) {
		if id, ours := fileID(ref); ours && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func pictureRefs(markdown string) []string {
	var refs []string
	source := []byte(markdown)
	doc := markdownWith(&writer{style: standard}).Parser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if img, is := node.(*ast.Image); is && entering {
			refs = append(refs, string(img.Destination))
		}
		return ast.WalkContinue, nil
	}) // the walker never fails
	return refs
}

// fileForm is what Files makes of ids, a digest in hexadecimal. Nothing else is taken for one: an id becomes a part of an
// address, and must not lead to another page.
var fileForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// fileID returns the id in a reference like file:ID.
func fileID(ref string) (string, bool) {
	id, ours := strings.CutPrefix(ref, "file:")
	return id, ours && fileForm.MatchString(id)
}

// withoutPictureRefs blanks the references, whose ids may look like numbers.
func withoutPictureRefs(markdown string) string {
	for _, ref := range pictureRefs(markdown) {
		markdown = strings.ReplaceAll(markdown, "("+ref+")", "()")
	}
	return markdown
}

// elementOf names the style of a node.
func elementOf(node ast.Node) string {
	switch n := node.(type) {
	case *ast.Heading:
		return "h" + string("1234"[min(n.Level, 4)-1])
	case *ast.Blockquote:
		return "blockquote"
	case *ast.List:
		if n.IsOrdered() {
			return "ol"
		}
		return "ul"
	case *ast.ListItem:
		return "li"
	case *ast.ThematicBreak:
		return "hr"
	case *ast.CodeSpan:
		return "code"
	case *ast.Emphasis:
		return cmp.Or(map[int]string{2: "strong"}[n.Level], "em")
	}
	return tableElement(node)
}
