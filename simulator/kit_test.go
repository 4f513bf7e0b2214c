package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"shoushan/simulator"
)

// start is the moment at which every test begins: a Monday morning in Beijing.
var start = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// obj is a JSON object.
type obj = map[string]any

func str(o obj, key string) string { s, _ := o[key].(string); return s }

func num(o obj, key string) int { n, _ := o[key].(float64); return int(n) }

// platform is a simulator under test, with its clock and an account that answers callbacks.
type platform struct {
	testing.TB
	*simulator.Server
	url     string
	account *account

	mu sync.Mutex
	at time.Time
}

// newPlatform starts a simulator without delays. The options change it before its first use.
func newPlatform(t testing.TB, options ...func(*simulator.Server)) *platform {
	t.Helper()
	p := &platform{TB: t, at: start}
	p.account = newAccount(t)
	settings := simulator.DefaultSettings()
	settings.PublishDelayMS, settings.MassDelayMS, settings.RetryPauseMS = 0, 0, 0
	p.Server = &simulator.Server{
		CallbackURL: p.account.url, Settings: &settings,
		Now:      func() time.Time { p.mu.Lock(); defer p.mu.Unlock(); return p.at },
		SetClock: func(now time.Time) { p.mu.Lock(); defer p.mu.Unlock(); p.at = now },
	}
	for _, option := range options {
		option(p.Server)
	}
	p.account.mode = p.Mode
	server := httptest.NewServer(p.Handler())
	p.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(p.Close)
	return p
}

func (p *platform) advance(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = p.at.Add(d)
}

// configure changes settings and fails the test when they are refused.
func (p *platform) configure(change func(*simulator.Settings)) {
	p.Helper()
	if err := p.Configure(change); err != nil {
		p.Fatal(err)
	}
}

func (p *platform) fault(f simulator.Fault) {
	p.Helper()
	if _, err := p.AddFault(f); err != nil {
		p.Fatal(err)
	}
}

// do sends a request and returns status and body.
func (p *platform) do(method, path, contentType string, body io.Reader) (int, []byte, error) {
	req, err := http.NewRequest(method, p.url+path, body)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, data, err
}

// json sends JSON and decodes the answer.
func (p *platform) json(method, path string, in any) (int, obj) {
	p.Helper()
	var body io.Reader = http.NoBody
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			p.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	status, data, err := p.do(method, path, "application/json", body)
	if err != nil {
		p.Fatalf("%s %s: %v", method, path, err)
	}
	out := obj{}
	if err := json.Unmarshal(data, &out); err != nil {
		p.Fatalf("%s %s: %v in %s", method, path, err, data)
	}
	return status, out
}

// accessToken returns a stable token that is good now.
func (p *platform) accessToken() string {
	p.Helper()
	_, out := p.json("POST", "/cgi-bin/stable_token", obj{
		"grant_type": "client_credential", "appid": simulator.DefaultAppID, "secret": simulator.DefaultAppSecret,
	})
	value, ok := out["access_token"].(string)
	if !ok {
		p.Fatalf("stable_token: %v", out)
	}
	return value
}

// call calls an API with a good token; a nil body makes it a GET.
func (p *platform) call(path string, in any) obj {
	p.Helper()
	method := "POST"
	if in == nil {
		method = "GET"
	}
	status, out := p.json(method, p.withToken(path), in)
	if status != http.StatusOK {
		p.Fatalf("%s: HTTP %d, want 200 whatever the errcode", path, status)
	}
	return out
}

func (p *platform) withToken(path string) string {
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return "/cgi-bin/" + path + mark + "access_token=" + p.accessToken()
}

// must calls an API that has to succeed.
func (p *platform) must(path string, in any) obj {
	p.Helper()
	out := p.call(path, in)
	if code := errcode(out); code != 0 {
		p.Fatalf("%s: %v", path, out)
	}
	return out
}

// wants calls an API and checks the errcode, and that an error carries a rid.
func (p *platform) wants(code int, path string, in any) obj {
	p.Helper()
	out := p.call(path, in)
	if got := errcode(out); got != code {
		p.Errorf("%s: errcode %d, want %d (%v)", path, got, code, out)
	}
	if text, _ := out["errmsg"].(string); code != 0 && !strings.Contains(text, " rid: ") {
		p.Errorf("%s: errmsg %q has no rid", path, text)
	}
	return out
}

func errcode(out obj) int {
	code, _ := out["errcode"].(float64)
	return int(code)
}

// upload posts a file in the field media.
func (p *platform) upload(path, name string, data []byte, fields ...[2]string) obj {
	p.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range fields {
		_ = form.WriteField(f[0], f[1])
	}
	file, _ := form.CreateFormFile("media", name)
	_, _ = file.Write(data)
	_ = form.Close()
	_, answer, err := p.do("POST", p.withToken(path), form.FormDataContentType(), &body)
	if err != nil {
		p.Fatal(err)
	}
	out := obj{}
	if err := json.Unmarshal(answer, &out); err != nil {
		p.Fatalf("%s: %s", path, answer)
	}
	return out
}

// phone does something on a citizen's phone and waits until the account has answered.
func (p *platform) phone(verb string, in obj) obj {
	p.Helper()
	status, out := p.json("POST", "/phone/"+verb, in)
	if status != http.StatusOK {
		p.Fatalf("phone %s %v: HTTP %d %v", verb, in, status, out)
	}
	p.Wait()
	return out
}

func (p *platform) follow(citizen string) string {
	p.Helper()
	p.phone("follow", obj{"citizen": citizen})
	return p.openID(citizen)
}

func (p *platform) say(citizen, text string) {
	p.Helper()
	p.phone("text", obj{"citizen": citizen, "text": text})
}

func (p *platform) chat(citizen string) []obj {
	p.Helper()
	_, out := p.json("GET", "/phone/chat?citizen="+citizen, nil)
	var list []obj
	for _, b := range out["bubbles"].([]any) {
		list = append(list, b.(obj))
	}
	return list
}

// lastBubble is the newest bubble on a phone.
func (p *platform) lastBubble(citizen string) obj {
	p.Helper()
	list := p.chat(citizen)
	if len(list) == 0 {
		return obj{}
	}
	return list[len(list)-1]
}

func (p *platform) openID(citizen string) string {
	p.Helper()
	_, out := p.json("GET", "/phone/chat?citizen="+citizen, nil)
	return out["citizen"].(obj)["openid"].(string)
}

// cover uploads a permanent image and returns its media_id.
func (p *platform) cover() string {
	p.Helper()
	return str(p.upload("material/add_material?type=image", "cover.png", pngImage(8)), "media_id")
}

// draft adds a draft with these titles and returns its media_id.
func (p *platform) draft(titles ...string) string {
	p.Helper()
	cover := p.cover()
	var list []obj
	for _, title := range titles {
		list = append(list, obj{"title": title, "content": "<p>正文</p>", "thumb_media_id": cover})
	}
	return str(p.must("draft/add", obj{"articles": list}), "media_id")
}

// publish publishes a new draft and returns the answer of freepublish/get.
func (p *platform) publish(title string) obj {
	p.Helper()
	job := p.must("freepublish/submit", obj{"media_id": p.draft(title)})
	p.Wait()
	return p.must("freepublish/get", obj{"publish_id": job["publish_id"]})
}
