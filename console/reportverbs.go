package console

import (
	"bytes"
	"fmt"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
)

// yearReport is the report of a year as its page works with it.
type yearReport struct {
	report.Work
	ended bool // the year is over
}

// canReport offers a verb wherever the table of transitions has it.
func canReport(do report.Verb) func(yearReport, staff.Member) bool {
	return func(r yearReport, _ staff.Member) bool { return r.Edition.Can(do) }
}

func canReview(r yearReport, who staff.Member) bool {
	return r.Edition.State == report.Reviewed && r.Edition.MayReview(who, r.Annual.Fingerprint()) == nil
}

// whyReport asks why.
func whyReport(label string) func(*Console, *visit, yearReport) ([]field, error) {
	return func(*Console, *visit, yearReport) ([]field, error) {
		return []field{{Name: "reason", Label: label, Kind: textBlock, Required: true}}, nil
	}
}

func roundField(_ *Console, _ *visit, r yearReport) ([]field, error) {
	return []field{{Name: "comment", Label: r.Edition.NextRound(r.Annual.Fingerprint()).Chinese() + "意见", Kind: textBlock}}, nil
}

// reportVerbs is every act on the report of a year, in the order in which its page offers them.
var reportVerbs = []verb[yearReport]{
	{name: "begin", title: "以上一年的文字起稿", explain: "把上一年的文字放进来再改：引用的数字按本年重新统计，第五部分“问题和改进”要重新写。", rights: reporting,
		offered: func(r yearReport, _ staff.Member) bool {
			return r.Edition.Can(report.WriteText) && r.Edition.Untouched() && r.Last.Written()
		},
		do: func(c *Console, v *visit, r yearReport) (string, error) {
			_, err := c.cfg.Press.Begin(v.ctx(), v.who, r.Edition.Year)
			return "已放入上一年的文字，请到编辑页逐段修改。", err
		}},
	{name: "submit", title: "送审", explain: "送审后由没有写过这份报告的三个人依次初审、复审、终审。审核期间记录或者文字有变化，已作的审核作废。", rights: reporting,
		offered: func(r yearReport, _ staff.Member) bool {
			return r.ended && r.Edition.Can(report.Submit) && !report.Failed(r.Findings)
		},
		do: func(c *Console, v *visit, r yearReport) (string, error) {
			_, err := c.cfg.Press.Submit(v.ctx(), v.who, r.Edition.Year)
			return "已送审。", err
		}},
	{name: "approve", title: "审核通过", explain: "您通过的是本页预览的这一版：数字和文字都在内。", rights: reportReader, offered: canReview, fields: roundField,
		do: func(c *Console, v *visit, r yearReport) (string, error) {
			_, err := c.cfg.Press.Review(v.ctx(), v.who, r.Edition.Year, true, v.form("comment"))
			return "已通过。", err
		}},
	{name: "return", title: "退回修改", danger: true, rights: reportReader, offered: canReview, fields: whyReport("退回理由，编写的人会看到"),
		do: func(c *Console, v *visit, r yearReport) (string, error) {
			_, err := c.cfg.Press.Review(v.ctx(), v.who, r.Edition.Year, false, v.form("reason"))
			return "已退回编写。", err
		}},
	{name: "publish", title: "发布并封存", explain: "封存数字、文字和全部格式的文件，并计算校验值。以后只能公开更正，不能悄悄修改。生成文件需要十几秒。", rights: publishing, offered: canReport(report.Publish),
		do: func(c *Console, v *visit, r yearReport) (string, error) {
			_, err := c.cfg.Press.Publish(v.ctx(), v.who, r.Edition.Year)
			return "已发布并封存。", err
		}},
	{name: "article", title: "生成公众号稿件", explain: "用已发布的数字生成图解和一篇稿件草稿，之后和别的稿件一样修改、审核、发布。", rights: writing,
		offered: func(r yearReport, _ staff.Member) bool { return r.Edition.State == report.Sealed },
		do:      (*Console).draftArticle},
	{name: "withdraw", title: "撤回修改", rights: reporting, more: true, fields: whyReport("撤回的理由"),
		offered: func(r yearReport, _ staff.Member) bool {
			return r.Edition.State == report.Reviewed || r.Edition.State == report.Passed
		},
		do: func(c *Console, v *visit, r yearReport) (string, error) {
			_, err := c.cfg.Press.TakeBack(v.ctx(), v.who, r.Edition.Year, v.form("reason"))
			return "已撤回，可以修改。", err
		}},
	{name: "correct", title: "更正已发布的报告", explain: "已发布的版本继续有效，直到更正后的版本重新审核、发布；更正的地方和原因会列在报告后面。", danger: true, rights: reporting, more: true,
		offered: canReport(report.Reopen), fields: whyReport("更正的原因，会公开"),
		do: func(c *Console, v *visit, r yearReport) (string, error) {
			_, err := c.cfg.Press.Correct(v.ctx(), v.who, r.Edition.Year, v.form("reason"))
			return "已开始更正，请修改后重新送审。", err
		}},
	{name: "abandon", title: "放弃更正", explain: "改动不保留，已发布的版本不变。", danger: true, rights: reporting, more: true, offered: canReport(report.Abandon),
		do: func(c *Console, v *visit, r yearReport) (string, error) {
			_, err := c.cfg.Press.Abandon(v.ctx(), v.who, r.Edition.Year)
			return "已放弃更正。", err
		}},
}

// draftArticle makes the account's article about the published report, with its picture.
func (c *Console) draftArticle(v *visit, r yearReport) (string, error) {
	seal, ok := r.Edition.Published()
	if !ok {
		return "", fault.Newf(fault.Conflict, "%d 年的报告还没有发布，不能生成稿件。", r.Edition.Year)
	}
	picture, err := c.pictureOf(v, seal)
	if err != nil {
		return "", err
	}
	post, err := c.cfg.Newsroom.Create(v.ctx(), v.who, posts.Account, report.Article(seal.Annual, picture, c.cfg.Organ.Website))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("已生成稿件草稿《%s》，在“稿件列表”里修改、送审。", post.Content.Title), nil
}

// pictureOf returns the id of the published picture in the store of files, or draws it; "" where no font can draw it.
func (c *Console) pictureOf(v *visit, seal report.Seal) (string, error) {
	for _, f := range seal.Files {
		if f.Name == "report.png" {
			return f.ID, nil
		}
	}
	for _, f := range c.cfg.Press.Formats {
		if f.Extension != "png" {
			continue
		}
		var out bytes.Buffer
		if err := f.Write(&out, seal.Annual); err != nil {
			return "", err
		}
		return c.cfg.Files.SaveFile(v.ctx(), out.Bytes())
	}
	return "", nil
}
