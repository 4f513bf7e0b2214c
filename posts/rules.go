package posts

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
)

// Word is one entry of a word list that staff maintain.
type Word struct {
	Text     string `json:"text"`
	Instead  string `json:"instead,omitempty"` // what to write, if anything
	Why      string `json:"why,omitempty"`
	Blocking bool   `json:"blocking,omitempty"` // it must be mended before the item can be submitted
}

// ApprovedSource is a publisher from which the town may take items over (稿源单位): party and government websites and what
// the responsible authority has listed.
type ApprovedSource struct {
	Name    string   `json:"name"`
	Domains []string `json:"domains"` // news.cn covers www.news.cn
}

// Rules are the lists that lint works with. The zero value of a list is the built-in one; an empty list switches it off.
type Rules struct {
	Wrong      []Word           `json:"wrong"`     // 错别字与不规范表述
	Sensitive  []Word           `json:"sensitive"` // 敏感词
	Ads        []Word           `json:"ads"`       // 商业广告用语
	Sources    []ApprovedSource `json:"sources"`   // 稿源白名单
	Links      []string         `json:"links"`     // domains that an item may point to
	Shops      []string         `json:"shops"`     // domains that an item must not point to
	Local      []string         `json:"local"`     // words of an item written here
	TitleLimit int              `json:"title_limit,omitempty"`
}

// The two limits of titles: Tencent's page says 32 characters, accounts have been seen to take 64.
const (
	LongTitle = 64
	rulesName = "newsroom:rules"
)

// DefaultRules returns the built-in lists.
func DefaultRules() Rules {
	return Rules{
		Wrong: []Word{
			{Text: "截止目前", Instead: "截至目前"}, {Text: "布署", Instead: "部署"}, {Text: "按装", Instead: "安装"}, {Text: "既使", Instead: "即使"},
			{Text: "幅射", Instead: "辐射"}, {Text: "渡假", Instead: "度假"}, {Text: "座无虚席席", Instead: "座无虚席"}, {Text: "帐号", Instead: "账号"},
			{Text: "登陆网站", Instead: "登录网站"}, {Text: "迫不急待", Instead: "迫不及待"}, {Text: "再接再励", Instead: "再接再厉"},
			{Text: "防讯", Instead: "防汛"}, {Text: "森林防火火", Instead: "森林防火"}, {Text: "必需要", Instead: "必须"},
		},
		Sensitive: []Word{
			{Text: "内部资料", Why: "可能是不应公开的内容", Blocking: true}, {Text: "秘密★", Why: "定密标志", Blocking: true},
			{Text: "机密★", Why: "定密标志", Blocking: true}, {Text: "绝密★", Why: "定密标志", Blocking: true},
			{Text: "仅供内部", Why: "可能是不应公开的内容", Blocking: true}, {Text: "网传", Why: "未经核实的消息不得发布"},
			{Text: "强制点赞", Why: "政务新媒体不得强制要求点赞"}, {Text: "不转不是", Why: "不得强制要求转发"},
		},
		Ads: []Word{
			{Text: "限时抢购"}, {Text: "立即购买"}, {Text: "点击购买"}, {Text: "扫码领券"}, {Text: "优惠价"}, {Text: "招商加盟"}, {Text: "加盟热线"},
			{Text: "返现"}, {Text: "微商"}, {Text: "包治"}, {Text: "最低价"},
		},
		Sources: []ApprovedSource{
			{"新华社", []string{"news.cn", "xinhuanet.com"}}, {"新华网", []string{"news.cn", "xinhuanet.com"}},
			{"人民日报", []string{"people.com.cn", "people.cn"}}, {"人民网", []string{"people.com.cn", "people.cn"}},
			{"中央广播电视总台", []string{"cctv.com", "cnr.cn", "cctv.cn"}}, {"央视网", []string{"cctv.com", "cctv.cn"}}, {"央视新闻", []string{"cctv.com", "cctv.cn"}},
			{"央广网", []string{"cnr.cn"}}, {"国际在线", []string{"cri.cn"}}, {"中国政府网和各级政府网站", []string{"gov.cn"}},
			{"学习强国", []string{"xuexi.cn"}}, {"求是", []string{"qstheory.cn"}}, {"光明日报", []string{"gmw.cn"}}, {"光明网", []string{"gmw.cn"}},
			{"经济日报", []string{"ce.cn"}}, {"中国经济网", []string{"ce.cn"}}, {"中国日报", []string{"chinadaily.com.cn"}}, {"中国青年网", []string{"youth.cn"}},
			{"中国新闻社", []string{"chinanews.com.cn"}}, {"中国新闻网", []string{"chinanews.com.cn"}},
			{"山西日报", []string{"sxrb.com", "sxdaily.com.cn"}}, {"山西新闻网", []string{"sxrb.com"}}, {"黄河新闻网", []string{"sxgov.cn"}}, {"太行日报", []string{"thrb.com"}},
		},
		Links:      []string{"mp.weixin.qq.com", "gov.cn"},
		Shops:      []string{"taobao.com", "tmall.com", "jd.com", "yangkeduo.com", "pinduoduo.com", "meituan.com", "youzan.com", "weidian.com", "vip.com"},
		Local:      []string{"我镇", "崇文镇", "镇党委", "镇政府", "村“两委”", "驻村工作队", "镇村干部"},
		TitleLimit: MaxTitle,
	}
}

// orDefault fills in the built-in list wherever none was set.
func (r Rules) orDefault() Rules {
	d := DefaultRules()
	for _, l := range []struct{ mine, built *[]Word }{{&r.Wrong, &d.Wrong}, {&r.Sensitive, &d.Sensitive}, {&r.Ads, &d.Ads}} {
		if *l.mine == nil {
			*l.mine = *l.built
		}
	}
	for _, l := range []struct{ mine, built *[]string }{{&r.Links, &d.Links}, {&r.Shops, &d.Shops}, {&r.Local, &d.Local}} {
		if *l.mine == nil {
			*l.mine = *l.built
		}
	}
	if r.Sources == nil {
		r.Sources = d.Sources
	}
	if r.TitleLimit != LongTitle {
		r.TitleLimit = MaxTitle
	}
	return r
}

// Rules returns the lists in force.
func (n *Newsroom) Rules(ctx context.Context) (Rules, error) {
	r, err := drawer[Rules](ctx, n.Cabinet, rulesName)
	return r.orDefault(), err
}

// SaveRules replaces the lists. It needs the right to change settings or to approve items.
func (n *Newsroom) SaveRules(ctx context.Context, by staff.Member, r Rules) error {
	if !by.May(staff.ApprovePosts) {
		if err := by.Require(staff.ManageSettings, "维护词库和稿源名单"); err != nil {
			return err
		}
	}
	for _, list := range [][]Word{r.Wrong, r.Sensitive, r.Ads} {
		for _, w := range list {
			if strings.TrimSpace(w.Text) == "" {
				return fault.New(fault.Invalid, "词库里有空白的词，请删去。")
			}
		}
	}
	for _, s := range r.Sources {
		if s.Name == "" || len(s.Domains) == 0 || slices.ContainsFunc(s.Domains, func(d string) bool { return !strings.Contains(d, ".") || strings.ContainsAny(d, "/: ") }) {
			return fault.New(fault.Invalid, "稿源要有名称和域名，域名写成 news.cn 的形式。")
		}
	}
	return refile(ctx, n.Cabinet, rulesName, func(old *Rules) error {
		*old = r
		return nil
	})
}

// Source returns the approved source to which an address belongs.
func (r Rules) Source(address string) (ApprovedSource, bool) {
	host := hostOf(address)
	for _, s := range r.Sources {
		if within(host, s.Domains) {
			return s, true
		}
	}
	return ApprovedSource{}, false
}

// sourceNamed returns the approved source whose name is, or is part of, the given one.
func (r Rules) sourceNamed(name string) bool {
	return name != "" && slices.ContainsFunc(r.Sources, func(s ApprovedSource) bool { return strings.Contains(name, s.Name) || strings.Contains(s.Name, name) })
}

func hostOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// within reports whether the host is one of the domains or below one.
func within(host string, domains []string) bool {
	return host != "" && slices.ContainsFunc(domains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) })
}
