package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// ConventionalTitle is the title that reports bear: {机关全称}{YYYY}年政府信息公开工作年度报告.
func ConventionalTitle(organ string, year int) string {
	return fmt.Sprintf("%s%d年政府信息公开工作年度报告", organ, year)
}

// title is a report's title taken apart.
type title struct {
	organ, year string
	defects     []string // how it differs from the convention, in words
}

var (
	titlePattern = regexp.MustCompile(`^(.*?)([0-9]{4})年(度)?(政府信息公开|信息公开|政务公开)(工作)?(年度报告|年报|报告)(?:\(.*\))?$`)
	yearFirst    = regexp.MustCompile(`^([0-9]{4})年度?(.+?)(?:政府信息公开|信息公开|政务公开)(?:工作)?(?:年度报告|年报|报告)(?:\(.*\))?$`)
	chineseYear  = regexp.MustCompile(`[〇○零一二三四五六七八九]{4}年`)
)

// parseTitle takes a title apart, also one that breaks the convention; ok is false for what is no report's title at all.
func parseTitle(text string) (t title, ok bool) {
	plain := chineseYear.ReplaceAllStringFunc(narrow(text), arabicYear)
	if m := titlePattern.FindStringSubmatch(plain); m != nil {
		return title{strings.TrimSuffix(m[1], "关于"), m[2], titleDefects(m)}, true
	}
	if m := yearFirst.FindStringSubmatch(plain); m != nil {
		return title{m[2], m[1], []string{"把年份写在了机关名称前面"}}, true
	}
	return title{}, false
}

func arabicYear(year string) string {
	return strings.NewReplacer("〇", "0", "○", "0", "零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5",
		"六", "6", "七", "7", "八", "8", "九", "9").Replace(year)
}

func checkTitle(a Annual) []Violation {
	if a.Title == "" {
		return nil
	}
	want := ConventionalTitle(a.Organ, a.Year)
	t, ok := parseTitle(a.Title)
	if !ok {
		return []Violation{warn(RuleTitle, "title", Side(a.Title), Side(want), "标题“%s”不合惯例，应当写成“%s”。", a.Title, want)}
	}
	var out []Violation
	if t.year != fmt.Sprint(a.Year) {
		out = append(out, warn(RuleYear, "title", Side(t.year), side(Int(a.Year)), "标题写的是 %s 年，而报告是 %d 年的。", t.year, a.Year))
	}
	if len(t.defects) > 0 {
		out = append(out, warn(RuleTitle, "title", Side(a.Title), Side(want), "标题%s，应当写成“%s”。", strings.Join(t.defects, "，"), want))
	}
	return out
}

func titleDefects(m []string) []string {
	var defects []string
	if m[1] == "" {
		defects = append(defects, "没有写机关名称")
	}
	if m[3] != "" {
		defects = append(defects, "把“年”写成了“年度”")
	}
	if m[4] != "政府信息公开" {
		defects = append(defects, "把“政府信息公开”写成了“"+m[4]+"”")
	}
	if m[5] == "" {
		defects = append(defects, "缺少“工作”二字")
	}
	if m[6] != "年度报告" {
		defects = append(defects, "把“年度报告”写成了“"+m[6]+"”")
	}
	return defects
}

// minProblems is the shortest text that can tell a problem and its remedy; shorter ones are 无 and the like.
const minProblems = 10

// checkSections enforces 条例第五十条 and the form: six sections in their order, the five heads of section 一, and
// problems that are told.
func checkSections(a Annual) []Violation {
	if len(a.Sections) == 0 {
		return nil
	}
	out := append(checkSectionTitles(a.Sections), checkPeriod(a)...)
	out = append(out, checkOpen(a)...)
	if one, known := a.section(1); known {
		out = append(out, checkParts(one)...)
	}
	if five, known := a.section(5); known {
		if n := utf8.RuneCountInString(narrow(five.text())); n < minProblems {
			out = append(out, fail(RuleProblems, "section5", side(Int(n)), side(Int(minProblems)),
				"第五部分“存在的主要问题及改进情况”只有 %d 个字，应当写明问题和改进情况（条例第五十条）。", n))
		}
	}
	return out
}

// checkOpen finds what a draft left for a person to write, and the values of the example organ that nobody corrected.
func checkOpen(a Annual) []Violation {
	out := exampleValues("preface", "前言", strings.Join(append([]string{a.Title}, a.Preface...), "\n"))
	for i, s := range a.Sections {
		where := fmt.Sprintf("section%d", i+1)
		out = append(out, exampleValues(where, s.Title, s.text())...)
		for _, line := range strings.Split(s.text(), "\n") {
			if at := strings.Index(line, openMark); at >= 0 {
				out = append(out, fail(RuleOpen, where, "", "", "“%s”里还有没写完的地方：%s。", s.Title, line[at:]))
			}
		}
	}
	return out
}

// exampleValue is what the example organ's profile says where a real one has to stand.
var exampleValue = regexp.MustCompile(`[^\s：；，。（）]*（示例，请核对）|[a-z0-9.@/:]*\bexample\.[a-z.]+`)

func exampleValues(where, name, text string) []Violation {
	found := exampleValue.FindAllString(text, -1)
	if len(found) == 0 {
		return nil
	}
	return []Violation{fail(RuleOpen, where, Side(found[0]), "",
		"“%s”里还是示例的内容：%s。请在机关资料里改成真实的，或者把这一段写成真实的。", name, strings.Join(found, "、"))}
}

func checkSectionTitles(sections []Section) []Violation {
	var out []Violation
	last := 0
	found := map[int]string{}
	for _, s := range sections {
		n := sectionNumber(s.Title)
		if n < last {
			out = append(out, fail(RuleSections, fmt.Sprintf("section%d", n), Side(s.Title), "", "“%s”的次序不对，六个部分应当按固定次序排列。", s.Title))
		}
		last, found[n] = n, s.Title
	}
	for i, want := range officialForm().Sections {
		where := fmt.Sprintf("section%d", i+1)
		switch title, ok := found[i+1]; {
		case !ok:
			out = append(out, fail(RuleSections, where, "", Side(want), "缺少“%s”这一部分。", want))
		case narrow(title) != narrow(want):
			out = append(out, warn(RuleSections, where, Side(title), Side(want), "标题“%s”应当是“%s”。", title, want))
		}
	}
	return out
}

func checkParts(one Section) []Violation {
	text := one.text()
	var missing []string
	for _, part := range officialForm().Parts {
		if !strings.Contains(text, part) && !strings.Contains(text, partKeyword(part)) {
			missing = append(missing, part)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return []Violation{warn(RuleParts, "section1", side(Int(len(officialForm().Parts)-len(missing))), side(Int(len(officialForm().Parts))),
		"第一部分“总体情况”没有写到：%s。", strings.Join(missing, "、"))}
}

// partKeyword is the word that shows a part of section 一 even where its heading is worded differently.
func partKeyword(part string) string {
	switch part {
	case "政府信息公开平台建设":
		return "平台建设"
	case "政府信息管理":
		return "信息管理"
	}
	return part
}

var periodPattern = regexp.MustCompile(`([0-9]{4})年1月1日(?:起)?(?:至|到|-|—|~|截至|截止)+(?:([0-9]{4})年)?12月31日`)

// checkPeriod finds a period copied from another year's report.
func checkPeriod(a Annual) []Violation {
	texts := append([]string{}, a.Preface...)
	if one, known := a.section(1); known {
		texts = append(texts, one.text())
	}
	for _, text := range texts {
		for _, m := range periodPattern.FindAllStringSubmatch(narrow(text), -1) {
			for _, year := range m[1:] {
				if year != "" && year != fmt.Sprint(a.Year) {
					return []Violation{warn(RuleYear, "period", Side(year), side(Int(a.Year)),
						"统计期限“%s”写的是 %s 年，而报告是 %d 年的。", m[0], year, a.Year)}
				}
			}
		}
	}
	return nil
}
