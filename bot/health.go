package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shoushan/workday"
)

// Condition is how one part of the account is.
type Condition string

// The conditions.
const (
	Good      Condition = "good"
	Attention Condition = "attention" // works, but somebody should look
	Bad       Condition = "bad"
	Unknown   Condition = "unknown"
)

// Finding is one line of the account's health, in words for staff.
type Finding struct {
	Name      string // 访问令牌
	Condition Condition
	Says      string // what is so
	Do        string // what to do about it; "" when nothing
}

// QuotaLine is one call's quota today: our own count beside the platform's.
type QuotaLine struct {
	Name  string // 新增草稿
	Ours  int    // calls counted by us
	Used  int    // by the platform; more than ours means that another program uses the account
	Limit int
	Left  int
	Note  string // why the platform's numbers are missing, or what their difference means
}

// Health is how the account is.
type Health struct {
	Checked  time.Time
	Findings []Finding
	Quotas   []QuotaLine
}

// Trouble reports whether something needs a person now.
func (h Health) Trouble() bool {
	for _, f := range h.Findings {
		if f.Condition == Bad {
			return true
		}
	}
	return false
}

// watched are the calls whose quotas matter here.
var watched = []struct{ path, name string }{
	{"/cgi-bin/draft/add", "新增草稿"},
	{"/cgi-bin/material/add_material", "上传封面"},
	{"/cgi-bin/media/uploadimg", "上传正文图片"},
	{"/cgi-bin/freepublish/submit", "发布"},
	{"/cgi-bin/message/mass/sendall", "群发"},
	{"/cgi-bin/message/mass/preview", "群发预览"},
	{"/cgi-bin/message/custom/send", "客服消息"},
}

const (
	quietAfter   = 3 * 24 * time.Hour  // without a callback: worth a look
	renewAhead   = 60 * 24 * time.Hour // before the certificate expires
	refusalFresh = 24 * time.Hour      // how long a refusal says something about now
)

// Health asks the platform, and returns how the account is. It fails only when the ledgers cannot be read; a platform
// that does not answer is a finding.
func (c *Client) Health(ctx context.Context, g *Gauge) (Health, error) {
	h := Health{Checked: c.cfg.Now()}
	err := c.Ping(ctx)
	var quotas []QuotaLine
	if err == nil {
		quotas = c.quotas(ctx)
	}
	seen, flushed := g.flush(ctx)
	if flushed != nil {
		return h, flushed
	}
	if renewed := seen.Certificate; renewed.Event == Qualified || renewed.Event == NameVerified {
		for path := range c.parked.waiting(ctx) {
			c.parked.release(ctx, path, codeNoRight, renewed.At)
		}
	}
	h.Findings = []Finding{tokenFinding(err), addressFinding(err), callbackFinding(seen, h.Checked), originFinding(seen), certificateFinding(seen, h.Checked)}
	h.Findings = append(h.Findings, c.parkedFindings(ctx)...)
	h.Quotas = compareQuotas(quotas, seen.Calls[workday.Of(h.Checked).String()])
	return h, nil
}

// quotas asks for the watched quotas.
func (c *Client) quotas(ctx context.Context) []QuotaLine {
	lines := make([]QuotaLine, len(watched))
	for i, w := range watched {
		q, err := c.QuotaOf(ctx, w.path)
		lines[i] = QuotaLine{Name: w.name, Used: q.Used, Limit: q.Limit, Left: q.Left}
		if err != nil {
			lines[i].Note = "微信没有给出这项额度"
		}
	}
	return lines
}

// compareQuotas puts our own counts beside the platform's; without these our own stand alone.
func compareQuotas(lines []QuotaLine, ours map[string]int) []QuotaLine {
	if lines == nil {
		lines = make([]QuotaLine, len(watched))
		for i, w := range watched {
			lines[i] = QuotaLine{Name: w.name, Note: "微信没有应答，只有本系统自己的计数"}
		}
	}
	for i, w := range watched {
		l := &lines[i]
		l.Ours = ours[w.path]
		switch {
		case l.Note != "":
		case l.Limit > 0 && l.Left == 0:
			l.Note = "今天已经用完，明天零点恢复"
		case l.Used > l.Ours:
			l.Note = fmt.Sprintf("其中 %d 次不是本系统用的，请查一查还有什么程序在用这个公众号", l.Used-l.Ours)
		case l.Limit > 0 && l.Left < l.Limit/10:
			l.Note = "快要用完了"
		}
	}
	return lines
}

func tokenFinding(err error) Finding {
	f := Finding{Name: "访问令牌", Condition: Good, Says: "有效，可以调用微信接口。"}
	switch code := Code(err); {
	case err == nil:
	case addressRefused(code):
		f.Condition, f.Says = Unknown, "微信在检查令牌之前就拒绝了这台服务器的 IP。"
	case code != 0:
		e, _ := errors.AsType[*APIError](err)
		f.Condition, f.Says, f.Do = Bad, "微信："+e.advice().meaning+fmt.Sprintf("（代码 %d）。", code), e.advice().action
	default:
		f.Condition, f.Says, f.Do = Bad, "连不上微信平台。", "请检查这台服务器能不能访问 api.weixin.qq.com；能访问的话过几分钟再看。"
	}
	return f
}

// addressRefused reports whether the platform refuses the server's address.
func addressRefused(code int) bool {
	switch code {
	case 40164, 89501, 89503, 89506, 89507:
		return true
	}
	return false
}

func addressFinding(err error) Finding {
	f := Finding{Name: "IP 白名单", Condition: Good, Says: "这台服务器的 IP 可以调用接口。"}
	switch e, refusal := errors.AsType[*APIError](err); {
	case err == nil:
	case refusal && addressRefused(e.Code):
		f.Condition, f.Says, f.Do = Bad, "微信："+e.advice().meaning+"。", e.advice().action
		if e.Note != "" {
			f.Says = "微信：" + e.advice().meaning + "（" + e.Note + "）。"
		}
	case refusal:
	default:
		f.Condition, f.Says = Unknown, "连不上微信平台，查不到。"
	}
	return f
}

func callbackFinding(seen reading, now time.Time) Finding {
	f := Finding{Name: "消息推送", Condition: Good, Do: ""}
	const try = "请用手机给公众号发一句话，看有没有回复；没有回复，请到微信开发者平台检查“消息与事件推送”的服务器地址、Token 和密钥。"
	switch {
	case seen.JSON.After(seen.Callback):
		f.Condition, f.Says = Bad, "微信在 "+beijingTime(seen.JSON)+" 推送来的是 JSON 格式，本系统只读 XML：群众发来的消息没有人回复。"
		f.Do = "请到微信开发者平台的“消息与事件推送”，把数据格式改为 XML。"
	case seen.Callback.IsZero():
		f.Condition, f.Says, f.Do = Attention, "还没有收到过微信推送来的消息。", try
	case now.Sub(seen.Callback) > quietAfter:
		f.Condition, f.Says, f.Do = Attention, "最近一次收到推送是 "+beijingTime(seen.Callback)+"，已经超过三天。", try
	default:
		f.Says = "最近一次收到推送是 " + beijingTime(seen.Callback) + "。"
	}
	return f
}

// certificateFinding judges by what the platform said, and by calls refused for want of rights.
func certificateFinding(seen reading, now time.Time) Finding {
	f := Finding{Name: "公众号认证", Condition: Unknown, Says: "微信还没有推送过认证的到期时间。", Do: "请登录微信公众平台，在“设置与开发”里查看认证到期日，提前办理年审。"}
	const renew = "请公众号管理员尽快登录微信公众平台办理年审；认证过期后，发布、群发和客服消息的接口都会停用。"
	c := seen.Certificate
	path, last := seen.lastWith(48001)
	switch {
	case path != "" && now.Sub(last.At) < refusalFresh && last.At.After(c.At):
		return Finding{f.Name, Bad, "微信在 " + beijingTime(last.At) + " 以没有权限为由拒绝了接口 " + path + "，认证可能已经过期。", renew}
	case c.Event == VerifyExpired || (!c.Expires.IsZero() && !now.Before(c.Expires)):
		return Finding{f.Name, Bad, "认证已经过期" + until(c.Expires) + "。", renew}
	case c.Event == QualifiedNot || c.Event == NameVerifiedNot:
		return Finding{f.Name, Bad, "认证没有通过：" + c.Reason + "。", "请公众号管理员按微信的要求补充材料，重新提交认证。"}
	case !c.Expires.IsZero() && c.Expires.Sub(now) < renewAhead:
		return Finding{f.Name, Attention, "认证快到期了" + until(c.Expires) + "。", renew}
	case !c.Expires.IsZero():
		return Finding{f.Name, Good, "认证有效" + until(c.Expires) + "。", ""}
	case c.Event == RenewalDue:
		return Finding{f.Name, Attention, "微信在 " + beijingTime(c.At) + " 提醒办理年审。", renew}
	}
	return f
}

func until(expires time.Time) string {
	if expires.IsZero() {
		return ""
	}
	return "（到期日 " + workday.Of(expires).Chinese() + "）"
}

func beijingTime(t time.Time) string { return t.In(workday.Beijing).Format("2006-01-02 15:04") }
