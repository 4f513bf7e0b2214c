package report

import (
	"regexp"
	"strings"
)

var (
	feeYuan        = regexp.MustCompile(`(?:收取|收费|处理费|共计|合计|金额|计)[^0-9。;]{0,16}?([0-9]+(?:\.[0-9]+)?)(万?)元`)
	feeCases       = regexp.MustCompile(`([0-9]+)(?:件|宗|起)`)
	feeWithoutYuan = regexp.MustCompile(`(?:^|[^未])收取(?:政府信息公开)?信息处理费[0-9]+件`)
	feeWord        = regexp.MustCompile(`信息处理费`)
)

// checkFee enforces the form's note on section 六: a fee for processing information (条例第四十二条) that was charged in the
// year is told there, with the number of requests and the amount.
func checkFee(a Annual) []Violation {
	told, ok := a.Narrative.fee()
	var out []Violation
	if ok {
		out = append(out, feeComplete(told)...)
		out = append(out, feeItems(told)...)
	}
	six, known := a.section(6)
	if !known || len(out) > 0 {
		return out
	}
	return feeInText(told, six.text())
}

func positive(n *Number) bool { return n != nil && n.Cmp(Number{}) > 0 }

func feeComplete(f Fee) []Violation {
	switch {
	case positive(f.Yuan) && !positive(f.Cases):
		return []Violation{fail(RuleFee, "section6", side(*f.Yuan), "",
			"本年度收取了信息处理费 %s 元，第六部分还应当写明涉及多少件申请。", *f.Yuan)}
	case positive(f.Cases) && !positive(f.Yuan):
		return []Violation{fail(RuleFee, "section6", side(*f.Cases), "",
			"本年度有 %s 件申请收取了信息处理费，第六部分还应当写明收取多少元。", *f.Cases)}
	}
	return nil
}

// feeItems finds a breakdown that tells of more than the whole.
func feeItems(f Fee) []Violation {
	var cases, yuan Number
	for _, item := range f.Items {
		if item.Cases == nil || item.Yuan == nil {
			return nil
		}
		cases, yuan = cases.Add(*item.Cases), yuan.Add(*item.Yuan)
	}
	var out []Violation
	if f.Cases != nil && cases.Cmp(*f.Cases) > 0 {
		out = append(out, fail(RuleFee, "section6.件", side(cases), side(*f.Cases), "信息处理费明细合计 %s 件，多于总数 %s 件。", cases, *f.Cases))
	}
	if f.Yuan != nil && yuan.Cmp(*f.Yuan) > 0 {
		out = append(out, fail(RuleFee, "section6.元", side(yuan), side(*f.Yuan), "信息处理费明细合计 %s 元，多于总数 %s 元。", yuan, *f.Yuan))
	}
	return out
}

// feeInText holds section 六 against what is known of the fee, and against itself.
func feeInText(told Fee, text string) []Violation {
	plain := narrow(text)
	if !feeWord.MatchString(plain) {
		if positive(told.Yuan) {
			return []Violation{fail(RuleFee, "section6", side(*told.Yuan), "",
				"本年度收取了信息处理费 %s 元，第六部分没有报告，应当写明件数和金额。", *told.Yuan)}
		}
		return nil
	}
	cases, yuan := feeFigures(plain)
	if positive(told.Yuan) && yuan != nil && *yuan != *told.Yuan {
		return []Violation{fail(RuleFee, "section6.元", side(*yuan), side(*told.Yuan),
			"第六部分写的信息处理费是 %s 元，而实际收取 %s 元。", *yuan, *told.Yuan)}
	}
	if positive(yuan) || yuan == nil && feeWithoutYuan.MatchString(plain) {
		return feeComplete(Fee{Cases: cases, Yuan: yuan})
	}
	return nil
}

// feeFigures reads the first number of 件 and of 元 after the words 信息处理费.
func feeFigures(plain string) (cases, yuan *Number) {
	at := strings.Index(plain, "信息处理费")
	sentence, _, _ := strings.Cut(plain[at:], "。")
	before := plain[:at]
	if stop := strings.LastIndex(before, "。"); stop >= 0 {
		before = before[stop:]
	}
	if m := feeYuan.FindStringSubmatch(sentence); m != nil {
		yuan = amountInYuan(m[1], m[2])
	}
	for _, text := range []string{sentence, before} {
		if m := feeCases.FindStringSubmatch(text); m != nil && cases == nil {
			if n, err := ParseNumber(m[1]); err == nil {
				cases = &n
			}
		}
	}
	return cases, yuan
}

// amountInYuan turns “0.295” “万” into 2950.
func amountInYuan(figure, unit string) *Number {
	n, err := ParseNumber(figure)
	if err != nil {
		return nil
	}
	if unit == "万" {
		n = Number{n.units * 10_000, n.scale}.normal()
	}
	return &n
}
