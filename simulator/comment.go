package simulator

import "slices"

// comment is a reader's comment (留言) on a published article.
type comment struct {
	ID        int64
	MsgDataID int64
	Index     int // from 0
	OpenID    string
	Content   string
	At        int64
	Elected   bool
	Reply     string
	RepliedAt int64
}

const maxElected = 100

type commentRequest struct {
	MsgDataID int64  `json:"msg_data_id"`
	Index     int    `json:"index"`
	Begin     int    `json:"begin"`
	Count     int    `json:"count"`
	Type      int    `json:"type"` // 0 all, 1 ordinary, 2 elected
	CommentID int64  `json:"user_comment_id"`
	Content   string `json:"content"`
}

// commented finds the article that a comment call is about, by msg_data_id and index from 0.
func (s *Server) commented(in commentRequest) (*article, error) {
	for _, a := range s.state.articles {
		if a.MsgDataID == in.MsgDataID && a.Idx == in.Index+1 && !a.Deleted {
			return a, nil
		}
	}
	return nil, fail(88001)
}

func commentSwitch(on bool) func(*call, commentRequest) (any, error) {
	return func(c *call, in commentRequest) (any, error) {
		a, err := c.commented(in)
		if err != nil {
			return nil, err
		}
		a.OpenReply = on
		return ok(nil), nil
	}
}

func commentList(c *call, in commentRequest) (any, error) {
	if in.Count <= 0 || in.Count >= 50 || in.Begin < 0 {
		return nil, fail(88010)
	}
	if _, err := c.commented(in); err != nil {
		return nil, err
	}
	var all []obj
	for _, it := range c.state.comments {
		wanted := in.Type == 0 || (in.Type == 2) == it.Elected
		if it.MsgDataID == in.MsgDataID && it.Index == in.Index && wanted {
			all = append(all, it.object())
		}
	}
	from := min(in.Begin, len(all))
	part := append([]obj{}, all[from:min(from+in.Count, len(all))]...)
	return ok(obj{"total": len(all), "comment": part}), nil
}

func (it *comment) object() obj {
	out := obj{"user_comment_id": it.ID, "openid": it.OpenID, "create_time": it.At, "content": it.Content, "comment_type": 0}
	if it.Elected {
		out["comment_type"] = 1
	}
	if it.Reply != "" {
		out["reply"] = obj{"content": it.Reply, "create_time": it.RepliedAt}
	}
	return out
}

// onComment runs a change on one comment.
func onComment(change func(*call, *comment, commentRequest) error) func(*call, commentRequest) (any, error) {
	return func(c *call, in commentRequest) (any, error) {
		for _, it := range c.state.comments {
			if it.ID == in.CommentID && it.MsgDataID == in.MsgDataID && it.Index == in.Index {
				if err := change(c, it, in); err != nil {
					return nil, err
				}
				return ok(nil), nil
			}
		}
		return nil, fail(88008)
	}
}

func electComment(c *call, it *comment, _ commentRequest) error {
	elected := 0
	for _, other := range c.state.comments {
		if other.Elected && other.MsgDataID == it.MsgDataID && other.Index == it.Index {
			elected++
		}
	}
	if elected >= maxElected {
		return fail(88003)
	}
	it.Elected = true
	return nil
}

func unelectComment(_ *call, it *comment, _ commentRequest) error {
	if !it.Elected {
		return fail(88005)
	}
	it.Elected = false
	return nil
}

func deleteComment(c *call, it *comment, _ commentRequest) error {
	c.state.comments = slices.DeleteFunc(c.state.comments, func(other *comment) bool { return other == it })
	return nil
}

func replyComment(c *call, it *comment, in commentRequest) error {
	if it.Reply != "" {
		return fail(88007)
	}
	if in.Content == "" {
		return fail(44004)
	}
	it.Reply, it.RepliedAt = in.Content, c.now.Unix()
	return nil
}

func unreplyComment(_ *call, it *comment, _ commentRequest) error {
	it.Reply = ""
	return nil
}
