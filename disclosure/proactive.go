package disclosure

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// ProactiveState is how far the review of an article-44 case has come.
type ProactiveState string

// The states of the review.
const (
	ToReview   ProactiveState = ""           // nobody has looked yet
	HandedOver ProactiveState = "handed"     // to be published: the newsroom has title and text
	Published  ProactiveState = "published"  // it is public, and where
	Unsuitable ProactiveState = "unsuitable" // it is not to be published, and why
)

// Proactive is the review whether information that was given on request is published for everybody (条例第四十四条). Title and Text
// were written for the public; nothing in them comes from the application.
type Proactive struct {
	State  ProactiveState `json:"state"`
	Title  string         `json:"title,omitempty"`
	Text   string         `json:"text,omitempty"`
	PostID string         `json:"post_id,omitempty"` // the article that was begun
	Where  string         `json:"where,omitempty"`   // Published: an address or a place
	Why    string         `json:"why,omitempty"`     // Unsuitable
	By     string         `json:"by"`                // member ID of the last step
	At     time.Time      `json:"at"`
}

// Released reports whether the request ended with information given, wholly or in part: what may be published for everybody.
func (r Request) Released() bool {
	return r.State == Closed && r.served() && (r.Decision.Outcome == Granted || r.Decision.Outcome == PartlyGranted)
}

// SuggestProactive records that the applicant suggests publishing the information that was given (条例第四十四条第二款). Saying so
// again changes nothing.
func (d *Desk) SuggestProactive(ctx context.Context, by staff.Member, id string) (Request, error) {
	if err := rules[DoSuggest].permits(by, DoSuggest); err != nil {
		return Request{}, err
	}
	return d.aside(ctx, by, id, DoSuggest, "申请人建议将该信息纳入主动公开的范围。", func(r *Request) error {
		switch {
		case !r.Released():
			return fault.New(fault.Conflict, "只有已经依申请公开的信息，申请人可以建议纳入主动公开的范围（条例第四十四条）。")
		case !r.SuggestedOn.IsZero():
			return fault.New(fault.Conflict, "申请人已经在"+r.SuggestedOn.Chinese()+"提出过建议。")
		}
		r.SuggestedOn = workday.Of(d.Now())
		return nil
	})
}

// HandOver gives title and text for an article or portal item to the newsroom. It is Invalid when they hold personal data of
// the case or anything that looks like an identity or phone number.
func (d *Desk) HandOver(ctx context.Context, by staff.Member, id, title, text string) (Request, error) {
	return d.review(ctx, by, id, "经审核可以主动公开，交由编辑部发布。", func(r *Request, p *Proactive) error {
		switch {
		case blank(title) || blank(text):
			return fault.New(fault.Invalid, "请写明信息的名称和拟公开的内容，例如：2025年崇文镇农村低保对象名单（公开版）。")
		case p.State == HandedOver && p.PostID != "":
			return fault.New(fault.Conflict, "编辑部已经开始起草，请在稿件里修改。")
		}
		if found := r.personalIn(title + "\n" + text); found != "" {
			return fault.New(fault.Invalid, "拟公开的内容里有"+found+"，请删去以后再提交；主动公开的内容不能带出申请人和其他人的个人信息。")
		}
		p.State, p.Title, p.Text = HandedOver, strings.TrimSpace(title), strings.TrimSpace(text)
		return nil
	})
}

// BeginArticle notes which article was begun from what was handed over. It is for who writes.
func (d *Desk) BeginArticle(ctx context.Context, by staff.Member, id, postID string) (Request, error) {
	if err := by.Require(staff.WritePosts, "撰写稿件"); err != nil {
		return Request{}, err
	}
	return d.aside(ctx, by, id, DoProactive, "编辑部开始起草稿件。", func(r *Request) error {
		if r.Proactive == nil || r.Proactive.State != HandedOver {
			return fault.New(fault.Conflict, "这件信息没有在等编辑部起草。")
		}
		if r.Proactive.PostID != "" {
			return fault.New(fault.Conflict, "编辑部已经开始起草，请打开那一篇稿件。")
		}
		p := *r.Proactive
		p.PostID, p.By, p.At = postID, by.ID, d.Now().UTC()
		r.Proactive = &p
		return nil
	})
}

// MadePublic settles the review: the information is public, and where.
func (d *Desk) MadePublic(ctx context.Context, by staff.Member, id, where string) (Request, error) {
	return d.review(ctx, by, id, "该信息已经主动公开。", func(_ *Request, p *Proactive) error {
		if blank(where) {
			return fault.New(fault.Invalid, "请写明在哪里公开，例如网址：https://www.example.gov.cn/xxgk/123.html。")
		}
		p.State, p.Where = Published, strings.TrimSpace(where)
		return nil
	})
}

// NotSuitable settles the review: the information is not published for everybody, and why.
func (d *Desk) NotSuitable(ctx context.Context, by staff.Member, id, why string) (Request, error) {
	return d.review(ctx, by, id, "经审核不宜主动公开。理由："+why, func(_ *Request, p *Proactive) error {
		if blank(why) {
			return fault.New(fault.Invalid, "请写明为什么不宜主动公开，例如：只涉及个别人的事项，区分处理后已经没有公众需要知晓的内容。")
		}
		p.State, p.Why = Unsuitable, strings.TrimSpace(why)
		return nil
	})
}

// review takes one step of the review. What is settled stays settled.
func (d *Desk) review(ctx context.Context, by staff.Member, id, note string, change func(*Request, *Proactive) error) (Request, error) {
	if err := rules[DoProactive].permits(by, DoProactive); err != nil {
		return Request{}, err
	}
	return d.aside(ctx, by, id, DoProactive, note, func(r *Request) error {
		if !r.Released() {
			return fault.New(fault.Conflict, "只有已经依申请公开的信息才审核是否主动公开（条例第四十四条）。")
		}
		var p Proactive
		if r.Proactive != nil {
			p = *r.Proactive
		}
		if p.State == Published || p.State == Unsuitable {
			return fault.New(fault.Conflict, "这件信息已经审核过，结果在案卷里。")
		}
		if err := change(r, &p); err != nil {
			return err
		}
		p.By, p.At = by.ID, d.Now().UTC()
		r.Proactive = &p
		return nil
	})
}

var (
	identityLike = regexp.MustCompile(`\d{17}[\dXx]`)
	mobileLike   = regexp.MustCompile(`(?:^|\D)1[3-9]\d{9}(?:\D|$)`)
)

// personalIn names what a text for the public holds of the persons of the case, or "".
func (r Request) personalIn(text string) string {
	for _, p := range append([]Personal{r.Filing.Personal}, r.Formerly...) {
		for _, item := range []struct{ what, value string }{
			{"申请人的姓名或者名称", p.Name}, {"申请人的证件号码", p.DocumentNumber}, {"联系人的姓名", p.Representative}, {"申请人的电话", p.Phone},
			{"申请人的邮箱", p.Email}, {"申请人的地址", p.Address}, {"代理人的姓名", p.Agent}, {"代理人的证件号码", p.AgentDocument},
		} {
			if utf8.RuneCountInString(item.value) >= 2 && strings.Contains(text, item.value) {
				return item.what
			}
		}
	}
	switch {
	case identityLike.MatchString(text):
		return "像身份证号的数字"
	case mobileLike.MatchString(text):
		return "像手机号的数字"
	}
	return ""
}
