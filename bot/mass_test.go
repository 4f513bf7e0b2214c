package bot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/simulator"
)

const sendAll = "/cgi-bin/message/mass/sendall"

// massHouse is a house with one follower and a draft.
func massHouse(t *testing.T, change ...func(*simulator.Settings)) (h *house, mediaID string) {
	t.Helper()
	quick := func(s *simulator.Settings) { s.MassDelayMS = 1 }
	h = newHouse(t, simulator.Safe, append([]func(*simulator.Settings){quick}, change...)...)
	h.tap(t, "/phone/follow", map[string]any{"citizen": "zhang"})
	return h, h.addDraft(t, "群发一")
}

func TestMassSendAgainstTheSimulator(t *testing.T) {
	h, draft := massHouse(t)
	msgID, dataID, err := h.client.MassSend(t.Context(), posts.MassOrder{MediaID: draft, ClientMsgID: "post-1-send-1"})
	if err != nil || msgID == "" || dataID == "" || msgID == dataID {
		t.Fatalf("MassSend() = %q, %q, %v", msgID, dataID, err)
	}
	h.Wait()
	if st, err := h.client.MassStatus(t.Context(), msgID); err != nil || st != posts.MassSent {
		t.Errorf("MassStatus() = %v, %v", st, err)
	}
	if len(h.masses) != 1 || h.masses[0].MsgID != msgID || !h.masses[0].Sent || len(h.masses[0].URLs) != 1 || h.masses[0].Verdict != posts.NotReprint || h.masses[0].Reach.Sent == 0 {
		t.Errorf("by event: %+v", h.masses)
	}
	h.advance(2 * time.Minute)
	again, dataID, err := h.client.MassSend(t.Context(), posts.MassOrder{MediaID: draft, ClientMsgID: "post-1-send-1"})
	if err != nil || again != msgID || dataID != "" {
		t.Errorf("the same order again = %q, %q, %v, want the first's number (45065)", again, dataID, err)
	}
	if err := h.client.DeleteMass(t.Context(), msgID, 1); err != nil {
		t.Errorf("DeleteMass() = %v", err)
	}
	if st, err := h.client.MassStatus(t.Context(), msgID); err != nil || st != posts.MassDeleted {
		t.Errorf("MassStatus() = %v, %v after deletion", st, err)
	}
}

func TestMassSendRefusals(t *testing.T) {
	h, draft := massHouse(t, func(s *simulator.Settings) { s.MassConfirm = simulator.ConfirmWait })
	order := posts.MassOrder{MediaID: draft, ClientMsgID: "one"}
	if _, _, err := h.client.MassSend(t.Context(), order); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.client.MassSend(t.Context(), order); bot.Code(err) != 45066 {
		t.Errorf("within a minute: %v, want 45066", err)
	}
	other := posts.MassOrder{MediaID: h.addDraft(t, "二"), ClientMsgID: "two"}
	if _, _, err := h.client.MassSend(t.Context(), other); bot.Code(err) != 45028 {
		t.Errorf("a second one on the day: %v, want 45028", err)
	}
	if _, _, err := h.client.MassSend(t.Context(), posts.MassOrder{MediaID: other.MediaID, ClientMsgID: "three", TagID: 99}); bot.Code(err) != 40152 {
		t.Errorf("a tag that does not exist: %v, want 40152", err)
	}
	before := h.massSent
	for _, o := range []posts.MassOrder{{ClientMsgID: "x"}, {MediaID: draft}, {MediaID: draft, ClientMsgID: strings.Repeat("x", 33)}, {MediaID: draft, ClientMsgID: "x", TagID: -1}} {
		if _, _, err := h.client.MassSend(t.Context(), o); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v, want Invalid", o, err)
		}
	}
	if _, err := h.client.MassStatus(t.Context(), "404"); bot.Code(err) != 40059 {
		t.Errorf("MassStatus(unknown) = %v, want 40059", err)
	}
	if h.massSent != before {
		t.Errorf("senseless orders reached the platform: %d calls", h.massSent-before)
	}
}

// Whatever goes wrong at the one call that cannot be undone, it is made once; the same order, put again later, is carried
// out once in all.
func TestMassSendFaultsAgainstTheSimulator(t *testing.T) {
	tests := []struct {
		name       string
		fault      simulator.Fault
		unanswered bool
	}{
		{"busy", simulator.Fault{Kind: simulator.FaultBusy}, true},
		{"status 502", simulator.Fault{Kind: simulator.FaultStatus}, true},
		{"hangs", simulator.Fault{Kind: simulator.FaultHang, DelayMS: 4000}, true},
		{"acts, then drops the connection", simulator.Fault{Kind: simulator.FaultDrop}, true},
		{"acts, answer truncated", simulator.Fault{Kind: simulator.FaultTruncate}, true},
		{"acts, answers too late", simulator.Fault{Kind: simulator.FaultSlow, DelayMS: 4000}, true},
		{"clientmsgid too long", simulator.Fault{Kind: simulator.FaultCode, Code: 45067}, false},
		{"token dies in between", simulator.Fault{Kind: simulator.FaultCode, Code: 42001}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h, draft := massHouse(t)
			tt.fault.On, tt.fault.Times = sendAll, 1
			if _, err := h.AddFault(tt.fault); err != nil {
				t.Fatal(err)
			}
			order := posts.MassOrder{MediaID: draft, ClientMsgID: "once"}
			_, _, err := h.client.MassSend(t.Context(), order)
			if _, unanswered := errors.AsType[*posts.UnansweredError](err); err == nil || unanswered != tt.unanswered {
				t.Errorf("MassSend() = %v, want unanswered %v", err, tt.unanswered)
			}
			if tt.fault.Code != 0 && bot.Code(err) != tt.fault.Code {
				t.Errorf("MassSend() = %v, want code %d", err, tt.fault.Code)
			}
			h.Wait()
			if h.massSent != 1 {
				t.Errorf("sent %d times, want once", h.massSent)
			}
			h.advance(2 * time.Minute)
			if id, _, err := h.client.MassSend(t.Context(), order); err != nil || id == "" {
				t.Errorf("put again: %q, %v", id, err)
			}
			h.Wait()
			if len(h.masses) != 1 {
				t.Errorf("%d mass sends happened, want one", len(h.masses))
			}
		})
	}
}

// A 45065 that does not say which job exists leaves the outcome open.
func TestMassExistsWithoutNumber(t *testing.T) {
	p := newPlatform(t)
	p.says("/cgi-bin/getcallbackip", `{"ip_list":[]}`)
	p.says(sendAll, `{"errcode":45065,"errmsg":"clientmsgid exist"}`)
	_, _, err := p.client(t).MassSend(t.Context(), posts.MassOrder{MediaID: "m", ClientMsgID: "c"})
	if _, unanswered := errors.AsType[*posts.UnansweredError](err); !unanswered {
		t.Errorf("MassSend() = %v, want unanswered", err)
	}
}

func TestPreviewAgainstTheSimulator(t *testing.T) {
	h, draft := massHouse(t)
	h.tap(t, "/phone/follow", map[string]any{"citizen": "li"})
	if err := h.client.PreviewTo(t.Context(), draft, "zhang"); err != nil {
		t.Fatal(err)
	}
	h.Wait()
	for name, want := range map[string]int{"zhang": 1, "li": 0} {
		if got, _ := h.chat(t, name); len(got) != want {
			t.Errorf("%s sees %d messages, want %d: a preview is for one person", name, len(got), want)
		}
	}
	if there, err := h.client.DraftExists(t.Context(), draft); err != nil || !there {
		t.Errorf("after the preview the draft exists: %v, %v", there, err)
	}
	if err := h.client.PreviewTo(t.Context(), draft, "nobody"); bot.Code(err) != 40003 {
		t.Errorf("PreviewTo(nobody) = %v, want 40003", err)
	}
	if err := h.client.PreviewTo(t.Context(), draft, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("PreviewTo(\"\") = %v, want Invalid", err)
	}
	if err := h.client.DeleteMass(t.Context(), "no number", 0); !fault.Is(err, fault.Invalid) {
		t.Errorf("DeleteMass(no number) = %v, want Invalid", err)
	}
}

// platformCall asks the platform as its own back end would, with a token of its own.
func (h *house) platformCall(t *testing.T, path string, in, out any) {
	t.Helper()
	post := func(address string, in, out any) {
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.Post(address, "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		if err := json.NewDecoder(res.Body).Decode(out); err != nil {
			t.Fatal(err)
		}
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	post(h.url+"/cgi-bin/stable_token", map[string]string{"grant_type": "client_credential", "appid": simulator.DefaultAppID, "secret": simulator.DefaultAppSecret}, &token)
	post(h.url+path+"?access_token="+token.AccessToken, in, out)
}

// TestMassSendToATagAgainstTheSimulator: only who carries the tag receives it.
func TestMassSendToATagAgainstTheSimulator(t *testing.T) {
	h, draft := massHouse(t)
	h.tap(t, "/phone/follow", map[string]any{"citizen": "li"})
	if tags, err := h.client.FollowerTags(t.Context()); err != nil || len(tags) != 0 {
		t.Errorf("before any tag: %v, %v", tags, err)
	}
	var made struct {
		Tag struct{ ID int }
	}
	h.platformCall(t, "/cgi-bin/tags/create", map[string]any{"tag": map[string]string{"name": "药农"}}, &made)
	_, zhang := h.chat(t, "zhang")
	var done struct{ ErrCode int }
	h.platformCall(t, "/cgi-bin/tags/members/batchtagging", map[string]any{"tagid": made.Tag.ID, "openid_list": []string{zhang}}, &done)
	want := []posts.FollowerTag{{ID: made.Tag.ID, Name: "药农", Followers: 1}}
	if tags, err := h.client.FollowerTags(t.Context()); err != nil || done.ErrCode != 0 || !cmp.Equal(tags, want) {
		t.Fatalf("FollowerTags() = %v, %v, want %v", tags, err, want)
	}
	if _, _, err := h.client.MassSend(t.Context(), posts.MassOrder{MediaID: draft, ClientMsgID: "tagged", TagID: made.Tag.ID}); err != nil {
		t.Fatal(err)
	}
	h.Wait()
	for name, want := range map[string]int{"zhang": 1, "li": 0} {
		if got, _ := h.chat(t, name); len(got) != want {
			t.Errorf("%s sees %d messages, want %d", name, len(got), want)
		}
	}
	if len(h.masses) != 1 || h.masses[0].Reach.Sent != 1 {
		t.Errorf("by event: %+v", h.masses)
	}
}

func TestMassOutcome(t *testing.T) {
	r, ok := bot.MassEvent(event(bot.MassDone, massXML))
	if !ok {
		t.Fatal("not read")
	}
	want := posts.MassOutcome{
		MsgID: "1000001625", Reason: "群发没有成功：原创校验判为转载，并且设置了判为转载时停止群发。", URLs: []string{"http://mp.weixin.qq.com/s/x"},
		Verdict: posts.ReprintAllowed, At: noon,
		Items: []posts.VerdictItem{
			{Index: 1, OriginalURL: "Url_1", Replaced: true, SourceShown: true, MayReprint: true, DeclareState: "0", AuditState: "2", OriginalsType: "1"},
			{Index: 2, OriginalURL: "Url_2", DeclareState: "0", AuditState: "2", OriginalsType: "1"},
		},
	}
	if diff := cmp.Diff(want, r.Outcome(noon)); diff != "" {
		t.Errorf("Outcome() (-want +got):\n%s", diff)
	}
}
