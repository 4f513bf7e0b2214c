package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shoushan/bot"
	"shoushan/posts"
)

// sentXML is an event of two subscription messages, of which one was refused.
const sentXML = `<xml><ToUserName>gh_1</ToUserName><FromUserName>o-citizen</FromUserName><CreateTime>1620963428</CreateTime>
<MsgType>event</MsgType><Event>subscribe_msg_sent_event</Event><SubscribeMsgSentEvent>
<List><TemplateId>A</TemplateId><MsgID>1864323726461255680</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List>
<List><TemplateId>B</TemplateId><MsgID>2</MsgID><ErrorCode>43101</ErrorCode><ErrorStatus>refuse</ErrorStatus></List>
</SubscribeMsgSentEvent></xml>`

func TestDeliveries(t *testing.T) {
	template := func(status string) bot.Message {
		return event(bot.TemplateDone, "<xml><MsgID>200163836</MsgID><Status><![CDATA["+status+"]]></Status></xml>")
	}
	tests := []struct {
		name string
		m    bot.Message
		want []bot.Delivery
	}{
		{"template message arrived", template("success"), []bot.Delivery{{MsgID: "200163836"}}},
		{"blocked by the citizen", template("failed:user block"), []bot.Delivery{{MsgID: "200163836", Failed: true, Reason: "对方拒收公众号的消息"}}},
		{"system, with Tencent's space", template("failed: system failed"),
			[]bot.Delivery{{MsgID: "200163836", Failed: true, Reason: "微信没有送达（failed: system failed）"}}},
		{"too often", template("failed:freq limit"),
			[]bot.Delivery{{MsgID: "200163836", Failed: true, Reason: "对方收到的同类消息太多，微信限制了频率"}}},
		{"the other spelling of MsgID", event(bot.TemplateDone, "<xml><MsgId>7</MsgId><Status>success</Status></xml>"), []bot.Delivery{{MsgID: "7"}}},
		{"two subscription messages", event(bot.SubscriptionSent, sentXML), []bot.Delivery{
			{MsgID: "1864323726461255680", TemplateID: "A"}, {MsgID: "2", TemplateID: "B", Failed: true, Reason: "订阅通知没有送达（代码 43101）"},
		}},
		{"another event", event(bot.Click, sentXML), nil},
		{"no XML", event(bot.TemplateDone, "x"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, bot.Deliveries(tt.m)); diff != "" {
				t.Errorf("Deliveries() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEventsOfTheMenu(t *testing.T) {
	scan := "<xml><ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[2026-0001 123456]]></ScanResult></ScanCodeInfo></xml>"
	pictures := "<xml><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a1</PicMd5Sum></item><item><PicMd5Sum>b2</PicMd5Sum></item></PicList></SendPicsInfo></xml>"
	place := "<xml><SendLocationInfo><Location_X>35.7</Location_X><Location_Y>x</Location_Y><Scale>15</Scale><Label>陵川县</Label><Poiname>镇政府</Poiname></SendLocationInfo></xml>"
	for _, e := range []bot.Event{bot.ScanPush, bot.ScanWait} {
		if got, ok := bot.ScanCodeEvent(event(e, scan)); !ok || got != (bot.ScanCode{Kind: "qrcode", Result: "2026-0001 123456"}) {
			t.Errorf("%s: %+v, %v", e, got, ok)
		}
	}
	for _, e := range []bot.Event{bot.TakePhoto, bot.PhotoOrAlbum, bot.ChoosePhoto} {
		if got, ok := bot.SentPictures(event(e, pictures)); !ok || strings.Join(got, " ") != "a1 b2" {
			t.Errorf("%s: %v, %v", e, got, ok)
		}
	}
	want := bot.SentPlace{Location: bot.Location{Latitude: 35.7, Scale: 15, Label: "陵川县"}, Name: "镇政府"}
	if got, ok := bot.SentLocation(event(bot.ChoosePlace, place)); !ok || got != want {
		t.Errorf("SentLocation() = %+v, %v, want %+v: a bad number loses nothing", got, ok, want)
	}
	other := event(bot.Click, scan+pictures+place)
	_, scanned := bot.ScanCodeEvent(other)
	_, sent := bot.SentPictures(other)
	_, placed := bot.SentLocation(other)
	if scanned || sent || placed {
		t.Error("a tap on the menu is taken for something else")
	}
}

func TestCertificateEvents(t *testing.T) {
	const raw = "<xml><ExpiredTime>1795363200</ExpiredTime><FailTime>1764000000</FailTime><FailReason>证件模糊</FailReason></xml>"
	for _, e := range []bot.Event{bot.Qualified, bot.QualifiedNot, bot.NameVerified, bot.NameVerifiedNot, bot.RenewalDue, bot.VerifyExpired} {
		c, ok := bot.CertificateEvent(event(e, raw))
		if !ok || c.Event != e || c.Expires.Unix() != 1795363200 || c.Failed.Unix() != 1764000000 || c.Reason != "证件模糊" {
			t.Errorf("%s: %+v, %v", e, c, ok)
		}
	}
	if _, ok := bot.CertificateEvent(event(bot.Subscribe, raw)); ok {
		t.Error("following is taken for a certificate")
	}
}

// fail_idx, repeated, names the articles of a publication that were judged.
func TestWhichArticleFailed(t *testing.T) {
	raw := strings.Replace(publishXML, "<publish_status>0", "<fail_idx>1</fail_idx><fail_idx>3</fail_idx><publish_status>2", 1)
	_, st, ok := bot.PublishEvent(event(bot.PublishDone, raw))
	if !ok || st.Verdict != posts.OriginalityFailed || !strings.HasPrefix(st.Reason, "第 1、3 篇：原创校验没有通过") {
		t.Errorf("PublishEvent() = %+v, %v", st, ok)
	}
}

// The links of a mass send stand in the order of its articles, whatever order they come in.
func TestLinksInOrder(t *testing.T) {
	raw := strings.Replace(massXML, "<Count>1</Count><ResultList><item><ArticleIdx>1", "<Count>2</Count><ResultList><item><ArticleIdx>2</ArticleIdx><ArticleUrl>second</ArticleUrl></item><item><ArticleIdx>1", 1)
	r, _ := bot.MassEvent(event(bot.MassDone, raw))
	if got := r.Outcome(noon).URLs; strings.Join(got, " ") != "http://mp.weixin.qq.com/s/x second" {
		t.Errorf("links = %q", got)
	}
}
