package bot

import (
	"context"
	"strconv"
	"time"

	"shoushan/fault"
)

// CommentedArticle is an article that can be commented on (留言). The article_id of free publishing does not name it: keep
// msg_data_id from the submission.
type CommentedArticle struct {
	MsgDataID string
	Index     int // from 0 within the publication
}

// CommentFilter selects comments.
type CommentFilter int

// The kinds of comments that can be listed.
const (
	AllComments CommentFilter = iota
	OrdinaryComments
	ElectedComments // 精选: the only ones that readers see
)

// Comment is a reader's comment.
type Comment struct {
	ID      int64
	OpenID  string
	Text    string
	At      time.Time
	Elected bool
	Reply   string    // the account's; "" when there is none
	Replied time.Time // zero when there is none
}

const maxComments = 49 // in one answer; 50 is refused

// body returns what every call on comments carries.
func (a CommentedArticle) body(more map[string]any) (map[string]any, error) {
	id, err := strconv.ParseInt(a.MsgDataID, 10, 64)
	if err != nil || a.Index < 0 {
		return nil, fault.New(fault.Invalid, "没有这篇文章的留言编号（msg_data_id），不能管理留言。")
	}
	out := map[string]any{"msg_data_id": id, "index": a.Index}
	for k, v := range more {
		out[k] = v
	}
	return out, nil
}

func (c *Client) comment(ctx context.Context, verb string, r repeat, a CommentedArticle, more map[string]any, res any) error {
	body, err := a.body(more)
	if err != nil {
		return err
	}
	return c.ask(ctx, "/cgi-bin/comment/"+verb, r, body, res)
}

// OpenComments lets readers comment on an article (comment/open); CloseComments ends it.
func (c *Client) OpenComments(ctx context.Context, a CommentedArticle) error {
	return c.comment(ctx, "open", repeatBusy, a, nil, nil)
}

// CloseComments ends commenting on an article (comment/close).
func (c *Client) CloseComments(ctx context.Context, a CommentedArticle) error {
	return c.comment(ctx, "close", repeatBusy, a, nil, nil)
}

// Comments lists comments from begin on, at most 49 at a time (comment/list); total counts all that match.
func (c *Client) Comments(ctx context.Context, a CommentedArticle, f CommentFilter, begin, count int) (total int, list []Comment, err error) {
	if begin < 0 || count < 1 || count > maxComments {
		return 0, nil, fault.Newf(fault.Invalid, "一次最多列出 %d 条留言。", maxComments)
	}
	var res struct {
		Total    number `json:"total"`
		Comments []struct {
			ID      number `json:"user_comment_id"`
			OpenID  string `json:"openid"`
			Created number `json:"create_time"`
			Content string `json:"content"`
			Type    number `json:"comment_type"`
			Reply   struct {
				Content string `json:"content"`
				Created number `json:"create_time"`
			} `json:"reply"`
		} `json:"comment"`
	}
	more := map[string]any{"begin": begin, "count": count, "type": int(f)}
	if err := c.comment(ctx, "list", repeatBusy, a, more, &res); err != nil {
		return 0, nil, err
	}
	for _, it := range res.Comments {
		list = append(list, Comment{
			ID: int64(it.ID), OpenID: it.OpenID, Text: it.Content, At: seconds(it.Created), Elected: it.Type == 1,
			Reply: it.Reply.Content, Replied: seconds(it.Reply.Created),
		})
	}
	return int(res.Total), list, nil
}

// ElectComment shows a comment to readers (精选, comment/markelect), or no longer (comment/unmarkelect).
func (c *Client) ElectComment(ctx context.Context, a CommentedArticle, id int64, elected bool) error {
	verb := "unmarkelect"
	if elected {
		verb = "markelect"
	}
	return c.comment(ctx, verb, repeatToken, a, map[string]any{"user_comment_id": id}, nil)
}

// DeleteComment removes a comment for good (comment/delete).
func (c *Client) DeleteComment(ctx context.Context, a CommentedArticle, id int64) error {
	return c.comment(ctx, "delete", repeatToken, a, map[string]any{"user_comment_id": id}, nil)
}

// ReplyComment answers a comment in the account's name, once (comment/reply/add).
func (c *Client) ReplyComment(ctx context.Context, a CommentedArticle, id int64, text string) error {
	if text == "" {
		return fault.New(fault.Invalid, "请填写回复内容。")
	}
	return c.comment(ctx, "reply/add", repeatToken, a, map[string]any{"user_comment_id": id, "content": text}, nil)
}

// DeleteReply takes the account's answer to a comment back (comment/reply/delete).
func (c *Client) DeleteReply(ctx context.Context, a CommentedArticle, id int64) error {
	return c.comment(ctx, "reply/delete", repeatToken, a, map[string]any{"user_comment_id": id}, nil)
}

// seconds is the instant so many seconds after 1970; the zero time for 0.
func seconds(n number) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(int64(n), 0).UTC()
}
