package simulator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// errReply marks an answer that the platform does not understand.
var errReply = errors.New("应答的格式不对")

// passiveReply is the account's answer in the body of a callback's response (被动回复).
type passiveReply struct {
	XMLName      xml.Name `xml:"xml"`
	ToUserName   string
	FromUserName string
	CreateTime   string
	MsgType      string
	Content      string
	Image        mediaXML
	Voice        mediaXML
	Video        mediaXML
	Music        struct {
		Title, Description, MusicUrl, HQMusicUrl string //nolint:revive // Tencent's element names
	}
	ArticleCount int
	Articles     struct {
		Items []struct {
			Title, Description, PicUrl, Url string //nolint:revive // Tencent's element names
		} `xml:"item"`
	}

	Encrypt, MsgSignature, TimeStamp, Nonce string
}

type mediaXML struct {
	MediaId, Title, Description string //nolint:revive // Tencent's element names
}

// takeReply reads the answer to a callback and shows the reply on the phone. It fills in the exchange's clear text.
func (s *Server) takeReply(d delivery, set Settings, body []byte, ex *Exchange) error {
	answer := strings.TrimSpace(string(body))
	if answer == "" || answer == "success" {
		ex.Note = "已应答，没有被动回复"
		return nil
	}
	clear, err := s.open(answer, set.Mode)
	if err != nil {
		return err
	}
	ex.ResponseClear = pretty(clear)
	var reply passiveReply
	if err := xml.Unmarshal([]byte(clear), &reply); err != nil {
		return fmt.Errorf("%w：不是 XML", errReply)
	}
	if reply.ToUserName != d.openID || reply.FromUserName != s.OriginalID {
		return fmt.Errorf("%w：ToUserName 或 FromUserName 不对", errReply)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.replyBubble(reply, d.cards)
	if err != nil {
		return err
	}
	ex.Note = "被动回复"
	if d.to != nil && b.Kind != "" {
		b.From, b.Via = fromAccount, "被动回复"
		s.show(d.to, b)
	}
	return nil
}

// open returns the clear XML of an answer: decrypted and its MsgSignature checked in safe mode; in compatible mode the
// account may answer either way.
func (s *Server) open(answer string, mode CallbackMode) (string, error) {
	var outer passiveReply
	if err := xml.Unmarshal([]byte(answer), &outer); err != nil {
		return "", fmt.Errorf("%w：不是 XML", errReply)
	}
	switch {
	case outer.Encrypt == "" && mode == Safe:
		return "", fmt.Errorf("%w：安全模式下应答没有加密", errReply)
	case outer.Encrypt == "":
		return answer, nil
	case mode == Plain:
		return "", fmt.Errorf("%w：明文模式下应答却加密了", errReply)
	case outer.MsgSignature != sign(s.Token, outer.TimeStamp, outer.Nonce, outer.Encrypt):
		return "", fmt.Errorf("%w：MsgSignature 不对", errReply)
	}
	key, err := aesKey(s.AESKey)
	if err != nil {
		return "", err
	}
	clear, err := unseal(key, outer.Encrypt, s.AppID)
	if err != nil {
		return "", fmt.Errorf("%w：%w", errReply, err)
	}
	return string(clear), nil
}

// replyBubble turns a passive reply into what the phone shows. A bubble without a kind shows nothing.
func (s *Server) replyBubble(r passiveReply, cards int) (bubble, error) {
	switch r.MsgType {
	case "text":
		if r.Content == "" || len(r.Content) > maxReplyText {
			return bubble{}, fmt.Errorf("%w：文本为空，或超过 2048 字节", errReply)
		}
		return bubble{Kind: "text", Text: r.Content}, nil
	case "image", "voice", "video":
		part := map[string]mediaXML{"image": r.Image, "voice": r.Voice, "video": r.Video}[r.MsgType]
		b, err := s.mediaBubble(r.MsgType, part.MediaId)
		if err != nil {
			return bubble{}, fmt.Errorf("%w：MediaId 无效", errReply)
		}
		b.Title, b.Text = part.Title, part.Description
		return b, nil
	case "music":
		return bubble{Kind: "music", Title: r.Music.Title, Text: r.Music.Description, URL: r.Music.MusicUrl}, nil
	case "news":
		return r.news(cards)
	case "transfer_customer_service":
		return bubble{}, nil
	}
	return bubble{}, fmt.Errorf("%w：MsgType %q", errReply, r.MsgType)
}

// news keeps one article when the citizen sent a message, up to eight after a menu tap or a subscription.
func (r passiveReply) news(most int) (bubble, error) {
	items := r.Articles.Items
	if len(items) == 0 || len(items) != r.ArticleCount || len(items) > 8 {
		return bubble{}, fmt.Errorf("%w：图文条数与 ArticleCount 不符", errReply)
	}
	b := bubble{Kind: "news"}
	for _, it := range items[:min(len(items), most)] {
		b.Cards = append(b.Cards, card{it.Title, it.Description, it.PicUrl, it.Url})
	}
	return b, nil
}
