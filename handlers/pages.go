package handlers

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/url"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/workday"
)

// The paths of the public pages.
const (
	GuidePath    = "/guide"    // 公开指南
	PrivacyPath  = "/privacy"  // 个人信息告知
	ProgressPath = "/progress" // 查进度
	ReportsPath  = "/reports"  // 年度报告; only with Citizen.Reports
)

//go:embed pages
var pageFiles embed.FS

var pageTemplates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// page is what every public page shows.
type page struct {
	Title   string
	Organ   disclosure.Organ
	CSS     template.CSS
	Banner  string
	Reports bool // there is a page of annual reports
}

type guidePage struct {
	page
	Remedies []string
}

type progressPage struct {
	page
	Problem string
	Case    *casePage
}

// casePage is one request as anybody with its number and code may see it: nothing personal but what a served letter says.
type casePage struct {
	ID, State, Received, Due, Hint, Late string
	EndLabel, Ended                      string
	Letters                              []disclosure.Letter
	Code                                 string // said back by the buttons of the enclosures
	Enclosures                           []int  // their numbers, from 1
}

// Pages returns the public pages at GuidePath, PrivacyPath, ProgressPath and, with Reports, ReportsPath. They need no login,
// set no cookie, run no script and put nothing personal into addresses.
func (c *Citizen) Pages() http.Handler {
	c.mustBeWired()
	css, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		panic(fmt.Sprintf("handlers: embedded style: %v", err))
	}
	p := pages{citizen: c, css: template.CSS(css)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+GuidePath, func(w http.ResponseWriter, _ *http.Request) {
		p.write(w, http.StatusOK, "guide", guidePage{p.titled("政府信息公开指南"), remedies(c.organ())})
	})
	mux.HandleFunc("GET "+PrivacyPath, func(w http.ResponseWriter, _ *http.Request) {
		p.write(w, http.StatusOK, "privacy", p.titled("个人信息告知"))
	})
	mux.HandleFunc("GET "+ProgressPath, func(w http.ResponseWriter, _ *http.Request) {
		p.write(w, http.StatusOK, "progress", progressPage{page: p.titled("查进度")})
	})
	mux.HandleFunc("POST "+ProgressPath, p.progress)
	mux.HandleFunc("POST "+EnclosurePath, p.enclosure)
	if c.Reports != nil {
		mux.HandleFunc("GET "+ReportsPath, p.reports)
		mux.HandleFunc("GET "+ReportsPath+"/{year}", p.report)
	}
	mux.HandleFunc("GET "+RemindPath, p.remindPage)
	return p.guarded(p.fromHere(mux), css)
}

// guarded adds the headers that keep a page from doing or leaking anything.
func (p pages) guarded(next http.Handler, css []byte) http.Handler {
	sum := sha256.Sum256(css)
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.citizen.hearWording(r.Context())
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// fromHere refuses what another site's page has submitted: it could try codes in the visitor's name, at the visitor's address.
func (p pages) fromHere(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	if u, err := url.Parse(p.citizen.PublicURL); err == nil && u.Host != "" { // a proxy in front may name another host to us
		_ = guard.AddTrustedOrigin(u.Scheme + "://" + u.Host)
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.write(w, http.StatusForbidden, "progress", progressPage{page: p.titled("查进度"), Problem: "这次提交不是从本页面发出的，没有查询。请在本页重新填写。"})
	}))
	return guard.Handler(next)
}

type pages struct {
	citizen *Citizen
	css     template.CSS
}

func (p pages) titled(title string) page {
	c := p.citizen
	return page{Title: title, Organ: c.organ(), CSS: p.css, Banner: c.Banner, Reports: c.Reports != nil}
}

// progress answers the form: the case, or the form again with what is wrong.
func (p pages) progress(w http.ResponseWriter, r *http.Request) {
	shown := progressPage{page: p.titled("查进度")}
	status := http.StatusOK
	if found, cal, err := p.find(w, r); err != nil {
		shown.Problem, status = p.problem(r, err), statusOf(err)
	} else {
		p.citizen.opened(r.Context(), found, disclosure.OpenedByCode)
		view := p.citizen.caseOf(found, cal)
		shown.Case = &view
	}
	p.write(w, status, "progress", shown)
}

// problem is what the visitor reads of an error. What is ours to find is logged, under a number that the visitor can
// name on the phone.
func (p pages) problem(r *http.Request, err error) string {
	if statusOf(err) < http.StatusInternalServerError {
		return fault.Message(err)
	}
	ref := fmt.Sprintf("%X", p.citizen.Now().UnixMilli())
	if p.citizen.Log != nil {
		p.citizen.Log.Log(r.Context(), fault.Level(r.Context(), err), "public page failed", "ref", ref, "path", r.URL.Path, "error", err)
	}
	return fault.Message(err) + "（问题编号 " + ref + "）"
}

// find reads number and code, and counts the attempt.
func (p pages) find(w http.ResponseWriter, r *http.Request) (disclosure.Request, workday.Calendar, error) {
	c := p.citizen
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if err := r.ParseForm(); err != nil {
		return disclosure.Request{}, workday.Calendar{}, fault.Wrap(fault.Invalid, err, "没有看懂您填的内容，请重新填写。")
	}
	id, code := clean(r.PostForm.Get("id")), clean(r.PostForm.Get("code"))
	if !lookupForm.MatchString(id + " " + code) {
		return disclosure.Request{}, workday.Calendar{}, fault.New(fault.Invalid, "编号像 2026-0012，查询码是 6 位数字，请对照登记回执填写。")
	}
	found, err := c.withCode(r.Context(), "ip:"+c.clientIP(r), id, code)
	if err != nil {
		return disclosure.Request{}, workday.Calendar{}, err
	}
	cal, err := c.Calendar(r.Context())
	if err != nil {
		return disclosure.Request{}, workday.Calendar{}, err
	}
	return found, cal, nil
}

func (c *Citizen) caseOf(r disclosure.Request, cal workday.Calendar) casePage {
	shown := casePage{
		ID: r.ID, State: stateText(r), Received: r.ReceivedOn.Chinese(), Hint: stateHint(r), Late: c.lateNote(r, cal),
		Letters: served(r), Code: r.QueryCode, Enclosures: c.enclosures(r),
	}
	if deadline := r.Deadline(cal); owed(r, deadline) {
		shown.Due = dueText(deadline)
	}
	if r.Decision != nil && r.State == disclosure.Closed {
		shown.EndLabel, shown.Ended = endLabel(r), r.Decision.ServedOn.Chinese()
	}
	return shown
}

func (c *Citizen) clientIP(r *http.Request) string {
	if c.ClientIP != nil {
		return c.ClientIP(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// write renders a page whole before the first byte goes out.
func (p pages) write(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, fault.Message(err), http.StatusInternalServerError) // a template of ours does not fit its data
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// statusOf is the pages' language for faults.
func statusOf(err error) int {
	switch fault.KindOf(err) {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusTooManyRequests
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}
