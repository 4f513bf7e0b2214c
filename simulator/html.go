package simulator

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// What of an article's HTML survives. Tencent does not publish its list; this one holds what editors and the console
// produce, and everything else loses its tag but keeps its text.
var (
	keptTags = []string{
		"p", "section", "div", "span", "strong", "b", "em", "i", "u", "s", "del", "br", "hr", "img", "h1", "h2", "h3", "h4",
		"h5", "h6", "ul", "ol", "li", "blockquote", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr",
		"td", "th", "a", "figure", "figcaption", "sup", "sub", "code", "pre", "dl", "dt", "dd", "mark", "small",
	}
	voidTags    = []string{"br", "hr", "img", "col"}
	droppedTags = []string{"script", "style", "iframe", "object", "embed", "noscript", "template", "title", "textarea", "select", "svg", "math"}
	keptAttrs   = []string{"style", "alt", "title", "width", "height", "colspan", "rowspan", "align", "valign", "start", "span"}
	badStyle    = regexp.MustCompile(`(?i)url\s*\(|expression|javascript|@import|position\s*:\s*(fixed|sticky)`)
)

// filter cleans article HTML as the platform does on draft/add: script, frames and event handlers go, images stay only
// when their address is one that uploadimg or add_material gave out, links stay only inside the platform [M]. The result
// is balanced.
type filter struct {
	image func(src string) bool
	link  func(href string) bool
	out   strings.Builder
	open  []string
}

func (f *filter) clean(text string) string {
	for text != "" {
		at := strings.IndexByte(text, '<')
		if at < 0 {
			at = len(text)
		}
		f.out.WriteString(text[:at])
		text = f.tag(text[at:])
	}
	for i := len(f.open) - 1; i >= 0; i-- {
		f.out.WriteString("</" + f.open[i] + ">")
	}
	return f.out.String()
}

// tag consumes what begins with <, writes what is left of it, and returns the rest.
func (f *filter) tag(text string) string {
	if text == "" {
		return ""
	}
	if strings.HasPrefix(text, "<!--") {
		return after(text, "-->")
	}
	t, rest, isTag := scanTag(text)
	switch {
	case !isTag:
		f.out.WriteString("&lt;")
		return text[1:]
	case slices.Contains(droppedTags, t.name):
		if t.closing || t.selfClosing {
			return rest
		}
		return skipElement(rest, t.name)
	case !slices.Contains(keptTags, t.name):
	case t.closing:
		f.close(t.name)
	default:
		f.start(t)
	}
	return rest
}

func after(text, mark string) string {
	if i := strings.Index(text, mark); i >= 0 {
		return text[i+len(mark):]
	}
	return ""
}

// skipElement drops everything up to the closing tag; an unclosed element swallows the rest, as in a browser.
func skipElement(text, name string) string {
	i := strings.Index(strings.ToLower(text), "</"+name)
	if i < 0 {
		return ""
	}
	return after(text[i:], ">")
}

func (f *filter) start(t tagToken) {
	if t.name == "img" {
		src := t.attr("src")
		if src == "" {
			src = t.attr("data-src")
		}
		if !f.image(src) {
			return
		}
		f.out.WriteString(`<img src="` + html.EscapeString(src) + `"`)
	} else {
		f.out.WriteString("<" + t.name)
	}
	for _, a := range t.attrs {
		if f.keeps(t.name, a) {
			f.out.WriteString(" " + a[0] + `="` + html.EscapeString(a[1]) + `"`)
		}
	}
	f.out.WriteString(">")
	if !slices.Contains(voidTags, t.name) {
		f.open = append(f.open, t.name)
	}
}

func (f *filter) keeps(tag string, a [2]string) bool {
	switch {
	case a[0] == "style":
		return a[1] != "" && !badStyle.MatchString(a[1])
	case a[0] == "href" && tag == "a":
		return f.link(a[1])
	}
	return slices.Contains(keptAttrs, a[0])
}

func (f *filter) close(name string) {
	for i := len(f.open) - 1; i >= 0; i-- {
		if f.open[i] != name {
			continue
		}
		for j := len(f.open) - 1; j >= i; j-- {
			f.out.WriteString("</" + f.open[j] + ">")
		}
		f.open = f.open[:i]
		return
	}
}

type tagToken struct {
	name                 string
	closing, selfClosing bool
	attrs                [][2]string
}

func (t tagToken) attr(name string) string {
	for _, a := range t.attrs {
		if a[0] == name {
			return a[1]
		}
	}
	return ""
}

var (
	tagStart = regexp.MustCompile(`^<(/?)([a-zA-Z!?][a-zA-Z0-9:-]*)`)
	tagAttr  = regexp.MustCompile(`^[\s/]*([^\s=>/"'<]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?`)
)

// scanTag reads one tag; it reports false when the < begins none.
func scanTag(text string) (tagToken, string, bool) {
	m := tagStart.FindStringSubmatch(text)
	if m == nil {
		return tagToken{}, text, false
	}
	t := tagToken{name: strings.ToLower(m[2]), closing: m[1] == "/"}
	rest := text[len(m[0]):]
	for {
		a := tagAttr.FindStringSubmatch(rest)
		if a == nil {
			break
		}
		t.attrs = append(t.attrs, [2]string{strings.ToLower(a[1]), html.UnescapeString(a[2] + a[3] + a[4])})
		rest = rest[len(a[0]):]
	}
	end := strings.IndexByte(rest, '>')
	if end < 0 {
		return t, "", true
	}
	t.selfClosing = strings.HasSuffix(strings.TrimSpace(rest[:end]), "/")
	return t, rest[end+1:], true
}

var anyTag = regexp.MustCompile(`<[^>]*>`)

// plainText is the text of an article, for the digest.
func plainText(content string) string {
	text := html.UnescapeString(anyTag.ReplaceAllString(content, ""))
	return strings.Join(strings.Fields(text), " ")
}
