package console_test

import (
	"net/url"
	"testing"
	"time"

	"shoushan/posts"
)

// byHand records an item as published on the portal at the time.
func (h *house) byHand(t *testing.T, title string, at time.Time) string {
	t.Helper()
	p, err := h.newsroom.RecordElsewhere(t.Context(), h.member("sun"), posts.Portal, posts.Content{Title: title, Origin: posts.Original}, "", at)
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func TestAWrongDateIsCorrectedWithItsReason(t *testing.T) {
	h := newHouse(t)
	id := h.byHand(t, "便民服务公告", monday.AddDate(0, -1, 0))
	sun, at := h.as(t, "sun"), "/posts/"+id
	sun.get(at).wants(t, 200, []string{"form-redate", `value="2026-10-23 09:30"`}, nil)
	h.as(t, "qian").get(at).wants(t, 200, nil, []string{"form-redate"})
	sun.post(at+"/redate", url.Values{"at": {"2026-09-23 09:30"}}).wants(t, 422, []string{"请写明更正发布日期的原因", `value="2026-09-23 09:30"`}, nil)
	sun.post(at+"/redate", url.Values{"at": {"09/23/2026"}, "reason": {"写错了月份"}}).wants(t, 422, []string{"看不出是哪一天", "写错了月份</textarea>"}, nil)
	sun.follow(at+"/redate", url.Values{"at": {"2026-09-23 09:30"}, "reason": {"写错了月份"}}).
		wants(t, 200, []string{"发布日期已更正为 2026年9月23日", "发布时间由 2026-10-23 09:30 改为 2026-09-23 09:30（北京时间），原因：写错了月份", "更正发布日期"}, []string{"年度报告已经发布"})
	for figure, want := range map[string]string{"month.9.portal.items": "便民服务公告", "month.10.portal.items": "没有"} {
		sun.get("/figures/2026/"+figure).wants(t, 200, []string{want}, nil)
	}
	draft := h.newPost(t, "草稿", posts.Original)
	h.as(t, "zheng").post("/posts/"+draft.ID+"/redate", url.Values{"at": {"2026-09-23 09:30"}, "reason": {"x"}}).wants(t, 409, []string{"不能更正发布日期"}, nil)
}

// TestACorrectedDateReachesAPublishedReport: 条例第五十条: what was published does not change silently; the report lists the
// difference, and its correction lists the amendment.
func TestACorrectedDateReachesAPublishedReport(t *testing.T) {
	h := newYear(t)
	id := h.byHand(t, "年末公告", time.Date(2025, 12, 31, 10, 0, 0, 0, beijing))
	zhou, zheng := h.as(t, "zhou"), h.as(t, "zheng")
	told := written(2025).With("others", "门户网站公开信息{{portal.items}}条。")
	zhou.follow("/report/2025/edit", texts(told, "0"))
	h.passed(t)
	zheng.follow("/report/2025/publish", nil).wants(t, 200, []string{"第 1 版"}, []string{"公开信息1条”改为"})
	zheng.follow("/posts/"+id+"/redate", url.Values{"at": {"2026-01-05 10:00"}, "reason": {"实际是元旦以后发的"}}).
		wants(t, 200, []string{"2025 年的年度报告已经发布", "更正报告"}, []string{"2026 年的年度报告"})
	zheng.get("/report?year=2025").wants(t, 200, []string{"第 1 版", "门户网站公开信息", "改为"}, []string{"第 2 版"})
	h.as(t, "sun").get("/report/2025/preview").wants(t, 200, []string{"公开信息1条"}, nil)

	zhou.follow("/report/2025/correct", url.Values{"reason": {"一条信息的发布日期登记错了。"}})
	zhou.follow("/report/2025/submit", nil)
	for _, login := range []string{"qian", "zhao", "zheng"} {
		h.as(t, login).follow("/report/2025/approve", nil)
	}
	zheng.follow("/report/2025/publish", nil).wants(t, 200, []string{"第 2 版", "更正原因：一条信息的发布日期登记错了。", "改为"}, nil)
	h.as(t, "sun").get("/report/2025/preview").wants(t, 200, []string{"更正说明", "公开信息0条"}, nil)
}

// TestAPreviewShowsTheDayAndEditorOfTheItem: not today, and not whoever happens to look.
func TestAPreviewShowsTheDayAndEditorOfTheItem(t *testing.T) {
	h := newHouse(t)
	id := h.byHand(t, "便民服务公告", time.Date(2025, 3, 8, 10, 0, 0, 0, beijing))
	h.as(t, "qian").get("/posts/"+id+"/preview").wants(t, 200, []string{"2025年3月8日"}, []string{"2026年", "钱审核"})
	h.as(t, "qian").get("/posts/"+id).wants(t, 200, []string{`id="published"`, "发布时间 2025-03-08 10:00", "没有登记发布地址"}, nil)
	due := h.approvedPost(t, "停水通知")
	h.as(t, "zheng").follow("/posts/"+due+"/schedule", map[string][]string{"at": {"2026-11-25 09:00"}})
	h.as(t, "qian").get("/posts/"+due+"/preview").wants(t, 200, []string{"2026年11月25日"}, nil)
}
