package console_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/workday"
)

// texts is the editor's form with a text in it.
func texts(p report.Prose, version string) url.Values {
	form := url.Values{"version": {version}}
	for _, part := range p.Parts() {
		form.Set(part.ID, strings.Join(part.Texts, "\r\n"))
	}
	return form
}

// newYear is a house on the morning of 10 January 2026, in which the report of 2025 has to be written.
func newYear(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.now = time.Date(2026, 1, 10, 9, 0, 0, 0, beijing)
	return h
}

// passed takes the written report of 2025 through its three reviews in the browser.
func (h *house) passed(t *testing.T) {
	t.Helper()
	h.as(t, "zhou").follow("/report/2025/submit", nil).wants(t, 200, []string{"审核中", "等待初审"}, []string{"form-approve"})
	for login, next := range map[string]string{"qian": "等待复审"} {
		h.as(t, login).follow("/report/2025/approve", url.Values{"comment": {"数字已核对。"}}).wants(t, 200, []string{next, "数字已核对。"}, []string{"form-approve"})
	}
	h.as(t, "zhao").follow("/report/2025/approve", url.Values{}).wants(t, 200, []string{"等待终审"}, nil)
	h.as(t, "zheng").follow("/report/2025/approve", url.Values{}).wants(t, 200, []string{"已审定"}, nil)
}

func TestTheReportFromDraftToSealInTheConsole(t *testing.T) {
	h := newYear(t)
	zhou := h.as(t, "zhou")
	zhou.get("/report").wants(t, 200, []string{"2025 年度报告", "应当在2026年1月31日前发布，还有 21 天", "DRAFT-OPEN", "编写文字"}, []string{"form-approve", "form-publish", "form-submit"})
	zhou.post("/report/2025/submit", nil).wants(t, 409, []string{"处必须改正"}, nil)
	zhou.get("/report/2025/edit").wants(t, 200, []string{`data-insert="{{account.original}}"`, "社会评议 <small>（必须写明）", "责任追究结果"}, nil)
	zhou.follow("/report/2025/edit", texts(written(2025), "0")).wants(t, 200, []string{"已保存", "检查都通过了"}, []string{"不通过"})

	h.passed(t)
	wang := h.as(t, "wang")
	wang.follow("/report/2025/publish", nil).wants(t, 200, []string{"已发布", "第 1 版", "校验值", "已发布的报告", "2025 年度报告已于2026年1月10日发布"}, []string{"下载草稿", "form-publish"})
	seal, ok := h.editions[2025].Published()
	if !ok || len(seal.Files) != len(report.Formats()) {
		t.Fatalf("the seal has %d files", len(seal.Files))
	}
	for _, f := range seal.Files {
		got := wang.get("/report/2025/sealed/1/" + f.Name)
		if sum := sha256.Sum256([]byte(got.body)); got.status != 200 || hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%s: status %d, not the sealed file", f.Name, got.status)
		}
	}
	wang.get("/report/2025/sealed/2/report.docx").wants(t, 404, []string{"没有这个文件"}, nil)
	h.files[seal.Files[0].ID] = []byte("altered")
	wang.get("/report/2025/sealed/1/"+seal.Files[0].Name).wants(t, 500, nil, []string{"altered"})
}

func TestWhoWroteTheReportDoesNotReviewIt(t *testing.T) {
	h := newYear(t)
	h.as(t, "zheng").follow("/report/2025/edit", texts(written(2025), "0"))
	h.as(t, "zhou").follow("/report/2025/submit", nil)
	h.as(t, "qian").follow("/report/2025/approve", nil)
	h.as(t, "qian").post("/report/2025/approve", nil).wants(t, 403, []string{"不同的人进行"}, nil)
	h.as(t, "zhao").follow("/report/2025/approve", nil)
	h.as(t, "zheng").get("/report").wants(t, 200, []string{"等待终审"}, []string{"form-approve"})
	h.as(t, "zheng").post("/report/2025/approve", nil).wants(t, 403, []string{"您写过或改过这份报告"}, nil)
	h.as(t, "zheng").get("/").wants(t, 200, nil, []string{"年度报告等待终审"})
}

func TestAReturnedReportGoesBackToItsWriters(t *testing.T) {
	h := newYear(t)
	h.as(t, "zhou").follow("/report/2025/edit", texts(written(2025), "0"))
	h.as(t, "zhou").follow("/report/2025/submit", nil)
	h.as(t, "qian").post("/report/2025/return", nil).wants(t, 422, []string{"请写明退回的理由"}, nil)
	h.as(t, "qian").follow("/report/2025/return", url.Values{"reason": {"第五部分太空。"}}).wants(t, 200, []string{"编写中", "第五部分太空。"}, nil)
	h.as(t, "wu").get("/").wants(t, 200, []string{"年度报告退回修改"}, nil)
	h.as(t, "qian").get("/").wants(t, 200, nil, []string{"年度报告退回修改", "编写年度报告"})
}

func TestACorrectionIsListed(t *testing.T) {
	h := newYear(t)
	zhou := h.as(t, "zhou")
	zhou.follow("/report/2025/edit", texts(written(2025), "0"))
	h.passed(t)
	h.as(t, "zheng").follow("/report/2025/publish", nil)
	zhou.post("/report/2025/edit", texts(written(2025).With("others", "另有一项。"), "6")).wants(t, 409, nil, nil)
	zhou.post("/report/2025/correct", nil).wants(t, 422, []string{"请写明更正的原因"}, nil)
	zhou.follow("/report/2025/correct", url.Values{"reason": {"漏写了一项。"}}).wants(t, 200, []string{"正在更正已发布的报告", "漏写了一项。"}, nil)
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(zhou.get("/report/2025/edit").body)[1]
	zhou.follow("/report/2025/edit", texts(written(2025).With("others", "另有一项。"), version))
	h.passed(t)
	h.as(t, "zheng").follow("/report/2025/publish", nil).wants(t, 200, []string{"第 2 版", "第 1 版", "更正原因：漏写了一项。", "改为“另有一项”"}, nil)
	h.as(t, "sun").get("/report/2025/preview").wants(t, 200, []string{"更正说明", "另有一项。"}, nil)
}

func TestWhatWasTypedIntoTheReportIsNotLost(t *testing.T) {
	h := newYear(t)
	zhou, wu := h.as(t, "zhou"), h.as(t, "wu")
	bad := texts(written(2025).With("management", "制发{{no.such}}件。"), "0")
	zhou.post("/report/2025/edit", bad).wants(t, 422, []string{"不是可以引用的数字", "制发{{no.such}}件。"}, nil)
	dated := texts(written(2025).With("management", "我写的。"), "0")
	dated.Set("signed_on", "昨天")
	zhou.post("/report/2025/edit", dated).wants(t, 422, []string{"落款日期：“昨天”看不出是哪一天", "我写的。"}, nil)
	wu.follow("/report/2025/edit", texts(written(2025).With("management", "吴写的。"), "0"))
	got := zhou.post("/report/2025/edit", texts(written(2025).With("management", "周写的。"), "0"))
	got.wants(t, 409, []string{"别人刚刚改过", "别人刚刚保存过", "<del>吴</del>", "周写的。", `name="version" value="1"`}, nil)
	zhou.follow("/report/2025/edit", texts(written(2025).With("management", "周写的。"), "1")).wants(t, 200, []string{"已保存"}, nil)
	zhou.post("/report/2025/read", texts(written(2025).With("management", "还没有保存的。"), "2")).wants(t, 200, []string{"还没有保存的。", "年度报告"}, nil)
	zhou.post("/report/2025/read", bad).wants(t, 200, []string{"不是可以引用的数字"}, nil)
	zhou.get("/report/2025/preview").wants(t, 200, []string{"周写的。"}, []string{"还没有保存的。"})
}

func TestTypedNumbersArePointedOutInTheEditor(t *testing.T) {
	h := newYear(t)
	for range 3 {
		c := posts.Content{Title: "稿件", Markdown: "正文。", Origin: posts.Original}
		if _, err := h.newsroom.RecordElsewhere(t.Context(), h.member("sun"), posts.Account, c, "", time.Date(2025, 5, 1, 9, 0, 0, 0, beijing)); err != nil {
			t.Fatal(err)
		}
	}
	zhou := h.as(t, "zhou")
	form := texts(written(2025).With("platforms", "发布{{account.original}}条，其中3条视频。"), "0")
	form.Set("stay", "yes")
	zhou.follow("/report/2025/edit", form).wants(t, 200, []string{
		`发布<mark title="{{account.original}}">3</mark>条，其中<mark class="typed" title="手工填写的数字">3条</mark>视频。`, "“3条”是手工填写的", "公众号原创 <code>{{account.original}}</code>",
	}, nil)
	zhou.get("/report?year=2025").wants(t, 200, []string{"PROSE-UNBOUND", "“（四）政府信息公开平台建设”里的“3条”"}, nil)
}

func TestLastYearsTextInTheEditor(t *testing.T) {
	h := newYear(t)
	h.seedReport(t, 2024, 4)
	h.now = time.Date(2026, 1, 10, 9, 0, 0, 0, beijing)
	zhou := h.as(t, "zhou")
	zhou.follow("/report/2025/begin", nil).wants(t, 200, []string{"已放入上一年的文字"}, []string{"form-begin"})
	zhou.get("/report/2025/edit").wants(t, 200, []string{"本年度（三）政府信息管理的有关情况已经写明", "与 2024 年的文字比较（没有改动）", "<ins>（请填写：改进情况和下一步措施）</ins>"}, nil)
	zhou.post("/report/2025/begin", nil).wants(t, 409, []string{"已经写过文字"}, nil)
}

func TestTheReportBecomesAnArticle(t *testing.T) {
	h := newYear(t)
	h.seedReport(t, 2025, 4)
	sun := h.as(t, "sun")
	sun.follow("/report/2025/article", nil).wants(t, 200, []string{"已生成稿件草稿"}, nil)
	sun.get("/posts").wants(t, 200, []string{"图解：2025年政府信息公开年度报告"}, nil)
	sun.post("/report/2024/article", nil).wants(t, 409, []string{"还没有发布"}, nil)
}

// TestOffendersOfACarryOver changes a request behind a published report: the rule fails and names it to those who may open it.
func TestOffendersOfACarryOver(t *testing.T) {
	h := newYear(t)
	h.requests["2025-0009"] = disclosure.Request{ID: "2025-0009", State: disclosure.Handling, ReceivedOn: workday.MustParse("2025-12-20"),
		Filing: disclosure.Filing{ApplicantKind: disclosure.NaturalPerson, Matter: disclosure.Information}}
	h.seedReport(t, 2025, 4)
	r := h.requests["2025-0009"]
	r.ReceivedOn = workday.MustParse("2026-01-02")
	h.requests["2025-0009"] = r
	h.now = monday
	link := `href="/requests/2025-0009"`
	h.as(t, "zhou").get("/tables?year=2026").wants(t, 200, []string{"不通过", "T3-CARRY", "有关的记录", link}, nil)
	h.as(t, "sun").get("/tables?year=2026").wants(t, 200, []string{"T3-CARRY", "2025-0009"}, []string{link})
	h.as(t, "zhou").get("/report?year=2025").wants(t, 200, []string{"发布以后记录有变化", "由“1”改为“0”"}, nil)
}

// TestLastYearsReportFromElsewhere gives the report of the year before as the file that was published.
func TestLastYearsReportFromElsewhere(t *testing.T) {
	h := newYear(t)
	before, err := report.Draft(2024, organ, written(2024), report.Records{Requests: []disclosure.Request{{ID: "2024-0001", State: disclosure.Handling,
		ReceivedOn: workday.MustParse("2024-12-20"), Filing: disclosure.Filing{ApplicantKind: disclosure.NaturalPerson, Matter: disclosure.Information}}}})
	if err != nil {
		t.Fatal(err)
	}
	files := map[int]*bytes.Buffer{2024: {}, 2023: {}}
	for year, out := range files {
		before.Year = year
		if err := report.WriteJSON(out, before); err != nil {
			t.Fatal(err)
		}
	}
	zhou := h.as(t, "zhou")
	zhou.get("/report?year=2025").wants(t, 200, []string{"未核对", "这里没有 2024 年的报告", "form-before"}, nil)
	zhou.uploadTo(t, "/report/2025/before", "before", "r.json", files[2023].Bytes()).wants(t, 422, []string{"这是 2023 年的报告，要的是 2024 年的"}, nil)
	zhou.uploadTo(t, "/report/2025/before", "before", "r.exe", []byte("MZ")).wants(t, 422, nil, nil)
	if got := zhou.uploadTo(t, "/report/2025/before", "before", "r.json", files[2024].Bytes()); got.status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", got.status, got.sentence())
	}
	zhou.get("/report?year=2025").wants(t, 200, []string{"T3-CARRY", "上年结转填的是 0 件，而 2024 年报告的结转下年度继续办理是 1 件", "给出的 陵川县崇文镇人民政府2024 年报告"}, []string{"form-begin"})
	h.seedReport(t, 2023, 4)
	h.now = time.Date(2026, 1, 10, 9, 0, 0, 0, beijing)
	zhou.get("/report?year=2024").wants(t, 200, []string{"与已发布的 2023 年报告核对"}, []string{"form-before"})
	zhou.uploadTo(t, "/report/2024/before", "before", "r.json", files[2023].Bytes()).wants(t, 409, []string{"就在本系统里"}, nil)
}

func TestEveryCellOpensItsRecords(t *testing.T) {
	h := newHouse(t)
	seed(t, h)
	zhou, cells := h.as(t, "zhou"), 0
	link := regexp.MustCompile(`<a href="(/figures/2026/[^"]+)">([0-9.]+)(?:（[^）]*）)?</a>`)
	for _, m := range link.FindAllStringSubmatch(zhou.get("/tables?year=2026").body, -1) {
		cells++
		list, want := zhou.get(m[1]).body, `id="figure-count">`+m[2]+"<"
		if strings.Contains(m[2], ".") {
			want = `id="figure-sum">` + m[2] + "万元<"
		}
		if !strings.Contains(list, want) || !strings.Contains(list, `data-testid="`) {
			t.Errorf("%s says %s, its list does not", m[1], m[2])
		}
	}
	if cells < 10 {
		t.Errorf("%d cells open, want at least 10", cells)
	}
	sun := h.as(t, "sun")
	sun.get("/tables?year=2026").wants(t, 200, []string{"其中修订1件"}, []string{`href="/figures/2026/t`})
	sun.get("/figures/2026/t2.行政处罚").wants(t, 403, nil, []string{"违规占道"})
}

func TestTheAnnualReportIsSeenOnTheFirstPage(t *testing.T) {
	h := newYear(t)
	h.as(t, "zhou").get("/").wants(t, 200, []string{"编写年度报告", "还有 21 天"}, nil)
	h.as(t, "qian").get("/").wants(t, 200, nil, []string{"年度报告应当"})
	h.now = time.Date(2026, 2, 2, 9, 0, 0, 0, beijing)
	h.as(t, "zhou").get("/").wants(t, 200, []string{"已经晚了 2 天"}, nil)
	h.now = time.Date(2026, 6, 1, 9, 0, 0, 0, beijing)
	h.as(t, "zhou").get("/").wants(t, 200, nil, []string{"编写年度报告"})
	h.now = time.Date(2026, 1, 10, 9, 0, 0, 0, beijing)
	h.as(t, "zhou").follow("/report/2025/edit", texts(written(2025), "0"))
	h.as(t, "zhou").follow("/report/2025/submit", nil)
	h.as(t, "qian").get("/").wants(t, 200, []string{"年度报告等待初审"}, nil)
	h.as(t, "zheng").get("/").wants(t, 200, []string{"年度报告等待初审"}, nil)
}

func TestReportDownloads(t *testing.T) {
	h := newYear(t)
	for extension, begins := range map[string]string{"docx": "PK", "xlsx": "PK", "html": "<!", "json": "{", "svg": "<svg"} {
		got := h.as(t, "sun").get("/report/2025/report." + extension)
		if got.status != http.StatusOK || !strings.HasPrefix(strings.TrimSpace(got.body), begins) || !strings.Contains(got.header.Get("Content-Disposition"), "2025") {
			t.Errorf("report.%s: status %d, %.20q, %s", extension, got.status, got.body, got.header.Get("Content-Disposition"))
		}
	}
	h.as(t, "sun").get("/report/2025/report.exe").wants(t, 404, []string{"没有这种格式"}, nil)
}
