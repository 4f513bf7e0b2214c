package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Who a bubble comes from.
const (
	fromCitizen = "citizen"
	fromAccount = "account"
	fromSystem  = "system"
)

const keptBubbles = 300

// citizen is a made-up person with a phone.
type citizen struct {
	ID, Name, Color string
	OpenID          string
	Followed        bool
	FollowedAt      time.Time
	Scene           string // how they came: ADD_SCENE_…
	QrScene         string
	Remark          string
	Tags            []int
	Blocked         bool
	Windows         windows
	Typing          time.Time // until when the account is shown as typing
	MassAt          []time.Time
	Bubbles         []bubble
	Unread          int
}

// bubble is one entry of a chat as the phone shows it.
type bubble struct {
	ID      int64    `json:"id"`
	Citizen string   `json:"citizen"`
	From    string   `json:"from"`
	Kind    string   `json:"kind"` // text image voice video music news menu notice location link file miniprogram coupon
	Via     string   `json:"via,omitempty"`
	Text    string   `json:"text,omitempty"`
	Title   string   `json:"title,omitempty"`
	URL     string   `json:"url,omitempty"`
	Seconds int      `json:"seconds,omitempty"`
	Cards   []card   `json:"cards,omitempty"`
	Menu    *msgMenu `json:"menu,omitempty"`
	Line    string   `json:"line"`
	At      int64    `json:"at"` // milliseconds, the platform's clock
}

var bubbleNames = map[string]string{"image": "[图片]", "voice": "[语音]", "video": "[视频]", "music": "[音乐]", "location": "[位置]",
	"link": "[链接]", "file": "[文件]", "miniprogram": "[小程序]", "coupon": "[卡券]"}

// anchorTag is the one kind of tag that a text may have.
var anchorTag = regexp.MustCompile(`(?i)</?a\b[^>]*>`)

// line is the bubble as the list of chats shows it.
func (b bubble) line() string {
	switch {
	case len(b.Cards) > 0:
		return "[链接] " + b.Cards[0].Title
	case b.Menu != nil:
		return b.Menu.Head
	case b.Kind == "notice":
		return b.Title
	case bubbleNames[b.Kind] != "":
		return strings.TrimSpace(bubbleNames[b.Kind] + " " + b.Title)
	}
	return anchorTag.ReplaceAllString(b.Text, "")
}

// card is one article of a news message.
type card struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	PicURL      string `json:"picurl"`
	URL         string `json:"url"`
}

// msgMenu is a menu message (msgmenu): lines that send themselves when tapped.
type msgMenu struct {
	Head string     `json:"head_content"`
	List []menuLine `json:"list"`
	Tail string     `json:"tail_content"`
}

type menuLine struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

// defaultCitizens are the people on a new platform; all are invented.
func defaultCitizens() []*citizen {
	return []*citizen{
		newCitizen("zhang", "张秀兰", "#d98695"), newCitizen("li", "李建国", "#6d93c4"),
		newCitizen("wang", "王小梅", "#8fae5d"), newCitizen("zhao", "赵文斌", "#c99653"),
		newCitizen("hezuo", "崇文药材合作社", "#8a7cb8"),
	}
}

// newCitizen derives the openid from the id, so that it survives a restart.
func newCitizen(id, name, color string) *citizen {
	sum := sha256.Sum256([]byte("citizen " + id))
	openID := "oSIM" + base64.RawURLEncoding.EncodeToString(sum[:])[:24]
	return &citizen{ID: id, Name: name, Color: color, OpenID: openID}
}

// citizen finds a person by id or openid; nil when there is none.
func (s *Server) citizen(key string) *citizen {
	for _, p := range s.state.citizens {
		if key != "" && (p.ID == key || p.OpenID == key) {
			return p
		}
	}
	return nil
}

func (s *Server) followers() []*citizen {
	var list []*citizen
	for _, p := range s.state.citizens {
		if p.Followed && !p.Blocked {
			list = append(list, p)
		}
	}
	return list
}

// show puts a bubble on a citizen's phone.
func (s *Server) show(p *citizen, b bubble) bubble {
	b.ID, b.Citizen, b.At, b.Line = s.next(), p.ID, s.clock.now().UnixMilli(), b.line()
	p.Bubbles = append(p.Bubbles, b)
	if len(p.Bubbles) > keptBubbles {
		p.Bubbles = slices.Clone(p.Bubbles[len(p.Bubbles)-keptBubbles:])
	}
	if b.From == fromAccount {
		p.Unread++
		p.Typing = time.Time{}
		s.hub.send("typing", obj{"citizen": p.ID, "on": false})
	}
	s.hub.send("bubble", b)
	return b
}

// The windows for customer-service messages (客服消息下发条数): 5 in 48 h after a message, 3 in 1 min after a tap.
const (
	messageWindow = 48 * time.Hour
	messageCount  = 5
	tapWindow     = time.Minute
	tapCount      = 3
)

// windows is one citizen's ledger.
type windows struct {
	Message, Tap window
}

type window struct {
	Until time.Time
	Left  int
}

func (w *windows) spoke(now time.Time)  { w.Message = window{now.Add(messageWindow), messageCount} }
func (w *windows) tapped(now time.Time) { w.Tap = window{now.Add(tapWindow), tapCount} }

// take uses up one message: 45015 when no window is open, 45047 when the open ones are used up. The window that closes
// first is used first.
func (w *windows) take(now time.Time) error {
	open := false
	for _, it := range []*window{&w.Tap, &w.Message} {
		if now.Before(it.Until) {
			open = true
			if it.Left > 0 {
				it.Left--
				return nil
			}
		}
	}
	if open {
		return fail(45047)
	}
	return fail(45015)
}
