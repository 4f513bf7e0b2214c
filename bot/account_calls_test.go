package bot_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/simulator"
	"shoushan/workday"
)

var sunday = workday.On(2026, time.November, 22) // the day before noon

// moreCalls are the calls of everyCall that were added later.
var moreCalls = map[string]func(context.Context, *bot.Client) error{
	"MassSend": func(ctx context.Context, c *bot.Client) error {
		_, _, err := c.MassSend(ctx, posts.MassOrder{MediaID: "m", ClientMsgID: "c"})
		return err
	},
	"MassStatus":      func(ctx context.Context, c *bot.Client) error { _, err := c.MassStatus(ctx, "1"); return err },
	"PreviewTo":       func(ctx context.Context, c *bot.Client) error { return c.PreviewTo(ctx, "m", "name") },
	"DeleteMass":      func(ctx context.Context, c *bot.Client) error { return c.DeleteMass(ctx, "1", 0) },
	"Drafts":          func(ctx context.Context, c *bot.Client) error { _, _, err := c.Drafts(ctx, 0, 20); return err },
	"Published":       func(ctx context.Context, c *bot.Client) error { _, _, err := c.Published(ctx, 0, 20); return err },
	"DraftCount":      func(ctx context.Context, c *bot.Client) error { _, err := c.DraftCount(ctx); return err },
	"Draft":           func(ctx context.Context, c *bot.Client) error { _, err := c.Draft(ctx, "m"); return err },
	"UpdateDraft":     func(ctx context.Context, c *bot.Client) error { return c.UpdateDraft(ctx, "m", 0, posts.Article{}) },
	"DeleteDraft":     func(ctx context.Context, c *bot.Client) error { return c.DeleteDraft(ctx, "m") },
	"DeletePublished": func(ctx context.Context, c *bot.Client) error { return c.DeletePublished(ctx, "a", 0) },
	"CreateQRCode": func(ctx context.Context, c *bot.Client) error {
		_, err := c.CreateQRCode(ctx, "window-1", 0)
		return err
	},
	"SendOneTime": func(ctx context.Context, c *bot.Client) error {
		return c.SendOneTime(ctx, bot.OneTime{OpenID: citizen, TemplateID: "t", Title: "题", Content: "文"})
	},
	"SendSubscription": func(ctx context.Context, c *bot.Client) error {
		return c.SendSubscription(ctx, citizen, "t", "", map[string]string{"thing1": "x"})
	},
	"OpenComments":  func(ctx context.Context, c *bot.Client) error { return c.OpenComments(ctx, someArticle) },
	"CloseComments": func(ctx context.Context, c *bot.Client) error { return c.CloseComments(ctx, someArticle) },
	"Comments": func(ctx context.Context, c *bot.Client) error {
		_, _, err := c.Comments(ctx, someArticle, bot.AllComments, 0, 49)
		return err
	},
	"ElectComment":  func(ctx context.Context, c *bot.Client) error { return c.ElectComment(ctx, someArticle, 1, true) },
	"DeleteComment": func(ctx context.Context, c *bot.Client) error { return c.DeleteComment(ctx, someArticle, 1) },
	"ReplyComment":  func(ctx context.Context, c *bot.Client) error { return c.ReplyComment(ctx, someArticle, 1, "谢谢") },
	"DeleteReply":   func(ctx context.Context, c *bot.Client) error { return c.DeleteReply(ctx, someArticle, 1) },
	"ArticleReads": func(ctx context.Context, c *bot.Client) error {
		_, _, err := c.ArticleReads(ctx, sunday, sunday)
		return err
	},
	"ArticleShares": func(ctx context.Context, c *bot.Client) error {
		_, _, err := c.ArticleShares(ctx, sunday, sunday)
		return err
	},
	"AccountReadings": func(ctx context.Context, c *bot.Client) error {
		_, _, err := c.AccountReadings(ctx, sunday, sunday)
		return err
	},
	"PublishedReadings": func(ctx context.Context, c *bot.Client) error {
		_, _, err := c.PublishedReadings(ctx, sunday, sunday)
		return err
	},
	"QuotaOf": func(ctx context.Context, c *bot.Client) error {
		_, err := c.QuotaOf(ctx, "/cgi-bin/draft/add")
		return err
	},
}

var someArticle = bot.CommentedArticle{MsgDataID: "1"}

// clientOf is a client of a platform with the given answers and a working clock of noon.
func clientOf(t *testing.T, platform http.Handler) *bot.Client {
	t.Helper()
	server := httptest.NewServer(platform)
	t.Cleanup(server.Close)
	return bot.NewClient(bot.ClientConfig{AppID: appID, AppSecret: secret, BaseURL: server.URL, Now: fixed, Log: quiet})
}

// However a later call fails too, its error tells neither secret nor token.
func TestErrorsOfLaterCallsTellNoSecret(t *testing.T) {
	failures := map[string]http.HandlerFunc{
		"status 502": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "TOKEN-1 "+secret, http.StatusBadGateway) },
		"truncated":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"errcode":0,"TOKEN-1`)) },
	}
	for name, answer := range failures {
		platform := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/cgi-bin/stable_token":
				_, _ = w.Write([]byte(`{"access_token":"TOKEN-1","expires_in":7200}`))
			case "/cgi-bin/getcallbackip":
				_, _ = w.Write([]byte(`{"ip_list":[]}`))
			default:
				answer(w, r)
			}
		})
		c := clientOf(t, platform)
		for method, call := range moreCalls {
			t.Run(name+" "+method, func(t *testing.T) { checkUnavailable(t, call(t.Context(), c)) })
		}
	}
}

// An answer that is JSON, but not what was asked for, is no success for a call that returns something.
func TestEmptyAnswersOfLaterCalls(t *testing.T) {
	c := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cgi-bin/stable_token" {
			_, _ = w.Write([]byte(`{"access_token":"TOKEN-1","expires_in":7200}`))
			return
		}
		_, _ = w.Write([]byte(`{"errcode":0,"errmsg":""}`))
	}))
	for _, method := range []string{"MassSend", "MassStatus", "DraftCount", "CreateQRCode", "QuotaOf"} {
		t.Run(method, func(t *testing.T) { checkUnavailable(t, moreCalls[method](t.Context(), c)) })
	}
}

func TestDraftBoxAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	first, second := h.addDraft(t, "一"), h.addDraft(t, "二")
	if n, err := h.client.DraftCount(t.Context()); err != nil || n != 2 {
		t.Errorf("DraftCount() = %d, %v", n, err)
	}
	total, page, err := h.client.Drafts(t.Context(), 1, 1)
	if err != nil || total != 2 || len(page) != 1 || page[0].ID != first || page[0].Articles[0].Title != "一" || page[0].Articles[0].Author != "党政办" || !page[0].Updated.Equal(noon) {
		t.Errorf("Drafts(1, 1) = %d, %+v, %v", total, page, err)
	}
	had, err := h.client.Draft(t.Context(), first)
	if err != nil || len(had) != 1 || had[0].Title != "一" || !strings.Contains(had[0].HTML, "正文") {
		t.Fatalf("Draft() = %+v, %v", had, err)
	}
	had[0].Title, had[0].Digest = "一改", "摘要"
	if err := h.client.UpdateDraft(t.Context(), first, 0, had[0]); err != nil {
		t.Fatal(err)
	}
	if now, err := h.client.Draft(t.Context(), first); err != nil || now[0] != had[0] {
		t.Errorf("after UpdateDraft: %+v, %v, want %+v", now, err, had[0])
	}
	if err := h.client.DeleteDraft(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if err := h.client.DeleteDraft(t.Context(), second); err != nil {
		t.Errorf("a draft that is gone: %v, want no error", err)
	}
	if _, err := h.client.Draft(t.Context(), second); bot.Code(err) != 40007 {
		t.Errorf("a deleted draft: %v, want 40007", err)
	}
	if err := h.client.UpdateDraft(t.Context(), first, -1, had[0]); !fault.Is(err, fault.Invalid) {
		t.Errorf("index -1: %v", err)
	}
	for _, page := range [][2]int{{-1, 1}, {0, 0}, {0, 21}} {
		if _, _, err := h.client.Drafts(t.Context(), page[0], page[1]); !fault.Is(err, fault.Invalid) {
			t.Errorf("Drafts(%v) = %v, want Invalid", page, err)
		}
	}
}

func TestPublishedListAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	if _, _, err := h.client.SubmitPublish(t.Context(), h.addDraft(t, "公开")); err != nil {
		t.Fatal(err)
	}
	h.Wait()
	total, list, err := h.client.Published(t.Context(), 0, 20)
	if err != nil || total != 1 || len(list) != 1 || list[0].Articles[0].Title != "公开" || list[0].Articles[0].URL == "" || list[0].Articles[0].Deleted {
		t.Fatalf("Published() = %d, %+v, %v", total, list, err)
	}
	if err := h.client.DeletePublished(t.Context(), list[0].ID, 0); err != nil {
		t.Fatal(err)
	}
	h.Wait()
	if last := h.published[len(h.published)-1]; last.State != posts.PublishRemoved {
		t.Errorf("the event after deletion: %+v, want removed", last)
	}
	if total, _, err := h.client.Published(t.Context(), 0, 20); err != nil || total != 0 {
		t.Errorf("after deletion %d are listed, %v", total, err)
	}
	if err := h.client.DeletePublished(t.Context(), "", 0); !fault.Is(err, fault.Invalid) {
		t.Errorf("DeletePublished(\"\") = %v", err)
	}
}

func TestQRCodeAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	for _, life := range []time.Duration{0, time.Hour} {
		q, err := h.client.CreateQRCode(t.Context(), "window-1", life)
		if err != nil || q.Ticket == "" || q.URL == "" || q.Expires != life || !strings.Contains(q.Image, url.QueryEscape(q.Ticket)) {
			t.Errorf("life %v: %+v, %v", life, q, err)
		}
		res, err := http.Get(q.Image)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if kind := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || kind != "image/png" {
			t.Errorf("the picture of life %v: HTTP %d, %s", life, res.StatusCode, kind)
		}
	}
	for _, scene := range []string{"", strings.Repeat("x", 65), "窗口"} {
		if _, err := h.client.CreateQRCode(t.Context(), scene, 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("scene %q: %v", scene, err)
		}
	}
	if _, err := h.client.CreateQRCode(t.Context(), "a", 31*24*time.Hour); !fault.Is(err, fault.Invalid) {
		t.Errorf("31 days: %v", err)
	}
}

// toward sends every call to another host, as a proxy would.
type toward struct{ host string }

func (d toward) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", d.host
	return http.DefaultTransport.RoundTrip(r)
}

// At Tencent pictures of codes have a host of their own.
func TestPictureOfAQRCodeAtTencent(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	c := bot.NewClient(bot.ClientConfig{
		AppID: simulator.DefaultAppID, AppSecret: simulator.DefaultAppSecret, Now: h.clock, HTTP: &http.Client{Transport: toward{strings.TrimPrefix(h.url, "http://")}},
	})
	q, err := c.CreateQRCode(t.Context(), "window-1", 0)
	if err != nil || q.Image != "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="+url.QueryEscape(q.Ticket) {
		t.Errorf("CreateQRCode() = %+v, %v", q, err)
	}
}

func TestOneTimeMessageAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	_, openID := h.chat(t, "wang") // does not follow
	m := bot.OneTime{OpenID: openID, TemplateID: simulator.DefaultTemplateID, Scene: 7, Title: "补正通知", Content: "请补正", URL: "https://example.org/progress"}
	if err := h.client.SendOneTime(t.Context(), m); bot.Code(err) != 43101 {
		t.Errorf("without consent: %v, want 43101", err)
	}
	page, err := h.client.ConsentPage(simulator.DefaultTemplateID, 7, "https://example.org/back", "2026-0001")
	if err != nil {
		t.Fatal(err)
	}
	h.tap(t, "/phone/consent", map[string]any{"citizen": "wang", "url": page, "agree": true})
	if err := h.client.SendOneTime(t.Context(), m); err != nil {
		t.Fatalf("with consent: %v", err)
	}
	if got, _ := h.chat(t, "wang"); len(got) != 1 || got[0] != "请补正" {
		t.Errorf("the phone shows %q", got)
	}
	if err := h.client.SendOneTime(t.Context(), m); bot.Code(err) != 43101 {
		t.Errorf("a second one on one consent: %v, want 43101", err)
	}
	m.Title = strings.Repeat("长", 16)
	if err := h.client.SendOneTime(t.Context(), m); !fault.Is(err, fault.Invalid) {
		t.Errorf("a long title: %v", err)
	}
	for _, scene := range []int{-1, 10001} {
		if _, err := h.client.ConsentPage("t", scene, "https://example.org/", ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("scene %d: %v", scene, err)
		}
	}
}

func TestSubscriptionMessageAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	if err := h.Configure(func(s *simulator.Settings) { s.Kind = simulator.CertifiedService }); err != nil {
		t.Fatal(err)
	}
	_, openID := h.chat(t, "li")
	data := map[string]string{"thing1": "您的申请已答复", "character_string2": "2026-0001"}
	if err := h.client.SendSubscription(t.Context(), openID, "tpl", "", data); bot.Code(err) != 43101 {
		t.Errorf("without consent: %v, want 43101", err)
	}
	h.tap(t, "/sim/consents", map[string]any{"citizen": "li", "template_id": "tpl"})
	if err := h.client.SendSubscription(t.Context(), openID, "tpl", "https://example.org/", data); err != nil {
		t.Fatal(err)
	}
	if got, _ := h.chat(t, "li"); len(got) != 1 || got[0] != "2026-0001\n您的申请已答复" {
		t.Errorf("the phone shows %q", got)
	}
	if err := h.Configure(func(s *simulator.Settings) { s.Kind = simulator.CertifiedSubscription }); err != nil {
		t.Fatal(err)
	}
	if err := h.client.SendSubscription(t.Context(), openID, "tpl", "", data); bot.Code(err) != 48001 {
		t.Errorf("a subscription account: %v, want 48001", err)
	}
}

func TestCommentsAgainstTheSimulator(t *testing.T) {
	h, draft := massHouse(t)
	_, dataID, err := h.client.MassSend(t.Context(), posts.MassOrder{MediaID: draft, ClientMsgID: "c"})
	if err != nil {
		t.Fatal(err)
	}
	h.Wait()
	a := bot.CommentedArticle{MsgDataID: dataID}
	if err := h.client.OpenComments(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	id := h.masses[0].URLs[0][strings.LastIndex(h.masses[0].URLs[0], "/")+1:]
	h.tap(t, "/phone/comment", map[string]any{"citizen": "zhang", "article": id, "text": "写得好"})
	total, list, err := h.client.Comments(t.Context(), a, bot.AllComments, 0, 49)
	if err != nil || total != 1 || len(list) != 1 || list[0].Text != "写得好" || list[0].Elected || list[0].Reply != "" || !list[0].At.Equal(noon) {
		t.Fatalf("Comments() = %d, %+v, %v", total, list, err)
	}
	c := list[0].ID
	if err := h.client.ReplyComment(t.Context(), a, c, "谢谢"); err != nil {
		t.Error(err)
	}
	if err := h.client.ElectComment(t.Context(), a, c, true); err != nil {
		t.Error(err)
	}
	if total, list, err := h.client.Comments(t.Context(), a, bot.ElectedComments, 0, 1); err != nil || total != 1 || list[0].Reply != "谢谢" || !list[0].Elected || list[0].Replied.IsZero() {
		t.Errorf("elected: %d, %+v, %v", total, list, err)
	}
	if err := h.client.ElectComment(t.Context(), a, c, false); err != nil {
		t.Error(err)
	}
	if err := h.client.DeleteReply(t.Context(), a, c); err != nil {
		t.Error(err)
	}
	if err := h.client.DeleteComment(t.Context(), a, c); err != nil {
		t.Error(err)
	}
	if total, _, err := h.client.Comments(t.Context(), a, bot.OrdinaryComments, 0, 1); err != nil || total != 0 {
		t.Errorf("after deletion %d, %v", total, err)
	}
	if err := h.client.CloseComments(t.Context(), a); err != nil {
		t.Error(err)
	}
	if err := h.client.OpenComments(t.Context(), bot.CommentedArticle{MsgDataID: "9"}); bot.Code(err) != 88001 {
		t.Errorf("no such article: %v, want 88001", err)
	}
	if err := h.client.OpenComments(t.Context(), bot.CommentedArticle{MsgDataID: "b5O2-article"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an article_id in place of msg_data_id: %v, want Invalid", err)
	}
	if _, _, err := h.client.Comments(t.Context(), a, bot.AllComments, 0, 50); !fault.Is(err, fault.Invalid) {
		t.Errorf("50 at a time: %v, want Invalid", err)
	}
}

func TestStatisticsAgainstTheSimulator(t *testing.T) {
	h, draft := massHouse(t)
	_, dataID, err := h.client.MassSend(t.Context(), posts.MassOrder{MediaID: draft, ClientMsgID: "c"})
	if err != nil {
		t.Fatal(err)
	}
	h.Wait()
	link := h.masses[0].URLs[0]
	h.tap(t, "/sim/readers", map[string]any{"url": link, "read": 12, "share": 3, "like": 2, "zaikan": 1, "comment": 4, "collection": 5})
	today := workday.Of(noon)
	h.advance(24 * time.Hour)
	key := bot.ArticleKey{MsgDataID: dataID, Index: 1}
	want := bot.Reading{Day: today, Article: key, Readers: 12, Sources: map[string]int{"公众号消息": 12}, Sharers: 3, Likes: 2, Hearts: 1, Comments: 4, Collections: 5}
	for name, ask := range map[string]func(context.Context, workday.Date, workday.Date) ([]bot.Reading, bool, error){
		"reads": h.client.ArticleReads, "shares": h.client.ArticleShares, "summary": h.client.AccountReadings,
	} {
		if name == "summary" {
			want.Article = bot.ArticleKey{}
		} else {
			want.Article = key
		}
		list, late, err := ask(t.Context(), today, today)
		if err != nil || late || len(list) != 1 || !sameReading(list[0], want) {
			t.Errorf("%s: %+v, late %v, %v, want %+v", name, list, late, err, want)
		}
		if _, _, err := ask(t.Context(), today, today.AddDays(1)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s of today: %v, want Invalid", name, err)
		}
	}
	want.Article = key
	list, late, err := h.client.PublishedReadings(t.Context(), today.AddDays(-29), today)
	if err != nil || late || len(list) != 1 || list[0].URL != link || list[0].Title != "群发一" || !list[0].Notified || list[0].PublishedOn != today || len(list[0].Days) != 1 || !sameReading(list[0].Days[0], want) {
		t.Errorf("PublishedReadings() = %+v, %v, %v", list, late, err)
	}
	if _, _, err := h.client.PublishedReadings(t.Context(), today.AddDays(-30), today); !fault.Is(err, fault.Invalid) {
		t.Errorf("31 days: %v, want Invalid", err)
	}
}

func sameReading(a, b bot.Reading) bool {
	same := len(a.Sources) == len(b.Sources)
	for k, n := range a.Sources {
		same = same && b.Sources[k] == n
	}
	a.Sources, b.Sources = nil, nil
	return same && a.Day == b.Day && a.Article == b.Article && a.Readers == b.Readers && a.Sharers == b.Sharers && a.Likes == b.Likes &&
		a.Hearts == b.Hearts && a.Comments == b.Comments && a.Collections == b.Collections
}

func TestQuotaAgainstTheSimulator(t *testing.T) {
	h := newHouse(t, simulator.Safe)
	h.addDraft(t, "一")
	q, err := h.client.QuotaOf(t.Context(), "/cgi-bin/draft/add")
	if want := (bot.Quota{Path: "/cgi-bin/draft/add", Limit: 1000, Used: 1, Left: 999}); err != nil || q != want {
		t.Errorf("QuotaOf() = %+v, %v, want %+v", q, err, want)
	}
	if _, err := h.client.QuotaOf(t.Context(), "draft/add"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a path without slash: %v", err)
	}
	if _, err := h.client.QuotaOf(t.Context(), "/cgi-bin/nothing"); bot.Code(err) != 76021 {
		t.Errorf("an unknown path: %v, want 76021", err)
	}
}
