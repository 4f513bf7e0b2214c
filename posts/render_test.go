package posts_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"shoushan/posts"
)

// onPlatform knows the pictures a and b.
func onPlatform(ref string) (string, bool) {
	name, known := map[string]string{pic("a"): "a", pic("b"): "b"}[ref]
	return "https://mmbiz.qpic.cn/" + name, known
}

func render(t testing.TB, markdown, style string) string {
	t.Helper()
	out, err := posts.Render(markdown, style, onPlatform)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

type construct struct{ name, markdown string }

func corpus(t testing.TB) []construct {
	t.Helper()
	data, err := os.ReadFile("testdata/render.md")
	if err != nil {
		t.Fatal(err)
	}
	var list []construct
	ids := strings.NewReplacer("(file:a", "(file:"+pic("a"), "(file:b", "(file:"+pic("b"))
	for _, part := range strings.Split(ids.Replace(string(data)), "=== ")[1:] {
		name, markdown, _ := strings.Cut(part, "\n")
		list = append(list, construct{name, markdown})
	}
	if len(list) < 40 {
		t.Fatalf("the corpus has only %d constructs", len(list))
	}
	return list
}

var styleAttr = regexp.MustCompile(` style="[^"]*"`)

// TestRender compares the HTML of each construct, without its inline styles, with testdata/render.html.
func TestRender(t *testing.T) {
	var b strings.Builder
	for _, c := range corpus(t) {
		b.WriteString("=== " + c.name + "\n" + styleAttr.ReplaceAllString(render(t, c.markdown, ""), "") + "\n")
	}
	const path = "testdata/render.html"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

var (
	allowedTags = []string{
		"section", "p", "strong", "em", "del", "br", "hr", "img", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li",
		"blockquote", "table", "thead", "tbody", "tr", "th", "td", "sup", "code", "a",
	}
	allowedAttrs = []string{"style", "src", "alt", "href", "start"}
	unstyled     = []string{"br", "tr", "thead", "tbody", "section"}
)

// complaints lists what the platform would take away or what would look bare.
func complaints(t testing.TB, out string) []string {
	t.Helper()
	var list []string
	z := html.NewTokenizer(strings.NewReader(out))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
			continue
		}
		if !slices.Contains(allowedTags, tok.Data) {
			list = append(list, "tag "+tok.Data)
		}
		styled := slices.Contains(unstyled, tok.Data)
		for _, a := range tok.Attr {
			styled = styled || a.Key == "style" && a.Val != ""
			switch {
			case !slices.Contains(allowedAttrs, a.Key):
				list = append(list, "attribute "+a.Key+" of "+tok.Data)
			case a.Key == "src" && !strings.HasPrefix(a.Val, "https://mmbiz.qpic.cn/"):
				list = append(list, "picture "+a.Val)
			case a.Key == "href" && !strings.HasPrefix(a.Val, "https://mp.weixin.qq.com/"):
				list = append(list, "link "+a.Val)
			}
		}
		if !styled {
			list = append(list, "no style on "+tok.Data)
		}
	}
	return list
}

func TestEveryConstructSurvivesThePlatform(t *testing.T) {
	for _, s := range posts.Styles() {
		for _, c := range corpus(t) {
			if list := complaints(t, render(t, c.markdown, s.Name)); len(list) > 0 {
				t.Errorf("%s in %s: %v", c.name, s.Name, list)
			}
		}
	}
}

func TestAnythingThatPeopleTypeSurvives(t *testing.T) {
	var pieces []string
	for _, c := range corpus(t) {
		pieces = append(pieces, strings.Split(c.markdown, "\n")...)
	}
	pieces = append(pieces, "<", ">", "\"", "`", "[", "](", "!", "file:"+pic("a")+")", "<div class=x>", "<style>p{}</style>", "<!--", "-->", "\x00", "&#x3c;script&#x3e;")
	rapid.Check(t, func(rt *rapid.T) {
		markdown := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(rt, "pieces"), rapid.SampledFrom([]string{"", "\n", "\n\n"}).Draw(rt, "glue"))
		if list := complaints(t, render(t, markdown, "")); len(list) > 0 {
			rt.Fatalf("%q: %v", markdown, list)
		}
	})
}

func TestStyles(t *testing.T) {
	const markdown = "# 题\n\n## 节\n\n正文**重点**"
	seen := map[string]bool{}
	for _, s := range posts.Styles() {
		out := render(t, markdown, s.Name)
		if seen[out] || s.Chinese == "" {
			t.Errorf("style %q (%s) looks like another", s.Name, s.Chinese)
		}
		seen[out] = true
	}
	if len(seen) < 2 {
		t.Errorf("only %d styles", len(seen))
	}
	if render(t, markdown, "no such style") != render(t, markdown, posts.Styles()[0].Name) {
		t.Error("an unknown style is not the default")
	}
}

func TestSourceAndEditor(t *testing.T) {
	c := content()
	c.Editor = "李明"
	if out := posts.Preview(c); strings.Contains(out, "来源：") || !strings.Contains(out, "责任编辑：李明") {
		t.Errorf("an original: %s", out)
	}
	c.Origin, c.Source = posts.Repost, &posts.Source{Name: "新华社<b>"}
	out := posts.Preview(c)
	if !strings.Contains(out, "来源：新华社&lt;b&gt;") {
		t.Errorf("a repost: %s", out)
	}
	if strings.Index(out, "来源") > strings.Index(out, "演练") || strings.Index(out, "责任编辑") < strings.Index(out, "演练") {
		t.Errorf("the lines are in the wrong places: %s", out)
	}
}

func TestAnAddressThatIsAScriptIsDropped(t *testing.T) {
	out, err := posts.Render("![图](file:"+pic("a")+")", "", func(string) (string, bool) { return "javascript:alert(1)", true })
	if err != nil || strings.Contains(out, "javascript") {
		t.Errorf("%v, %s", err, out)
	}
}

func TestPreviewShowsOurPictures(t *testing.T) {
	c := content()
	c.Markdown = "![图](file:" + pic("x") + ")"
	if out := posts.Preview(c); !strings.Contains(out, `src="/files/`+pic("x")+`"`) {
		t.Errorf("preview = %s", out)
	}
}

func TestPictures(t *testing.T) {
	markdown := "![一](file:" + pic("a") + ")\n\n文字![二](file:" + pic("b") + ")![再](file:" + pic("a") + ")\n\n![外](https://example.org/x.png)\n\n`![码](file:c)`\n\n![空](file:)"
	if diff := cmp.Diff([]string{pic("a"), pic("b")}, posts.Pictures(markdown)); diff != "" {
		t.Error(diff)
	}
}

func TestAPictureAddressesNothingButAFile(t *testing.T) {
	for _, id := range []string{"../requests/2026-0001/letters/2/docx", "%2e%2e/logout", pic("x") + "/..", strings.ToUpper(pic("x")), pic("x")[1:], "a"} {
		text, gallery := content(), content()
		text.Markdown = "![图](file:" + id + ")"
		gallery.Kind, gallery.Gallery = posts.PictureMessage, []string{id}
		for _, c := range []posts.Content{text, gallery} {
			if out := posts.Preview(c); strings.Contains(out, "<img") {
				t.Errorf("file:%s is shown: %s", id, out)
			}
		}
		if got := posts.Pictures(text.Markdown); got != nil {
			t.Errorf("Pictures(file:%s) = %v, want none", id, got)
		}
	}
}
