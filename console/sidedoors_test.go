package console_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"shoushan/console"
	"shoushan/disclosure"
	"shoushan/staff"
	"shoushan/workday"
)

// openly are the doors that show personal data on purpose, and to whom: to the desk, after a click, with a reason, and with
// an event in the case. Every other door shows them to nobody.
var openly = map[string]string{
	"POST /requests/{id}/reveal":          "D",
	"GET /requests/{id}/letters/{n}/docx": "D",
	"GET /requests/{id}/sheets/{sheet}":   "D", // the form of application
	"POST /requests/export":               "D",
	"GET /requests/{id}/files/{n}":        "D", // a picture: its bytes are looked at, not read
}

// forms are what a person would post there. A route that is missing here is posted with what fits most verbs; it must
// answer a person's sentence, never a failure.
var forms = map[string]url.Values{
	"POST /requests":                   intakeForm(),
	"POST /requests/search":            {"q": {secretName}},
	"POST /requests/export":            {"year": {"0"}, "why": {"移交档案室"}},
	"POST /requests/{id}/reveal":       {"why": {"电话通知领取"}},
	"POST /requests/{id}/decide":       {"outcome": {"r1"}, "how": {"attached"}, "content": {"已发给" + secretName + "，电话" + secretPhone}},
	"POST /requests/{id}/consult":      {"party": {"third_party"}, "name": {thirdParty}, "about": {"报价，问" + secretName}},
	"POST /requests/{id}/supplement":   {"items": {"请" + secretName + "写明年份"}, "until": {"2026-12-10"}},
	"POST /requests/{id}/supplemented": {"description": {secretName + "的低保"}, "on": {"2026-11-23"}},
	"POST /requests/{id}/fee":          {"basis": {"pages"}, "count": {"72"}},
	"POST /requests/{id}/correct":      {"kind": {"natural"}, "medium": {"paper"}, "delivery": {"pickup"}, "reason": {secretName + "说错了"}},
	"POST /requests/{id}/split":        {"keep": {"名册，" + secretPhone}, "parts": {secretNumber + "\n" + secretName}},
	"POST /requests/{id}/deliver":      {"via": {"pickup"}, "proof": {secretName + "本人签收"}},
	"POST /requests/{id}/remedy":       {"kind": {"reconsideration"}, "number": {"陵政复〔2026〕9号"}},
	"POST /talks/{id}/accept":          {"request": {"2026-0001"}},
	"POST /talks/{id}/reply":           {"text": {"请来领取。"}},
	"POST /calendar":                   notice2027,
	"POST /logout":                     {},
}

// common is a little of what the other verbs ask.
var common = url.Values{
	"reason": {"因为" + secretName + "，" + secretPhone}, "handler": {"wu"}, "text": {secretName + " " + secretNumber}, "until": {"2026-12-10"}, "no": {"1"},
	"answer": {"agrees"}, "days": {"10"}, "facts": {secretName + "一个月四十二件"}, "receipt": {"晋财票001"}, "office": {"财政所"}, "about": {"查" + secretName},
	"number": {"2026-XXGK-1"}, "result": {"upheld"},
}

// TestSideDoors opens every route as every role in a house of its own state and looks at everything that comes back: pages,
// workbooks and documents unpacked, file names, addresses of redirects and the pages behind them. Nobody's number, telephone,
// name or address may be in it, save through the doors that are there for it.
func TestSideDoors(t *testing.T) {
	for _, role := range staff.Roles() {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			s := seed(t, h)
			h.talkWith(s)
			b := h.as(t, loginOf[role])
			for _, pattern := range console.Patterns() {
				for _, key := range []string{"handling", "unopened", "signoff", "delivery", "closed", "notice", "consulting"} {
					h.look(t, b, role, pattern, key, s)
					if !strings.Contains(pattern, "/requests/{id}") {
						break
					}
				}
			}
			if text := h.log.String(); leaks(text) != "" {
				t.Errorf("the log tells %q", leaks(text))
			}
		})
	}
}

// talkWith lets the citizen of a request write to people, with everything that nobody should read unasked.
func (h *house) talkWith(s seeded) {
	talk := console.Talk{ID: "TALK1", OpenID: "oAbC", Last: monday, Waiting: true, Requests: []string{s.requests["unopened"]}, Lines: []console.TalkLine{
		{At: monday, Text: "我是" + secretName + "，电话" + secretPhone + "，身份证" + secretNumber + "，住东街六号吗不是"},
	}}
	talk.Lines[0].Text = "我是" + secretName + "，电话" + secretPhone + "，身份证" + secretNumber
	h.chat.talks = []console.Talk{talk}
	h.chat.contact["oAbC"] = console.Contact{Talk: talk}
}

func (h *house) look(t *testing.T, b *browser, role staff.Role, pattern, key string, s seeded) {
	t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	if strings.HasPrefix(path, "/log") || strings.HasPrefix(path, "/account") && method == "POST" || pattern == "POST /jobs/{name}/run" {
		return // these end the session, change the password, or are the clock's
	}
	path = strings.NewReplacer("{$}", "", "{n}", "1", "{year}", "2026", "{figure}", "requests.new", "{file}", "report.docx", "{name}", "due_posts", "{sheet}", "application").Replace(path)
	id := sampleID(s, path)
	if strings.HasPrefix(path, "/requests") {
		id = s.requests[key]
	}
	path = strings.ReplaceAll(path, "{id}", id)
	if strings.HasPrefix(path, "/talks/") {
		path = strings.Replace(path, id, "TALK1", 1)
	}
	got := b.send(h.asked(pattern, method, path))
	if got.status >= 500 && !strings.HasPrefix(path, "/report") {
		t.Errorf("%s on %s = %d: %s", pattern, key, got.status, got.sentence())
	}
	if may := letterOf[role]; strings.Contains(openly[pattern], may) && got.status == http.StatusOK {
		return
	}
	if found := leaks(got.everything(t)); found != "" {
		t.Errorf("%s on %s (%d) shows %q: …%s…", pattern, key, got.status, found, around(got.everything(t), found))
	}
	if to := got.location(); strings.HasPrefix(to, "/") {
		if found := leaks(b.get(to).everything(t)); found != "" {
			t.Errorf("%s on %s leads to %s, which shows %q: …%s…", pattern, key, to, found, around(b.get(to).everything(t), found))
		}
	}
}

func (h *house) asked(pattern, method, path string) *http.Request {
	if method == "GET" {
		return httptest.NewRequest(method, path, nil)
	}
	form, ok := forms[pattern]
	if !ok && strings.HasPrefix(path, "/requests/") {
		form = common
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// typedBack is how a form says again what the same person has just typed into it; that is no door.
var typedBack = []string{`<textarea`, `<input`, `id="typed"`}

// everything is all that an answer tells: its headers, its text, and the parts of what is a zip.
func (a answer) everything(t testing.TB) string {
	t.Helper()
	var out strings.Builder
	for name, values := range a.header {
		for _, v := range values {
			decoded, err := url.QueryUnescape(v)
			if err != nil {
				decoded = v
			}
			out.WriteString(name + ": " + decoded + "\n")
		}
	}
	if !strings.HasPrefix(a.body, "PK") {
		out.WriteString(withoutTyped(a.body))
		return out.String()
	}
	book, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range book.File {
		out.WriteString(file.Name + "\n")
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
	return out.String()
}

// withoutTyped leaves out what forms and the box of typed text say back to who typed it.
func withoutTyped(page string) string {
	for _, open := range typedBack {
		end := map[string]string{`<textarea`: "</textarea>", `<input`: ">", `id="typed"`: "</section>"}[open]
		for {
			before, rest, ok := strings.Cut(page, open)
			if !ok {
				break
			}
			_, after, _ := strings.Cut(rest, end)
			page = before + after
		}
	}
	return page
}

// leaks returns the first personal datum that a text tells.
func leaks(text string) string {
	for _, secret := range append(secrets, thirdParty) {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}

// around is where a text says it.
func around(text, found string) string {
	i := strings.Index(text, found)
	return text[max(0, i-200):min(len(text), i+60)]
}

// TestTheLookoutSees: the test above would find what it looks for, also inside a document and a file name.
func TestTheLookoutSees(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	zhou := h.as(t, "zhou")
	if got := zhou.get("/requests/" + s.requests["closed"] + "/letters/2/docx"); leaks(got.everything(t)) == "" {
		t.Error("a served letter names its applicant, and the test does not see it")
	}
	if got := zhou.post("/requests/export", url.Values{"year": {"0"}, "why": {"移交"}}); leaks(got.everything(t)) == "" {
		t.Error("the full export names applicants, and the test does not see it")
	}
	named := answer{header: http.Header{"Content-Disposition": {"attachment; filename*=UTF-8''" + url.PathEscape(secretName+".pdf")}}}
	if leaks(named.everything(t)) != secretName {
		t.Error("a file name is not read")
	}
	if r, err := h.Request(t.Context(), s.requests["closed"]); err != nil || !wasSeen(r) {
		t.Errorf("the letter was handed out without an event: %v", err)
	}
	if workday.Of(h.now) != workday.Of(monday) {
		t.Error("the clock has moved")
	}
}

func wasSeen(r disclosure.Request) bool {
	for _, e := range r.Trail {
		if e.Action == string(disclosure.DoReveal) {
			return true
		}
	}
	return false
}
