package simulator_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

// TestEveryEndpoint: what holds for every call of the API: method, token, IP list, quotas, and the rights of each kind of account.
func TestEveryEndpoint(t *testing.T) {
	p := newPlatform(t)
	code := func(method, path, query, body string) int {
		t.Helper()
		status, data, err := p.do(method, path+query, "application/json", strings.NewReader(body))
		if err != nil || status != http.StatusOK {
			t.Fatalf("%s %s: HTTP %d, %v", method, path, status, err)
		}
		m := regexp.MustCompile(`"errcode":(-?\d+),"errmsg":"[^"]* rid: `).FindSubmatch(data)
		if m == nil {
			return 0
		}
		n := 0
		for _, digit := range string(m[1]) {
			n = n*10 + int(digit-'0')
		}
		return n
	}
	kinds := map[simulator.AccountKind][]string{
		simulator.CertifiedService:      {"everyone", "certified", "service"},
		simulator.CertifiedSubscription: {"everyone", "certified"},
		simulator.Uncertified:           {"everyone"},
		simulator.Personal:              {"everyone"},
	}
	for _, e := range simulator.Endpoints() {
		t.Run(e.Path, func(t *testing.T) {
			token := "?access_token=" + p.accessToken()
			same := func(what string, got, want int) {
				t.Helper()
				if got != want {
					t.Errorf("%s: errcode %d, want %d", what, got, want)
				}
			}
			if e.HasMethod {
				other := map[string][2]any{"GET": {"POST", 43001}, "POST": {"GET", 43002}}[e.Method]
				same("wrong method", code(other[0].(string), e.Path, token, ""), other[1].(int))
			}
			if e.Token {
				same("no token", code(e.Method, e.Path, "", "{}"), 41001)
				same("strange token", code(e.Method, e.Path, "?access_token=x", "{}"), 40001)
			}
			for kind, may := range kinds {
				p.configure(func(s *simulator.Settings) { s.Kind = kind })
				got := code(e.Method, e.Path, token, "")
				if allowed := strings.Contains(strings.Join(may, " "), e.Needs); allowed == (got == 48001) {
					t.Errorf("%v: errcode %d, but the call is for %s", kind, got, e.Needs)
				}
			}
			p.configure(func(s *simulator.Settings) {
				s.Kind, s.Quota = simulator.CertifiedService, map[string]int{e.Path: 0}
			})
			same("day's quota", code(e.Method, e.Path, token, ""), 45009)
			p.configure(func(s *simulator.Settings) { s.Quota, s.IPList = nil, []string{"10.0.0.1"} })
			same("IP list", code(e.Method, e.Path, token, ""), 40164)
			p.configure(func(s *simulator.Settings) { s.IPList = nil })
		})
	}
}

// TestBodies: a call that takes JSON answers 44002 without a body and 47001 to nonsense.
func TestBodies(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.Kind = simulator.CertifiedService })
	others := map[string]bool{ // what takes a file, a form or nothing
		"/cgi-bin/media/uploadimg": true, "/cgi-bin/media/upload": true, "/cgi-bin/material/add_material": true, "/cgi-bin/clear_quota/v2": true,
		"/cgi-bin/draft/switch": true, "/cgi-bin/message/mass/speed/get": true, "/wxa/sec/queryblocktmplmsg": true,
		"/cgi-bin/material/add_news": true, "/cgi-bin/material/update_news": true,
	}
	for _, e := range simulator.Endpoints() {
		if e.Method != "POST" || others[e.Path] {
			continue
		}
		for body, want := range map[string]int{"": 44002, "{": 47001, "[1]": 47001} {
			_, data, err := p.do("POST", e.Path+"?access_token="+p.accessToken(), "application/json", strings.NewReader(body))
			if err != nil || !strings.Contains(string(data), `"errcode":`+jsonID(want)+`,`) {
				t.Errorf("%s with %q: %s %v, want %d", e.Path, body, data, err, want)
			}
		}
	}
}

// TestStableTokenProperty: whatever the clock and the callers do, a stable token that was just given works, ends when it was
// said to, and the one before it works for five minutes more.
func TestStableTokenProperty(t *testing.T) {
	p := newPlatform(t)
	random := rand.New(rand.NewPCG(7, 7))
	works := func(token string) bool {
		_, out := p.json("GET", "/cgi-bin/getcallbackip?access_token="+token, nil)
		return errcode(out) == 0
	}
	last, lastEnd := "", start
	for i := range 400 {
		_, out := p.json("POST", "/cgi-bin/stable_token", obj{
			"grant_type": "client_credential", "appid": simulator.DefaultAppID, "secret": simulator.DefaultAppSecret,
			"force_refresh": random.IntN(4) == 0,
		})
		_, now := p.json("GET", "/sim/clock", nil)
		at, _ := time.Parse(time.RFC3339, str(now, "now"))
		token, left := str(out, "access_token"), num(out, "expires_in")
		if left < 300 || left > 7200 || !works(token) {
			t.Fatalf("step %d: a token for %d s that works: %v", i, left, works(token))
		}
		if token == last && !at.Add(time.Duration(left)*time.Second).Equal(lastEnd) {
			t.Fatalf("step %d: the same token ends at another time", i)
		}
		if token != last && last != "" && at.Before(lastEnd) && !works(last) {
			t.Fatalf("step %d: the token before died at once", i)
		}
		if token != last && last != "" {
			p.advance(5*time.Minute + time.Second)
			if works(last) {
				t.Fatalf("step %d: the token before outlives the five minutes", i)
			}
			at = at.Add(5*time.Minute + time.Second)
			left -= 301
		}
		last, lastEnd = token, at.Add(time.Duration(left)*time.Second)
		p.advance(time.Duration(random.IntN(1800)) * time.Second)
	}
}

var outTag = regexp.MustCompile(`<(/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>`)

// checkClean fails when something active, or something unbalanced, is left in filtered HTML.
func checkClean(t *testing.T, in string) {
	t.Helper()
	out := simulator.CleanHTML(in)
	rest := outTag.ReplaceAllString(out, "")
	if strings.Contains(rest, "<") {
		t.Errorf("%q leaves a tag of its own: %q", in, out)
	}
	var open []string
	for _, m := range outTag.FindAllStringSubmatch(out, -1) {
		closing, name, attrs := m[1] == "/", m[2], m[3]
		switch {
		case strings.Contains(attrs, " on") || strings.Contains(strings.ToLower(attrs), "javascript"):
			t.Errorf("%q leaves %q", in, m[0])
		case name == "script" || name == "iframe" || name == "object" || name == "svg" || name == "style":
			t.Errorf("%q leaves %q", in, m[0])
		case strings.Contains(attrs, "src=") && !strings.Contains(attrs, `src="https://ours/`), strings.Contains(attrs, "href=") && !strings.Contains(attrs, `href="https://ours/`):
			t.Errorf("%q leads elsewhere: %q", in, m[0])
		case name == "br" || name == "hr" || name == "img" || name == "col":
		case !closing:
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			t.Errorf("%q is not balanced: %q", in, out)
			return
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%q stays open: %q", in, out)
	}
	if again := simulator.CleanHTML(out); again != out {
		t.Errorf("%q changes when it is filtered again: %q, then %q", in, out, again)
	}
}

var nastyHTML = []string{
	`<img src=https://ours/a onerror=alert(1)>`, `<IMG SRC="https://evil/a" srcset="https://evil/b 2x">`, `<a href=" javascript:alert(1)">x</a>`,
	`<a href="java&#115;cript:alert(1)">x</a>`, `<svg/onload=alert(1)>x`, `<scr<script>ipt>alert(1)</scr</script>ipt>`, `<p style="x:expression(alert(1))">x`,
	`<table><tr><td>1</table>2`, `<p/onclick=x>a`, `<b <i>x</i></b>`, `<<p>>a<</p>>`, `<p title="a>b" onmouseover='x'>c</p>`, `<math><mi xlink:href="javascript:x">`,
	`<p title="&lt;script&gt;">x</p>`, "<p\tonclick\n=\nx>a</p>", `<!--><script>x</script>-->`, `<style><!--</style><script>x</script>-->`, `<a href="https://ours/s"><a href="https://evil/">x`,
}

func TestFilterLetsNothingActiveThrough(t *testing.T) {
	for _, in := range nastyHTML {
		checkClean(t, in)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var in strings.Builder
		for range 1 + random.IntN(6) {
			s := nastyHTML[random.IntN(len(nastyHTML))]
			in.WriteString(s[random.IntN(len(s)):])
		}
		checkClean(t, in.String())
	}
}

func FuzzFilter(f *testing.F) {
	for _, in := range nastyHTML {
		f.Add(in)
	}
	f.Fuzz(checkClean)
}

// TestPrettyKeepsMeaning: indented XML reads as the same elements and texts; what is no XML stays as it is.
func TestPrettyKeepsMeaning(t *testing.T) {
	for _, in := range []string{
		`<xml><A><![CDATA[1 < 2 ]]]]><![CDATA[> x]]></A><B>7</B><List><I>a</I></List><List><I>b</I></List><Empty></Empty></xml>`,
		"<xml><A>  a\n b </A></xml>", `<xml></xml>`,
	} {
		if got, want := elements(t, simulator.Pretty(in)), elements(t, in); got != want {
			t.Errorf("%s reads as %s", in, got)
		}
		if once := simulator.Pretty(in); simulator.Pretty(once) != once {
			t.Errorf("%s changes when it is indented again", in)
		}
	}
	for _, in := range []string{"success", "", "{}"} {
		equal(t, simulator.Pretty(in), in)
	}
}

// elements writes the elements and trimmed texts of a document in one line.
func elements(t *testing.T, doc string) string {
	t.Helper()
	var out strings.Builder
	dec := xml.NewDecoder(strings.NewReader(doc))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		if err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			out.WriteString("<" + token.Name.Local + ">")
		case xml.EndElement:
			out.WriteString("</>")
		case xml.CharData:
			out.WriteString(strings.TrimSpace(string(token)))
		}
	}
}
