package console

import (
	"net/http"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// rulesPage shows the lists that lint works with, each as lines that staff can change.
type rulesPage struct {
	frame
	Lists      []field
	TitleLimit int
	Topics     string
	MayRule    bool
	MayTopics  bool
	Problem    problem

	SeenRules, SeenTopics string  // the lists as they are shown
	Stored                []field // what is kept now, for whoever was overtaken
}

const mustMend = "必须改"

// rulesFields are the lists as text, one entry a line.
func rulesFields(r posts.Rules) []field {
	fields := []field{
		{Name: "wrong", Label: "错别字和不规范写法", Value: wordLines(r.Wrong, true), Help: "每行一个：错的写法 | 正确写法 | 说明 | 必须改。后面几项可以不写。"},
		{Name: "sensitive", Label: "敏感词", Value: wordLines(r.Sensitive, false), Help: "每行一个：词 | 说明 | 必须改。"},
		{Name: "ads", Label: "商业广告用语", Value: wordLines(r.Ads, false), Help: "每行一个：词 | 说明 | 必须改。"},
		{Name: "sources", Label: "稿源名单（可以转载的单位）", Value: sourceLines(r.Sources), Help: "每行一个：单位 | 域名，几个域名用空格隔开。例如：新华社 | news.cn xinhuanet.com。"},
		{Name: "links", Label: "可以链接的网站", Value: strings.Join(r.Links, "\n"), Help: "每行一个域名。链到别处的会提醒。"},
		{Name: "shops", Label: "不得链接的商业网站", Value: strings.Join(r.Shops, "\n"), Help: "每行一个域名。链到这里的不能送审。"},
		{Name: "local", Label: "本地用语", Value: strings.Join(r.Local, "\n"), Help: "正文里有这些词的，系统倾向于看作原创。"},
	}
	for i := range fields {
		fields[i].ID, fields[i].Kind = "rules-"+fields[i].Name, textBlock
	}
	return fields
}

func wordLines(words []posts.Word, instead bool) string {
	var b strings.Builder
	for _, w := range words {
		parts := []string{w.Text, w.Why}
		if instead {
			parts = []string{w.Text, w.Instead, w.Why}
		}
		if w.Blocking {
			parts = append(parts, mustMend)
		}
		b.WriteString(strings.TrimRight(strings.Join(parts, " | "), " |") + "\n")
	}
	return b.String()
}

func sourceLines(sources []posts.ApprovedSource) string {
	var b strings.Builder
	for _, s := range sources {
		b.WriteString(s.Name + " | " + strings.Join(s.Domains, " ") + "\n")
	}
	return b.String()
}

// partsOf takes a line apart at its bars, half or full width.
func partsOf(line string) []string {
	parts := strings.Split(strings.ReplaceAll(line, "｜", "|"), "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// typedWords reads a list back. A list that staff have emptied stays empty, which switches it off.
func typedWords(text string, instead bool) ([]posts.Word, error) {
	words := []posts.Word{}
	for _, line := range lines(text) {
		parts := partsOf(line)
		w := posts.Word{Text: parts[0]}
		rest := parts[1:]
		if n := len(rest); n > 0 && rest[n-1] == mustMend {
			w.Blocking, rest = true, rest[:n-1]
		}
		if instead && len(rest) > 0 {
			w.Instead, rest = rest[0], rest[1:]
		}
		if len(rest) > 0 {
			w.Why, rest = rest[0], rest[1:]
		}
		if w.Text == "" || len(rest) > 0 {
			return nil, fault.Newf(fault.Invalid, "词库里的这一行读不懂：“%s”。请每行写一个词，各项用 | 隔开。", line)
		}
		words = append(words, w)
	}
	return words, nil
}

func typedSources(text string) ([]posts.ApprovedSource, error) {
	sources := []posts.ApprovedSource{}
	for _, line := range lines(text) {
		parts := partsOf(line)
		if len(parts) != 2 || parts[0] == "" || parts[1] == "" {
			return nil, fault.Newf(fault.Invalid, "稿源名单里的这一行读不懂：“%s”。请写成：新华社 | news.cn。", line)
		}
		sources = append(sources, posts.ApprovedSource{Name: parts[0], Domains: strings.FieldsFunc(parts[1], separates)})
	}
	return sources, nil
}

// separates reports whether people put the character between two entries of a line.
func separates(r rune) bool { return strings.ContainsRune(" \t　,，、;；", r) }

// typedDomains reads a list of domains or words.
func typedDomains(text string) []string {
	out := []string{}
	for _, line := range lines(text) {
		out = append(out, strings.FieldsFunc(line, separates)...)
	}
	return out
}

func (c *Console) rules(v *visit) error {
	return c.showRules(v, http.StatusOK, nil, problem{})
}

// showRules shows the lists in force, or what was typed and refused.
func (c *Console) showRules(v *visit, status int, typed func(string) string, why problem) error {
	rules, err := c.cfg.Newsroom.Rules(v.ctx())
	if err != nil {
		return err
	}
	topics, err := c.cfg.Newsroom.Topics(v.ctx())
	if err != nil {
		return err
	}
	p := &rulesPage{
		frame: frame{Title: "词库和稿源", Here: "/posts/rules"}, Lists: rulesFields(rules), TitleLimit: rules.TitleLimit, Topics: strings.Join(topics, "\n"),
		MayRule: (route{rights: ruling}).allows(v.who), MayTopics: v.who.May(staff.PublishPosts) || v.who.May(staff.ManageSettings), Problem: why,
	}
	p.SeenRules, p.SeenTopics = markOf(rules), markOf(topics)
	for i := range p.Lists {
		if typed != nil && v.r.PostForm.Has(p.Lists[i].Name) {
			p.Lists[i].Value = typed(p.Lists[i].Name)
		}
	}
	if typed != nil && v.r.PostForm.Has("topics") {
		p.Topics = typed("topics")
	}
	if why.Status == http.StatusConflict {
		p.Stored = nowStored(append(slices.Clone(p.Lists), field{Value: p.Topics}),
			append(rulesFields(rules), field{Label: "专题", Value: strings.Join(topics, "\n")}))
	}
	return c.show(v, status, "rules", p)
}

func (c *Console) saveRules(v *visit) error {
	stored, err := c.cfg.Newsroom.Rules(v.ctx())
	if err != nil {
		return err
	}
	rules, err := typedRules(v)
	if err == nil {
		err = v.freshValue(stored, "名单")
	}
	if err == nil {
		err = c.cfg.Newsroom.SaveRules(v.ctx(), v.who, rules)
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showRules(v, p.Status, v.form, p)
	}
	return c.redirect(v, "/posts/rules", "词库和稿源名单已保存，马上生效。")
}

func typedRules(v *visit) (r posts.Rules, err error) {
	if r.Wrong, err = typedWords(v.form("wrong"), true); err != nil {
		return r, err
	}
	if r.Sensitive, err = typedWords(v.form("sensitive"), false); err != nil {
		return r, err
	}
	if r.Ads, err = typedWords(v.form("ads"), false); err != nil {
		return r, err
	}
	if r.Sources, err = typedSources(v.form("sources")); err != nil {
		return r, err
	}
	r.Links, r.Shops, r.Local = typedDomains(v.form("links")), typedDomains(v.form("shops")), typedDomains(v.form("local"))
	r.TitleLimit = posts.MaxTitle
	if v.number("title_limit") == posts.LongTitle {
		r.TitleLimit = posts.LongTitle
	}
	return r, nil
}

func (c *Console) saveTopics(v *visit) error {
	stored, err := c.cfg.Newsroom.Topics(v.ctx())
	if err != nil {
		return err
	}
	if err = v.freshValue(stored, "专题"); err == nil {
		err = c.cfg.Newsroom.SaveTopics(v.ctx(), v.who, lines(v.form("topics")))
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showRules(v, p.Status, v.form, p)
	}
	return c.redirect(v, "/posts/rules", "专题已保存。以前的稿件仍按原来的专题统计。")
}
