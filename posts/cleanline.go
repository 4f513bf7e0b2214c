package posts

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inlineOf writes an inline element as Markdown.
func inlineOf(n *html.Node) string {
	switch {
	case n.Type == html.TextNode:
		return escapeText(squeeze(n.Data))
	case n.Type != html.ElementNode, dropped[n.DataAtom], hidden(n), ignoredByWord(n):
		return ""
	}
	switch n.DataAtom {
	case atom.Br:
		return "\n"
	case atom.Img:
		return imageOf(n)
	case atom.A:
		return linkOf(n)
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		if text := strings.TrimSpace(plainText(n)); text != "" && !strings.Contains(text, "`") {
			return "`" + text + "`"
		}
	case atom.Del, atom.S, atom.Strike:
		return around("~~", inlineChildren(n))
	case atom.B, atom.Strong:
		return around("**", inlineChildren(n))
	case atom.I, atom.Em:
		return around("*", inlineChildren(n))
	case atom.Span, atom.Font:
		if bold(n) {
			return around("**", inlineChildren(n))
		}
	}
	return inlineChildren(n)
}

func inlineChildren(n *html.Node) string {
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.WriteString(inlineOf(child))
	}
	return b.String()
}

var boldStyle = regexp.MustCompile(`font-weight:\s*(bold|[6-9]00)`)

func bold(n *html.Node) bool { return boldStyle.MatchString(strings.ToLower(attribute(n, "style"))) }

// around puts marks directly at the text, outside of which its spaces go. Text that has marks of its own or several
// lines stays as it is.
func around(mark, text string) string {
	inner := strings.TrimSpace(text)
	if inner == "" || strings.Contains(inner, "\n") || strings.Contains(inner, mark[:1]) && !strings.HasPrefix(inner, "![") {
		return text
	}
	i := strings.Index(text, inner)
	return text[:i] + mark + inner + mark + text[i+len(inner):]
}

func imageOf(n *html.Node) string {
	src := attribute(n, "src")
	if lazy := attribute(n, "data-src"); lazy != "" { // as the platform itself writes its articles
		src = lazy
	}
	if src = strings.Join(strings.Fields(src), ""); src == "" || strings.ContainsAny(src, "()<>") {
		return ""
	}
	if rest, local := strings.CutPrefix(src, "file:"); local { // on somebody's computer; our own references look like that
		src = "local:" + rest
	}
	return "![" + escapeText(squeeze(attribute(n, "alt"))) + "](" + src + ")"
}

func linkOf(n *html.Node) string {
	text := inlineChildren(n)
	u, err := url.Parse(strings.TrimSpace(attribute(n, "href")))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || strings.TrimSpace(text) == "" || strings.Contains(text, "![") {
		return text
	}
	address := strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(u.String())
	return "[" + strings.TrimSpace(strings.ReplaceAll(text, "\n", " ")) + "](" + address + ")"
}

var spaces = regexp.MustCompile(`[ \t\r\n\f\x{00a0}]+`)

// squeeze makes one space of many, as a browser shows them; also of those that cannot break.
func squeeze(s string) string { return spaces.ReplaceAllString(s, " ") }

var special = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "~", `\~`, "|", `\|`, "!", `\!`,
)

// escapeText makes the characters harmless that mean something in Markdown.
func escapeText(s string) string {
	return entity.ReplaceAllString(special.Replace(s), "&amp;$1")
}

// entity is what a text may say that would be read as a character reference.
var entity = regexp.MustCompile(`&(#?[0-9A-Za-z]+;)`)

var lineStart = regexp.MustCompile(`^(#{1,6}|[-+=]+|\d{1,9}[.)]|:)(\s|$)|^(-{3,}|={2,})`)

// escapeStart makes the start of a line harmless that would begin a heading, a list or a rule.
func escapeStart(l string) string {
	m := lineStart.FindString(l)
	if m == "" {
		return l
	}
	mark := strings.TrimRight(m, " \t")
	last := mark[len(mark)-1:]
	if last == "." || last == ")" {
		return mark[:len(mark)-1] + `\` + last + l[len(mark):]
	}
	return `\` + l
}

// plainText is the text of a node and all below it, unchanged.
func plainText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.WriteString(plainText(child))
	}
	return b.String()
}

// tableOf writes a table; its first row is the head. A cell over several columns is followed by empty ones.
func tableOf(n *html.Node) string {
	var rows [][]string
	width := 0
	for tr := range n.Descendants() {
		if tr.DataAtom != atom.Tr {
			continue
		}
		row := cellsOf(tr)
		width = max(width, len(row))
		rows = append(rows, row)
	}
	if width == 0 {
		return ""
	}
	var b strings.Builder
	for i, row := range rows {
		for len(row) < width {
			row = append(row, "")
		}
		if i == 0 {
			unbold(row)
		}
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", width) + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// unbold takes the marks off cells that are bold as a whole: a head is bold by itself.
func unbold(row []string) {
	for i, cell := range row {
		inner, is := strings.CutPrefix(cell, "**")
		if inner, ends := strings.CutSuffix(inner, "**"); is && ends && !strings.Contains(inner, "**") {
			row[i] = inner
		}
	}
}

const widestCell = 20 // columns; a page that claims more is broken

func cellsOf(tr *html.Node) []string {
	var row []string
	for td := tr.FirstChild; td != nil; td = td.NextSibling {
		if td.DataAtom != atom.Td && td.DataAtom != atom.Th {
			continue
		}
		row = append(row, cellText(td))
		span, err := strconv.Atoi(attribute(td, "colspan"))
		for i := 1; err == nil && i < min(span, widestCell); i++ {
			row = append(row, "")
		}
	}
	return row
}

// cellText is what a cell says, on one line.
func cellText(td *html.Node) string {
	var parts []string
	for child := td.FirstChild; child != nil; child = child.NextSibling {
		if text := strings.TrimSpace(strings.ReplaceAll(inlineOf(child), "\n", " ")); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}
