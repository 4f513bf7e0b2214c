package console_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"shoushan/posts"
)

const itemsFile = "标题,类型,来源,发布时间,链接\n去年的防汛演练,原创,,2025-07-01 09:00,https://mp.weixin.qq.com/s/old1\n\n转发通知,转载,新华社,2025-07-02,\n没有来源的,转载,,2025-07-03,\n"

func TestImportOfItems(t *testing.T) {
	h := newHouse(t)
	b := h.as(t, "zheng")
	b.uploadTo(t, "/import/posts", "file", "t.txt", []byte(itemsFile)).wants(t, 422, []string{"只能导入"}, nil)
	b.uploadTo(t, "/import/posts", "file", "t.csv", []byte("甲,乙\n1,2\n")).wants(t, 422, []string{"第一行没有"}, nil)
	b.uploadTo(t, "/import/posts", "file", "t.csv", []byte(itemsFile)).
		wants(t, 200, []string{"新增 2 篇", "有错误的 1 行", "第 5 行", "必须写明来源", "确认导入 2 篇", "去年的防汛演练"}, nil)
	if all, _ := h.Posts(t.Context(), posts.Query{}); len(all) != 0 {
		t.Fatalf("the preview stored %d items", len(all))
	}
	form := url.Values{"name": {"t.csv"}, "channel": {"account"}, "data": {base64.StdEncoding.EncodeToString([]byte(itemsFile))}}
	b.follow("/import/posts/store", form).wants(t, 200, []string{"导入 2 篇，已有 0 篇，有错误的 1 行", "去年的防汛演练"}, nil)
	b.follow("/import/posts/store", form).wants(t, 200, []string{"导入 0 篇，已有 2 篇"}, nil)
	if all, _ := h.Posts(t.Context(), posts.Query{PublishedYear: 2025}); len(all) != 2 || all[0].Channel != posts.Account {
		t.Errorf("%d items are stored", len(all))
	}
	b.uploadTo(t, "/import/posts", "file", "t.csv", []byte(itemsFile)).wants(t, 200, []string{"没有可以新增的稿件"}, []string{"form-import-store"})
	b.post("/import/posts/store", url.Values{"name": {"t.csv"}, "data": {"%%%"}}).wants(t, 422, []string{"请重新选择文件"}, nil)
	if got := b.get("/import/posts/template.csv"); !strings.Contains(got.body, "渠道,标题,类型") {
		t.Errorf("template = %q", got.body)
	}
}
