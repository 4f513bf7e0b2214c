package posts_test

import (
	"strings"
	"testing"

	"shoushan/fault"
	"shoushan/posts"
)

var head = []string{"渠道", "标题", "类型", "来源", "发布时间", "链接", "主题"}

func TestReadImport(t *testing.T) {
	r := newRoom(t)
	rows, err := r.ReadImport(t.Context(), [][]string{
		head,
		{"公众号", "防汛演练", "原创", "", "2021-05-17 09:30", "https://mp.weixin.qq.com/s/1", "防汛救灾"},
		{"微信", "转发通知", "转载", "新华社", "2021/5/18", "https://mp.weixin.qq.com/s/2"},
		{"门户网站", "公告", "原创", "", "2021年5月19日 8:05"},
		{},
		{"", "序号日期", "原创", "", "44333.39583333333"},
		{"公众号", "", "原创", "", "2021-05-17"},
		{"公众号", "没有来源", "转载", "", "2021-05-17"},
		{"公众号", "错的类型", "自写", "", "2021-05-17"},
		{"公众号", "错的日期", "原创", "", "五月"},
		{"公众号", "将来", "原创", "", "2031-05-17"},
		{"墙报", "错的渠道", "原创", "", "2021-05-17"},
		{"公众号", "错的链接", "原创", "", "2021-05-17", "javascript:alert(1)"},
		{"公众号", "同一链接", "原创", "", "2021-05-20", "https://mp.weixin.qq.com/s/1"},
	}, posts.Account)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		line  int
		at    string
		wrong string
	}{
		{2, "2021-05-17 09:30:00", ""}, {3, "2021-05-18 00:00:00", ""}, {4, "2021-05-19 08:05:00", ""}, {6, "2021-05-17 09:30:00", ""},
		{7, "", "标题"}, {8, "", "来源"}, {9, "", "原创"}, {10, "", "看不懂"}, {11, "", "还没有到"}, {12, "", "渠道"}, {13, "", "链接"}, {14, "", "与第 2 行重复"},
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, w := range want {
		got := strings.Join(rows[i].Wrong, "")
		if rows[i].Line != w.line || !strings.Contains(got, w.wrong) || w.wrong == "" && got != "" {
			t.Errorf("row %d: line %d, wrong %q; want line %d, %q", i, rows[i].Line, got, w.line, w.wrong)
		}
		if w.at != "" && !rows[i].At.Equal(beijing(w.at)) {
			t.Errorf("line %d: at %v, want %s", w.line, rows[i].At, w.at)
		}
	}
	if rows[2].Channel != posts.Portal || rows[3].Channel != posts.Account || rows[1].Content.Origin != posts.Repost {
		t.Errorf("rows = %+v", rows[:4])
	}
}

func TestReadImportNeedsItsHeadings(t *testing.T) {
	r := newRoom(t)
	for _, table := range [][][]string{nil, {{"标题", "类型"}}, {{"a", "b"}, {"1", "2"}}} {
		_, err := r.ReadImport(t.Context(), table, posts.Account)
		wantFault(t, err, fault.Invalid)
	}
}

func TestImportIsIdempotent(t *testing.T) {
	r := newRoom(t)
	table := [][]string{
		head,
		{"公众号", "防汛演练", "原创", "", "2021-05-17 09:30", "https://mp.weixin.qq.com/s/1", "防汛救灾"},
		{"门户网站", "防汛演练", "原创", "", "2021-05-17"},
		{"公众号", "坏的一行", "", "", "2021-05-17"},
	}
	rows, err := r.ReadImport(t.Context(), table, posts.Account)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Import(t.Context(), author, rows)
	wantFault(t, err, fault.Forbidden)
	for pass := range 3 {
		done, err := r.Import(t.Context(), approver, rows) // also with the old preview
		wantAdded := map[int]int{0: 2}[pass]
		if err != nil || len(done.Added) != wantAdded || done.Known != 2-wantAdded || done.Refused != 1 {
			t.Errorf("pass %d: %+v, %v", pass, done, err)
		}
	}
	p := r.stored("p1")
	if p.State != posts.Published || p.Method != posts.Elsewhere || p.Content.Topic != "防汛救灾" || p.Trail.Verify() != nil || !strings.Contains(p.Trail[0].Note, "第 2 行") {
		t.Errorf("post = %+v", p)
	}
	rows, err = r.ReadImport(t.Context(), [][]string{head, {"公众号", "防汛 演练！", "原创", "", "2021-05-17"}}, posts.Account)
	if err != nil || rows[0].Known != p.ID {
		t.Errorf("a line without its address is not recognised: %+v, %v", rows, err)
	}
}

func TestImportGoesOnAfterAnError(t *testing.T) {
	r := newRoom(t)
	table := [][]string{head}
	for _, title := range []string{"甲", "乙", "丙"} {
		table = append(table, []string{"公众号", title, "原创", "", "2021-05-17"})
	}
	rows, err := r.ReadImport(t.Context(), table, posts.Account)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Import(t.Context(), approver, rows[:1]); err != nil { // as far as it got
		t.Fatal(err)
	}
	if done, err := r.Import(t.Context(), approver, rows); err != nil || len(done.Added) != 2 || done.Known != 1 {
		t.Errorf("second run: %+v, %v", done, err)
	}
}
