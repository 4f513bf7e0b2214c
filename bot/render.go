package bot

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxTextBytes is the longest text of a reply or customer-service message, in bytes of UTF-8 (wechat.md §1.9); about 680
// Chinese characters.
const MaxTextBytes = 2048

const (
	maxNewsTyped  = 1 // articles when answering what a citizen typed or sent
	maxNewsTapped = 8 // articles when answering a tap or a follow
	shortenedHint = "\n……（内容较长，未能全部显示）"
)

// Shorten returns the text, cut on a character boundary and ended with the hint when it is longer than limit bytes.
func Shorten(text string, limit int, hint string) string {
	if len(text) <= limit {
		return text
	}
	return strings.TrimRight(cut(text, max(0, limit-len(hint))), "\n ") + hint
}

// SplitText splits a text into parts of at most limit bytes, at the end of a line or sentence when there is one in the
// last third of a part, otherwise between two characters. Limit is at least 4.
func SplitText(text string, limit int) []string {
	var parts []string
	for len(text) > limit {
		n := len(cut(text, limit))
		if at := lastBreak(text[:n]); at > n*2/3 {
			n = at
		}
		parts = append(parts, strings.TrimRight(text[:n], "\n"))
		text = strings.TrimLeft(text[n:], "\n")
	}
	if text != "" || len(parts) == 0 {
		parts = append(parts, text)
	}
	return parts
}

// cut returns the longest head of at most n bytes that ends between two characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

func lastBreak(text string) int {
	at := strings.LastIndexByte(text, '\n') + 1
	for _, mark := range []string{"。", "；", "！", "？"} {
		if i := strings.LastIndex(text, mark); i >= 0 {
			at = max(at, i+len(mark))
		}
	}
	return at
}

// renderReply returns the XML of a passive reply, or nothing for an empty one.
func renderReply(m Message, r Reply, now time.Time) []byte {
	if r.Empty() {
		return nil
	}
	var b bytes.Buffer
	b.Grow(len(r.Text) + 512)
	b.WriteString("<xml>")
	element(&b, "ToUserName", m.From)
	element(&b, "FromUserName", m.To)
	b.WriteString("<CreateTime>" + strconv.FormatInt(now.Unix(), 10) + "</CreateTime>")
	switch {
	case len(r.News) > 0:
		renderNews(&b, r.News, m.Type == EventMessage)
	case r.ImageMediaID != "":
		element(&b, "MsgType", "image")
		b.WriteString("<Image>")
		element(&b, "MediaId", r.ImageMediaID)
		b.WriteString("</Image>")
	default:
		element(&b, "MsgType", "text")
		element(&b, "Content", Shorten(r.Text, MaxTextBytes, shortenedHint))
	}
	b.WriteString("</xml>")
	return b.Bytes()
}

func renderNews(b *bytes.Buffer, items []NewsItem, tapped bool) {
	limit := maxNewsTyped
	if tapped {
		limit = maxNewsTapped
	}
	items = items[:min(len(items), limit)]
	element(b, "MsgType", "news")
	b.WriteString("<ArticleCount>" + strconv.Itoa(len(items)) + "</ArticleCount><Articles>")
	for _, it := range items {
		b.WriteString("<item>")
		element(b, "Title", it.Title)
		element(b, "Description", it.Description)
		element(b, "PicUrl", it.PicURL)
		element(b, "Url", it.URL)
		b.WriteString("</item>")
	}
	b.WriteString("</Articles>")
}

// element writes a CDATA element. The end mark of CDATA inside a text is split over two sections, and characters that
// XML forbids are left out.
func element(b *bytes.Buffer, name, text string) {
	b.WriteString("<" + name + "><![CDATA[")
	b.Write(bytes.ReplaceAll(cleaned([]byte(text)), []byte("]]>"), []byte("]]]]><![CDATA[>")))
	b.WriteString("]]></" + name + ">")
}

// renderEnvelope returns the XML of an encrypted reply.
func renderEnvelope(c Cipher, reply []byte, nonce string, now time.Time) ([]byte, error) {
	secret, err := c.Encrypt(reply)
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	var b bytes.Buffer
	b.Grow(len(secret) + 256)
	b.WriteString("<xml><Encrypt><![CDATA[" + secret + "]]></Encrypt>")
	element(&b, "MsgSignature", c.Sign(stamp, nonce, secret))
	b.WriteString("<TimeStamp>" + stamp + "</TimeStamp>")
	element(&b, "Nonce", nonce)
	b.WriteString("</xml>")
	return b.Bytes(), nil
}
