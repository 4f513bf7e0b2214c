package simulator

import (
	"net/http"
	"strconv"
	"strings"
)

// platformOpenID sends the platform's own events, such as a job's end; it is no citizen.
const platformOpenID = "oSIM0000000000000000Platform"

// onMessage is where a fault strikes the messages that citizens send.
const onMessage = "message"

const firstMsgID = 24_000_000_000_000_000

// node is an element of callback XML. Text stands in CDATA, numbers do not, as the platform writes them.
type node struct {
	name, value string
	cdata       bool
	children    []node
}

func text(name, value string) node              { return node{name: name, value: value, cdata: true} }
func num(name string, value int64) node         { return node{name: name, value: strconv.FormatInt(value, 10)} }
func branch(name string, children ...node) node { return node{name: name, children: children} }
func join(a []node, b ...node) []node           { return append(append([]node{}, a...), b...) }
func decimal(name string, v float64) node {
	return node{name: name, value: strconv.FormatFloat(v, 'f', 6, 64)}
}
func document(children []node) string { return branch("xml", children...).String() }

// String writes the element.
func (n node) String() string {
	var out strings.Builder
	n.write(&out)
	return out.String()
}

func (n node) write(out *strings.Builder) {
	out.WriteString("<" + n.name + ">")
	switch {
	case n.cdata:
		out.WriteString("<![CDATA[" + strings.ReplaceAll(n.value, "]]>", "]]]]><![CDATA[>") + "]]>")
	default:
		out.WriteString(n.value)
	}
	for _, child := range n.children {
		child.write(out)
	}
	out.WriteString("</" + n.name + ">")
}

// delivery is one message or event on its way to the account. Retries carry the same content.
type delivery struct {
	to     *citizen // whose phone shows the reply; nil for the platform's own events
	openID string
	who    string // the citizen's id, in the wire view; empty for the platform's own events

	name    string // for faults: "message" or the event
	msgType string
	title   string // in the wire view
	fields  []node
	tips    bool // a failure is shown to the citizen
	cards   int  // how many articles a news reply may have
}

// exchange begins the record of a delivery in the wire view.
func (d delivery) exchange(at string) Exchange {
	ex := Exchange{At: at, Direction: directionCallback, Name: d.name, Title: d.title, Method: http.MethodPost}
	if d.name == onMessage {
		ex.Name = d.msgType
	}
	ex.Citizen = d.who
	return ex
}

func (s *Server) delivery(p *citizen, msgType string, fields []node) delivery {
	d := delivery{to: p, openID: platformOpenID, msgType: msgType}
	if p != nil {
		d.openID, d.who = p.OpenID, p.ID
	}
	d.fields = append([]node{
		text("ToUserName", s.OriginalID), text("FromUserName", d.openID), num("CreateTime", s.clock.now().Unix()),
		text("MsgType", msgType),
	}, fields...)
	return d
}

// event builds an event; p is nil for the platform's own.
func (s *Server) event(p *citizen, name string, fields []node) delivery {
	d := s.delivery(p, "event", append([]node{text("Event", name)}, fields...))
	d.name, d.title, d.cards = name, "事件 "+name, 8
	d.tips = name == "CLICK" || name == "subscribe" || name == "SCAN"
	if p != nil {
		d.title += " · " + p.Name
	}
	return d
}

var typeNames = map[string]string{
	"text": "文本消息", "image": "图片消息", "voice": "语音消息", "video": "视频消息", "shortvideo": "小视频消息",
	"location": "位置消息", "link": "链接消息", "file": "文件消息",
}

func typeName(msgType string) string {
	if name, known := typeNames[msgType]; known {
		return name
	}
	return msgType + " 消息"
}

// message builds a message that a citizen sends.
func (s *Server) message(p *citizen, msgType string, fields []node) delivery {
	d := s.delivery(p, msgType, append(fields, num("MsgId", firstMsgID+s.next())))
	d.name, d.cards, d.tips = onMessage, 1, true
	d.title = typeName(msgType) + " · " + p.Name
	return d
}
