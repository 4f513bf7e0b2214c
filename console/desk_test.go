package console_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

// uploaded posts a file with its fields as a browser would.
func (b *browser) uploaded(path, name string, data []byte, fields map[string]string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	for k, v := range fields {
		if err == nil {
			err = form.WriteField(k, v)
		}
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(r)
}

func TestANoticeWaitsForItsSignature(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["notice"]
	zhou, zheng := h.as(t, "zhou"), h.as(t, "zheng")
	zhou.get(path).wants(t, 200, []string{"待签发：政府信息公开申请补正告知书", "form-returnnotice", "办理中"}, append([]string{"form-signnotice", "form-decide", "form-extend"}, secrets...))
	zheng.get("/").wants(t, 200, []string{"签发告知书", s.requests["notice"]}, secrets)
	zheng.get("/requests?queue=signoff").wants(t, 200, []string{s.requests["notice"], s.requests["signoff"], "告知书待签发"}, secrets)
	zheng.get(path+"/letters/2").wants(t, 200, []string{"拟稿", "请写明名册的年份"}, secrets)
	zhou.get(path+"/letters/2/docx").wants(t, 409, []string{"还没有签发"}, secrets)
	zhou.post(path+"/signnotice", nil).wants(t, 403, nil, secrets)
	zheng.follow(path+"/signnotice", nil).wants(t, 200, []string{"已签发并发出", "待补正", "崇政公告"}, secrets)
	zheng.post(path+"/signnotice", nil).wants(t, 409, []string{"没有等待签发的告知书"}, secrets)
}

func TestAReturnedNoticeHasNotHappened(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["notice"]
	zheng := h.as(t, "zheng")
	zheng.post(path+"/returnnotice", url.Values{"reason": {""}}).wants(t, 422, []string{"退回的原因"}, secrets)
	zheng.follow(path+"/returnnotice", url.Values{"reason": {"写清是哪一份名册"}}).wants(t, 200, []string{"已退回", "办理中", "写清是哪一份名册"}, []string{`id="pending"`})
}

func TestSearchLooksWhereAPersonWould(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	find := func(as, words string) answer {
		return h.as(t, as).post("/requests/search", url.Values{"q": {words}})
	}
	find("zhou", s.requests["closed"]).wants(t, http.StatusSeeOther, nil, nil)
	h.as(t, "zhou").get("/requests?queue=all&q="+s.requests["closed"]).wants(t, 200, []string{s.requests["closed"], "已办结"}, secrets)
	find("zhou", "低保 发放名册").wants(t, 200, []string{s.requests["handling"], s.requests["closed"]}, secrets)
	find("zhou", "没有这样的内容").wants(t, 200, []string{"没有找到"}, []string{s.requests["handling"]})
	find("zhou", "陵政复〔2026〕7号").wants(t, 200, []string{s.requests["closed"]}, []string{s.requests["handling"]})
	find("zhou", secretName).wants(t, 200, []string{s.requests["handling"]}, []string{secretNumber, secretPhone})
	find("zheng", secretName).wants(t, 200, []string{"没有找到"}, []string{s.requests["handling"]})
	find("zheng", secretNumber).wants(t, 200, []string{"没有找到"}, []string{s.requests["handling"]})
	find("zhou", "").wants(t, 422, nil, secrets)
	find("sun", "低保").wants(t, 403, nil, secrets)
}

func TestFilesOfACase(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["signoff"]
	zhou := h.as(t, "zhou")
	if got := zhou.uploaded(path+"/files", secretName+".png", drawing(t), map[string]string{"kind": "authority"}); got.status != http.StatusSeeOther {
		t.Fatalf("upload = %d: %s", got.status, got.sentence())
	}
	zhou.get(path).wants(t, 200, []string{"授权材料", "周经办", "添加授权材料一份"}, secrets)
	zhou.uploaded(path+"/files", "again.png", drawing(t), map[string]string{"kind": "authority"}).wants(t, 409, []string{"不用重复添加"}, secrets)
	zhou.uploaded(path+"/files", "a.html", []byte("<script>alert(1)</script>"), map[string]string{"kind": "other"}).wants(t, 422, []string{"只能添加照片"}, secrets)
	zhou.uploaded(path+"/files", "a.png", drawing(t), map[string]string{"kind": "poison"}).wants(t, 422, []string{"种类"}, secrets)
	zhou.post(path+"/files", nil).wants(t, 422, []string{"请选择要添加的文件"}, secrets)
	got := zhou.get(path + "/files/1")
	if got.status != 200 || got.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file = %d %s %s", got.status, got.header.Get("Content-Type"), got.header.Get("Content-Disposition"))
	}
	zhou.get(path).wants(t, 200, []string{"打开材料：授权材料"}, secrets)
	embedded := httptest.NewRequest("GET", path+"/files/1", nil)
	embedded.Header.Set("Sec-Fetch-Dest", "image")
	zhou.send(embedded).wants(t, 403, nil, secrets)
	for _, n := range []string{"0", "2", "x"} {
		zhou.get(path+"/files/"+n).wants(t, 404, nil, secrets)
	}
	h.as(t, "zheng").get(path+"/files/1").wants(t, 403, nil, secrets)
}

func TestNotesAreMaskedAndKept(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["handling"]
	h.as(t, "zheng").get(path).wants(t, 200, []string{"联系牛**，下周三来取", "周经办"}, secrets)
	h.as(t, "zheng").follow(path+"/note", url.Values{"text": {"请先问财政所。"}}).wants(t, 200, []string{"请先问财政所。", "郑签发"}, secrets)
	h.as(t, "zhou").post(path+"/note", url.Values{"text": {""}}).wants(t, 422, []string{"备注的内容"}, secrets)
}

func TestSheets(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["signoff"] + "/sheets/"
	zhou, zheng := h.as(t, "zhou"), h.as(t, "zheng")
	zheng.get(path+"review").wants(t, 200, []string{"审查呈批单", "拟稿人</th><td class=\"prewrap\">周经办", "保密审查意见", "签名："}, secrets)
	zheng.get("/requests/"+s.requests["handling"]+"/sheets/review").wants(t, 200, []string{"拟处理结果和依据", "签名："}, secrets)
	zheng.get(path+"register").wants(t, 200, []string{"登记表", "双方确认"}, secrets)
	zheng.get(path+"application").wants(t, 403, nil, secrets)
	zheng.get(path+"nonsense").wants(t, 404, nil, secrets)
	zhou.get(path+"application").wants(t, 200, []string{"申请表", secretName, secretNumber}, []string{"用途"})
	zhou.get("/requests/"+s.requests["signoff"]).wants(t, 200, []string{"打印申请表"}, secrets)
}

func TestTheRemediesRegister(t *testing.T) {
	h := newHouse(t)
	h.as(t, "zheng").get("/remedies").wants(t, 200, []string{"没有登记过行政复议"}, nil)
	s := seed(t, h)
	zhou := h.as(t, "zhou")
	zhou.get("/remedies").wants(t, 200, []string{"陵政复〔2026〕7号", "尚未审结", s.requests["closed"]}, secrets)
	zhou.follow("/requests/"+s.requests["closed"]+"/remedied", url.Values{"result": {"upheld"}})
	zhou.get("/remedies").wants(t, 200, []string{"结果维持"}, secrets)
	zhou.get("/remedies?only=open").wants(t, 200, []string{"没有尚未审结"}, []string{"陵政复"})
	zhou.follow("/requests/"+s.requests["closed"]+"/archive", url.Values{"number": {"2026-XXGK-009"}}).wants(t, 200, []string{"归档号：2026-XXGK-009"}, secrets)
}

var notice2027 = url.Values{
	"year": {"2027"}, "number": {"国办发明电〔2026〕9号"}, "url": {"https://www.gov.cn/a"},
	"off":    {"2027-01-01 至 2027-01-03 元旦\r\n2027-02-05 至 2027-02-13 春节"},
	"makeup": {"2026-12-27 元旦\r\n2027-02-14 春节"},
}

func TestEnteringANoticeTellsTheHandlers(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	h.now = monday.AddDate(0, 0, 21)
	late := h.file(t, disclosure.AtCounter, -21).ID // received on 14 December, due in January
	h.now = monday.AddDate(0, 0, 21)
	wang, zhou := h.as(t, "wang"), h.as(t, "zhou")
	wang.get("/").wants(t, 200, []string{"录入2027年放假通知"}, nil)
	zhou.get("/requests/"+late).wants(t, 200, []string{"暂定"}, secrets)
	zhou.get("/calendar").wants(t, 200, []string{"期限因此是暂定的"}, []string{"form-notice"})
	bad := url.Values{"year": {"2027"}, "number": {"国办发明电〔2026〕9号"}, "off": {"2027-01-01 元旦"}}
	for text, want := range map[string]string{"2027-02-15 春节": "不是周末", "明天": "读不懂", "2029-01-06 元旦": "不在2027年", "2027-01-99 元旦": "日期不对"} {
		bad.Set("makeup", text)
		wang.post("/calendar", bad).wants(t, 422, []string{want, text}, nil)
	}
	wang.follow("/calendar", notice2027).wants(t, 200, []string{"已录入", "国办发明电〔2026〕9号", "随程序提供", "期限重新计算的在办申请", late + " · "}, []string{"期限因此是暂定的", `href="/requests/` + late})
	zhou.get("/calendar").wants(t, 200, []string{`href="/requests/` + late, "答复期限由"}, secrets)
	zhou.get("/requests/"+late).wants(t, 200, []string{"放假通知公布，答复期限由", "知道了"}, []string{"暂定</span>"})
	zhou.get("/").wants(t, 200, []string{"期限重新计算，请看新的期限", late}, secrets)
	zhou.follow("/requests/"+late+"/acknowledge", nil)
	zhou.get("/requests/"+late).wants(t, 200, nil, []string{`id="moved"`, "form-acknowledge"})
	wang.get("/").wants(t, 200, nil, []string{"录入2027年"})
	wang.follow("/calendar", notice2027).wants(t, 200, []string{"在办申请的期限没有变化"}, nil)
	_ = s
}

// TestRemindersStandOnce: one line per case, gone when it was seen, back on the next rung.
func TestRemindersStandOnce(t *testing.T) {
	h := newHouse(t)
	id := h.file(t, disclosure.AtCounter, 26).ID
	at := func(days int) answer {
		h.now = monday.AddDate(0, 0, days)
		for range 3 { // three runs of the job
			if _, err := h.desk.Remind(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		return h.as(t, "zhou").get("/")
	}
	first := at(0)
	first.wants(t, 200, []string{"期限提醒：剩3个工作日以内"}, secrets)
	if n := strings.Count(first.body, id); n != 2 { // the address and the number
		t.Errorf("%s stands %d times on the home page", id, n)
	}
	h.as(t, "zhou").follow("/requests/"+id+"/acknowledge", nil)
	at(0).wants(t, 200, nil, []string{"期限提醒"})
	at(2).wants(t, 200, []string{"期限提醒：今天到期"}, []string{"剩3个"})
	at(3).wants(t, 200, []string{"期限提醒：已经超期"}, []string{"今天到期"})
	h.as(t, "zheng").get("/").wants(t, 200, []string{"已经超期，请督办"}, secrets)
}

func openBook(t *testing.T, a answer) [][]string {
	t.Helper()
	if a.status != 200 || !strings.HasPrefix(a.body, "PK") {
		t.Fatalf("export = %d %s", a.status, a.sentence())
	}
	f, err := excelize.OpenReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestExport(t *testing.T) {
	h := newHouse(t)
	h.as(t, "zhou").get("/requests/export").wants(t, 200, []string{"还没有登记过申请"}, nil)
	s := seed(t, h)
	zhou, zheng := h.as(t, "zhou"), h.as(t, "zheng")
	zheng.get("/requests/export").wants(t, 200, []string{"form-export"}, []string{"form-export-personal"})
	plain := openBook(t, zheng.get("/requests/export/register.xlsx?year=2026"))
	if len(plain) != len(s.requests)+1 || plain[0][0] != "编号" {
		t.Errorf("%d rows, first %v", len(plain), plain[0])
	}
	if text := fmt.Sprint(plain); slices.ContainsFunc(append(secrets, "低保", thirdParty), func(s string) bool { return strings.Contains(text, s) }) {
		t.Errorf("the plain export tells personal data: %s", text)
	}
	zheng.post("/requests/export", url.Values{"year": {"2026"}, "why": {"好奇"}}).wants(t, 403, nil, secrets)
	zhou.post("/requests/export", url.Values{"year": {"2026"}, "why": {""}}).wants(t, 422, []string{"为什么要导出"}, secrets)
	zhou.get("/requests/"+s.requests["closed"]).wants(t, 200, nil, []string{"导出台账"})
	handed := zhou.post("/requests/export", url.Values{"year": {"0"}, "why": {"移交档案室"}})
	if name, err := url.QueryUnescape(handed.header.Get("Content-Disposition")); err != nil || !strings.HasSuffix(name, "依申请公开台账-全部（含个人信息）.xlsx") {
		t.Errorf("the file is named %q", name)
	}
	full := openBook(t, handed)
	if text := fmt.Sprint(full); !strings.Contains(text, secretName) || !strings.Contains(text, secretNumber) {
		t.Error("the export with personal data lacks them")
	}
	for _, id := range s.requests {
		zhou.get("/requests/"+id).wants(t, 200, []string{"导出台账：移交档案室"}, secrets)
	}
	zhou.get("/requests/export/register.xlsx?year=soon").wants(t, 422, nil, secrets)
}

// TestExportIsNoFormula: what an applicant has typed stays text in the workbook.
func TestExportIsNoFormula(t *testing.T) {
	h := newHouse(t)
	f := filing(disclosure.AtCounter)
	f.Personal.Description = `=HYPERLINK("http://example.cn","x")`
	if _, err := h.desk.Submit(t.Context(), h.member("zhou"), f); err != nil {
		t.Fatal(err)
	}
	got := h.as(t, "zhou").post("/requests/export", url.Values{"year": {"2026"}, "why": {"核对"}})
	book, err := excelize.OpenReader(strings.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	cell, err := excelize.CoordinatesToCellName(len(openBook(t, got)[0]), 2)
	if err != nil {
		t.Fatal(err)
	}
	if formula, err := book.GetCellFormula(book.GetSheetName(0), cell); formula != "" || err != nil {
		t.Errorf("%s holds the formula %q, %v", cell, formula, err)
	}
	if value, _ := book.GetCellValue(book.GetSheetName(0), cell); value != f.Personal.Description {
		t.Errorf("%s holds %q", cell, value)
	}
}

func TestAlikeRequestsHint(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	h.as(t, "zheng").get("/requests/"+s.requests["handling"]).wants(t, 200, []string{"内容相近的申请", "同一申请人", "第三十六条第六项", "崇政公复"}, append([]string{"第四十四条"}, secrets...))
	other := filing(disclosure.AtCounter)
	other.Personal.DocumentNumber, other.Personal.Name = "14052419900101005X", "马小虎"
	if _, err := h.desk.Submit(t.Context(), h.member("zhou"), other); err != nil {
		t.Fatal(err)
	}
	h.as(t, "zheng").get("/requests/"+s.requests["handling"]).wants(t, 200, []string{"有 2 位申请人", "第四十四条"}, append([]string{"马小虎"}, secrets...))
}

func TestIntakeWithAnAgentAndForOwnData(t *testing.T) {
	h := newHouse(t)
	zhou := h.as(t, "zhou")
	form := intakeForm()
	form.Set("agent", "马小虎")
	zhou.post("/requests", form).wants(t, 422, []string{"代理人的身份证号不正确", "授权材料", `value="马小虎"`}, nil)
	form.Set("agent_document", "14052419900101005X")
	form.Set("authority", "授权委托书，2026年11月1日")
	form.Set("matter", "own_data")
	form.Set("phone", "") // one way to reach the applicant is enough
	zhou.follow("/requests", form).wants(t, 200, []string{"代理人", "马**"}, append([]string{"马小虎", "14052419900101005X"}, secrets...))
	zhou.get("/requests/2026-0001?outcome=c1").wants(t, 200, []string{"更正的内容"}, []string{"属于国家秘密"})
}

func TestServedOnAnEarlierDay(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["delivery"] // signed on 9 November
	zhou := h.as(t, "zhou")
	for on, want := range map[string]string{"2026-11-08": "不能早于签发日期", "2026-11-24": "不能晚于今天"} {
		zhou.post(path+"/deliver", url.Values{"via": {"pickup"}, "proof": {"签收"}, "on": {on}}).wants(t, 422, []string{want, on}, secrets)
	}
	zhou.follow(path+"/deliver", url.Values{"via": {"pickup"}, "proof": {secretName + "签收，1234567890123"}, "on": {"2026-11-20"}}).wants(t, 200, []string{"已办结", "2026年11月20日", "牛**签收，1234567890123"}, secrets)
}

func TestTheReceiptOfAConsultationIsEntered(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["consulting"]
	zhou := h.as(t, "zhou")
	zhou.get(path).wants(t, 200, []string{"form-received", "form-replied"}, append([]string{thirdParty}, secrets...))
	zhou.follow(path+"/received", url.Values{"no": {"1"}, "on": {"2026-11-20"}}).wants(t, 200, []string{"2026年11月20日收到", "2026年12月11日"}, append([]string{"form-received", thirdParty}, secrets...))
	zhou.follow(path+"/assist", url.Values{"office": {"财政所"}, "about": {"检索合同"}, "until": {"2026-11-30"}}).wants(t, 200, []string{"待签发：政府信息公开申请协办函"}, secrets)
}

// TestTwoPeopleOnOneCase: of two acts in the same instant one wins, the other is told in a sentence, and nothing that was
// typed or written is lost.
func TestTwoPeopleOnOneCase(t *testing.T) {
	acts := []struct {
		name, verb string
		as         [2]string
		state      string
		forms      [2]url.Values
		want       disclosure.State
	}{
		{"two answers", "decide", [2]string{"zhou", "wu"}, "handling", [2]url.Values{
			{"outcome": {"r1"}, "how": {"attached"}, "content": {"甲的答复"}}, {"outcome": {"r1"}, "how": {"attached"}, "content": {"乙的答复"}},
		}, disclosure.AwaitingSignoff},
		{"two deliveries", "deliver", [2]string{"zhou", "wu"}, "delivery", [2]url.Values{
			{"via": {"pickup"}, "proof": {"甲登记"}}, {"via": {"pickup"}, "proof": {"乙登记"}},
		}, disclosure.Closed},
		{"two notices", "extend", [2]string{"zhou", "wu"}, "handling", [2]url.Values{
			{"days": {"10"}, "reason": {"甲的原因"}}, {"days": {"20"}, "reason": {"乙的原因"}},
		}, disclosure.Handling},
	}
	for _, a := range acts {
		t.Run(a.name, func(t *testing.T) {
			h := newHouse(t)
			s := seed(t, h)
			path := "/requests/" + s.requests[a.state] + "/" + a.verb
			browsers := [2]*browser{h.as(t, a.as[0]), h.as(t, a.as[1])}
			var answers [2]answer
			var both sync.WaitGroup
			for i := range browsers {
				both.Go(func() { answers[i] = browsers[i].post(path, a.forms[i]) })
			}
			both.Wait()
			won := slices.IndexFunc(answers[:], func(x answer) bool { return x.status == http.StatusSeeOther })
			if won < 0 || answers[1-won].status != http.StatusConflict {
				t.Fatalf("answers %d and %d", answers[0].status, answers[1].status)
			}
			for key, typed := range a.forms[1-won] {
				if key == "content" || key == "proof" || key == "reason" {
					answers[1-won].wants(t, http.StatusConflict, []string{"您刚才填写的内容", typed[0]}, nil)
				}
			}
			r, err := h.Request(t.Context(), s.requests[a.state])
			if err != nil || r.State != a.want || r.Trail.Verify() != nil {
				t.Errorf("state %s, %v", r.State, err)
			}
		})
	}
}

// TestEveryVerbRefusesWhoLacksTheRight asks the desk itself, behind the pages.
func TestEveryVerbRefusesWhoLacksTheRight(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	for _, by := range []staff.Member{h.member("sun"), h.member("qian"), h.member("wang"), staff.Citizen} {
		for name, err := range map[string]error{
			"sign a notice":   second(h.desk.SignNotice(t.Context(), by, s.requests["notice"])),
			"return a notice": second(h.desk.ReturnNotice(t.Context(), by, s.requests["notice"], "不行")),
			"add a note":      second(h.desk.AddNote(t.Context(), by, s.requests["notice"], "看看")),
			"archive":         second(h.desk.ArchiveCase(t.Context(), by, s.requests["closed"], "1")),
			"acknowledge":     second(h.desk.Acknowledge(t.Context(), by, s.requests["overdue"])),
		} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s as %s: %v, want Forbidden", name, by.ID, err)
			}
		}
	}
}

func second(_ disclosure.Request, err error) error { return err }
