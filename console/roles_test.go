package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"shoushan/console"
	"shoushan/posts"
	"shoushan/staff"
)

// allowed is the role matrix: which roles may use which address. A = author, R = reviewer, S = approver (签发), P = publisher, D = request
// desk, M = administrator, * = every member, + = also before login. A route that is missing here fails the test.
var allowed = map[string]string{
	"GET /login": "+", "POST /login": "+", "GET /login/code": "+", "POST /login/code": "+", "POST /logout": "+",
	"GET /{$}": "*", "GET /help": "*", "GET /account": "*", "POST /account/password": "*", "GET /account/code": "*",
	"GET /account/code.png": "*", "POST /account/code": "*", "POST /account/code/off": "*",

	"GET /requests": "SD", "GET /requests/new": "D", "POST /requests": "D", "GET /requests/{id}": "SD", "GET /requests/{id}/why": "SD",
	"GET /requests/{id}/letters/{n}": "SD", "GET /requests/{id}/letters/{n}/docx": "D", "POST /requests/{id}/reveal": "D",
	"POST /requests/{id}/confirm": "D", "POST /requests/{id}/accept": "D", "POST /requests/{id}/decide": "D", "POST /requests/{id}/signoff": "S",
	"POST /requests/{id}/supplement": "D", "POST /requests/{id}/supplemented": "D", "POST /requests/{id}/consult": "D", "POST /requests/{id}/replied": "D",
	"POST /requests/{id}/fee": "D", "POST /requests/{id}/paid": "D", "POST /requests/{id}/lapse": "D", "POST /requests/{id}/reasons": "D", "POST /requests/{id}/reasons-received": "D", "POST /requests/{id}/got": "D", "POST /requests/{id}/suggested": "D",
	"POST /requests/{id}/extend": "SD", "POST /requests/{id}/delay": "SD", "POST /requests/{id}/signnotice": "S", "POST /requests/{id}/returnnotice": "SD", "POST /requests/{id}/split": "D", "POST /requests/{id}/correct": "D",
	"POST /requests/{id}/remedy": "D", "POST /requests/{id}/remedied": "D", "POST /requests/{id}/reopen": "S",
	"POST /requests/{id}/return": "S", "POST /requests/{id}/deliver": "D", "POST /requests/{id}/assign": "SD", "POST /requests/{id}/withdraw": "D",

	"POST /requests/{id}/acknowledge": "SD", "POST /requests/{id}/received": "D", "POST /requests/{id}/fee-received": "D", "POST /requests/{id}/assist": "D", "POST /requests/{id}/handback": "D", "POST /requests/{id}/archive": "D",
	"POST /requests/{id}/note": "SD", "POST /requests/{id}/files": "D", "GET /requests/{id}/files/{n}": "SD", "GET /requests/{id}/sheets/{sheet}": "SD",
	"POST /requests/search": "SD", "GET /requests/export": "SD", "GET /requests/export/register.xlsx": "SD", "POST /requests/export": "D",
	"GET /requests/{id}/files/{n}/redact": "D", "POST /requests/{id}/files/{n}/redact": "D", "POST /requests/{id}/files/{n}/release": "D", "POST /requests/{id}/files/{n}/withhold": "D",
	"GET /proactive": "SD", "GET /proactive/{id}": "ASD", "POST /proactive/{id}/article": "A", "POST /proactive/{id}/handover": "D", "POST /proactive/{id}/public": "D", "POST /proactive/{id}/unsuitable": "D",
	"GET /remedies": "SD", "GET /calendar": "*", "GET /calendar/day": "*", "POST /calendar": "M",

	"GET /posts": "ARSPM", "GET /posts/new": "A", "POST /posts": "A", "GET /posts/elsewhere": "ASPM", "POST /posts/elsewhere": "ASPM",
	"GET /posts/preview": "A", "POST /posts/preview": "A", "GET /posts/{id}": "ARSPM", "GET /posts/{id}/edit": "A", "POST /posts/{id}/edit": "A",
	"GET /posts/{id}/preview": "ARSPM", "GET /posts/{id}/approval": "ARSPM", "POST /files": "A", "GET /files/{id}": "ARSPM",
	"POST /posts/{id}/submit": "A", "POST /posts/{id}/approve": "RS", "POST /posts/{id}/return": "RS", "POST /posts/{id}/release": "SPM",
	"POST /posts/{id}/schedule": "SPM", "POST /posts/{id}/publish": "SPM", "POST /posts/{id}/unschedule": "SPM", "POST /posts/{id}/published": "SPM",
	"POST /posts/{id}/redate": "ASPM", "POST /posts/{id}/mass": "SP", "POST /posts/{id}/sendpreview": "ARSPM", "POST /posts/{id}/comment": "ARSPM", "POST /posts/{id}/move": "SPM",
	"GET /posts/calendar": "ARSPM", "GET /posts/queue": "ARSPM", "GET /posts/{id}/bundle": "SPM", "POST /posts/{id}/bundle": "SPM",
	"GET /posts/{id}/revisions": "ARSPM", "GET /posts/{id}/revisions/{n}/preview": "ARSPM", "POST /posts/{id}/revisions/{n}/restore": "A",
	"GET /posts/differences": "ARSPM", "GET /posts/rules": "ARSPM", "POST /posts/rules": "SM", "POST /posts/topics": "SPM",
	"GET /posts/reviewplan": "ARSPM", "POST /posts/reviewplan": "M", "POST /posts/assist": "A", "POST /posts/check": "A", "POST /posts/paste": "A",
	"POST /posts/autosave": "A", "POST /posts/forget": "A", "POST /posts/{id}/presence": "A", "POST /posts/{id}/leave": "A",
	"POST /files/fetch": "A", "POST /files/crop": "A",
	"POST /posts/{id}/unpublished": "SPM", "POST /posts/{id}/removed": "SPM", "POST /posts/{id}/withdraw": "ARSPM",

	"GET /matching": "ARSPM", "POST /matching/explain": "SPM", "POST /matching/link": "SPM",
	"GET /import/posts": "SPM", "GET /import/posts/template.csv": "SPM", "POST /import/posts": "SPM", "POST /import/posts/store": "SPM",
	"GET /silence": "ARSPM", "POST /silence/keepers": "M", "GET /readings": "ARSPM",
	"GET /tallies": "ARSPM", "GET /tallies/list": "ARSPM", "GET /tallies/quarter": "ARSPM", "GET /tallies/quarter.xlsx": "ARSPM",
	"GET /figures": "*", "GET /figures/{year}/{figure}": "*", "GET /tables": "*",
	"GET /registers": "SD", "GET /registers/new": "D", "POST /registers": "D", "GET /registers/{id}": "SD", "POST /registers/{id}": "D", "POST /registers/{id}/remove": "D",
	"GET /registers/import": "D", "GET /registers/template.csv": "D", "POST /registers/import": "D", "POST /registers/import/store": "D", "POST /registers/notes": "D",
	"GET /report": "*", "GET /report/check": "RSD", "POST /report/check": "RSD", "GET /report/{year}/edit": "SD", "POST /report/{year}/edit": "SD", "POST /report/{year}/read": "SD", "POST /report/{year}/before": "SD",
	"GET /report/{year}/preview": "*", "GET /report/{year}/sealed/{n}/{file}": "*", "GET /report/{year}/{file}": "*",
	"GET /report/merge": "RSD", "POST /report/merge": "RSD", "POST /report/merge/download": "RSD",
	"POST /report/{year}/begin": "SD", "POST /report/{year}/submit": "SD", "POST /report/{year}/approve": "RS", "POST /report/{year}/return": "RS", "POST /report/{year}/publish": "SPM",
	"POST /report/{year}/article": "A", "POST /report/{year}/withdraw": "SD", "POST /report/{year}/correct": "SD", "POST /report/{year}/abandon": "SD",

	"GET /concerns/register.xlsx": "SD", "GET /concerns": "SD", "GET /concerns/new": "D", "POST /concerns": "D", "GET /concerns/{id}": "SD", "GET /concerns/{id}/files/{n}": "SD",
	"POST /concerns/{id}/report": "D", "POST /concerns/{id}/answer": "D", "POST /concerns/{id}/find": "D", "POST /concerns/{id}/follow": "D",
	"POST /concerns/{id}/close": "D", "POST /concerns/{id}/archive": "D", "POST /concerns/{id}/assign": "D", "POST /concerns/{id}/reassess": "D",
	"POST /concerns/{id}/reopen": "D",

	"GET /members": "M", "POST /members": "M", "GET /members/{id}": "M", "POST /members/{id}": "M", "POST /members/{id}/password": "M",
	"GET /organ": "M", "POST /organ/file": "M",
	"GET /platform": "SPM", "GET /calls": "D", "POST /calls/{id}/done": "D", "GET /talks": "D", "GET /talks/{id}": "D", "POST /talks/{id}/reply": "D", "POST /talks/{id}/accept": "D",
	"POST /talks/{id}/settle": "D", "GET /answers": "DM", "POST /answers": "DM", "POST /answers/remove": "DM",
	"POST /answers/wording": "DM",
	"GET /jobs":             "M", "POST /jobs/{name}/run": "M",
}

var letterOf = map[staff.Role]string{
	staff.Author: "A", staff.Reviewer: "R", staff.Approver: "S", staff.Publisher: "P", staff.RequestDesk: "D", staff.Administrator: "M",
}

const refusedByRoute = "您的账号不能使用这个页面"

func TestRoleMatrix(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	fill := strings.NewReplacer("{$}", "", "{n}", "1", "{year}", "2026", "{figure}", "account.original", "{file}", "report.json", "{name}", "due_posts", "{sheet}", "review")
	browsers := map[staff.Role]*browser{}
	for _, role := range staff.Roles() {
		browsers[role] = h.as(t, loginOf[role])
	}
	for _, pattern := range console.Patterns() {
		who, known := allowed[pattern]
		if !known {
			t.Errorf("%s has no entry in the role matrix", pattern)
			continue
		}
		method, path, _ := strings.Cut(fill.Replace(pattern), " ")
		path = strings.ReplaceAll(path, "{id}", sampleID(s, path))
		if who != "+" {
			if got := h.browser(t).send(httptest.NewRequest(method, path, nil)); got.status != http.StatusSeeOther || !strings.HasPrefix(got.location(), "/login") {
				t.Errorf("%s before login = %d, want the login", pattern, got.status)
			}
		}
		for _, role := range staff.Roles() {
			if method == "POST" && (strings.HasPrefix(path, "/log") || strings.HasPrefix(path, "/account")) {
				continue // these would end or change the session that the next role's turn needs
			}
			want := who == "+" || who == "*" || strings.Contains(who, letterOf[role])
			got := browsers[role].send(request(method, path))
			if may := !strings.Contains(got.body, refusedByRoute); may != want {
				t.Errorf("%s as %s: may = %v (status %d), want %v", pattern, role, may, got.status, want)
			}
		}
	}
	for pattern := range allowed {
		if !slices.Contains(console.Patterns(), pattern) {
			t.Errorf("the role matrix has %s, the site map has not", pattern)
		}
	}
}

func request(method, path string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(url.Values{}.Encode()))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// sampleID picks a record for a path: a member, a file, a post or a request.
func sampleID(s seeded, path string) string {
	switch {
	case strings.HasPrefix(path, "/members"):
		return "li2"
	case strings.HasPrefix(path, "/files"):
		return s.picture
	case strings.HasPrefix(path, "/concerns"):
		return s.concern
	case strings.HasPrefix(path, "/requests"):
		return s.requests["handling"]
	case strings.HasPrefix(path, "/registers"):
		return s.entry
	}
	return s.posts[posts.Draft]
}
