package posts

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"shoushan/fault"
)

// Problem is one finding about a content, with a sentence that says what is wrong and what to do.
type Problem struct {
	Field    string // the form field: title, byline, digest, markdown, source, source_link, cover
	Message  string
	Blocking bool // it must be mended before the post can be submitted; otherwise it is advice
}

// The limits of the platform, in characters, for draft/add.
const (
	MaxTitle   = 32
	MaxByline  = 16
	MaxDigest  = 128
	MaxContent = 20000 // of the rendered HTML; it must stay below
)

// Problems lists what is wrong with the content: the platform's limits, a repost without its source (转载注明来源), and
// personal data in the text (条例第十五条). The order is that of the form.
func (c Content) Problems() []Problem { return c.problems(MaxTitle) }

func (c Content) problems(titleLimit int) []Problem {
	found := c.limits(titleLimit)
	found = append(found, c.originProblems()...)
	found = append(found, c.bodyProblems()...)
	return append(found, c.personalData()...)
}

// Blocking returns one Invalid fault with all blocking problems, or nil.
func Blocking(problems []Problem) error {
	var sentences []string
	for _, p := range problems {
		if p.Blocking {
			sentences = append(sentences, p.Message)
		}
	}
	if len(sentences) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, strings.Join(sentences, ""))
}

func (c Content) limits(titleLimit int) []Problem {
	found := titleProblem(c.Title, titleLimit)
	if strings.TrimSpace(c.Title) == "" {
		found = append(found, Problem{"title", "请填写标题。", true})
	}
	for _, l := range []struct {
		field, name, text string
		most              int
	}{{"byline", "作者", c.Byline, MaxByline}, {"digest", "摘要", c.Digest, MaxDigest}} {
		if n := utf8.RuneCountInString(l.text); n > l.most {
			found = append(found, blocking(l.field, "%s有 %d 个字，平台最多允许 %d 个字，请缩短。", l.name, n, l.most))
		}
	}
	return found
}

func blocking(field, format string, args ...any) Problem {
	return Problem{field, fault.Message(fault.Newf(fault.Invalid, format, args...)), true}
}

func (c Content) originProblems() []Problem {
	switch {
	case c.Origin.Chinese() == "":
		return []Problem{{"origin", "请声明稿件是“原创”还是“转载”。", true}}
	case c.Origin == Repost && (c.Source == nil || c.Source.Name == ""):
		return []Problem{{"source", "转载的稿件必须写明来源。", true}}
	case c.Origin == Repost && c.Source.URL == "":
		return []Problem{{"source", "建议填写转载来源的网址，方便核对原文。", false}}
	case c.Origin == Original && sourceLine.MatchString(c.Markdown):
		return []Problem{{"origin", "正文里写有“来源”或“转自”，却声明为原创，请核对。", false}}
	}
	return nil
}

var sourceLine = regexp.MustCompile(`(?m)(来源|转自|转载自|稿源)\s*[:：]`)

func (c Content) bodyProblems() []Problem {
	if c.Kind == PictureMessage {
		return c.galleryProblems()
	}
	if strings.TrimSpace(c.Markdown) == "" {
		return []Problem{{"markdown", "请填写正文。", true}}
	}
	var found []Problem
	html, err := c.HTML(func(ref string) (string, bool) { return pictureURL(ref), true })
	switch n := utf8.RuneCountInString(html); {
	case err != nil:
		found = append(found, Problem{"markdown", fault.Message(err), true})
	case n >= MaxContent:
		found = append(found, blocking("markdown", "正文排版后有 %d 个字符，平台要求少于 %d 个，请删减或分成几篇。", n, MaxContent))
	}
	if c.SourceLink != "" && !webAddress(c.SourceLink) {
		found = append(found, Problem{"source_link", "“阅读原文”的链接应以 http:// 或 https:// 开头。", true})
	}
	if c.Cover == "" && len(Pictures(c.Markdown)) == 0 {
		found = append(found, Problem{"cover", "没有封面，也没有图片：发布时会用一张纯色封面。", false})
	}
	return append(found, c.outsidePictures()...)
}

// pictureURL has the length of an address on the platform, so that the length of the HTML is counted as it will be.
func pictureURL(ref string) string {
	return "https://mmbiz.qpic.cn/" + strings.Repeat("0", 120) + "/" + ref
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// outsidePictures finds pictures that are not ours; the platform drops them.
func (c Content) outsidePictures() []Problem {
	var found []Problem
	for _, ref := range pictureRefs(c.Markdown) {
		if _, ours := fileID(ref); !ours {
			found = append(found, Problem{"markdown", "图片“" + shorten(ref) + "”是外部链接，公众号会把它去掉。请下载后重新上传。", true})
		}
	}
	return found
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

var (
	digitRun = regexp.MustCompile(`[0-9][0-9 \-]{9,24}[0-9Xx]`)
	mobile   = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
)

// personalData finds identity numbers (blocking), bank cards (blocking) and mobile numbers (advice: an office may print
// its own).
func (c Content) personalData() []Problem {
	var found []Problem
	for _, text := range []struct{ field, text string }{{"title", c.Title}, {"digest", c.Digest}, {"markdown", withoutPictureRefs(c.Markdown)}} {
		for _, run := range digitRun.FindAllString(text.text, -1) {
			if p, is := personal(text.field, strings.NewReplacer(" ", "", "-", "").Replace(run)); is && !slices.Contains(found, p) {
				found = append(found, p)
			}
		}
	}
	return found
}

func personal(field, digits string) (Problem, bool) {
	masked := maskDigits(digits)
	switch {
	case identityNumber(digits):
		return Problem{field, "文中有身份证号（" + masked + "），属于个人隐私，不得公开，请删去或遮盖。", true}, true
	case mobile.MatchString(digits):
		return Problem{field, "文中有手机号码（" + masked + "）。如果不是单位对外公布的电话，请删去。", false}, true
	case bankCard(digits):
		return Problem{field, "文中有银行卡号（" + masked + "），请删去或遮盖。", true}, true
	}
	return Problem{}, false
}

func maskDigits(s string) string { return s[:3] + strings.Repeat("*", len(s)-5) + s[len(s)-2:] }

var identityShape = regexp.MustCompile(`^[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$`)

// identityNumber checks shape and check digit of a resident identity number (GB 11643).
func identityNumber(s string) bool {
	if !identityShape.MatchString(s) {
		return false
	}
	sum := 0
	for i := range 17 {
		sum += int(s[i]-'0') * [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}[i]
	}
	return "10X98765432"[sum%11] == strings.ToUpper(s)[17]
}

// bankCard checks length, issuer (62 is UnionPay, 4 and 5 the international ones) and the Luhn digit.
func bankCard(s string) bool {
	if len(s) < 16 || len(s) > 19 || !strings.HasPrefix(s, "62") && s[0] != '4' && s[0] != '5' || strings.ContainsAny(s, "Xx") {
		return false
	}
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
