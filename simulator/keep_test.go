package simulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shoushan/simulator"
)

// keepingPlatform starts a platform that keeps its state in path; what it says on stderr goes to said.
func keepingPlatform(t *testing.T, path string, said *bytes.Buffer, more ...func(*simulator.Server)) *platform {
	t.Helper()
	return newPlatform(t, append(more, func(s *simulator.Server) {
		s.StatePath, s.Stderr, s.PublicURL = path, said, "http://127.0.0.1:8090"
	})...)
}

// waitFor gives the keeper its second.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("not within three seconds: %s", what)
}

func stateFile(t *testing.T) string { return filepath.Join(t.TempDir(), "platform.json") }

// copyState is the state as kill -9 leaves it: the files at this moment, without Close.
func copyState(t *testing.T, path string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(filepath.Dir(path))); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(to, filepath.Base(path))
}

func pathOf(link string) string { return strings.TrimPrefix(link, "http://127.0.0.1:8090") }

// TestRestart: what a killed process leaves on the disk is the whole platform.
func TestRestart(t *testing.T) {
	path, said := stateFile(t), &bytes.Buffer{}
	p := keepingPlatform(t, path, said)
	p.account.answers(func(r received) string { return textReply(r, "收到："+r.msg.Content) })
	who := p.follow("zhang")
	p.say("zhang", "你好")
	p.sendImage("zhang", jpegImage(30))
	picture := p.account.last().msg.PicUrl
	job := p.publish("防汛通知")
	kept := p.draft("还没发的稿子")
	p.must("menu/create", obj{"button": []obj{{"type": "click", "name": "申请公开", "key": "APPLY"}}})
	p.json("POST", "/sim/consents", obj{"citizen": "zhang", "template_id": simulator.DefaultTemplateID, "scene": "7"})
	mass := p.must("message/mass/sendall", obj{"filter": obj{"is_to_all": true}, "msgtype": "text", "text": obj{"content": "群发"}, "clientmsgid": "m1"})
	p.Wait()
	oldToken, chat := p.accessToken(), p.chat("zhang")
	var body []byte
	waitFor(t, "the token is in the file", func() bool {
		body, _ = os.ReadFile(path)
		return bytes.Contains(body, []byte(oldToken)) && bytes.Contains(body, []byte("群发"))
	})
	if bytes.Contains(body, []byte(simulator.DefaultAppSecret)) {
		t.Error("the AppSecret is in the file")
	}

	q := keepingPlatform(t, copyState(t, path), said)
	for _, link := range []string{articleURL(job), picture} {
		if status, _, err := q.do("GET", pathOf(link), "", http.NoBody); err != nil || status != http.StatusOK {
			t.Errorf("%s after the restart: HTTP %d, %v", link, status, err)
		}
	}
	equal(t, q.accessToken(), oldToken)
	if got := q.chat("zhang"); len(got) != len(chat) || str(got[0], "text") != "收到：" || str(got[1], "text") != "你好" {
		t.Errorf("chat after the restart: %d bubbles %v, want %d", len(got), got, len(chat))
	}
	same(t, num(q.must("user/info?openid="+who, nil), "subscribe"), 1)
	equal(t, str(q.must("freepublish/get", obj{"publish_id": job["publish_id"]}), "article_id"), str(job, "article_id"))
	equal(t, articleURL(q.must("freepublish/get", obj{"publish_id": job["publish_id"]})), articleURL(job))
	same(t, len(q.must("freepublish/getarticle", obj{"article_id": job["article_id"]})["news_item"].([]any)), 1)
	q.must("draft/get", obj{"media_id": kept})
	q.must("menu/get", nil)
	q.wants(45065, "message/mass/sendall", obj{"filter": obj{"is_to_all": true}, "msgtype": "text", "text": obj{"content": "群发"}, "clientmsgid": "m1"})
	equal(t, str(q.must("message/mass/get", obj{"msg_id": mass["msg_id"]}), "msg_status"), "SEND_SUCCESS")
	q.must("message/template/subscribe", obj{
		"touser": who, "template_id": simulator.DefaultTemplateID, "scene": "7", "title": "通知", "data": obj{"content": obj{"value": "可以取件"}},
	})
	if second := q.publish("第二篇"); str(second, "article_id") == str(job, "article_id") || second["publish_id"] == job["publish_id"] {
		t.Errorf("numbers are given twice: %v", second["publish_id"])
	}
	equal(t, said.String(), "")
}

// TestCloseKeeps: Close writes what changed last, without waiting, and loading changes nothing.
func TestCloseKeeps(t *testing.T) {
	path, said := stateFile(t), &bytes.Buffer{}
	p := keepingPlatform(t, path, said)
	p.follow("li")
	p.configure(func(s *simulator.Settings) { s.TitleLimit, s.Mode = 32, simulator.Plain })
	p.Close()
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	q := keepingPlatform(t, path, said)
	_, set := q.json("GET", "/sim/settings", nil)
	if num(set, "title_limit") != 32 || str(set, "mode") != "safe" || str(set, "callback_url") != q.account.url {
		t.Errorf("settings %v: the limit is kept, mode and address are the program's", set)
	}
	q.Close()
	var before, after obj
	second, _ := os.ReadFile(path)
	if json.Unmarshal(first, &before) != nil || json.Unmarshal(second, &after) != nil {
		t.Fatal("no JSON")
	}
	delete(before, "Settings")
	delete(after, "Settings")
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("loading and saving changed (-before +after):\n%s", d)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file %v, %v: others may read it", info.Mode(), err)
	}
}

// TestUnfinishedJobsGoOn: a publication and a mass send that were under way end after the restart.
func TestUnfinishedJobsGoOn(t *testing.T) {
	path, said := stateFile(t), &bytes.Buffer{}
	slow := func(s *simulator.Server) { s.Settings.PublishDelayMS, s.Settings.MassDelayMS = 60_000, 60_000 }
	p := keepingPlatform(t, path, said, slow)
	p.json("POST", "/phone/follow", obj{"citizen": "wang"})
	job := p.must("freepublish/submit", obj{"media_id": p.draft("半途")})
	mass := p.must("message/mass/sendall", obj{"filter": obj{"is_to_all": true}, "msgtype": "mpnews", "mpnews": obj{"media_id": p.draft("群发")}})
	p.Close()
	shorten(t, path)

	q := keepingPlatform(t, path, said)
	q.Wait()
	done := q.must("freepublish/get", obj{"publish_id": job["publish_id"]})
	if num(done, "publish_status") != 0 {
		t.Fatalf("publication after the restart: %v", done)
	}
	if status, _, _ := q.do("GET", pathOf(articleURL(done)), "", http.NoBody); status != http.StatusOK {
		t.Errorf("its link: HTTP %d", status)
	}
	equal(t, str(q.must("message/mass/get", obj{"msg_id": mass["msg_id"]}), "msg_status"), "SEND_SUCCESS")
	equal(t, str(q.lastBubble("wang"), "via"), "群发")
	same(t, num(q.must("draft/count", nil), "total_count"), 0)
	same(t, len(q.account.events("PUBLISHJOBFINISH")), 1)
}

// shorten takes the long delays out of a state file.
func shorten(t *testing.T, path string) {
	t.Helper()
	body, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, bytes.ReplaceAll(body, []byte("60000"), []byte("0")), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAdminAskedAcrossRestart: who is asked before a restart can answer after it, and 30 minutes still end the question.
func TestAdminAskedAcrossRestart(t *testing.T) {
	path, said := stateFile(t), &bytes.Buffer{}
	asking := func(s *simulator.Server) { s.Settings.MassConfirm, s.Settings.MassQuota = simulator.ConfirmWait, 2 }
	p := keepingPlatform(t, path, said, asking)
	one := p.must("message/mass/sendall", toAll(p.draft("一"), nil))
	two := p.must("message/mass/sendall", toAll(p.draft("二"), nil))
	p.Close()

	q := keepingPlatform(t, path, said)
	if status, out := q.json("POST", "/sim/mass/"+jsonID(one["msg_id"]), obj{"agree": true}); status != http.StatusOK {
		t.Fatalf("HTTP %d %v", status, out)
	}
	equal(t, str(q.must("message/mass/get", obj{"msg_id": one["msg_id"]}), "msg_status"), "SEND_SUCCESS")
	equal(t, str(q.must("message/mass/get", obj{"msg_id": two["msg_id"]}), "msg_status"), "SENDING")
	q.advance(30 * time.Minute)
	q.waitFor("the second send ends", func() bool { return len(q.account.events("MASSSENDJOBFINISH")) == 2 })
	equal(t, q.account.events("MASSSENDJOBFINISH")[1].Status, "err(40002)")
}

// TestOlderStateFile: a file that lacks newer settings is read, with their defaults.
func TestOlderStateFile(t *testing.T) {
	path, said := stateFile(t), &bytes.Buffer{}
	p := keepingPlatform(t, path, said)
	p.json("POST", "/phone/follow", obj{"citizen": "wang"})
	p.Close()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	older := strings.NewReplacer(`"template_status":"success",`, "", `,"show_identity":false`, "").Replace(string(body))
	if older == string(body) || os.WriteFile(path, []byte(older), 0o600) != nil {
		t.Fatalf("nothing to leave out of %s", body)
	}
	q := keepingPlatform(t, path, said)
	_, out := q.json("GET", "/sim/settings", nil)
	if str(out, "template_status") != "success" || said.Len() > 0 {
		t.Errorf("settings %v, said %s", out, said)
	}
	if _, out := q.json("GET", "/phone/chat?citizen=wang", nil); out["citizen"].(obj)["followed"] != true {
		t.Error("the rest of the file was not read")
	}
}

// TestJobWithoutDraft: a publication whose draft is gone fails instead of hanging for ever.
func TestJobWithoutDraft(t *testing.T) {
	path, said := stateFile(t), &bytes.Buffer{}
	p := keepingPlatform(t, path, said, func(s *simulator.Server) { s.Settings.PublishDelayMS = 60_000 })
	job := p.must("freepublish/submit", obj{"media_id": p.draft("没有了")})
	p.Close()
	body, _ := os.ReadFile(path)
	var state obj
	if err := json.Unmarshal(body, &state); err != nil {
		t.Fatal(err)
	}
	state["Drafts"] = nil
	body, _ = json.Marshal(state)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	q := keepingPlatform(t, path, said)
	same(t, num(q.must("freepublish/get", obj{"publish_id": job["publish_id"]}), "publish_status"), 3)
}

// TestBrokenStateFile: the platform starts empty, keeps the file under another name and says so.
func TestBrokenStateFile(t *testing.T) {
	tests := []struct{ name, content string }{
		{"half a file", `{"Version":1,"Citizens":[{"ID":"zh`},
		{"empty", ""},
		{"another version", `{"Version":99,"Citizens":[{"ID":"zhang"}]}`},
		{"nobody", `{"Version":1}`},
		{"holes", `{"Version":1,"Citizens":[null]}`},
		{"settings that make no sense", `{"Version":1,"Citizens":[{"ID":"zhang"}],"Settings":{"title_limit":1}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path, said := stateFile(t), &bytes.Buffer{}
			for n, aside := range []string{path + ".broken-1", path + ".broken-2"} {
				if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
					t.Fatal(err)
				}
				p := keepingPlatform(t, path, said)
				p.follow("zhang")
				p.Close()
				if got, err := os.ReadFile(aside); err != nil || string(got) != tt.content {
					t.Errorf("start %d: moved aside %q, %v", n+1, got, err)
				}
			}
			if !strings.Contains(said.String(), path) || !strings.Contains(said.String(), "从头开始") {
				t.Errorf("stderr says %q", said)
			}
			same(t, num(keepingPlatform(t, path, said).must("user/get", nil), "total"), 1)
		})
	}
}

// TestUploadsAreSwept: files that nothing names any more go at the next start, and a lost one does not stop it.
func TestUploadsAreSwept(t *testing.T) {
	path, said := stateFile(t), &bytes.Buffer{}
	p := keepingPlatform(t, path, said)
	gone, lost := p.cover(), p.cover()
	p.must("material/del_material", obj{"media_id": gone})
	p.Close()
	left := path + ".1.new"
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(path+".files", lost)); err != nil {
		t.Fatal(err)
	}
	stray := filepath.Join(path+".files", "stray")
	if err := os.WriteFile(stray, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	q := keepingPlatform(t, path, said)
	q.wants(40007, "material/get_material", obj{"media_id": lost})
	for _, file := range []string{left, stray, filepath.Join(path+".files", gone)} {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s is still there", filepath.Base(file))
		}
	}
	equal(t, said.String(), "")
}

// TestCannotSave: a folder that cannot be made is told once, and the platform goes on.
func TestCannotSave(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	said := &bytes.Buffer{}
	p := keepingPlatform(t, filepath.Join(file, "platform.json"), said)
	p.follow("zhang")
	p.Close()
	if !strings.Contains(said.String(), "不会保存") && !strings.Contains(said.String(), "没有保存") {
		t.Errorf("stderr says %q", said)
	}
}

// TestNothingIsForgotten: a field added to the state later must get into the file.
func TestNothingIsForgotten(t *testing.T) {
	inState, inFile := simulator.FieldCounts()
	if inFile != inState-2+1 { // without faults and faultSeq, with Version
		t.Errorf("the state has %d fields, the file %d: add the new one to saved and restore", inState, inFile)
	}
	if hidden := simulator.HiddenFields(); len(hidden) > 0 {
		t.Errorf("fields that are not written: %v", hidden)
	}
}

// TestResetIsKept: what POST /sim/reset forgets stays forgotten.
func TestResetIsKept(t *testing.T) {
	path, said := stateFile(t), &bytes.Buffer{}
	p := keepingPlatform(t, path, said)
	p.follow("zhang")
	p.json("POST", "/sim/reset", nil)
	p.Close()
	same(t, num(keepingPlatform(t, path, said).must("user/get", nil), "total"), 0)
}

func same(t *testing.T, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}
