package report

import (
	"regexp"
	"strings"
)

// filler are words that carry no meaning for the question which cell a number speaks of.
var filler = []string{
	"政府信息公开", "本机关", "全年", "本年度", "当年", "年内", "本年", "共计", "合计", "累计", "总共", "其中", "分别", "依法依规", "依法",
	"我镇", "我乡", "我县", "我市", "我区", "我局", "我街道", "全市", "全县", "全区", "全镇", "全乡", "崇文镇", "情况", "数量", "提出", "提交的", "结果",
	"已经", "已", "均", "共", "由", "为", "是", "有", "的", "各类", "了", "及", "件数", "发生", "被提起", "被申请",
}

var (
	bracketed   = regexp.MustCompile(`\([^()]*\)`)
	yearWord    = regexp.MustCompile(`[0-9]{4}年度?`)
	labelEdges  = "、:;,.和与-—\"“”"
	afterNumber = regexp.MustCompile(`^(?:件|宗|起)`)
	digits      = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?`)
)

// phraseOf reduces the words before a number to the phrase that names a cell: “其中自然人提出的申请” is 自然人申请. Words that
// mean something are kept, so that an unknown phrase stays unknown.
func phraseOf(label string) string {
	s := bracketed.ReplaceAllString(narrow(label), "")
	s = yearWord.ReplaceAllString(s, "")
	// Phrases of the form contain words that are filler elsewhere.
	for _, whole := range []string{"结果维持", "结果纠正", "其他结果", "办理结果"} {
		if strings.HasSuffix(s, whole) {
			return strings.Trim(strings.TrimSuffix(s, whole)+whole, labelEdges)
		}
	}
	for _, core := range detailCores() {
		if strings.HasSuffix(s, core) {
			return core
		}
	}
	for _, word := range filler {
		s = strings.ReplaceAll(s, word, "")
	}
	return strings.Trim(s, labelEdges)
}

func detailCores() []string {
	var out []string
	for _, id := range officialForm().Details3 {
		if core := rowCore(officialForm().label(id)); len(id) > 2 && core != "其他" {
			out = append(out, narrow(core))
		}
	}
	return out
}

// proseStatements reads the numbers of the sentences that speak of requests and remedies: part （二） of section 一, and
// what stands beside table 四.
func (a Annual) proseStatements() []statement {
	var out []statement
	for _, paragraph := range a.requestProse() {
		for _, sentence := range strings.FieldsFunc(narrow(paragraph), isStop) {
			out = append(out, sentenceStatements(sentence)...)
		}
	}
	return out
}

func isStop(r rune) bool { return r == '。' || r == '!' || r == '?' || r == '\n' }

// requestProse returns the paragraphs whose numbers are about requests.
func (a Annual) requestProse() []string {
	var out []string
	if one, ok := a.section(1); ok {
		for _, part := range one.Parts {
			if strings.Contains(part.Title, "依申请公开") {
				out = append(out, part.Paragraphs...)
			}
		}
		if out == nil {
			out = requestParagraphs(one.Paragraphs)
		}
	}
	if four, ok := a.section(4); ok {
		out = append(out, four.Paragraphs...)
	}
	return out
}

func requestParagraphs(paragraphs []string) []string {
	var out []string
	for _, p := range paragraphs {
		if strings.Contains(p, "依申请公开") || strings.Contains(p, "信息公开申请") {
			out = append(out, p)
		}
	}
	return out
}

// sentenceStatements reads one sentence. Results named after a remedy (“行政复议11件，其中维持10件”) belong to it.
func sentenceStatements(sentence string) []statement {
	var out []statement
	topic := ""
	for _, clause := range strings.FieldsFunc(sentence, func(r rune) bool { return r == ',' || r == ';' }) {
		out = append(out, denials(clause)...)
		for _, st := range clauseStatements(clause) {
			phrase := phraseOf(st.label)
			if strings.Contains(phrase, "复议") || strings.Contains(phrase, "诉讼") {
				topic = phrase
			} else if isResult(phrase) {
				st.label = topic + phrase
			}
			out = append(out, st)
		}
	}
	return out
}

// partly reports whether a statement speaks of a part of what was handled, not of the whole: 其中办结3件.
func (st statement) partly(phrase string) bool {
	handled := strings.HasPrefix(phrase, "办结") || strings.HasPrefix(phrase, "答复") || phrase == "办理答复"
	return handled && strings.Contains(st.label, "其中")
}

// ofYear reports whether a statement speaks of that year, as one that names no year does.
func (st statement) ofYear(year int) bool {
	m := someYear.FindStringSubmatch(narrow(st.label))
	return m == nil || m[1] == Int(year).String()
}

func isResult(phrase string) bool {
	switch phrase {
	case "维持", "纠正", "其他结果", "结果维持", "结果纠正", "尚未审结", "未审结":
		return true
	}
	return false
}

// clauseStatements finds “words number 件”. A number that is only about right (500余件) is no statement.
func clauseStatements(clause string) []statement {
	var out []statement
	start := 0
	for _, at := range digits.FindAllStringIndex(clause, -1) {
		rest := clause[at[1]:]
		if strings.HasPrefix(rest, "年") {
			continue
		}
		unit := afterNumber.FindString(rest)
		if n, err := ParseNumber(clause[at[0]:at[1]]); err == nil && unit != "" && strings.Trim(clause[start:at[0]], labelEdges) != "" {
			out = append(out, statement{clause[start:at[0]], n, "“" + clause[start:at[1]] + unit + "”"})
		}
		start = at[1] + len(unit)
	}
	return out
}

var (
	noRequest = regexp.MustCompile(`未(?:曾)?(?:收到|接到)(?:过)?(?:任何|公民|法人|或者|或|和|其他组织|关于|政府|信息|公开|依|的|相关|有关|各类|、|提出|提交)*申请`)
	noRemedy  = regexp.MustCompile(`(?:未|没有)(?:发生|产生|收到|被提起|出现)(?:过|因|任何|有关|相关|政府|信息|公开|工作|引起|引发|提起|导致|被|的|行政|复议|诉讼|、|和|及|或|与|者|以|申请|案件|情况|情形|事项)+$`)
)

// denials reads clauses that say “none”: 未收到过公开申请, 未发生行政复议、行政诉讼.
func denials(clause string) []statement {
	var out []statement
	if said := noRemedy.FindString(clause); strings.Contains(said, "复议") || strings.Contains(said, "诉讼") {
		for _, word := range []string{"复议", "诉讼"} {
			if strings.Contains(said, word) {
				out = append(out, statement{word, Int(0), "“" + said + "”"})
			}
		}
		return out
	}
	if said := noRequest.FindString(clause); said != "" {
		out = append(out, statement{"新收", Int(0), "“" + said + "”"})
	}
	return out
}
