package posts_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"shoushan/fault"
	"shoushan/posts"
)

// messages joins what was found about a field.
func messages(found []posts.Problem, field string, blocking bool) string {
	var all []string
	for _, p := range found {
		if p.Field == field && p.Blocking == blocking {
			all = append(all, p.Message)
		}
	}
	return strings.Join(all, "|")
}

func TestFindings(t *testing.T) {
	repost := func(name, url string) func(*posts.Content) {
		return func(c *posts.Content) { c.Origin, c.Source = posts.Repost, &posts.Source{Name: name, URL: url} }
	}
	write := func(text string) func(*posts.Content) { return func(c *posts.Content) { c.Markdown = text } }
	tests := []struct {
		name     string
		change   func(*posts.Content)
		field    string
		blocking bool
		want     string // part of a message; "" means nothing on the field
	}{
		{"转载稿源: a listed agency by address", repost("新华网", "https://www.news.cn/2026/1.html"), "source", false, ""},
		{"转载稿源: a county's website is under gov.cn", repost("陵川县人民政府", "https://www.lczf.gov.cn/a"), "source", false, ""},
		{"转载稿源: gov.cn is matched as a domain, not as letters", repost("某网", "https://fakegov.cn/a"), "source", false, "不在稿源名单内"},
		{"转载稿源: an unlisted site", repost("某公众号", "https://example.com/a"), "source", false, "example.com"},
		{"转载稿源: an unlisted name without address", repost("小道消息", ""), "source", false, "不在稿源名单内"},
		{"错别字", write("截止目前，共有三十人。"), "markdown", false, "应写作“截至目前”"},
		{"错别字 in the title", func(c *posts.Content) { c.Title = "全镇布署防汛" }, "title", false, "部署"},
		{"敏感词 blocks", write("本文摘自内部资料。"), "markdown", true, "敏感词"},
		{"商业广告", write("扫码领券，限时抢购！"), "markdown", false, "广告"},
		{"商业链接 blocks", write("[商品](https://item.taobao.com/1)"), "markdown", true, "item.taobao.com"},
		{"outside link", write("见[这里](https://example.com/x)。"), "markdown", false, "example.com"},
		{"outside link as 阅读原文", func(c *posts.Content) { c.SourceLink = "https://example.com/x" }, "source_link", false, "example.com"},
		{"a government's link is fine", write("见[国务院](https://www.gov.cn/x)。"), "markdown", false, ""},
		{"bare address", write("见 <https://mall.jd.com/1> 。"), "markdown", true, "mall.jd.com"},
		{"dead picture", write("![图](file:" + pic("gone") + ")"), "markdown", true, "找不到了"},
		{"damaged picture", write("![图](file:" + pic("broken") + ")"), "markdown", true, "打不开"},
		{"dead cover", func(c *posts.Content) { c.Cover = "gone" }, "cover", true, "找不到了"},
		{"good picture", write("![图](file:" + pic("good") + ")"), "markdown", true, ""},
		{"title of 33 characters", func(c *posts.Content) { c.Title = strings.Repeat("长", 33) }, "title", true, "最多允许 32 个字"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			r.files[pic("good")], r.files[pic("broken")] = photo(t, "png", 4, 4), []byte("no picture")
			c := content()
			tt.change(&c)
			found, err := r.Findings(t.Context(), posts.Post{Channel: posts.Account, Content: c})
			got := messages(found, tt.field, tt.blocking)
			if err != nil || !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("found %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestWhatBlocksCannotBeSubmitted(t *testing.T) {
	r := newRoom(t)
	c := content()
	c.Markdown = "本文摘自内部资料。"
	p := r.must(r.Create(t.Context(), author, posts.Account, c))
	_, err := r.Submit(t.Context(), author, p.ID)
	wantFault(t, err, fault.Invalid)
	wantState(t, r.stored(p.ID), posts.Draft)
}

func TestStaffMaintainTheLists(t *testing.T) {
	r, _ := massRoom(t)
	mine := posts.Rules{
		Wrong: []posts.Word{{Text: "崇文乡", Instead: "崇文镇", Blocking: true}}, Sensitive: []posts.Word{},
		Sources: []posts.ApprovedSource{{Name: "镇广播站", Domains: []string{"radio.example"}}}, TitleLimit: 64,
	}
	wantFault(t, r.SaveRules(t.Context(), author, mine), fault.Forbidden)
	if err := r.SaveRules(t.Context(), approver, mine); err != nil {
		t.Fatal(err)
	}
	c := content()
	c.Title = strings.Repeat("长", 40)
	c.Markdown = "崇文乡的内部资料，限时抢购。"
	c.Origin, c.Source = posts.Repost, &posts.Source{Name: "新华社", URL: "https://www.news.cn/1"}
	found, err := r.Findings(t.Context(), posts.Post{Content: c})
	if err != nil {
		t.Fatal(err)
	}
	if got := messages(found, "markdown", true); !strings.Contains(got, "崇文镇") || strings.Contains(got, "敏感词") {
		t.Errorf("blocking: %q", got)
	}
	if got := messages(found, "markdown", false); !strings.Contains(got, "广告") {
		t.Errorf("a list that was not set is not the built-in one: %q", got)
	}
	if got := messages(found, "source", false); !strings.Contains(got, "不在稿源名单内") {
		t.Errorf("source: %q", got)
	}
	if messages(found, "title", true) != "" || !strings.Contains(messages(found, "title", false), "40 个字") {
		t.Errorf("title: %v", found)
	}
	for _, bad := range []posts.Rules{
		{Wrong: []posts.Word{{Text: " "}}}, {Sources: []posts.ApprovedSource{{Name: "x"}}},
		{Sources: []posts.ApprovedSource{{Name: "x", Domains: []string{"https://x.cn/"}}}},
	} {
		wantFault(t, r.SaveRules(t.Context(), approver, bad), fault.Invalid)
	}
	r.Cabinet.(*cabinet).err = errors.New("redis")
	if _, err := r.Findings(t.Context(), posts.Post{Content: c}); err == nil {
		t.Error("an unreadable list went unnoticed")
	}
}

const longText = "为切实做好今年的防汛备汛工作，崇文镇组织各村干部和民兵共六十余人，在东河沿岸开展了防汛应急演练。演练模拟河水上涨、堤岸出现管涌的险情，先后进行了预警发布、群众转移、物资调运和堤岸抢护等科目。"

func TestDuplicatesAreFound(t *testing.T) {
	r := newRoom(t)
	first := content()
	first.Markdown = longText
	r.work(0)
	p := r.due(first)
	r.work(0)
	wantState(t, r.stored(p.ID), posts.Published)
	tests := []struct {
		name, title, text string
		want              string
	}{
		{"the same text", "另一个标题", longText, "100% 的文字相同，可能是重复发布"},
		{"the same text, other punctuation", "另一个标题", strings.ReplaceAll(longText, "，", "。"), "可能是重复发布"},
		{"the same title", first.Title, "完全不同的内容。", "50% 的文字相同"},
		{"another text", "另一个标题", "秋收时节，镇里的玉米获得丰收，合作社的烘干设备日夜运转，村民们忙着晾晒和入库，一派喜人的景象，产量比去年高。", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := content()
			c.Title, c.Markdown = tt.title, tt.text
			found, err := r.Findings(t.Context(), posts.Post{ID: "new", Channel: posts.Account, Content: c})
			got := messages(found, "markdown", false)
			if err != nil || !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("found %q, %v; want %q", got, err, tt.want)
			}
		})
	}
	found, _ := r.Findings(t.Context(), r.stored(p.ID))
	if got := messages(found, "markdown", false); got != "" {
		t.Errorf("an item is its own duplicate: %q", got)
	}
	found, _ = r.Findings(t.Context(), posts.Post{Channel: posts.Portal, Content: first})
	if got := messages(found, "markdown", false); got != "" {
		t.Errorf("the same item on the portal site is no duplicate: %q", got)
	}
}

func TestSuggestions(t *testing.T) {
	r := newRoom(t)
	earlier := content()
	earlier.Title, earlier.Markdown = "全国防汛会议召开", longText
	earlier.Origin, earlier.Source = posts.Repost, &posts.Source{Name: "新华社", URL: "https://www.news.cn/1"}
	p := r.due(earlier)
	r.work(0)
	wantState(t, r.stored(p.ID), posts.Published)
	tests := []struct {
		name, text, link string
		want             posts.Origin
		kinds            []posts.EvidenceKind
	}{
		{"own words", "我镇昨日开展了巡查。", "", posts.Original, []posts.EvidenceKind{posts.EvidenceWording}},
		{"no sign at all", "昨日开展了巡查。", "", posts.Original, nil},
		{"a source line", "昨日开展了巡查。\n\n来源：山西日报", "", posts.Repost, []posts.EvidenceKind{posts.EvidenceSourceLine}},
		{"an agency's opening", "新华社北京11月2日电（记者 王某）会议在京召开。", "", posts.Repost, []posts.EvidenceKind{posts.EvidenceWording, posts.EvidenceWording}},
		{"a link to an approved source", "会议召开。", "https://www.news.cn/2026/1.html", posts.Repost, []posts.EvidenceKind{posts.EvidenceDomain}},
		{"a town's item that quotes a report", "我镇昨日开展了巡查，据县台报道，效果很好。", "", posts.Original, []posts.EvidenceKind{posts.EvidenceWording, posts.EvidenceWording}},
		{"alike an earlier repost", strings.ReplaceAll(longText, "崇文镇", "某地"), "", posts.Repost, []posts.EvidenceKind{posts.EvidenceSimilar}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := content()
			c.Title, c.Markdown, c.SourceLink = "新稿件", tt.text, tt.link
			s, err := r.Suggest(t.Context(), c, "new")
			var kinds []posts.EvidenceKind
			for _, e := range s.Evidence {
				kinds = append(kinds, e.Kind)
				if e.Text == "" {
					t.Errorf("evidence without words: %+v", e)
				}
			}
			if err != nil || s.Origin != tt.want || len(kinds) != len(tt.kinds) {
				t.Fatalf("suggests %s for %v, %v; want %s for %v", s.Origin, kinds, err, tt.want, tt.kinds)
			}
			for i := range kinds {
				if kinds[i] != tt.kinds[i] {
					t.Errorf("evidence %v, want %v", kinds, tt.kinds)
				}
			}
		})
	}
}

func TestDifferencesHaveTheirOwnList(t *testing.T) {
	r, m := massRoom(t)
	c := content()
	c.Markdown = "会议召开。\n\n来源：山西日报"
	p := r.massDue(c)
	if p.Suggestion == nil || p.Suggestion.Origin != posts.Repost {
		t.Fatalf("suggestion = %+v", p.Suggestion)
	}
	m.confirm = true
	r.work(0)
	err := r.HandleMassEvent(t.Context(), posts.MassOutcome{MsgID: m.jobs[0].id, Sent: true, Verdict: posts.ReprintAllowed})
	if err != nil {
		t.Fatal(err)
	}
	fine := r.approved(posts.Content{Title: "我镇的事", Markdown: "我镇昨日开展了巡查。", Origin: posts.Original})
	got, err := r.OriginDifferences(t.Context(), 2026)
	if err != nil || len(got) != 1 || got[0].Post.ID != p.ID {
		t.Fatalf("differences = %+v, %v (fine: %s)", got, err, fine.ID)
	}
	d := got[0]
	if d.Declared != posts.Original || d.Suggests != posts.Repost || d.Verdict != posts.ReprintAllowed || !strings.Contains(d.Message, "平台") {
		t.Errorf("difference = %+v", d)
	}
	if stored := r.stored(p.ID); stored.Content.Origin != posts.Original {
		t.Error("the declaration was overwritten")
	}
}

// TestTheUsualSourcesAreListed: sites by the names under which editors know them, each also with an address of its own.
func TestTheUsualSourcesAreListed(t *testing.T) {
	r := newRoom(t)
	for name, address := range map[string]string{
		"新华社": "https://www.news.cn/1", "新华网": "http://www.xinhuanet.com/1", "人民网": "http://sx.people.com.cn/1", "央视新闻": "https://news.cctv.com/1",
		"央广网": "https://www.cnr.cn/1", "中国新闻网": "https://www.chinanews.com.cn/1", "山西新闻网": "http://www.sxrb.com/1", "陵川县人民政府": "https://www.sxlc.gov.cn/1",
	} {
		for _, url := range []string{"", address} {
			if url == "" && strings.HasSuffix(name, "人民政府") {
				continue // governments are known by their domain
			}
			p := posts.Post{Content: content()}
			p.Content.Origin, p.Content.Source = posts.Repost, &posts.Source{Name: name, URL: url}
			found, err := r.Findings(t.Context(), p)
			if err != nil || slices.ContainsFunc(found, func(p posts.Problem) bool { return strings.Contains(p.Message, "不在稿源名单") }) {
				t.Errorf("%s %s: %v, %v", name, url, found, err)
			}
		}
	}
}
