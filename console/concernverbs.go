package console

import (
	"shoushan/opinion"
)

// concernVerbs is every act on a public concern, in the order in which they fall due.
var concernVerbs = []verb[opinion.Concern]{
	{name: "report", title: "登记上报", explain: "发现之后 2 小时内上报主要领导和分管领导；重大的同时报县里。", rights: keepsConcerns, offered: keptBy(opinion.Open),
		beside: func(con opinion.Concern) bool { return len(con.Reports) > 0 }, fields: reportFields,
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			at, err := v.instant("at", "上报")
			if err == nil {
				_, err = c.cfg.Concerns.Report(v.ctx(), v.who, con.ID, v.form("to"), at)
			}
			return "已登记上报。", err
		}},
	{name: "answer", title: "登记回应", explain: "发布权威信息、开新闻发布会、接受采访、跟帖回复，每一次回应登记一条。", rights: keepsConcerns, offered: keptBy(opinion.Open),
		beside: func(con opinion.Concern) bool {
			return len(con.Answers) > 0 || !con.Class.MustAnswer() && !con.Level.Grave()
		}, fields: answerFields,
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			at, err := v.instant("at", "回应")
			if err == nil {
				_, err = c.cfg.Concerns.Answer(v.ctx(), v.who, con.ID, opinion.Answer{At: at, Manner: opinion.Manner(v.form("manner")), Text: v.form("text"), Link: v.form("link")})
			}
			return "已登记回应。", err
		}},
	{name: "find", title: "登记核查报告", explain: "2 个工作日内查明情况。", rights: keepsConcerns, offered: keptBy(opinion.Open),
		beside: func(con opinion.Concern) bool { return len(con.Findings) > 0 }, fields: findingFields,
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			at, err := v.instant("at", "核查")
			if err == nil {
				_, err = c.cfg.Concerns.Find(v.ctx(), v.who, con.ID, v.form("text"), at)
			}
			return "已登记核查报告。", err
		}},
	{name: "follow", title: "登记跟踪反馈", explain: "回应之后舆情怎样了，群众满意不满意；办结以后也可以继续登记。", rights: keepsConcerns, offered: keptBy(opinion.Open, opinion.Closed),
		fields: asks[opinion.Concern](field{Name: "text", Label: "跟踪情况", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			_, err := c.cfg.Concerns.FollowUp(v.ctx(), v.who, con.ID, v.form("text"))
			return "已登记跟踪反馈。", err
		}},
	{name: "close", title: "办结", explain: "已经上报；应当回应的已经回应。", rights: keepsConcerns, offered: keptBy(opinion.Open),
		fields: asks[opinion.Concern](field{Name: "ending", Label: "办理结果", Kind: pickOne, Required: true,
			Options: choices(opinion.Ending.Chinese, opinion.Satisfied, opinion.Faded, opinion.Referred, opinion.Untrue)}),
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			_, err := c.cfg.Concerns.Close(v.ctx(), v.who, con.ID, opinion.Ending(v.form("ending")))
			return "已办结。", err
		}},
	{name: "archive", title: "归档", explain: "归档之后不能再改。", rights: keepsConcerns, offered: keptBy(opinion.Closed),
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			_, err := c.cfg.Concerns.Archive(v.ctx(), v.who, con.ID)
			return "已归档。", err
		}},
	{name: "assign", title: "指定责任人", more: true, explain: "谁主管谁负责。", rights: keepsConcerns, offered: keptBy(opinion.Open),
		fields: asks[opinion.Concern](field{Name: "responsible", Label: "责任人", Kind: textLine, Required: true}),
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			_, err := c.cfg.Concerns.Assign(v.ctx(), v.who, con.ID, v.form("responsible"))
			return "已指定责任人。", err
		}},
	{name: "reassess", title: "重新研判", more: true, explain: "改变类别或者等级；时限仍从发现的时刻算起，按新的等级马上重新计算。", rights: keepsConcerns, offered: keptBy(opinion.Open), fields: reassessFields,
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			_, err := c.cfg.Concerns.Reassess(v.ctx(), v.who, con.ID, opinion.Class(v.form("class")), opinion.Level(v.form("level")), v.form("reason"))
			return "已重新研判，时限重新计算。", err
		}},
	{name: "reopen", title: "重新办理", more: true, rights: keepsConcerns, offered: keptBy(opinion.Closed),
		fields: asks[opinion.Concern](field{Name: "reason", Label: "重新办理的原因", Kind: textBlock, Required: true}),
		do: func(c *Console, v *visit, con opinion.Concern) (string, error) {
			_, err := c.cfg.Concerns.Reopen(v.ctx(), v.who, con.ID, v.form("reason"))
			return "已重新办理。", err
		}},
}

func reportFields(_ *Console, v *visit, _ opinion.Concern) ([]field, error) {
	return []field{{Name: "to", Label: "上报给谁", Kind: textLine, Required: true, Help: "例如：镇党委书记、分管副镇长；县委网信办。"}, momentField(v, "at", "上报时间")}, nil
}

func answerFields(_ *Console, v *visit, _ opinion.Concern) ([]field, error) {
	return []field{
		{Name: "manner", Label: "回应方式", Kind: pickOne, Required: true, Options: choices(opinion.Manner.Chinese, opinion.Authoritative, opinion.Conference, opinion.Interview, opinion.Comment)},
		{Name: "text", Label: "回应的要点", Kind: textBlock, Required: true}, {Name: "link", Label: "链接", Kind: textLine}, momentField(v, "at", "回应时间"),
	}, nil
}

func findingFields(_ *Console, v *visit, _ opinion.Concern) ([]field, error) {
	return []field{{Name: "text", Label: "核查情况", Kind: textBlock, Required: true}, momentField(v, "at", "提交时间")}, nil
}

func reassessFields(_ *Console, _ *visit, con opinion.Concern) ([]field, error) {
	return []field{
		{Name: "class", Label: "类别", Kind: pickOne, Required: true, Value: string(con.Class), Options: choices(opinion.Class.Chinese, opinion.Classes()...)},
		{Name: "level", Label: "等级", Kind: pickOne, Required: true, Value: string(con.Level), Options: choices(opinion.Level.Chinese, opinion.Levels()...)},
		{Name: "reason", Label: "理由", Kind: textBlock, Required: true},
	}, nil
}
