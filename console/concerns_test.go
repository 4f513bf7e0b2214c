package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/opinion"
)

// seedConcern enters a concern that was found an hour before monday morning.
func (h *house) seedConcern(t testing.TB) string {
	t.Helper()
	h.now = monday
	ledger := opinion.Ledger{Register: h, Now: func() time.Time { return h.now }}
	c, err := ledger.Record(t.Context(), h.member("zhou"), opinion.Entry{
		FoundAt: monday.Add(-time.Hour), Platform: "抖音", Summary: "北街污水外溢三天无人管，有人留了电话" + secretPhone, Class: opinion.Livelihood, Level: opinion.Ordinary,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func concernForm() url.Values {
	return url.Values{
		"found_at": {"2026-11-23T08:00"}, "platform": {"微博"}, "summary": {"自来水发黄"}, "class": {"public_interest"}, "level": {"major"}, "link": {"https://weibo.com/1"},
	}
}

// TestConcernsRunInClockHours: 国办发〔2016〕61号, 80号 and the town's own rule; each limit stands with what is left of it.
func TestConcernsRunInClockHours(t *testing.T) {
	h := newHouse(t)
	zhou := h.as(t, "zhou")
	zhou.get("/concerns").wants(t, 200, []string{"没有正在办理的舆情"}, nil)
	zhou.get("/concerns?all=1").wants(t, 200, []string{"还没有登记过舆情"}, nil)
	zhou.follow("/concerns", concernForm()).wants(t, 200, []string{"舆情已登记", "自来水发黄",
		"上报领导", "2026-11-23 10:00", "还剩 30 分钟", "发布权威信息", "2026-11-23 13:00", "举行新闻发布会", "2026-11-24 08:00", "还剩 22 小时", "form-report"}, []string{"form-archive", "form-reopen"})
	zhou.get("/").wants(t, 200, []string{"政务舆情", "舆情上报领导", "舆情发布权威信息", "微博 · 重大舆情"}, nil)
	h.now = monday.Add(time.Hour)
	path := "/concerns/2026-001"
	zhou.get(path).wants(t, 200, []string{"已超过 30 分钟"}, nil)
	zhou.get("/concerns").wants(t, 200, []string{"上报领导 2026-11-23 10:00", "已超过 30 分钟", "未指定"}, nil)
	zhou.follow(path+"/report", url.Values{"to": {"镇长"}, "at": {"2026-11-23T09:40"}}).wants(t, 200, []string{"11-23 09:40 按时完成", "上报镇长"}, nil)
	zhou.post(path+"/answer", url.Values{"manner": {"authoritative"}, "text": {"正在抢修"}, "at": {"2026-11-23T07:00"}}).wants(t, 422, []string{"不能早于发现", "正在抢修</textarea>"}, nil)
	zhou.post(path+"/answer", url.Values{"manner": {"authoritative"}, "text": {"正在抢修"}, "at": {""}}).wants(t, 422, []string{"请填写回应的日期和时间"}, nil)
	zhou.follow(path+"/answer", url.Values{"manner": {"authoritative"}, "text": {"正在抢修"}, "at": {"2026-11-23T10:20"}, "link": {"javascript:alert(1)"}}).
		wants(t, 200, []string{"11-23 10:20 按时完成", "正在抢修"}, []string{`href="javascript`})
	zhou.follow(path+"/reassess", url.Values{"class": {"public_interest"}, "level": {"ordinary"}, "reason": {"已恢复供水"}}).wants(t, 200, []string{"已恢复供水"}, []string{"新闻发布会</strong>"})
	zhou.follow(path+"/find", url.Values{"text": {"管道老化"}, "at": {"2026-11-23T10:25"}})
	zhou.get("/").wants(t, 200, []string{"跟踪反馈，平息后办结"}, []string{"舆情上报"})
	zhou.follow(path+"/assign", url.Values{"responsible": {"水务站"}})
	zhou.follow(path+"/close", url.Values{"ending": {"satisfied"}}).wants(t, 200, []string{"已办结", "反映人满意", "水务站"}, []string{"form-close"})
	zhou.follow(path+"/follow", url.Values{"text": {"回访三户，水清"}}).wants(t, 200, []string{"回访三户"}, nil)
	zhou.get("/").wants(t, 200, nil, []string{"政务舆情</h2>"})
	zhou.follow(path+"/reopen", url.Values{"reason": {"又发黄了"}})
	zhou.follow(path+"/close", url.Values{"ending": {"faded"}})
	zhou.follow(path+"/archive", nil).wants(t, 200, []string{"已归档"}, []string{"form-follow", "form-close"})
	zhou.post(path+"/follow", url.Values{"text": {"还想写一句"}}).wants(t, 409, []string{"您刚才填写的内容", "还想写一句"}, nil)
}

func TestAConcernIsEnteredAsItWasFound(t *testing.T) {
	h := newHouse(t)
	zhou := h.as(t, "zhou")
	for field, wrong := range map[string]struct{ value, want string }{
		"found_at": {"2026-11-24T08:00", "不能晚于现在"}, "platform": {" ", "来自哪个平台"}, "summary": {"", "摘要"}, "class": {"gossip", "类别"}, "level": {"", "等级"}, "link": {"weibo.com", "以 http"},
	} {
		form := concernForm()
		form.Set(field, wrong.value)
		zhou.post("/concerns", form).wants(t, 422, []string{wrong.want, `value="2026-11-2`}, []string{"出错"})
	}
	fields := map[string]string{}
	for k := range concernForm() {
		fields[k] = concernForm().Get(k)
	}
	got := zhou.uploaded("/concerns", "微信图片.png", drawing(t), fields)
	if got.status != http.StatusSeeOther {
		t.Fatalf("with a screenshot: %d %s", got.status, got.sentence())
	}
	zhou.get(got.location()).wants(t, 200, []string{"截图 1"}, nil)
	if picture := zhou.get(got.location() + "/files/1"); picture.header.Get("Content-Type") != "image/png" {
		t.Errorf("the screenshot is %s", picture.header.Get("Content-Type"))
	}
	zhou.get(got.location()+"/files/2").wants(t, 404, nil, nil)
	zhou.uploaded("/concerns", "a.html", []byte("<script>"), fields).wants(t, 422, []string{"只能添加照片", "自来水发黄"}, nil)
	zhou.get("/concerns/2026-999").wants(t, 404, []string{"没有这件舆情"}, nil)
}

func TestConcernsAreMaskedAndKeptByTheDesk(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	zheng := h.as(t, "zheng")
	zheng.get("/concerns").wants(t, 200, []string{"北街污水外溢", "139******01"}, append([]string{"concern-new"}, secrets...))
	zheng.get("/concerns/"+s.concern).wants(t, 200, []string{"抖音", "还剩 1 小时"}, append([]string{"form-report", "form-answer"}, secrets...))
	zheng.get("/").wants(t, 200, nil, []string{"政务舆情</h2>"})
	h.as(t, "sun").get("/concerns").wants(t, 403, nil, []string{"北街"})
}

func TestConcernsAsAWorkbook(t *testing.T) {
	h := newHouse(t)
	zhou := h.as(t, "zhou")
	zhou.get("/concerns").wants(t, 200, nil, []string{"form-concern-export"})
	id := h.seedConcern(t)
	zhou.follow("/concerns", concernForm())
	zhou.follow("/concerns/"+id+"/report", url.Values{"to": {"镇长"}, "at": {"2026-11-23 09:00"}})
	zhou.follow("/concerns/"+id+"/answer", url.Values{"manner": {"comment"}, "text": {"=已派人"}, "at": {"2026-11-23 09:10"}})
	zhou.get("/concerns").wants(t, 200, []string{"form-concern-export", `<option value="2026">`}, nil)
	got := h.as(t, "zheng").get("/concerns/register.xlsx?year=2026")
	if name, err := url.QueryUnescape(got.header.Get("Content-Disposition")); err != nil || !strings.HasSuffix(name, "政务舆情回应台账-2026.xlsx") {
		t.Errorf("the file is named %q, %v", name, err)
	}
	rows := openBook(t, got)
	if len(rows) != 3 {
		t.Fatalf("%d rows, want a head and two concerns", len(rows))
	}
	cell := func(row int, head string) string {
		i := slices.Index(rows[0], head)
		if i < 0 || i >= len(rows[row]) {
			return ""
		}
		return rows[row][i]
	}
	for _, want := range []struct {
		row        int
		head, text string
	}{
		{1, "上报时限", "2026-11-23 10:30 前；11-23 09:00 按时完成"}, {1, "上报给谁", "2026-11-23 09:00 镇长"},
		{1, "权威信息时限（5 小时）", ""}, {1, "回应时限（48 小时）", "2026-11-25 08:30 前；11-23 09:10 按时完成"},
		{1, "回应", "2026-11-23 09:10 跟帖、留言回复：=已派人"}, {1, "核查时限（2 个工作日）", "2026-11-25 23:59 前；还剩 62 小时"},
		{2, "等级", "重大"}, {2, "权威信息时限（5 小时）", "2026-11-23 13:00 前；还剩 3 小时"}, {2, "回应时限（48 小时）", ""},
	} {
		if text := cell(want.row, want.head); text != want.text {
			t.Errorf("row %d, %s = %q, want %q", want.row, want.head, text, want.text)
		}
	}
	if strings.Contains(fmt.Sprint(rows), secretPhone) {
		t.Error("the register tells a phone number")
	}
	if got := openBook(t, zhou.get("/concerns/register.xlsx?year=2025")); len(got) != 1 {
		t.Errorf("2025 has %d rows, want the head alone", len(got))
	}
	zhou.get("/concerns/register.xlsx?year=").wants(t, 422, []string{"请选择年份"}, nil)
	h.as(t, "sun").get("/concerns/register.xlsx?year=2026").wants(t, 403, nil, []string{"抖音"})
}
