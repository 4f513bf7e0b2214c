package console

import (
	"net/http"
	"strings"

	"shoushan/fault"
	"shoushan/opinion"
)

type concernEntryPage struct {
	frame
	Fields  []field
	Problem problem
}

// concernFields are the columns of the register that are filled in when a concern is found.
func concernFields(typed func(string) string) []field {
	fields := []field{
		{Name: "found_at", Label: "发现时间", Kind: timeField, Required: true, Help: "所有时限从这一刻算起，按钟点计算，夜间和节假日也算。"},
		{Name: "platform", Label: "来源平台", Kind: textLine, Required: true, Help: "例如：微博、抖音、县长信箱、12345。"},
		{Name: "link", Label: "链接", Kind: textLine},
		{Name: "summary", Label: "摘要", Kind: textBlock, Required: true, Help: "写事情，不写网民的姓名、电话。"},
		{Name: "class", Label: "类别", Kind: pickOne, Required: true, Options: choices(opinion.Class.Chinese, opinion.Classes()...), Help: "前五类应当公开回应（国办发〔2016〕61号）。"},
		{Name: "level", Label: "等级", Kind: pickOne, Required: true, Options: choices(opinion.Level.Chinese, opinion.Levels()...), Help: "重大、特别重大的：5 小时内发布权威信息，24 小时内举行新闻发布会；其他的 48 小时内回应。"},
		{Name: "unit", Label: "涉及单位", Kind: textLine},
	}
	for i := range fields {
		fields[i].ID, fields[i].Value = "concern-"+fields[i].Name, typed(fields[i].Name)
	}
	return fields
}

func (c *Console) newConcern(v *visit) error {
	return c.showConcernEntry(v, http.StatusOK, func(name string) string {
		if name == "found_at" {
			return clockText(v.now, "2006-01-02T15:04")
		}
		return ""
	}, problem{})
}

func (c *Console) showConcernEntry(v *visit, status int, typed func(string) string, p problem) error {
	return c.show(v, status, "concernentry", &concernEntryPage{frame: frame{Title: "登记舆情", Here: "/concerns"}, Fields: concernFields(typed), Problem: p})
}

func (c *Console) recordConcern(v *visit) error {
	con, err := c.storeConcern(v)
	if err != nil {
		p := c.explain(v, err)
		return c.showConcernEntry(v, p.Status, v.form, p)
	}
	return c.redirect(v, "/concerns/"+con.ID, "舆情已登记，编号 "+con.ID+"。请在 2 小时内上报领导。")
}

func (c *Console) storeConcern(v *visit) (opinion.Concern, error) {
	if c.cfg.Concerns == nil {
		return opinion.Concern{}, errNoConcerns
	}
	at, err := v.instant("found_at", "发现")
	if err != nil {
		return opinion.Concern{}, err
	}
	if link := v.form("link"); link != "" && webAddress(link) == "" {
		return opinion.Concern{}, fault.New(fault.Invalid, "链接要以 http:// 或者 https:// 开头；没有链接的不填。")
	}
	e := opinion.Entry{
		FoundAt: at, Platform: v.form("platform"), Link: v.form("link"), Summary: v.form("summary"),
		Class: opinion.Class(v.form("class")), Level: opinion.Level(v.form("level")), Unit: v.form("unit"),
	}
	if e.Evidence, err = c.takeEvidence(v); err != nil {
		return opinion.Concern{}, err
	}
	return c.cfg.Concerns.Record(v.ctx(), v.who, e)
}

// takeEvidence stores the screenshot, if there is one; its name in the store is the hash of its content.
func (c *Console) takeEvidence(v *visit) ([]string, error) {
	if !strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") || v.r.MultipartForm == nil {
		return nil, nil
	}
	if files := v.r.MultipartForm.File["file"]; len(files) == 0 || files[0].Size == 0 {
		return nil, nil
	}
	_, data, err := uploadedFile(v, "file")
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "截图读不出来，请重新选择。")
	}
	if data, err = c.preparePaper(v, data); err != nil {
		return nil, err
	}
	id, err := c.cfg.Files.SaveFile(v.ctx(), data)
	return []string{id}, err
}
