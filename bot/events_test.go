package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shoushan/bot"
	"shoushan/posts"
)

// massXML is Tencent's sample (wechat.md §1.7).
const massXML = `<xml><ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName><FromUserName><![CDATA[oV5CrjpxgaGXNHIQigzNlgLTnwic]]></FromUserName>
<CreateTime>1481013459</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[MASSSENDJOBFINISH]]></Event>
<MsgID>1000001625</MsgID><Status><![CDATA[err(30003)]]></Status><TotalCount>0</TotalCount><FilterCount>0</FilterCount>
<SentCount>0</SentCount><ErrorCount>0</ErrorCount><CopyrightCheckResult><Count>2</Count><ResultList>
<item><ArticleIdx>1</ArticleIdx><UserDeclareState>0</UserDeclareState><AuditState>2</AuditState>
<OriginalArticleUrl><![CDATA[Url_1]]></OriginalArticleUrl><OriginalArticleType>1</OriginalArticleType><CanReprint>1</CanReprint>
<NeedReplaceContent>1</NeedReplaceContent><NeedShowReprintSource>1</NeedShowReprintSource></item>
<item><ArticleIdx>2</ArticleIdx><UserDeclareState>0</UserDeclareState><AuditState>2</AuditState>
<OriginalArticleUrl><![CDATA[Url_2]]></OriginalArticleUrl><OriginalArticleType>1</OriginalArticleType><CanReprint>0</CanReprint>
<NeedReplaceContent>0</NeedReplaceContent><NeedShowReprintSource>0</NeedShowReprintSource></item>
</ResultList><CheckState>2</CheckState></CopyrightCheckResult>
<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl><![CDATA[http://mp.weixin.qq.com/s/x]]></ArticleUrl></item></ResultList></ArticleUrlResult></xml>`

const publishXML = `<xml><ToUserName>gh_1</ToUserName><FromUserName>o</FromUserName><CreateTime>1481013459</CreateTime><MsgType>event</MsgType>
<Event>PUBLISHJOBFINISH</Event><PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>
<article_id><![CDATA[b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvy]]></article_id><article_detail><count>1</count>
<item><idx>1</idx><article_url><![CDATA[ARTICLE_URL]]></article_url></item></article_detail></PublishEventInfo></xml>`

func event(name bot.Event, raw string) bot.Message {
	return bot.Message{Type: bot.EventMessage, Event: name, Raw: []byte(raw)}
}

func TestMassEvent(t *testing.T) {
	got, ok := bot.MassEvent(event(bot.MassDone, massXML))
	want := bot.MassResult{
		MsgID: "1000001625", Status: "err(30003)", CheckState: 2,
		Copyright: []bot.CopyrightResult{
			{ArticleIndex: 1, UserDeclareState: "0", AuditState: "2", OriginalArticleURL: "Url_1", OriginalArticleType: "1", CanReprint: true, NeedReplaceContent: true, NeedShowReprintSource: true},
			{ArticleIndex: 2, UserDeclareState: "0", AuditState: "2", OriginalArticleURL: "Url_2", OriginalArticleType: "1"},
		},
		Articles: []bot.ArticleURL{{Index: 1, URL: "http://mp.weixin.qq.com/s/x"}},
	}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("MassEvent() ok %v (-want +got):\n%s", ok, diff)
	}
	if got.Succeeded() || !strings.Contains(got.Reason(), "转载") {
		t.Errorf("Reason() = %q", got.Reason())
	}
}

func TestMassEventAsItReallyComes(t *testing.T) {
	raw := strings.NewReplacer("err(30003)", "send success", "<SentCount>0", "<SentCount> many", "<CheckState>2", "<CheckState>0").Replace(massXML)
	raw = raw[:strings.Index(raw, "<ArticleUrlResult>")] + "<ArticleUrlResult><Count>0</Count><ResultList></ResultList></ArticleUrlResult></xml>"
	got, ok := bot.MassEvent(event(bot.MassDone, raw))
	if !ok || !got.Succeeded() || got.Reason() != "" || got.Sent != 0 || got.CheckState != 0 || len(got.Articles) != 0 || len(got.Copyright) != 2 {
		t.Errorf("MassEvent() = %+v, %v: a bad number and an empty list lose nothing", got, ok)
	}
	if got, ok := bot.MassEvent(event(bot.MassDone, strings.ReplaceAll(massXML, "err(30003)", "err(20431)"))); !ok || !strings.Contains(got.Reason(), "err(20431)") {
		t.Errorf("unknown status: %+v, %v", got.Reason(), ok)
	}
}

func TestPublishEvent(t *testing.T) {
	for status, state := range map[string]posts.PublishState{"0": posts.PublishDone, "2": posts.PublishRefused, "4": posts.PublishRefused, "5": posts.PublishRemoved} {
		raw := strings.Replace(publishXML, "<publish_status>0", "<publish_status>"+status, 1)
		id, st, ok := bot.PublishEvent(event(bot.PublishDone, raw))
		if !ok || id != "2247503051" || st.State != state || st.URL != "ARTICLE_URL" || !strings.HasPrefix(st.ArticleID, "b5O2") {
			t.Errorf("status %s: %q, %+v, %v", status, id, st, ok)
		}
	}
}

func TestEventsOfOtherMessages(t *testing.T) {
	tests := map[string]bot.Message{
		"a text":            {Type: bot.TextMessage, Raw: []byte(publishXML)},
		"another event":     event(bot.Click, publishXML),
		"no details":        event(bot.PublishDone, "<xml></xml>"),
		"no XML":            event(bot.MassDone, "x"),
		"no status":         event(bot.PublishDone, "<xml><PublishEventInfo><publish_id>1</publish_id></PublishEventInfo></xml>"),
		"status not number": event(bot.PublishDone, "<xml><PublishEventInfo><publish_id>1</publish_id><publish_status>ok</publish_status></PublishEventInfo></xml>"),
	}
	for name, m := range tests {
		if id, st, ok := bot.PublishEvent(m); ok || id != "" || st != (posts.PublishStatus{}) {
			t.Errorf("%s: PublishEvent() = %q, %+v, true", name, id, st)
		}
		if r, ok := bot.MassEvent(m); ok {
			t.Errorf("%s: MassEvent() = %+v, true", name, r)
		}
	}
}

func TestConsentEvents(t *testing.T) {
	list := `<List><TemplateId>A</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene></List>` +
		`<List><TemplateId>B</TemplateId><SubscribeStatusString>reject</SubscribeStatusString><PopupScene>2</PopupScene></List>`
	want := []bot.Consent{{TemplateID: "A", Accepted: true, Scene: "2"}, {TemplateID: "B", Scene: "2"}}
	for event_, tag := range map[bot.Event]string{"subscribe_msg_popup_event": "SubscribeMsgPopupEvent", "subscribe_msg_change_event": "SubscribeMsgChangeEvent"} {
		for _, tag := range []string{tag, "SubscribeMsgPopupEvent"} { // Tencent's own sample has the wrong one
			got := bot.ConsentEvents(event(event_, "<xml><"+tag+">"+list+"</"+tag+"></xml>"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s in %s (-want +got):\n%s", event_, tag, diff)
			}
		}
	}
	if got := bot.ConsentEvents(event(bot.Click, "<xml><SubscribeMsgPopupEvent>"+list+"</SubscribeMsgPopupEvent></xml>")); got != nil {
		t.Errorf("another event: %v", got)
	}
}
