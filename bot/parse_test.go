package bot_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/bot"
)

// received sends an inner XML through a callback and returns the message that the handler gets, without Raw.
func received(t testing.TB, inner string) bot.Message {
	t.Helper()
	var c counter
	w := newWechat(t, bot.Safe, fixed)
	post(t, newCallback(bot.Safe, newOnce(fixed), c.handle, fixed), w.deliver(inner))
	if c.count() != 1 {
		t.Fatalf("handled %d times: %s", c.count(), inner)
	}
	m := c.seen[0]
	if string(m.Raw) != inner {
		t.Errorf("Raw = %q, want %q", m.Raw, inner)
	}
	m.Raw = nil
	return m
}

// The samples follow Tencent's pages (wechat.md §1.5, §1.6); in front of each stands the common head.
func TestMessagesOfEveryType(t *testing.T) {
	head := fmt.Sprintf("<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<FromUserName><![CDATA[o-citizen]]></FromUserName><CreateTime>%d</CreateTime>", noon.Unix())
	base := bot.Message{From: "o-citizen", To: "gh_1", CreatedAt: noon}
	tests := []struct {
		name, rest string
		want       func(*bot.Message)
	}{
		{"text", `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[ 一 <二> ]]></Content><MsgId>1234567890123456</MsgId>`,
			func(m *bot.Message) { m.Type, m.Text, m.ID = "text", " 一 <二> ", "1234567890123456" }},
		{"text from an article", `<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId><MsgDataId>22</MsgDataId><Idx>1</Idx>`,
			func(m *bot.Message) { m.Type, m.Text, m.ID, m.MsgDataID, m.Idx = "text", "x", "1", "22", 1 }},
		{"text by msgmenu", `<MsgType>text</MsgType><Content>满意</Content><bizmsgmenuid>101</bizmsgmenuid><MsgId>1</MsgId>`,
			func(m *bot.Message) { m.Type, m.Text, m.ID, m.MenuItemID = "text", "满意", "1", "101" }},
		{"image", `<MsgType>image</MsgType><PicUrl><![CDATA[http://a/?b&c]]></PicUrl><MediaId>M</MediaId><MsgId>1</MsgId>`,
			func(m *bot.Message) { m.Type, m.PicURL, m.MediaID, m.ID = "image", "http://a/?b&c", "M", "1" }},
		{"voice", `<MsgType>voice</MsgType><MediaId>M</MediaId><Format>amr</Format><MsgId>1</MsgId><MediaId16K>N</MediaId16K>`,
			func(m *bot.Message) { m.Type, m.MediaID, m.Format, m.ID, m.MediaID16K = "voice", "M", "amr", "1", "N" }},
		{"voice that was still recognized", `<MsgType>voice</MsgType><MediaId>M</MediaId><Format>speex</Format><Recognition>申请公开</Recognition><MsgId>1</MsgId>`,
			func(m *bot.Message) {
				m.Type, m.MediaID, m.Format, m.ID, m.Recognized = "voice", "M", "speex", "1", "申请公开"
			}},
		{"video", `<MsgType>video</MsgType><MediaId>M</MediaId><ThumbMediaId>T</ThumbMediaId><MsgId>1</MsgId>`,
			func(m *bot.Message) { m.Type, m.MediaID, m.ThumbID, m.ID = bot.VideoMessage, "M", "T", "1" }},
		{"shortvideo", `<MsgType>shortvideo</MsgType><MediaId>M</MediaId><ThumbMediaId>T</ThumbMediaId><MsgId>1</MsgId>`,
			func(m *bot.Message) { m.Type, m.MediaID, m.ThumbID, m.ID = bot.VideoMessage, "M", "T", "1" }},
		{"location", `<MsgType>location</MsgType><Location_X>35.77</Location_X><Location_Y>113.28</Location_Y><Scale>20</Scale><Label>陵川县</Label><MsgId>1</MsgId>`,
			func(m *bot.Message) {
				m.Type, m.Location, m.ID = "location", bot.Location{Latitude: 35.77, Longitude: 113.28, Scale: 20, Label: "陵川县"}, "1"
			}},
		{"link", `<MsgType>link</MsgType><Title>题</Title><Description>述</Description><Url>http://a</Url><MsgId>1</MsgId>`,
			func(m *bot.Message) {
				m.Type, m.Link, m.ID = "link", bot.Link{Title: "题", Description: "述", URL: "http://a"}, "1"
			}},
		{"file, which no page documents", `<MsgType>file</MsgType><Title>a.docx</Title><FileKey>k</FileKey><FileMd5>5d</FileMd5><FileTotalLen>42</FileTotalLen><MsgId>1</MsgId>`,
			func(m *bot.Message) {
				m.Type, m.Link.Title, m.ID, m.File = bot.FileMessage, "a.docx", "1", bot.File{Key: "k", MD5: "5d", Size: 42}
			}},
		{"reported position", `<MsgType>event</MsgType><Event>LOCATION</Event><Latitude>23.137466</Latitude><Longitude>113.352425</Longitude><Precision>119.385040</Precision>`,
			func(m *bot.Message) {
				m.Type, m.Event, m.Location = "event", bot.WhereAbouts, bot.Location{Latitude: 23.137466, Longitude: 113.352425, Precision: 119.38504}
			}},
		{"link of the menu", `<MsgType>event</MsgType><Event>VIEW</Event><EventKey>https://a</EventKey><MenuId>7</MenuId>`,
			func(m *bot.Message) { m.Type, m.Event, m.EventKey, m.MenuID = "event", bot.View, "https://a", "7" }},
		{"mini program of the menu", `<MsgType>event</MsgType><Event>view_miniprogram</Event><EventKey>pages/a</EventKey><MenuId>7</MenuId>`,
			func(m *bot.Message) { m.Type, m.Event, m.EventKey, m.MenuID = "event", bot.ViewPage, "pages/a", "7" }},
		{"scan by a follower", `<MsgType>event</MsgType><Event>SCAN</Event><EventKey>12</EventKey><Ticket>T</Ticket>`,
			func(m *bot.Message) { m.Type, m.Event, m.EventKey, m.Ticket = "event", bot.Scan, "12", "T" }},
		{"leaving", `<MsgType>event</MsgType><Event>unsubscribe</Event><EventKey></EventKey>`,
			func(m *bot.Message) { m.Type, m.Event = "event", bot.Unsubscribe }},
		{"Tencent's push test", `<MsgType>event</MsgType><Event>debug_demo</Event><debug_str>x</debug_str>`,
			func(m *bot.Message) { m.Type, m.Event = "event", bot.PushTest }},
		{"follow by QR code", `<MsgType>event</MsgType><Event>subscribe</Event><EventKey>qrscene_12</EventKey><Ticket>T</Ticket>`,
			func(m *bot.Message) {
				m.Type, m.Event, m.EventKey, m.Ticket = "event", bot.Subscribe, "qrscene_12", "T"
			}},
		{"menu tap", `<MsgType>event</MsgType><Event>CLICK</Event><EventKey>apply</EventKey>`,
			func(m *bot.Message) { m.Type, m.Event, m.EventKey = "event", bot.Click, "apply" }},
		{"nested details are skipped", `<MsgType>event</MsgType><Event>location_select</Event><EventKey>k</EventKey><SendLocationInfo><Label>里面</Label><Event>x</Event></SendLocationInfo>`,
			func(m *bot.Message) { m.Type, m.Event, m.EventKey = "event", "location_select", "k" }},
		{"first of repeated elements counts", `<MsgType>text</MsgType><MsgType>event</MsgType><MsgId>1</MsgId><MsgId>2</MsgId>`,
			func(m *bot.Message) { m.Type, m.ID = "text", "1" }},
		{"absurd numbers", `<MsgType>location</MsgType><Location_X>NaN</Location_X><Location_Y>1e999</Location_Y><MsgId>1</MsgId>`,
			func(m *bot.Message) { m.Type, m.ID = "location", "1" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := base
			tt.want(&want)
			if diff := cmp.Diff(want, received(t, head+tt.rest+"</xml>")); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommentsAndProlog(t *testing.T) {
	m := received(t, `<?xml version="1.0" encoding="GBK"?><!-- x --><xml><FromUserName>o</FromUserName><MsgType>te<!-- y -->xt</MsgType></xml>`)
	if m.From != "o" || m.Type != "text" || !m.CreatedAt.Equal(time.Time{}) {
		t.Errorf("message = %+v", m)
	}
}

// FuzzCallbackXML feeds anything as the decrypted body of a delivery: it must always be answered with 200 and success or
// well-formed XML, handled at most once, and read the same by a second parser where that one can read it.
func FuzzCallbackXML(f *testing.F) {
	f.Add(textXML("1", "你好", noon))
	f.Add(eventXML("CLICK", "k", noon))
	f.Add(massXML)
	f.Add(publishXML)
	f.Add(eventXML("location_select", "k", noon))
	f.Add(sentXML)
	f.Add("<xml><a><b></xml>")
	f.Add("<xml>&#0;<FromUserName>o</FromUserName><![CDATA[")
	f.Fuzz(func(t *testing.T, inner string) {
		var c counter
		w := newWechat(t, bot.Plain, fixed)
		rec := post(t, newCallback(bot.Plain, newOnce(fixed), c.handle, fixed), w.deliver(inner))
		w.open(t, rec)
		if c.count() > 1 {
			t.Fatal("handled twice")
		}
		if c.count() == 0 {
			return
		}
		m := c.seen[0]
		bot.PublishEvent(m)
		bot.MassEvent(m)
		bot.ConsentEvents(m)
		bot.Deliveries(m)
		bot.ScanCodeEvent(m)
		bot.SentPictures(m)
		bot.SentLocation(m)
		bot.CertificateEvent(m)
		compareWithUnmarshal(t, inner, m)
	})
}

// compareWithUnmarshal reads the sender as encoding/xml's own mapping does, for bodies that it takes.
func compareWithUnmarshal(t *testing.T, inner string, m bot.Message) {
	var strict struct {
		XMLName xml.Name
		From    []string `xml:"FromUserName"`
	}
	if xml.Unmarshal([]byte(inner), &strict) != nil || len(strict.From) == 0 {
		return
	}
	if got := strings.TrimSpace(strict.From[0]); got != m.From {
		t.Fatalf("From = %q, encoding/xml reads %q", m.From, got)
	}
}
