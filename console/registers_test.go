package console_test

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestRegistersByHand(t *testing.T) {
	h := newHouse(t)
	zhou := h.as(t, "zhou")
	zhou.get("/registers").wants(t, 200, []string{"没有登记", "登记一条", "从文件导入"}, []string{"规章"})
	zhou.get("/registers/new").wants(t, 200, []string{"登记哪一类"}, []string{"form-entry"})
	zhou.get("/registers/new?kind=规章").wants(t, 404, []string{"没有这一类台账"}, nil)
	permit := url.Values{"kind": {"行政许可"}, "title": {"占用乡道许可"}, "number": {"崇许〔2026〕1号"}, "on": {"2026-04-08"}}
	tests := []struct {
		name, field, value, want string
	}{
		{"no date", "on", "", "请填写日期"},
		{"a day that has not come", "on", "2026-12-01", "日期还没有到"},
		{"neither name nor number", "title", "", ""},
		{"a kind of no register", "kind", "规章制度", "没有这一类台账"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := url.Values{}
			for k, v := range permit {
				form[k] = v
			}
			form.Set(tt.field, tt.value)
			if tt.want == "" {
				form.Del("number")
				tt.want = "至少要有一个"
			}
			got := zhou.post("/registers", form)
			if got.status < 400 || !strings.Contains(got.body, tt.want) {
				t.Errorf("status %d: %s, want %q", got.status, got.sentence(), tt.want)
			}
			if tt.field == "on" && !strings.Contains(got.body, `value="占用乡道许可"`) {
				t.Error("what was typed is lost")
			}
		})
	}
	zhou.follow("/registers", permit).wants(t, 200, []string{"已登记", "占用乡道许可", "崇许〔2026〕1号"}, nil)
	id := h.register.Decisions[0].ID
	zhou.post("/registers/"+id, permit).wants(t, 422, []string{"没有变化"}, nil)
	permit.Set("title", "占用村道许可")
	zhou.follow("/registers/"+id, permit).wants(t, 200, []string{"占用村道许可", "占用乡道许可"}, nil) // the change stands in the trail
	zhou.post("/registers/"+id+"/remove", nil).wants(t, 422, []string{"请写明删除的理由"}, nil)
	h.as(t, "zheng").get("/registers/"+id).wants(t, 200, []string{"占用村道许可"}, []string{"form-entry", "form-remove"})
	zhou.follow("/registers/"+id+"/remove", url.Values{"reason": {"登记错了。"}}).wants(t, 200, []string{"已删除", "登记错了。"}, []string{"entry-" + id})
	zhou.get("/registers/"+id).wants(t, 404, nil, nil)
}

func TestMoneyAndRemediesInTheRegisters(t *testing.T) {
	h := newHouse(t)
	zhou := h.as(t, "zhou")
	charge := url.Values{"kind": {"行政事业性收费"}, "title": {"公墓维护费"}, "on": {"2026-07-01"}, "amount": {"三千"}}
	zhou.post("/registers", charge).wants(t, 422, []string{"金额应当是数字", `value="三千"`}, nil)
	charge.Set("amount", "0.3505")
	zhou.follow("/registers", charge).wants(t, 200, []string{"0.3505 万元"}, nil)
	case4 := url.Values{"kind": {"行政复议"}, "title": {"不服答复"}, "on": {"2026-08-01"}, "end": {"2026-09-01"}}
	zhou.post("/registers", case4).wants(t, 422, []string{"要么都填，要么都不填"}, nil)
	case4.Set("result", "upheld")
	zhou.follow("/registers", case4).wants(t, 200, []string{"结果维持"}, nil)
	zhou.get("/tables?year=2026").wants(t, 200, []string{`href="/figures/2026/t2.%E8%A1%8C%E6%94%BF%E4%BA%8B%E4%B8%9A%E6%80%A7%E6%94%B6%E8%B4%B9">0.3505<`, `href="/figures/2026/t4.reconsideration.upheld">1<`}, nil)
	document := url.Values{"kind": {"行政规范性文件"}, "title": {"办法"}, "on": {"2026-03-01"}, "url": {"javascript:alert(1)"}}
	zhou.post("/registers", document).wants(t, 422, []string{"https://"}, nil)
}

func TestNotesBesideTable2(t *testing.T) {
	h := newHouse(t)
	zhou := h.as(t, "zhou")
	note := url.Values{"year": {"2026"}, "cell": {"t2.行政规范性文件.made"}, "note": {strings.Repeat("长", 31)}}
	zhou.post("/registers/notes", note).wants(t, 422, []string{"说明太长", strings.Repeat("长", 31)}, nil)
	note.Set("note", "其中修订16件")
	zhou.follow("/registers/notes", note).wants(t, 200, []string{"已加注", "0（其中修订16件）"}, nil)
	note.Set("note", "")
	zhou.follow("/registers/notes", note).wants(t, 200, []string{"已删去加注"}, []string{"0（其中修订16件）"})
}

const registerFile = "类别,名称,文号,日期,金额（万元）\n行政许可,甲,许1号,2026-04-08,\n行政事业性收费,乙,,2026-05-01,0.5\n"

func TestRegisterFilesAreSeenBeforeTheyAreStored(t *testing.T) {
	h := newHouse(t)
	zhou := h.as(t, "zhou")
	zhou.get("/registers/template.csv").wants(t, 200, []string{"类别,名称,文号"}, nil)
	zhou.uploadTo(t, "/registers/import", "file", "t.csv", []byte("甲,乙\n1,2\n")).wants(t, 422, []string{"找不到表头"}, nil)
	zhou.uploadTo(t, "/registers/import", "file", "t.csv", []byte(registerFile+"行政许可,丙,许2号,2099-01-01,\n")).
		wants(t, 200, []string{"有 1 行要改正", "日期还没有到", "第 4 行"}, []string{"确认导入"})
	seen := zhou.uploadTo(t, "/registers/import", "file", "t.csv", []byte(registerFile))
	seen.wants(t, 200, []string{"新增 2 条", "确认导入"}, nil)
	if len(h.register.Entries()) != 0 {
		t.Fatal("looking at a file stores it")
	}
	data := html.UnescapeString(regexp.MustCompile(`name="data" value="([^"]+)"`).FindStringSubmatch(seen.body)[1])
	store := url.Values{"name": {"t.csv"}, "data": {data}}
	zhou.follow("/registers/import/store", store).wants(t, 200, []string{"已导入：新增 2 条"}, nil)
	zhou.follow("/registers/import/store", store).wants(t, 200, []string{"新增 0 条", "无变化 2 条"}, nil)
	zhou.uploadTo(t, "/registers/import", "file", "t.csv", []byte(registerFile)).wants(t, 200, []string{"都已经在台账里"}, []string{"确认导入"})
	zhou.post("/registers/import/store", url.Values{"name": {"t.csv"}, "data": {"%%%"}}).wants(t, 422, []string{"请重新选择文件"}, nil)
	zhou.post("/registers/import/store", nil).wants(t, 422, []string{"请重新选择文件"}, nil)
	bad := url.Values{"name": {"t.csv"}, "data": {base64.StdEncoding.EncodeToString([]byte(registerFile + "行政许可,丙,许2号,2099-01-01,\n"))}}
	zhou.post("/registers/import/store", bad).wants(t, 409, []string{"现在什么也没有保存", "日期还没有到"}, nil)
	if len(h.register.Entries()) != 2 {
		t.Errorf("%d entries are stored, want 2", len(h.register.Entries()))
	}
}
