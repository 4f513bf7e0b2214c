package posts

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// cleaner turns a tree of HTML into blocks of Markdown.
type cleaner struct {
	blocks []string
	line   strings.Builder // the paragraph under way
	lists  []list          // the lists around the present node, outermost first
}

// list is a list that is being written.
type list struct {
	ordered bool
	count   int
}

// dropped elements go with everything inside them.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Noscript: true, atom.Iframe: true, atom.Object: true,
	atom.Embed: true, atom.Form: true, atom.Button: true, atom.Select: true, atom.Textarea: true, atom.Input: true, atom.Svg: true,
	atom.Math: true, atom.Nav: true, atom.Template: true, atom.Audio: true, atom.Video: true, atom.Canvas: true,
}

// apart are the elements that start and end a paragraph.
var apart = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Main: true,
	atom.Aside: true, atom.Address: true, atom.Figure: true, atom.Figcaption: true, atom.Center: true, atom.Dl: true, atom.Dt: true,
	atom.Dd: true, atom.Body: true, atom.Html: true, atom.Fieldset: true,
}

var headings = map[atom.Atom]string{
	atom.H1: "## ", atom.H2: "## ", atom.H3: "### ", atom.H4: "#### ", atom.H5: "#### ", atom.H6: "#### ",
}

func (c *cleaner) children(n *html.Node) {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.node(child)
	}
}

func (c *cleaner) node(n *html.Node) {
	if n.Type == html.DocumentNode {
		c.children(n)
		return
	}
	if n.Type == html.TextNode {
		c.text(n.Data)
		return
	}
	if n.Type != html.ElementNode || dropped[n.DataAtom] || hidden(n) {
		return
	}
	if heading, is := headings[n.DataAtom]; is {
		c.heading(heading, n)
		return
	}
	if apart[n.DataAtom] {
		c.paragraph(n)
		return
	}
	if !c.block(n) {
		c.line.WriteString(inlineOf(n))
	}
}

// block writes the elements that are blocks of their own kind; false means that n is none.
func (c *cleaner) block(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Ul, atom.Ol:
		c.list(n)
	case atom.Li:
		c.item(n)
	case atom.Table:
		c.endParagraph()
		c.add(tableOf(n))
	case atom.Blockquote:
		c.quote(n)
	case atom.Pre:
		c.endParagraph()
		c.add("```\n" + strings.Trim(strings.ReplaceAll(plainText(n), "```", "'''"), "\n") + "\n```")
	case atom.Hr:
		c.endParagraph()
		c.add("---")
	case atom.Br:
		c.line.WriteString("\n")
	default:
		if !holdsBlocks(n) {
			return false
		}
		c.children(n)
	}
	return true
}

// holdsBlocks reports whether an inline element, such as a span around a whole page, has blocks inside.
func holdsBlocks(n *html.Node) bool {
	for child := range n.Descendants() {
		if _, heading := headings[child.DataAtom]; heading || apart[child.DataAtom] {
			return true
		}
		switch child.DataAtom {
		case atom.Ul, atom.Ol, atom.Table, atom.Blockquote, atom.Pre, atom.Hr:
			return true
		}
	}
	return false
}

// add appends a block at the depth of the lists around it.
func (c *cleaner) add(block string) {
	if strings.TrimSpace(block) == "" {
		return
	}
	if len(c.lists) > 0 {
		block = indent(block, strings.Repeat("   ", len(c.lists)))
	}
	c.blocks = append(c.blocks, block)
}

func indent(block, by string) string {
	parts := strings.Split(block, "\n")
	for i, l := range parts {
		if l != "" {
			parts[i] = by + l
		}
	}
	return strings.Join(parts, "\n")
}

func (c *cleaner) text(s string) { c.line.WriteString(escapeText(squeeze(s))) }

// endParagraph closes the paragraph under way. A line break inside is kept as one.
func (c *cleaner) endParagraph() {
	block := tidyLines(c.line.String(), "\\\n")
	c.line.Reset()
	c.add(block)
}

// tidyLines trims each line, drops the empty ones and joins the rest.
func tidyLines(s, with string) string {
	var kept []string
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.Trim(l, " \t\u3000"); l != "" {
			kept = append(kept, escapeStart(l))
		}
	}
	return strings.Join(kept, with)
}

func (c *cleaner) paragraph(n *html.Node) {
	c.endParagraph()
	if level, marker, is := wordListItem(n); is {
		c.wordItem(n, level, marker)
		return
	}
	if title, is := sectionTitle(n); is && len(c.lists) == 0 {
		c.add("## " + title)
		return
	}
	c.children(n)
	c.endParagraph()
}

func (c *cleaner) heading(mark string, n *html.Node) {
	c.endParagraph()
	if title := strings.Trim(tidyLines(inlineChildren(n), " "), "*"); title != "" {
		c.add(mark + title)
	}
}

func (c *cleaner) quote(n *html.Node) {
	c.endParagraph()
	inner := &cleaner{}
	inner.children(n)
	inner.endParagraph()
	if len(inner.blocks) > 0 {
		c.add("> " + strings.ReplaceAll(strings.Join(inner.blocks, "\n\n"), "\n", "\n> "))
	}
}

func (c *cleaner) list(n *html.Node) {
	c.endParagraph()
	c.lists = append(c.lists, list{ordered: n.DataAtom == atom.Ol})
	c.children(n)
	c.endParagraph()
	c.lists = c.lists[:len(c.lists)-1]
}

// item writes one item: its first block follows the mark, the others are indented below it.
func (c *cleaner) item(n *html.Node) {
	c.endParagraph()
	if len(c.lists) == 0 {
		c.lists = append(c.lists, list{})
		defer func() { c.lists = c.lists[:0] }()
	}
	own := &c.lists[len(c.lists)-1]
	own.count++
	mark := "-  "
	if own.ordered {
		mark = strconv.Itoa(own.count) + ". "
	}
	before, outer := len(c.blocks), c.lists
	c.children(n)
	c.endParagraph()
	c.lists = outer
	if len(c.blocks) == before {
		return
	}
	depth := strings.Repeat("   ", len(c.lists)-1)
	c.blocks[before] = depth + mark + strings.TrimPrefix(c.blocks[before], depth+"   ")
}

// wordItem writes a list item of Word, which is a paragraph with a mark of its own.
func (c *cleaner) wordItem(n *html.Node, level int, marker string) {
	text := tidyLines(inlineChildren(n), " ")
	switch digits := leadingDigits.FindStringSubmatch(marker); {
	case text == "":
	case digits != nil:
		c.blocks = append(c.blocks, strings.Repeat("   ", level-1)+digits[1]+". "+text)
	case ownNumber.MatchString(marker):
		c.add(escapeText(marker) + text)
	default:
		c.blocks = append(c.blocks, strings.Repeat("   ", level-1)+"-  "+text)
	}
}

var (
	leadingDigits = regexp.MustCompile(`^(\d{1,3})[.、．)）]?$`)
	// ownNumber is a numbering that Markdown lacks and an official text must keep: （一）, 一、, (1), A., 第一条.
	ownNumber = regexp.MustCompile(`[0-9a-zA-Z一二三四五六七八九十百①-⑳].*[.、．)）条章节]$|^[①-⑳]$`)
	wordLevel = regexp.MustCompile(`mso-list:[^;]*level([1-9])`)
	listMark  = regexp.MustCompile(`^ *(-  |\d{1,9}\. )`)
	// sectionNumber begins the first level of headings of an official text, which is set in 黑体 (GB/T 9704).
	sectionNumber = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、`)
)

// longestTitle is how many characters a heading has at most.
const longestTitle = 30

// sectionTitle returns the text of a paragraph that is a heading by the rules of official texts: numbered 一、, in 黑体 or
// bold, short, and no sentence.
func sectionTitle(n *html.Node) (string, bool) {
	text := strings.TrimSpace(squeeze(strings.ReplaceAll(plainText(n), "\u3000", " ")))
	if !sectionNumber.MatchString(text) || utf8.RuneCountInString(text) > longestTitle || strings.HasSuffix(text, "。") || strings.HasSuffix(text, "；") {
		return "", false
	}
	for child := range n.Descendants() {
		look := strings.ToLower(attribute(child, "style") + attribute(child, "face"))
		if strings.Contains(look, "黑体") || strings.Contains(look, "simhei") || child.DataAtom == atom.B || child.DataAtom == atom.Strong || bold(child) {
			return escapeText(text), true
		}
	}
	return "", false
}

// wordListItem reads the level and the mark of Word's way to write lists (mso-list).
func wordListItem(n *html.Node) (level int, marker string, is bool) {
	m := wordLevel.FindStringSubmatch(attribute(n, "style"))
	if m == nil {
		return 0, "", false
	}
	level = int(m[1][0] - '0')
	for child := range n.Descendants() {
		if ignoredByWord(child) {
			marker = strings.TrimSpace(plainText(child))
		}
	}
	return level, marker, true
}

func ignoredByWord(n *html.Node) bool {
	return n.Type == html.ElementNode && strings.Contains(strings.ToLower(attribute(n, "style")), "mso-list:ignore")
}

func hidden(n *html.Node) bool {
	style := strings.ReplaceAll(strings.ToLower(attribute(n, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
