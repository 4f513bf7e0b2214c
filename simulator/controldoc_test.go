package simulator_test

import (
	"context"
	"html"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

func (p *platform) page(path string) string {
	p.Helper()
	status, body, err := p.do("GET", path, "", http.NoBody)
	if err != nil || status != http.StatusOK {
		p.Fatalf("%s: HTTP %d, %v", path, status, err)
	}
	return string(body)
}

// TestControlPage: GET /sim/ tells of every call, setting, failure and simulated API, and says what each is for.
func TestControlPage(t *testing.T) {
	p := newPlatform(t)
	page := p.page("/sim/")
	for _, call := range simulator.ControlCalls(p.Server) {
		if !strings.Contains(page, "</span> <code>"+call+"</code>") {
			t.Errorf("the page has no %s", call)
		}
	}
	for _, name := range simulator.SettingNames() {
		if row := regexp.MustCompile(`<td><code>` + name + `</code></td><td><code>[^<]*</code></td><td>[^<]+</td>`); !row.MatchString(page) {
			t.Errorf("setting %s is not explained", name)
		}
	}
	for _, kind := range simulator.FaultKinds() {
		if !regexp.MustCompile(`<td><code>` + kind + `</code></td><td>[^<]+</td>`).MatchString(page) {
			t.Errorf("failure %s is not explained", kind)
		}
	}
	for _, path := range simulator.APIPaths() {
		if !strings.Contains(page, "<code>"+path+"</code>") {
			t.Errorf("the page has no %s", path)
		}
	}
	for _, bad := range []string{`<script>`, `<style`, ` style="`, ` onclick=`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page contains %s", bad)
		}
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="(/[^"]*)"`).FindAllStringSubmatch(page, -1) {
		p.page(m[1])
	}
}

// TestControlPageKeepsSecrets: credentials that the program gave are not printed, the demo's public ones are.
func TestControlPageKeepsSecrets(t *testing.T) {
	own := newPlatform(t, func(s *simulator.Server) { s.AppSecret = "mine-and-nobody-elses" })
	if page := own.page("/sim/"); strings.Contains(page, "mine-and-nobody-elses") || !strings.Contains(page, simulator.DefaultToken) {
		t.Error("the page shows a secret of the program, or hides a public value")
	}
}

// TestControlPageExample: what the page asks a stranger to paste works as it stands.
func TestControlPageExample(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "base64", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	p := newPlatform(t)
	example := regexp.MustCompile(`(?s)<pre>(.*?)</pre>`).FindStringSubmatch(p.page("/sim/"))
	if example == nil || !strings.Contains(example[1], "freepublish/submit") {
		t.Fatalf("no example on the page: %v", example)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-e")
	shell.Dir, shell.Stdin = t.TempDir(), strings.NewReader(html.UnescapeString(example[1]))
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{`"publish_id":`, `"publish_status":2`, `"title":"第一篇"`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the output has no %s:\n%s", want, out)
		}
	}
}

// TestControlExamples: every body on the page is one that the call accepts.
func TestControlExamples(t *testing.T) {
	for _, c := range simulator.ControlExamples(&simulator.Server{}) {
		t.Run(c.Method+" "+c.Path, func(t *testing.T) {
			p := newPlatform(t)
			p.configure(func(s *simulator.Settings) { s.MassConfirm = simulator.ConfirmWait })
			p.fault(simulator.Fault{On: "*", Kind: simulator.FaultSlow, DelayMS: 1})
			article := articleURL(p.publish("题"))
			publication := jsonID(p.account.events("PUBLISHJOBFINISH")[0].Publish.ID)
			job := p.must("message/mass/sendall", toAll(p.draft("题"), nil))
			path := strings.NewReplacer("{id}", "1", "{publish_id}", publication, "{msg_id}", jsonID(job["msg_id"])).Replace(c.Path)
			body := strings.NewReplacer("http://…/s/…", article, "http://127.0.0.1:8080/wechat", p.account.url).Replace(c.Example)
			status, out, err := p.do(c.Method, path, "application/json", strings.NewReader(body))
			if err != nil || status != http.StatusOK {
				t.Errorf("%s %s %s: HTTP %d %s %v", c.Method, path, body, status, out, err)
			}
			p.Wait()
		})
	}
}

// TestControlSentences: what is wrong with a request is said in a sentence that helps.
func TestControlSentences(t *testing.T) {
	p := newPlatform(t)
	tests := []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"unknown path", "GET", "/sim/nothing", "", 404, "没有 GET /sim/nothing 这个控制接口，全部列在 /sim/"},
		{"wrong method", "PUT", "/sim/settings", "{}", 405, "/sim/settings 要用 GET、PATCH，不能用 PUT"},
		{"wrong method with a wildcard", "GET", "/sim/mass/7", "", 405, "/sim/mass/7 要用 POST，不能用 GET"},
		{"no body", "PATCH", "/sim/settings", "", 400, "请求没有内容"},
		{"not JSON", "PATCH", "/sim/settings", "{mode", 400, "第 2 个字节处读不懂"},
		{"two values", "PATCH", "/sim/settings", "{} {}", 400, "读不懂"},
		{"a list", "POST", "/sim/clock", "[]", 400, "要是一个 JSON 对象"},
		{"unknown setting", "PATCH", "/sim/settings", `{"titel_limit":32}`, 400, `没有 "titel_limit" 这个字段；可以用的有：callback_url、mode`},
		{"text for a number", "PATCH", "/sim/settings", `{"title_limit":"32"}`, 400, "字段 title_limit 要是整数，不能是 string"},
		{"number for true", "PATCH", "/sim/settings", `{"draft_stays":1}`, 400, "字段 draft_stays 要是 true 或 false，不能是 number"},
		{"text for a list", "PATCH", "/sim/settings", `{"ip_list":"127.0.0.1"}`, 400, "字段 ip_list 要是列表，不能是 string"},
		{"list for an object", "PATCH", "/sim/settings", `{"quota":[]}`, 400, "字段 quota 要是对象，不能是 array"},
		{"text for a place", "POST", "/phone/location", `{"latitude":"35"}`, 400, "字段 latitude 要是数字，不能是 string"},
		{"number for text", "POST", "/sim/push", `{"event":7}`, 400, "字段 event 要是文字，不能是 number"},
		{"minute quota by name", "PATCH", "/sim/settings", `{"minute_quotas":{"draft/add":2}}`, 400, "minute_quotas 按接口路径写"},
		{"unknown mode", "PATCH", "/sim/settings", `{"mode":"morse"}`, 400, "没有「morse」这个选项，可选：safe、compatible、plain"},
		{"negative delay", "PATCH", "/sim/settings", `{"publish_delay_ms":-1}`, 400, "publish_delay_ms 不能是负数"},
		{"publish result", "PATCH", "/sim/settings", `{"publish_result":1}`, 400, "publish_result 只能是 0"},
		{"mass status", "PATCH", "/sim/settings", `{"mass_status":"err20001"}`, 400, "err(数字)"},
		{"check state", "PATCH", "/sim/settings", `{"copyright":{"check_state":4}}`, 400, "check_state 只能是"},
		{"fail idx", "PATCH", "/sim/settings", `{"fail_idx":[0]}`, 400, "从 1 数起"},
		{"template status", "PATCH", "/sim/settings", `{"template_status":"no"}`, 400, "template_status 只能是"},
		{"quota by name", "PATCH", "/sim/settings", `{"quota":{"draft/add":2}}`, 400, "quota 按接口路径写"},
		{"negative quota", "PATCH", "/sim/settings", `{"quota":{"/cgi-bin/draft/add":-2}}`, 400, "不能是负数"},
		{"IP", "PATCH", "/sim/settings", `{"ip_list":["localhost"]}`, 400, `"localhost" 不是 IP 地址`},
		{"clock", "POST", "/sim/clock", `{"advance":"2 days"}`, 400, "advance（48h）"},
		{"fault without a place", "POST", "/sim/faults", `{"kind":"busy"}`, 400, "on 要写明"},
		{"fault of an API", "POST", "/sim/faults", `{"on":"*","kind":"lose"}`, 400, "只能是 busy、code、status"},
		{"fault of a callback", "POST", "/sim/faults", `{"on":"message","kind":"busy"}`, 400, "只能是 lose、late、swap、duplicate、early"},
		{"fault without a code", "POST", "/sim/faults", `{"on":"*","kind":"code"}`, 400, "code 要写明"},
		{"fault with an odd status", "POST", "/sim/faults", `{"on":"*","kind":"status","status":7}`, 400, "HTTP 状态"},
		{"fault of minus one time", "POST", "/sim/faults", `{"on":"*","kind":"busy","times":-1}`, 400, "不能是负数"},
		{"no such fault", "DELETE", "/sim/faults/9", "", 404, "没有这个故障"},
		{"citizen without an id", "POST", "/sim/citizens", `{"name":"孙"}`, 400, "id 要用"},
		{"citizen without a name", "POST", "/sim/citizens", `{"id":"sun"}`, 400, "要有姓名"},
		{"citizen twice", "POST", "/sim/citizens", `{"id":"zhang","name":"张"}`, 400, "已经有"},
		{"consent of nobody", "POST", "/sim/consents", `{"citizen":"x","template_id":"t"}`, 404, "没有这位市民：x"},
		{"push of nothing", "POST", "/sim/push", `{}`, 400, "要么给出 event"},
		{"push of a list", "POST", "/sim/push", `{"event":"x","fields":[]}`, 400, "fields 要是一个对象"},
		{"ban of nothing", "POST", "/sim/publish/7/ban", "", 404, "没有这次成功的发布"},
		{"confirmation of nothing", "POST", "/sim/mass/7", `{"agree":true}`, 404, "没有等待确认的群发"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body, err := p.do(tt.method, tt.path, "application/json", strings.NewReader(tt.body))
			if err != nil || status != tt.status || !strings.Contains(strings.ReplaceAll(string(body), `\"`, `"`), tt.want) || !strings.HasPrefix(string(body), `{"error":`) {
				t.Errorf("HTTP %d %s %v, want %d with %s", status, body, err, tt.status, tt.want)
			}
		})
	}
}

// TestSet is what shoushan simulate --set does: JSON values, and strings without quotes.
func TestSet(t *testing.T) {
	p := newPlatform(t)
	for _, pair := range [][2]string{{"title_limit", "32"}, {"mode", "plain"}, {"mass_status", "err(20001)"}, {"ip_list", `["127.0.0.1"]`}, {"callback_url", "http://127.0.0.1:9/w"}} {
		if err := p.Set(pair[0], pair[1]); err != nil {
			t.Errorf("%s=%s: %v", pair[0], pair[1], err)
		}
	}
	_, got := p.json("GET", "/sim/settings", nil)
	if num(got, "title_limit") != 32 || str(got, "mode") != "plain" || str(got, "mass_status") != "err(20001)" || str(got, "callback_url") != "http://127.0.0.1:9/w" {
		t.Errorf("settings %v", got)
	}
	for _, pair := range [][2]string{{"titel", "32"}, {"title_limit", "many"}, {"title_limit", "33"}} {
		if err := p.Set(pair[0], pair[1]); err == nil {
			t.Errorf("%s=%s is accepted", pair[0], pair[1])
		}
	}
}

// TestReadme: the room's README tells of every call, setting and failure.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	for _, word := range slices.Concat(simulator.ControlCalls(&simulator.Server{}), simulator.SettingNames(), simulator.FaultKinds()) {
		if !strings.Contains(readme, word) {
			t.Errorf("README.md has no %s", word)
		}
	}
}
