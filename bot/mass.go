package bot

import (
	"context"
	"errors"
	"strconv"
	"time"

	sdkcontext "github.com/silenceper/wechat/v2/officialaccount/context"
	"github.com/silenceper/wechat/v2/officialaccount/user"

	"shoushan/fault"
	"shoushan/posts"
)

var _ posts.MassPlatform = (*Client)(nil)

const (
	massSendPath = "/cgi-bin/message/mass/sendall"
	// clientMsgIDLimit is in bytes. Tencent documents 64, but has refused 36.
	clientMsgIDLimit = 32
)

// massOrder is the body of message/mass/sendall. The tag is always named: some accounts want it even for a send to all.
type massOrder struct {
	Filter struct {
		ToAll bool `json:"is_to_all"`
		TagID int  `json:"tag_id"`
	} `json:"filter"`
	News struct {
		MediaID string `json:"media_id"`
	} `json:"mpnews"`
	Type          string `json:"msgtype"`
	IgnoreReprint int    `json:"send_ignore_reprint"`
	ClientMsgID   string `json:"clientmsgid"`
}

func newMassOrder(o posts.MassOrder) (w massOrder) {
	w.Filter.ToAll, w.Filter.TagID = o.TagID == 0, o.TagID
	w.News.MediaID, w.Type, w.ClientMsgID = o.MediaID, "mpnews", o.ClientMsgID
	if o.IgnoreReprint {
		w.IgnoreReprint = 1
	}
	return w
}

// MassSend implements posts.MassPlatform (message/mass/sendall). Like SubmitPublish it makes sure of the token first and
// then sends exactly once. “clientmsgid exist” (45065) is a success, of an earlier call or of this one: msgID is that of
// the job, msgDataID is "". 45066 (repeated within a minute) and 45067 (clientmsgid too long) are an *APIError.
func (c *Client) MassSend(ctx context.Context, o posts.MassOrder) (msgID, msgDataID string, err error) {
	if o.MediaID == "" || o.ClientMsgID == "" || len(o.ClientMsgID) > clientMsgIDLimit || o.TagID < 0 {
		return "", "", fault.New(fault.Invalid, "这次群发缺少草稿或者群发标识，没有提交。")
	}
	if err := c.Ping(ctx); err != nil {
		return "", "", err
	}
	var res struct {
		MsgID     identifier `json:"msg_id"`
		MsgDataID identifier `json:"msg_data_id"`
	}
	err = c.ask(ctx, massSendPath, repeatNever, newMassOrder(o), &res)
	if e, refused := errors.AsType[*APIError](err); refused && e.Code == codeMassExists {
		return e.MsgID, "", irreversible(nonEmpty(nil, e.MsgID, massSendPath))
	}
	return string(res.MsgID), string(res.MsgDataID), irreversible(nonEmpty(err, string(res.MsgID), massSendPath))
}

// MassStatus implements posts.MassPlatform (message/mass/get).
func (c *Client) MassStatus(ctx context.Context, msgID string) (posts.MassState, error) {
	const from = "/cgi-bin/message/mass/get"
	var res struct {
		Status string `json:"msg_status"`
	}
	if err := c.ask(ctx, from, repeatBusy, map[string]string{"msg_id": msgID}, &res); err != nil {
		return posts.MassSending, err
	}
	st, known := massStates[res.Status]
	if !known {
		return posts.MassSending, unreachable(from, errUnreadable)
	}
	return st, nil
}

var massStates = map[string]posts.MassState{
	"SENDING": posts.MassSending, "SEND_SUCCESS": posts.MassSent, "SEND_FAIL": posts.MassFailed, "DELETE": posts.MassDeleted,
}

// PreviewTo implements posts.MassPlatform (message/mass/preview by towxname, at most 100 a day). The name is the 微信号.
func (c *Client) PreviewTo(ctx context.Context, mediaID, wechatName string) error {
	if mediaID == "" || wechatName == "" {
		return fault.New(fault.Invalid, "请填写收预览的人的微信号。")
	}
	req := map[string]any{"towxname": wechatName, "mpnews": map[string]string{"media_id": mediaID}, "msgtype": "mpnews"}
	return c.ask(ctx, "/cgi-bin/message/mass/preview", repeatToken, req, nil)
}

// FollowerTags implements posts.MassPlatform (tags/get). The platform counts the followers of a tag with some delay.
func (c *Client) FollowerTags(ctx context.Context) (tags []posts.FollowerTag, err error) {
	err = c.viaSDK(ctx, repeatBusy, func(o *sdkcontext.Context) error {
		found, err := user.NewUser(o).GetTag()
		for _, t := range found {
			tags = append(tags, posts.FollowerTag{ID: int(t.ID), Name: t.Name, Followers: int(t.Count)})
		}
		return err
	})
	return tags, err
}

// DeleteMass takes a mass-sent article back (message/mass/delete): index from 1, 0 means all. The card stays on phones and
// opens a page that says so. It cannot be undone.
func (c *Client) DeleteMass(ctx context.Context, msgID string, index int) error {
	id, err := strconv.ParseInt(msgID, 10, 64)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "群发消息编号不正确。")
	}
	return c.ask(ctx, "/cgi-bin/message/mass/delete", repeatToken, map[string]any{"msg_id": id, "article_idx": index}, nil)
}

// Outcome is the result in the words of the newsroom; at is when the event was made.
func (r MassResult) Outcome(at time.Time) posts.MassOutcome {
	o := posts.MassOutcome{
		MsgID: r.MsgID, Sent: r.Succeeded(), Reason: r.Reason(), Verdict: posts.VerdictOf(r.CheckState), At: at,
		Reach: posts.Reach{Total: r.Total, Filtered: r.Filtered, Sent: r.Sent, Errors: r.Errors},
	}
	for _, a := range r.Articles {
		o.URLs = append(o.URLs, a.URL)
	}
	for _, v := range r.Copyright {
		o.Items = append(o.Items, posts.VerdictItem{
			Index: v.ArticleIndex, OriginalURL: v.OriginalArticleURL, OriginalsType: v.OriginalArticleType,
			Replaced: v.NeedReplaceContent, SourceShown: v.NeedShowReprintSource, MayReprint: v.CanReprint,
			DeclareState: v.UserDeclareState, AuditState: v.AuditState,
		})
	}
	return o
}
