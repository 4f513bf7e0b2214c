package report_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"shoushan/fault"
	"shoushan/report"
)

// published is a page as a government site shows it: our own HTML without our marks, changed by hand, inside navigation
// and layout tables.
func published(t *testing.T, changes ...string) []byte {
	t.Helper()
	page := string(written(t, report.WriteHTML, draft2021(t)))
	page = metaTags.Replace(page)
	for i := 0; i+1 < len(changes); i += 2 {
		if !strings.Contains(page, changes[i]) {
			t.Fatalf("the page has no %q to change", changes[i])
		}
		page = strings.Replace(page, changes[i], changes[i+1], 1)
	}
	head, rest, _ := strings.Cut(page, "<main>")
	body, _, _ := strings.Cut(rest, "</main>")
	return []byte(head + "<div>首页 &gt; 政府信息公开 &gt; 年报</div><script>var n = 5;</script><table><tr><td>索引号</td><td>2021-01</td></tr></table>" +
		"<table><tr><td>" + body + "</td></tr></table><p>版权所有：某县人民政府　网站标识码：1405240001</p></body></html>")
}

var metaTags = strings.NewReplacer(`<meta name="xxgk-`, `<meta name="other-`)

func cellOf(key, value string) string { return `data-cell="` + key + `">` + value + `</td>` }

func TestCheckPublishedPages(t *testing.T) {
	clean := string(published(t))
	first, second, third := rowWith(clean, "（六）其他处理"), rowWith(clean, "2.申请人逾期未按收费"), rowWith(clean, ">3.其他<")
	tests := []struct {
		name    string
		changes []string
		want    []string
	}{
		{"a page that follows the form passes clean", nil, nil},
		{"full-width digits, thousands separators and notes", []string{
			cellOf("t3.new.natural", "0"), "data-cell>１，２０３</td>", cellOf("t3.new.total", "0"), "data-cell>1,203（其中网络 9）</td>",
			cellOf("t3.carried_out.natural", "0"), "data-cell>1203件</td>", cellOf("t3.carried_out.total", "0"), "data-cell> 1 203 </td>",
			"未收到过公开申请", "收到申请1203件"}, nil},
		{"art. 50: prose says none, the table says one", []string{
			cellOf("t3.new.natural", "0"), "data-cell>1</td>", cellOf("t3.new.total", "0"), "data-cell>1</td>",
			cellOf("t3.carried_out.natural", "0"), "data-cell>1</td>", cellOf("t3.carried_out.total", "0"), "data-cell>1</td>"},
			[]string{"NARR@t3.new.total:0/1"}},
		{"blank and dashed cells", []string{cellOf("t3.r1.natural", "0"), "data-cell></td>", cellOf("t3.r1.org_other", "0"), "data-cell>——</td>"},
			[]string{"T3-BLANK@r1:2/0"}},
		{"a blank in table 二", []string{cellOf("t2.行政强制", "0"), "data-cell> </td>"}, []string{"T2-BLANK@t2.行政强制:1/0"}},
		{"a blank in table 四", []string{cellOf("t4.reconsideration.other", "0"), "data-cell>/</td>"}, []string{"T4-BLANK@t4.reconsideration.other:1/0"}},
		{"a missing row of table 二", []string{rowWith(clean, "行政强制"), ""}, []string{"T2-LAYOUT@行政强制:/行政强制", "T2-LAYOUT@header:/行政强制"}},
		{"a heading missing in table 四", []string{"复议后起诉", "其他起诉"}, []string{"T4-LAYOUT@header:/复议后起诉"}},
		{"a word in a cell", []string{cellOf("t3.r2.natural", "0"), "data-cell>若干</td>"}, []string{"T3-BLANK@r2:1/0"}},
		{"（六） in one row, as in 2019", []string{first, `<tr><th colspan="2">（六）其他处理</th>` + first[strings.Index(first, "<td"):], second, "", third, ""},
			[]string{"T3-LAYOUT@r6:1/3"}},
		{"a slip in a label", []string{"2.其他法律行政法规禁止公开", "2.其他法律行政止公开"},
			[]string{"T3-LAYOUT@r3_2:2.其他法律行政止公开/三(三)2.其他法律行政法规禁止公开"}},
		{"a missing row", []string{rowWith(clean, "2.重复申请"), ""}, []string{"T3-LAYOUT@r5_2:/三(五)2.重复申请"}},
		{"columns swapped", []string{"商业企业</span>", "科研机构 </span>", "科研机构</span>", "商业企业</span>"},
			[]string{"T3-LAYOUT@header:科研机构、商业企业、社会公益组织、法律服务机构/商业企业、科研机构、社会公益组织、法律服务机构"}},
		{"columns of 2019 in table 二", []string{"本年制发件数", "本年新制作数量"}, []string{"FMT-VERSION@format:2019-60/2021-30"}},
		{"a township with regulations", []string{cellOf("t2.规章.valid", "0"), "data-cell>6</td>"}, []string{"T2-TOWNSHIP-REGULATION@规章:6/0"}},
		{"art. 50: section 五 says 无", []string{problems2021(t), "无"}, []string{"SEC5-EMPTY@section5:1/10"}},
		{"title without 工作", []string{"<span>2021年政府信息公开工作年度报告</span>", "<span>2021年政府信息公开年度报告</span>"},
			[]string{"TITLE@title:陵川县崇文镇人民政府2021年政府信息公开年度报告/陵川县崇文镇人民政府2021年政府信息公开工作年度报告"}},
		{"period of last year", []string{"统计期限为2021年1月1日至2021年12月31日", "统计期限为2020年1月1日至2020年12月31日"}, []string{"YEAR@period:2020/2021"}},
		{"a missing section", []string{"<h2>六、其他需要报告的事项</h2>", ""}, []string{"SECTIONS@section6:/六、其他需要报告的事项"}},
		{"a numbered sentence is no heading", []string{problems2021(t), "<p>一、存在的主要问题</p><p>公开内容不够全面，解读不够及时。</p><p>二、改进措施</p><p>加强学习培训，及时发布信息。</p>"}, nil},
		{"sections out of order", []string{"<h2>五、存在的主要问题及改进情况</h2>", "<h2>六、其他需要报告的事项</h2>", "<h2>六、其他需要报告的事项</h2>\n<p>本年度未", "<h2>五、存在的主要问题及改进情况</h2>\n<p>本年度未"},
			[]string{"SECTIONS@section5:五、存在的主要问题及改进情况/"}},
		{"art. 42: a fee without 件", []string{"本年度未收取政府信息公开信息处理费。", "本年度收取信息处理费420元。"}, []string{"FEE-SEC6@section6:420/"}},
		{"art. 42: a notice that was not paid is no fee", []string{"本年度未收取政府信息公开信息处理费。", "发出收费通知3件，收取信息处理费0元。"}, nil},
		{"art. 42: a fee told in full", []string{"本年度未收取政府信息公开信息处理费。", "本年度对3件申请收取信息处理费共计0.042万元。"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := report.Read("page.html", published(t, tt.changes...))
			if err != nil {
				t.Fatal(err)
			}
			if a.Organ != "陵川县崇文镇人民政府" || a.Year != 2021 {
				t.Errorf("read as %q %d", a.Organ, a.Year)
			}
			if diff := cmp.Diff(tt.want, brief(report.Check(a, nil))); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
		})
	}
}

// rowWith is the table row of the page that holds the text.
func rowWith(page, text string) string {
	at := strings.Index(page, text)
	start := strings.LastIndex(page[:at], "<tr")
	return page[start : at+strings.Index(page[at:], "</tr>")+len("</tr>")]
}

func problems2021(t *testing.T) string {
	t.Helper()
	page := string(written(t, report.WriteHTML, draft2021(t)))
	_, rest, _ := strings.Cut(page, "五、存在的主要问题及改进情况</h2>")
	body, _, _ := strings.Cut(rest, "</section>")
	return body
}

// unmerged prints tables as some sites do: no spans, the group's label repeated in every row.
func unmerged(t *testing.T, a report.Annual) string {
	t.Helper()
	cells := a.Cells()
	var b strings.Builder
	b.WriteString("<table><tr><td>（本列数据的勾稽关系为…）</td><td></td><td></td><td>申请人情况</td><td></td><td></td><td></td><td></td><td></td><td></td></tr>" +
		"<tr><td></td><td></td><td></td><td>自然人</td><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td><td>总计</td></tr>")
	groups := map[byte]string{'3': "（三）不予公开", '4': "（四）无法提供", '5': "（五）不予处理", '6': "（六）其他处理"}
	for _, row := range report.OfficialForm().Rows3 {
		label := strings.NewReplacer("三(一)", "（一）", "三(二)", "（二）", "三(七)", "（七）").Replace(row.Label)
		if i := strings.LastIndex(label, ")"); i >= 0 && strings.HasPrefix(label, "三(") {
			label = label[i+1:]
		}
		group := ""
		if len(row.ID) > 2 && row.ID[0] == 'r' {
			group = groups[row.ID[1]]
		}
		fmt.Fprintf(&b, "<tr><td>三、本年度办理结果</td><td>%s</td><td>%s</td>", group, label)
		for _, col := range report.Columns() {
			fmt.Fprintf(&b, "<td>%s</td>", cells["t3."+row.ID+"."+col])
		}
		b.WriteString("</tr>")
	}
	return b.String() + "</table>"
}

func TestReadTablesWithoutMerges(t *testing.T) {
	want, _ := loadReport(t, "suqian_city_2023")
	page := "<html><head><title>2023年宿迁市政府信息公开工作年度报告</title></head><body>" + unmerged(t, want) + "</body></html>"
	got, err := report.Read("x.htm", []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	if got.Organ != "宿迁市" || got.Year != 2023 {
		t.Errorf("read as %q %d", got.Organ, got.Year)
	}
	cells := want.Cells()
	for key, cell := range got.Cells() {
		if cell != cells[key] {
			t.Errorf("%s = %v, want %v", key, cell, cells[key])
		}
	}
	for _, v := range report.Check(got, nil) {
		if v.Rule != report.RuleLayout2 && v.Rule != report.RuleLayout4 && v.Rule != report.RuleTitle {
			t.Errorf("unexpected %v", v)
		}
	}
}

func TestReadPageInGBK(t *testing.T) {
	page := strings.Replace(string(published(t)), `charset="utf-8"`, `charset="gbk"`, 1)
	encoded, err := simplifiedchinese.GBK.NewEncoder().String(page)
	if err != nil {
		t.Fatal(err)
	}
	a, err := report.Read("page.html", []byte(encoded))
	if err != nil {
		t.Fatal(err)
	}
	if v := report.Check(a, nil); a.Organ != "陵川县崇文镇人民政府" || len(v) > 0 {
		t.Errorf("read as %q with %v", a.Organ, v)
	}
}

func TestReadKeepsTheText(t *testing.T) {
	want := draft2021(t)
	for name, data := range map[string][]byte{"x.docx": written(t, report.WriteDOCX, want), "x.html": written(t, report.WriteHTML, want)} {
		got, err := report.Read(name, data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Sections, got.Sections); diff != "" {
			t.Errorf("%s: sections changed (-written +read):\n%s", name, diff)
		}
		if diff := cmp.Diff(want.Preface, got.Preface); diff != "" {
			t.Errorf("%s: preface changed:\n%s", name, diff)
		}
		if got.Title != want.Title {
			t.Errorf("%s: title %q, want %q", name, got.Title, want.Title)
		}
	}
}

func TestReadSignature(t *testing.T) {
	a := draft2021(t)
	a.SignedOn = date("2022-01-25")
	got, err := report.Read("x.docx", written(t, report.WriteDOCX, a))
	if err != nil {
		t.Fatal(err)
	}
	if got.SignedBy != a.SignedBy || got.SignedOn != a.SignedOn {
		t.Errorf("signed by %q on %s, want %q on %s", got.SignedBy, got.SignedOn, a.SignedBy, a.SignedOn)
	}
}

func TestProseAgainstTables(t *testing.T) {
	tests := []struct {
		name, prose string
		want        []string
	}{
		{"all right, in the usual words", "2023年，全市共收到政府信息公开申请3511件，上年结转96件。其中自然人申请3493件，法人或其他组织114件。予以公开1191件，部分公开328件，" +
			"不予公开142件，无法提供1078件，不予处理406件，其他处理341件，结转下年度继续办理121件。", nil},
		{"received may mean new and carried in", "全年共收到申请3607件。", nil},
		{"a wrong sum of a group", "不予公开143件。", []string{"NARR@t3.r3.total:143/142"}},
		{"a wrong detail", "其中属于国家秘密2件。", []string{"NARR@t3.r3_1.total:2/0"}},
		{"a wrong new", "本年度新收政府信息公开申请3510件。", []string{"NARR@t3.new.total:3510/3511"}},
		{"results of a remedy", "发生行政复议440件，其中维持308件、纠正17件；行政诉讼113件，其中结果维持14件。", []string{"NARR@t4.reconsideration.upheld:308/309"}},
		{"remedies denied", "全年未发生因政府信息公开引起的行政复议、行政诉讼案件。", []string{"NARR@t4.reconsideration.total:0/440", "NARR@t4.litigation.total:0/113"}},
		{"comparisons are not cells", "收到申请3511件，同比增加5件，较上年增长2.1%，办结率100%。", nil},
		{"another year's number is not this table's", "2022年收到申请12件，2023年收到申请3510件。", []string{"NARR@t3.new.total:3510/3511"}},
		{"a comparison in the same clause hides nothing", "新收申请3510件较上年增加5件。", []string{"NARR@t3.new.total:3510/3511"}},
		{"about numbers are not cells", "收到申请3500余件。", nil},
		{"parts that have no cell", "其中网络申请12件、信函申请3件，当场答复5件，按期答复20件，其中办结3件。", nil},
		{"other work is left alone", "办理人大建议3件，12345热线工单200件，回复留言15件。", nil},
		{"a denial of something else", "未收到要求提供纸质文件的申请，未发生行政复议被纠正情况。", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := edit(t, func(a *report.Annual) {
				a.Narrative = nil
				for i, title := range report.OfficialForm().Sections {
					s := report.Section{Title: title, Absent: true}
					if i == 0 {
						s = report.Section{Title: title}
						for n, part := range report.OfficialForm().Parts {
							p := report.Section{Title: part}
							if n == 1 {
								p.Paragraphs = []string{tt.prose}
							}
							s.Parts = append(s.Parts, p)
						}
					}
					a.Sections = append(a.Sections, s)
				}
			})
			if diff := cmp.Diff(tt.want, brief(report.Check(a, nil))); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDOCXOfSomeoneElse(t *testing.T) {
	document := `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` +
		`<w:p><w:r><w:t>某县某镇人民政府2022年政府信息</w:t></w:r><w:r><w:t>公开工作年度报告</w:t></w:r></w:p>` +
		`<w:p><w:r><w:t>四、政府信息公开行政复议、行政诉讼情况</w:t></w:r><w:del><w:r><w:t>删去</w:t></w:r></w:del></w:p>` +
		`<w:sdt><w:sdtContent><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="5"/></w:tcPr><w:p><w:r><w:t>行政复议</w:t></w:r></w:p></w:tc>` +
		`<w:tc><w:tcPr><w:gridSpan w:val="10"/></w:tcPr><w:p><w:r><w:t>行政诉讼</w:t></w:r></w:p></w:tc></w:tr>` +
		`<w:tr>` + tableCells("结果维持", "结果纠正", "其他结果", "尚未审结", "总计", "未经复议直接起诉", "复议后起诉") + `</w:tr>` +
		`<w:tr>` + tableCells("3", "0", "0", "0", "2", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0") + `</w:tr></w:tbl></w:sdtContent></w:sdt>` +
		`</w:body></w:document>`
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	f, err := archive.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(document)); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := report.Read("某镇.docx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if a.Organ != "某县某镇人民政府" || a.Year != 2022 {
		t.Errorf("read as %q %d", a.Organ, a.Year)
	}
	if len(a.Sections) != 1 || len(a.Sections[0].Paragraphs) > 0 || a.Sections[0].Title != "四、政府信息公开行政复议、行政诉讼情况" {
		t.Errorf("sections = %+v, want the heading without the deleted text", a.Sections)
	}
	found := brief(report.Check(a, nil))
	if !strings.Contains(strings.Join(found, " "), "T4-SUM@reconsideration:3/2") {
		t.Errorf("Check = %v, want T4-SUM", found)
	}
}

func tableCells(texts ...string) string {
	var b strings.Builder
	for _, text := range texts {
		b.WriteString("<w:tc><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:tc>")
	}
	return b.String()
}

func FuzzParseCell(f *testing.F) {
	for _, seed := range []string{"0", "１２", "22（其中修订16件）", "/", "", "1,234.50", "—", "若干", "-5", "99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := report.ParseCell(text)
		if again := report.ParseCell(c.String()); c.Mark == report.Printed && again.Number != c.Number {
			t.Errorf("ParseCell(%q) = %v, printed and read again %v", text, c, again)
		}
	})
}

func TestFeeInSectionSix(t *testing.T) {
	fees := report.Registers{Fees: []report.ProcessingFee{{ID: "f1", On: date("2021-04-01"), Yuan: amount(t, "420").Number}}}
	tests := []struct {
		name, six string
		want      []string
	}{
		{"as drafted", "", nil},
		{"art. 42: not told", "无", []string{"FEE-SEC6@section6:420/"}},
		{"another amount", "本年度收取信息处理费1件，共计0.042万元。", nil},
		{"in 万元, wrong", "本年度收取信息处理费1件，共计0.43万元。", []string{"FEE-SEC6@section6.元:4300/420"}},
		{"件 before the words", "本年度对1件申请收取信息处理费420元。", nil},
		{"told as none", "发出收费通知3件，收取信息处理费0元。", []string{"FEE-SEC6@section6.元:0/420"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			y := readArchive(t)
			y.records.Registers = fees
			a, err := report.Draft(2021, y.organ, y.prose, y.records)
			if err != nil {
				t.Fatal(err)
			}
			if tt.six != "" {
				a.Sections[5].Paragraphs = []string{tt.six}
			}
			if diff := cmp.Diff(tt.want, brief(report.Check(a, nil))); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadSurvivesHostileFiles(t *testing.T) {
	deep := strings.Repeat("<div>", 200_000)
	wide := "<table>" + strings.Repeat("<tr><td>申请人情况</td><td>1</td></tr>", 20_000) + "</table>"
	for name, data := range map[string]string{"deep.html": deep, "wide.html": wide, "empty.html": "", "nested.docx": "PK\x05\x06" + strings.Repeat("\x00", 18)} {
		if _, err := report.Read(name, []byte(data)); err == nil && name != "wide.html" {
			t.Errorf("%s was read as a report", name)
		}
	}
}

func TestADocumentThatUnpacksToTooMuch(t *testing.T) {
	tests := []struct{ name, body string }{
		{"200 000 elements", strings.Repeat("<w:p/>", 200_001)},
		{"4 MB of text", "<w:p><w:r><w:t>" + strings.Repeat("0", 4<<20) + "</w:t></w:r></w:p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			archive := zip.NewWriter(&b)
			f, err := archive.Create("word/document.xml")
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.Write([]byte(`<w:document xmlns:w="x"><w:body>` + tt.body + "</w:body></w:document>"))
			if err := errors.Join(err, archive.Close()); err != nil {
				t.Fatal(err)
			}
			_, err = report.Read("bomb.docx", b.Bytes())
			if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), "内容太多") {
				t.Errorf("Read of a file of %d bytes = %v, want 内容太多", b.Len(), err)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a.html", []byte("<table><tr><td>行政复议</td><td>结果维持</td></tr><tr><td>1</td></tr></table>"))
	f.Add("a.html", []byte("<h2>一、总体情况</h2><p>（二）依申请公开。收到申请3件，其中自然人2件。</p>"))
	f.Add("a.json", []byte(`{"t3":{"rows":{"new":[1,null,"/",{"v":2}]}},"narrative":{"新收":1,"信息处理费":{"元":"1.5"}}}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		a, err := report.Read(name, data)
		if err != nil {
			return
		}
		for _, v := range report.Check(a, &a) {
			if v.Message == "" || v.Where == "" {
				t.Errorf("finding without words or place: %+v", v)
			}
		}
		var b bytes.Buffer
		if err := report.WriteDOCX(&b, a); err != nil {
			t.Error(err)
		}
	})
}
