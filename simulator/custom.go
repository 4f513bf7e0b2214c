package simulator

import (
	"fmt"
	"strings"
	"time"
)

const (
	maxReplyText   = 2048 // bytes, passive and customer-service texts alike [M]
	typingLife     = 15 * time.Second
	maxNoticeTitle = 15  // characters of a one-time message
	maxNoticeText  = 200 // characters
	couponTitle    = "卡券"
)

type customMessage struct {
	ToUser  string   `json:"touser"`
	MsgType string   `json:"msgtype"`
	Text    textBody `json:"text"`
	Image   mediaID  `json:"image"`
	Voice   mediaID  `json:"voice"`
	Video   struct {
		MediaID     string `json:"media_id"`
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"video"`
	Music struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		URL         string `json:"musicurl"`
	} `json:"music"`
	News struct {
		Articles []card `json:"articles"`
	} `json:"news"`
	MPNews  mediaID `json:"mpnews"`
	Article struct {
		ID string `json:"article_id"`
	} `json:"mpnewsarticle"`
	Menu struct {
		Head string `json:"head_content"`
		List []struct {
			ID      any    `json:"id"` // documented as a string, sent as a number by some clients
			Content string `json:"content"`
		} `json:"list"`
		Tail string `json:"tail_content"`
	} `json:"msgmenu"`
	MiniProgram struct {
		Title    string `json:"title"`
		PagePath string `json:"pagepath"`
		Thumb    string `json:"thumb_media_id"`
	} `json:"miniprogrampage"`
	Card    cardID `json:"wxcard"`
	Service struct {
		Account string `json:"kf_account"`
	} `json:"customservice"`
}

// customSend is message/custom/send: only to followers, only in an open window.
func customSend(c *call, in customMessage) (any, error) {
	p := c.citizen(in.ToUser)
	if p == nil {
		return nil, fail(40003)
	}
	if !p.Followed {
		return nil, fail(45015)
	}
	b, err := c.customBubble(in)
	if err != nil {
		return nil, err
	}
	if err := p.Windows.take(c.now); err != nil {
		return nil, err
	}
	b.From, b.Via = fromAccount, "客服消息"
	if in.Service.Account != "" {
		b.Via += " · " + in.Service.Account
	}
	c.show(p, b)
	return ok(nil), nil
}

func (c *call) customBubble(in customMessage) (bubble, error) {
	switch in.MsgType {
	case "text":
		return textBubble(in.Text.Content)
	case "image":
		return c.mediaBubble("image", in.Image.MediaID)
	case "voice":
		return c.mediaBubble("voice", in.Voice.MediaID)
	case "video":
		b, err := c.mediaBubble("video", in.Video.MediaID)
		b.Title, b.Text = in.Video.Title, in.Video.Description
		return b, err
	case "music":
		return bubble{Kind: "music", Title: in.Music.Title, Text: in.Music.Description, URL: in.Music.URL}, nil
	case "msgmenu":
		return in.menuBubble()
	case "miniprogrampage":
		b, err := c.mediaBubble("image", in.MiniProgram.Thumb)
		b.Kind, b.Title, b.Text = "miniprogram", in.MiniProgram.Title, in.MiniProgram.PagePath
		return b, err
	case "wxcard":
		if in.Card.ID == "" {
			return bubble{}, fail(40035)
		}
		return bubble{Kind: "coupon", Title: couponTitle, Text: in.Card.ID}, nil
	}
	return c.articleBubble(in)
}

// articleBubble is a card of one article: the account's own words, a draft, or what was published.
func (c *call) articleBubble(in customMessage) (bubble, error) {
	switch in.MsgType {
	case "news":
		if len(in.News.Articles) != 1 {
			return bubble{}, fail(45008)
		}
		return bubble{Kind: "news", Cards: in.News.Articles}, nil
	case "mpnews":
		return c.draftBubble(in.MPNews.MediaID)
	case "mpnewsarticle":
		job, err := c.jobOf(in.Article.ID)
		if err != nil {
			return bubble{}, err
		}
		return bubble{Kind: "news", Cards: cardsOf(job.Articles[:1])}, nil
	}
	return bubble{}, fail(40008)
}

func textBubble(content string) (bubble, error) {
	if content == "" {
		return bubble{}, fail(44004)
	}
	if len(content) > maxReplyText {
		return bubble{}, fail(45002)
	}
	return bubble{Kind: "text", Text: content}, nil
}

func (s *Server) mediaBubble(kind, id string) (bubble, error) {
	m := s.state.media[id]
	if m == nil || m.Kind != kind || m.expired(s.clock.now()) {
		return bubble{}, fail(40007)
	}
	return bubble{Kind: kind, URL: m.URL, Text: m.Title, Seconds: 3}, nil
}

func (c *call) draftBubble(id string) (bubble, error) {
	d, err := c.draft(id)
	if err != nil {
		return bubble{}, err
	}
	return bubble{Kind: "news", Cards: d.cards()[:1]}, nil
}

func (in customMessage) menuBubble() (bubble, error) {
	if len(in.Menu.List) == 0 {
		return bubble{}, fail(44004)
	}
	m := &msgMenu{Head: in.Menu.Head, Tail: in.Menu.Tail}
	for _, line := range in.Menu.List {
		id, _ := encode(line.ID)
		m.List = append(m.List, menuLine{unquote(string(id)), line.Content})
	}
	return bubble{Kind: "menu", Menu: m}, nil
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// customTyping is message/custom/typing (客服输入状态).
func customTyping(c *call, in struct {
	ToUser  string `json:"touser"`
	Command string `json:"command"`
}) (any, error) {
	p := c.citizen(in.ToUser)
	if p == nil {
		return nil, fail(40003)
	}
	on := c.now.Before(p.Typing)
	switch in.Command {
	case "Typing":
		if on {
			return nil, fail(45081)
		}
		if !c.now.Before(p.Windows.Message.Until) {
			return nil, fail(45080)
		}
		p.Typing = c.now.Add(typingLife)
	case "CancelTyping":
		p.Typing = time.Time{}
	default:
		return nil, fail(45072)
	}
	c.hub.send("typing", obj{"citizen": p.ID, "on": in.Command == "Typing"})
	return ok(nil), nil
}

// consent is one agreement to receive a message: consents in one scene do not add up.
type consent struct {
	OpenID, TemplateID, Scene string
}

// MarshalText writes a consent as the key of a JSON object.
func (c consent) MarshalText() ([]byte, error) {
	return []byte(strings.Join([]string{c.OpenID, c.TemplateID, c.Scene}, "\n")), nil
}

// UnmarshalText reads what MarshalText wrote.
func (c *consent) UnmarshalText(b []byte) error {
	part := strings.SplitN(string(b), "\n", 3)
	if len(part) != 3 {
		return fmt.Errorf("%q is no consent", b)
	}
	c.OpenID, c.TemplateID, c.Scene = part[0], part[1], part[2]
	return nil
}

type dataValue struct {
	Value string `json:"value"`
}

// subscribeSend is message/template/subscribe: one message for one consent (一次性订阅消息); following is not needed.
func subscribeSend(c *call, in struct {
	ToUser     string               `json:"touser"`
	TemplateID string               `json:"template_id"`
	URL        string               `json:"url"`
	Scene      any                  `json:"scene"`
	Title      string               `json:"title"`
	Data       map[string]dataValue `json:"data"`
}) (any, error) {
	p := c.citizen(in.ToUser)
	if p == nil {
		return nil, fail(40003)
	}
	if in.TemplateID != DefaultTemplateID {
		return nil, fail(40037)
	}
	content := in.Data["content"].Value
	if in.Title == "" || tooLong(in.Title, maxNoticeTitle) || content == "" || tooLong(content, maxNoticeText) {
		return nil, fail(47003)
	}
	scene, _ := encode(in.Scene)
	key := consent{p.OpenID, in.TemplateID, unquote(string(scene))}
	if c.state.consents[key] == 0 {
		return nil, fail(43101)
	}
	delete(c.state.consents, key)
	c.show(p, bubble{From: fromAccount, Kind: "notice", Via: "一次性订阅消息", Title: in.Title, Text: content, URL: in.URL})
	return ok(nil), nil
}

// bizSend is message/subscribe/bizsend (订阅通知), for certified service accounts; each consent carries one message.
func bizSend(c *call, in struct {
	ToUser     string               `json:"touser"`
	TemplateID string               `json:"template_id"`
	Page       string               `json:"page"`
	Data       map[string]dataValue `json:"data"`
}) (any, error) {
	p := c.citizen(in.ToUser)
	key := consent{in.ToUser, in.TemplateID, ""}
	switch {
	case p == nil:
		return nil, fail(40003)
	case len(in.Data) == 0:
		return nil, fail(47003)
	case c.state.consents[key] == 0:
		return nil, fail(43101)
	}
	c.state.consents[key]--
	c.show(p, bubble{From: fromAccount, Kind: "notice", Via: "订阅通知", Title: "服务通知", Text: lines(in.Data), URL: in.Page})
	id := 3000000000 + c.next()
	c.pushLater(c.r.Context(), c.event(p, "subscribe_msg_sent_event", []node{branch("SubscribeMsgSentEvent", branch("List",
		text("TemplateId", in.TemplateID), num("MsgID", id), num("ErrorCode", 0), text("ErrorStatus", "success")))}))
	return ok(obj{"msgid": id}), nil
}

// templateSend is message/template/send, for certified service accounts, to followers. What TEMPLATESENDJOBFINISH then
// says is a setting; only a success is seen on the phone.
func templateSend(c *call, in struct {
	ToUser      string               `json:"touser"`
	TemplateID  string               `json:"template_id"`
	URL         string               `json:"url"`
	ClientMsgID string               `json:"client_msg_id"`
	Data        map[string]dataValue `json:"data"`
}) (any, error) {
	p := c.citizen(in.ToUser)
	switch {
	case p == nil:
		return nil, fail(40003)
	case !p.Followed:
		return nil, fail(43004)
	case in.TemplateID == "":
		return nil, fail(40037)
	case len(in.Data) == 0:
		return nil, fail(47003)
	}
	if id, seen := c.state.templates[in.ClientMsgID]; seen && in.ClientMsgID != "" {
		return ok(obj{"msgid": id}), nil
	}
	id := 3000000000 + c.next()
	c.state.templates[in.ClientMsgID] = id
	status := c.state.settings.TemplateStatus
	if status == templateStatuses[0] {
		c.show(p, bubble{From: fromAccount, Kind: "notice", Via: "模板消息", Title: "服务通知", Text: lines(in.Data), URL: in.URL})
	}
	c.pushLater(c.r.Context(), c.event(p, "TEMPLATESENDJOBFINISH", []node{num("MsgID", id), text("Status", status)}))
	return ok(obj{"msgid": id}), nil
}

// blockedTemplates is queryblocktmplmsg: nothing is ever blocked here.
func blockedTemplates(*call) (any, error) { return ok(obj{"msginfo": []obj{}}), nil }
