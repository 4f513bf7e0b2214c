package console

import (
	"net/http"

	"shoushan/posts"
	"shoushan/workday"
)

// elsewherePage records what was published outside this system: by hand on the account, or on the portal site.
type elsewherePage struct {
	frame
	Fields  []field
	Problem problem
}

func elsewhereFields(typed func(string) string) []field {
	fields := []field{
		{Name: "channel", Label: "发布在", Kind: pickOne, Required: true, Options: choices(posts.Channel.Chinese, posts.Portal, posts.Account)},
		{Name: "title", Label: "标题", Kind: textLine, Required: true},
		{Name: "origin", Label: "原创还是转载", Kind: pickOne, Required: true, Options: []option{
			{"", "请选择"}, {string(posts.Original), posts.Original.Chinese()}, {string(posts.Repost), posts.Repost.Chinese()},
		}},
		{Name: "source_name", Label: "转载来源", Kind: textLine, Help: "转载的必须填写。"},
		{Name: "at", Label: "发布时间（北京时间）", Kind: timeField, Required: true},
		{Name: "url", Label: "发布地址", Kind: textLine, Help: "同一个地址不会登记两次。"},
		{Name: "topic", Label: "专题", Kind: textLine},
	}
	for i := range fields {
		fields[i].ID, fields[i].Value = "elsewhere-"+fields[i].Name, typed(fields[i].Name)
	}
	return fields
}

func (c *Console) elsewhere(v *visit) error {
	return c.showElsewhere(v, http.StatusOK, v.ask, problem{}) // what was found on the platform is filled in
}

func (c *Console) showElsewhere(v *visit, status int, typed func(string) string, p problem) error {
	return c.show(v, status, "elsewhere", &elsewherePage{
		frame: frame{Title: "补录已发布内容", Here: "/posts/elsewhere"}, Fields: elsewhereFields(typed), Problem: p,
	})
}

func (c *Console) recordElsewhere(v *visit) error {
	content := typedContent(v)
	at, err := v.instant("at", "发布时间")
	var post posts.Post
	if err == nil {
		post, err = c.cfg.Newsroom.RecordElsewhere(v.ctx(), v.who, posts.Channel(v.form("channel")), content, v.form("url"), at)
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showElsewhere(v, p.Status, v.form, p)
	}
	return c.redirect(v, "/posts/"+post.ID, "已登记《"+post.Content.Title+"》，计入 "+workday.Of(at).Chinese()+"。")
}
