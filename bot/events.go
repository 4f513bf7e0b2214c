package bot

import (
	"slices"
	"strconv"
	"strings"

	"shoushan/posts"
)

// text is the content of an element, without the space around it. Numbers are read as text so that a bad one loses no
// event.
type text string

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *text) UnmarshalText(b []byte) error {
	*t = text(strings.TrimSpace(string(b)))
	return nil
}

// number returns the text as a number, 0 when it is none.
func (t text) number() int {
	n, err := strconv.Atoi(string(t))
	if err != nil {
		return 0
	}
	return n
}

// float returns the text as a number, 0 when it is none.
func (t text) float() float64 { return fields{"": string(t)}.number("") }

// unmarshalLenient reads the XML of an event into v, as far as it can be read.
func unmarshalLenient(raw []byte, v any) bool { return lenientDecoder(raw).Decode(v) == nil }

// PublishEvent reads the end of a free publication (PUBLISHJOBFINISH): the submission's publish_id and the verdict, as
// PublishStatus would return it. ok is false for other messages.
func PublishEvent(m Message) (publishID string, st posts.PublishStatus, ok bool) {
	if m.Type != EventMessage || m.Event != PublishDone {
		return "", posts.PublishStatus{}, false
	}
	var e struct {
		Info struct {
			ID        text   `xml:"publish_id"`
			Status    text   `xml:"publish_status"`
			ArticleID text   `xml:"article_id"`
			URLs      []text `xml:"article_detail>item>article_url"`
			Failed    []text `xml:"fail_idx"`
		} `xml:"PublishEventInfo"`
	}
	if !unmarshalLenient(m.Raw, &e) || e.Info.ID == "" || e.Info.Status == "" {
		return "", posts.PublishStatus{}, false
	}
	code, err := strconv.Atoi(string(e.Info.Status))
	if err != nil {
		return "", posts.PublishStatus{}, false
	}
	var failed []int
	for _, i := range e.Info.Failed {
		failed = append(failed, i.number())
	}
	st = publishStatus(code, string(e.Info.ArticleID), failed...)
	var urls []string
	for _, u := range e.Info.URLs {
		urls = append(urls, string(u))
	}
	return string(e.Info.ID), withURLs(st, urls), true
}

// MassResult is the end of a mass send (MASSSENDJOBFINISH). Its counts are approximate: the event comes before the job
// is quite over.
type MassResult struct {
	MsgID      string // equals msg_id of the send call, not msg_data_id
	Status     string // send success, send fail or err(N)
	Total      int    // followers in the group
	Filtered   int    // of them, who may be sent to; about Sent + Errors
	Sent       int
	Errors     int
	CheckState int // verdict on the whole job: 0 not checked, 1 no reprint, 2 reprint that may be sent, 3 that may not
	Copyright  []CopyrightResult
	Articles   []ArticleURL // may be empty even after a success
}

// Succeeded reports whether the job was sent.
func (r MassResult) Succeeded() bool { return r.Status == "send success" || r.Status == "sendsuccess" }

// Reason returns why the job was not sent, as a Chinese sentence; "" when it was.
func (r MassResult) Reason() string {
	if r.Succeeded() {
		return ""
	}
	if why, known := massReasons[r.Status]; known {
		return "群发没有成功：" + why + "。"
	}
	return "群发没有成功（" + r.Status + "），请到微信公众平台后台查看。"
}

// massReasons are the published values of Status (wechat.md §1.7).
var massReasons = map[string]string{
	"err(10001)": "涉嫌广告",
	"err(20001)": "涉嫌政治",
	"err(20002)": "涉嫌色情",
	"err(20004)": "涉嫌社会",
	"err(20006)": "涉嫌违法犯罪",
	"err(20008)": "涉嫌欺诈",
	"err(20013)": "涉嫌版权",
	"err(21000)": "涉嫌其他",
	"err(22000)": "涉嫌互推",
	"err(30001)": "原创校验出错，并且设置了判为转载时停止群发",
	"err(30002)": "原创校验判为不能群发",
	"err(30003)": "原创校验判为转载，并且设置了判为转载时停止群发",
	"err(40001)": "管理员拒绝了这次群发",
	"err(40002)": "管理员三十分钟内没有确认",
}

// CopyrightResult is the platform's originality verdict on one article (原创校验结果). The values of UserDeclareState,
// AuditState and OriginalArticleType are not published: they are kept as they came and decide nothing.
type CopyrightResult struct {
	ArticleIndex          int    // from 1
	UserDeclareState      string //
	AuditState            string //
	OriginalArticleURL    string // the article that this one is like
	OriginalArticleType   string //
	CanReprint            bool   // it may be sent as a reprint
	NeedReplaceContent    bool   // its text was replaced by the original's
	NeedShowReprintSource bool   // it was labelled with its source
}

// ArticleURL is the permanent link of one sent article.
type ArticleURL struct {
	Index int // from 1
	URL   string
}

// massEvent is the XML of MASSSENDJOBFINISH.
type massEvent struct {
	MsgID, Status                                  text
	TotalCount, FilterCount, SentCount, ErrorCount text
	CopyrightCheckResult                           struct {
		CheckState text
		Items      []struct {
			ArticleIdx, UserDeclareState, AuditState text
			OriginalArticleUrl, OriginalArticleType  text //nolint:revive // Tencent's spelling
			CanReprint, NeedReplaceContent           text
			NeedShowReprintSource                    text
		} `xml:"ResultList>item"`
	}
	ArticleUrlResult struct { //nolint:revive // Tencent's spelling
		Items []struct{ ArticleIdx, ArticleUrl text } `xml:"ResultList>item"`
	}
}

// MassEvent reads the end of a mass send; ok is false for other messages.
func MassEvent(m Message) (r MassResult, ok bool) {
	var e massEvent
	if m.Type != EventMessage || m.Event != MassDone || !unmarshalLenient(m.Raw, &e) || e.MsgID == "" {
		return MassResult{}, false
	}
	r = MassResult{
		MsgID: string(e.MsgID), Status: string(e.Status),
		Total: e.TotalCount.number(), Filtered: e.FilterCount.number(), Sent: e.SentCount.number(), Errors: e.ErrorCount.number(),
		CheckState: e.CopyrightCheckResult.CheckState.number(),
	}
	for _, it := range e.CopyrightCheckResult.Items {
		r.Copyright = append(r.Copyright, CopyrightResult{
			ArticleIndex: it.ArticleIdx.number(), UserDeclareState: string(it.UserDeclareState), AuditState: string(it.AuditState),
			OriginalArticleURL: string(it.OriginalArticleUrl), OriginalArticleType: string(it.OriginalArticleType),
			CanReprint: it.CanReprint == "1", NeedReplaceContent: it.NeedReplaceContent == "1",
			NeedShowReprintSource: it.NeedShowReprintSource == "1",
		})
	}
	for _, it := range e.ArticleUrlResult.Items {
		r.Articles = append(r.Articles, ArticleURL{it.ArticleIdx.number(), string(it.ArticleUrl)})
	}
	slices.SortStableFunc(r.Articles, func(a, b ArticleURL) int { return a.Index - b.Index })
	return r, true
}

// Consent is a citizen's answer about one template of subscription messages (订阅通知).
type Consent struct {
	TemplateID string
	Accepted   bool
	Scene      string // 1: on a web page, 2: in an article
}

// ConsentEvents reads subscribe_msg_popup_event and subscribe_msg_change_event, with all their entries. Tencent's own
// sample of the second has the tag of the first; both are understood.
func ConsentEvents(m Message) []Consent {
	type entry struct{ TemplateId, SubscribeStatusString, PopupScene text } //nolint:revive // Tencent's spelling
	var e struct {
		Popup  []entry `xml:"SubscribeMsgPopupEvent>List"`
		Change []entry `xml:"SubscribeMsgChangeEvent>List"`
	}
	if !has(m, &e, ConsentAsked, ConsentChanged) {
		return nil
	}
	var out []Consent
	for _, it := range append(e.Popup, e.Change...) {
		out = append(out, Consent{string(it.TemplateId), it.SubscribeStatusString == "accept", string(it.PopupScene)})
	}
	return out
}
