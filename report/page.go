package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"shoushan/fault"
	"shoushan/workday"
)

// absentText stands where a written report has no text because none was given; readers take it for just that.
const absentText = "（" + notStated + "）"

// page is a published report as readers see it: paragraphs and tables in their order.
type page struct {
	meta   map[string]string // our own marks: organ, level, year, format, partial
	title  string            // the window's title, for pages without a heading
	blocks []block
}

// block is one paragraph or one table.
type block struct {
	text  string
	table rawTable
}

// rawTable are the texts of a table's cells, each in the row in which it begins. Merges are not kept: pages with and
// without them say the same.
type rawTable [][]string

// tableKind is which of the form's tables a raw table is, or "".
func (t rawTable) kind() string {
	text := t.text()
	switch {
	case strings.Contains(text, "申请人情况"), strings.Contains(text, "本年新收政府信息公开申请"):
		return "三"
	case strings.Contains(text, "结果维持") && strings.Contains(text, "行政复议"):
		return "四"
	case strings.Contains(text, "信息内容") && (strings.Contains(text, "规章") || strings.Contains(text, "行政许可")):
		return "二"
	}
	return ""
}

func (t rawTable) text() string {
	var b strings.Builder
	for _, row := range t {
		for _, c := range row {
			b.WriteString(narrow(c))
			b.WriteByte('|')
		}
	}
	return b.String()
}

// pageReader turns a page into a report, paragraph by paragraph.
type pageReader struct {
	a        Annual
	sections []Section
	ended    bool // the corrections have begun
}

// annual reads the page, or fails when it is no annual report at all.
func (p page) annual() (Annual, error) {
	r := &pageReader{}
	for _, b := range p.blocks {
		if b.table != nil {
			r.table(b.table)
		} else if text := strings.TrimSpace(b.text); text != "" {
			r.paragraph(text)
		}
	}
	r.a.Sections = r.sections
	if r.a.T2 == nil && r.a.T3 == nil && r.a.T4 == nil && len(r.sections) < 3 {
		return Annual{}, fault.New(fault.Invalid, "这个文件里找不到年度报告：既没有表二、表三、表四，也没有六个部分的标题。")
	}
	r.signature()
	r.a.identify(p)
	r.a.missingTables()
	r.a.Schema = Schema
	return r.a, nil
}

func (r *pageReader) table(t rawTable) {
	switch t.kind() {
	case "二":
		r.a.readTable2(t)
	case "三":
		r.a.readTable3(t)
	case "四":
		r.a.readTable4(t)
	}
}

func (r *pageReader) paragraph(text string) {
	if n := headingNumber(text); n > 0 {
		r.sections = append(r.sections, Section{Title: strings.TrimSpace(text)})
		return
	}
	if len(r.sections) == 0 {
		r.beforeSections(text)
		return
	}
	if r.ended = r.ended || text == correctionsTitle; r.ended {
		if text != correctionsTitle {
			r.a.Corrections = append(r.a.Corrections, text)
		}
		return
	}
	current := &r.sections[len(r.sections)-1]
	if text == absentText {
		r.markAbsent(current)
		return
	}
	if sectionNumber(current.Title) == 1 {
		if heading, rest, ok := partHeading(text); ok {
			current.Parts = append(current.Parts, Section{Title: heading})
			text = rest
		}
		if len(current.Parts) > 0 {
			current = &current.Parts[len(current.Parts)-1]
		}
	}
	if text != "" {
		current.Paragraphs = append(current.Paragraphs, text)
	}
}

func (r *pageReader) markAbsent(current *Section) {
	if len(current.Parts) > 0 {
		current.Parts[len(current.Parts)-1].Absent = true
		return
	}
	current.Absent = true
}

// minPreface keeps a web page's navigation out of the preface.
const minPreface = 30

func (r *pageReader) beforeSections(text string) {
	if _, ok := parseTitle(text); ok && r.a.Title == "" {
		r.a.Title = strings.ReplaceAll(text, " ", "") // a title may be broken into lines
	} else if r.a.Title != "" && utf8.RuneCountInString(text) >= minPreface {
		r.a.Preface = append(r.a.Preface, text)
	}
}

// headingNumber returns which section's heading a paragraph is, 0 when it is none. A slip of the pen in the heading is
// allowed; a numbered sentence of the prose is not taken for one.
func headingNumber(text string) int {
	n := sectionNumber(strings.TrimSpace(text))
	if n == 0 || utf8.RuneCountInString(text) > 40 {
		return 0
	}
	want := []rune(han(officialForm().Sections[n-1]))
	if distance([]rune(han(text)), want)*5 > len(want)*2 {
		return 0
	}
	return n
}

var partNumber = regexp.MustCompile(`^(?:\([一二三四五六七八九]\)|[一二三四五六七八九]是)`)

// partHeading parts the heading of one of the five parts of section 一 from what follows it in the same paragraph.
func partHeading(text string) (heading, rest string, ok bool) {
	head := text
	for i, r := range text {
		if r == '。' || r == '：' || r == ':' {
			head = text[:i]
			break
		}
	}
	plain := narrow(head)
	if utf8.RuneCountInString(plain) > 25 || !partNumber.MatchString(plain) {
		return "", "", false
	}
	for _, part := range officialForm().Parts {
		if strings.Contains(plain, part) || strings.Contains(plain, partKeyword(part)) {
			rest = strings.TrimLeft(strings.TrimPrefix(text, head), "。：: ")
			return strings.TrimSpace(head), rest, true
		}
	}
	return "", "", false
}

var signedOn = regexp.MustCompile(`^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日$`)

// signature takes the organ and the date from the end of section 六.
func (r *pageReader) signature() {
	if len(r.sections) == 0 {
		return
	}
	last := &r.sections[len(r.sections)-1]
	n := len(last.Paragraphs)
	if n < 2 {
		return
	}
	m := signedOn.FindStringSubmatch(narrow(last.Paragraphs[n-1]))
	if m == nil || strings.ContainsAny(last.Paragraphs[n-2], "。；") {
		return
	}
	date, err := workday.Parse(fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3]))
	if err != nil {
		return
	}
	r.a.SignedBy, r.a.SignedOn = last.Paragraphs[n-2], date
	last.Paragraphs = last.Paragraphs[:n-2]
}

var someYear = regexp.MustCompile(`(20[0-9]{2})年`)

// identify finds organ, year, level and form: from our own marks, else from the title, else from the text.
func (a *Annual) identify(p page) {
	if _, ok := parseTitle(p.title); ok && a.Title == "" {
		a.Title = p.title
	}
	if t, ok := parseTitle(a.Title); ok {
		a.Organ = t.organ
		a.Year, _ = strconv.Atoi(t.year)
	} else {
		a.Year = p.firstYear()
	}
	if p.meta["title"] == generatedTitle {
		a.Title, a.Organ = "", ""
	}
	if organ := p.meta["organ"]; organ != "" {
		a.Organ = organ
	}
	if year, err := strconv.Atoi(p.meta["year"]); err == nil {
		a.Year = year
	}
	a.ID, a.Level, a.Partial = p.meta["id"], p.meta["level"], p.meta["partial"] == "true"
	if a.Format == "" {
		a.Format = p.meta["format"]
	}
	if a.Organ == "" {
		a.Organ = a.SignedBy
	}
}

func (p page) firstYear() int {
	for _, b := range p.blocks {
		if m := someYear.FindStringSubmatch(narrow(b.text)); m != nil {
			year, _ := strconv.Atoi(m[1])
			return year
		}
	}
	return 0
}

// missingTables reports tables that a page does not show, unless it says itself that they are not known.
func (a *Annual) missingTables() {
	missing := func(n int, absent bool, rule string) {
		if s, _ := a.section(n); !absent || s.Absent || a.Partial {
			return
		}
		numeral := [...]string{"", "", "二", "三", "四"}[n]
		a.seen = append(a.seen, fail(rule, fmt.Sprintf("section%d", n), "", "",
			"没有找到表%s。表格应当是网页或文档中的真表格，不能用图片代替。", numeral))
	}
	missing(2, a.T2 == nil && !a.oldFormat(), RuleLayout2)
	missing(3, a.T3 == nil, RuleLayout3)
	missing(4, a.T4 == nil, RuleLayout4)
}

// han keeps the Chinese characters of a text.
func han(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x4E00 && r <= 0x9FFF {
			return r
		}
		return -1
	}, s)
}

// distance is the number of characters to insert, delete or replace to turn a into b.
func distance(a, b []rune) int {
	previous := make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i, x := range a {
		current := make([]int, len(b)+1)
		current[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			current[j+1] = min(previous[j]+cost, previous[j+1]+1, current[j]+1)
		}
		previous = current
	}
	return previous[len(b)]
}
