package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
)

const (
	pageTimeout = 10 * time.Second
	bodyLimit   = 1 << 20  // forms
	loginLimit  = 4 << 10  // forms before login
	uploadLimit = 21 << 20 // pictures, a little over what posts.PreparePicture takes
)

// visit is one request on its way through the console.
type visit struct {
	w   http.ResponseWriter
	r   *http.Request
	who staff.Member // zero before login
	now time.Time
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// form returns a trimmed value of the posted form.
func (v *visit) form(name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }

// number returns a value of the posted form as a number, or 0.
func (v *visit) number(name string) int {
	n, err := strconv.Atoi(v.form(name))
	if err != nil {
		return 0
	}
	return n
}

// ask returns a trimmed value of the query.
func (v *visit) ask(name string) string { return strings.TrimSpace(v.r.URL.Query().Get(name)) }

// handler answers one visit. An error that it returns has not been shown to anybody yet.
type handler func(*visit) error

// contentPolicy allows nothing but our own files; previews bring their own.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler returns the console's pages, to be mounted at the root of its address.
func (c *Console) Handler() http.Handler {
	site := http.NewServeMux()
	for _, rt := range siteMap(c) {
		site.Handle(rt.pattern, c.door(rt))
	}
	site.Handle("/", c.door(route{public: true, serve: func(*visit) error {
		return fault.New(fault.NotFound, "没有这个页面。地址可能抄错了，或者内容已经移走。")
	}}))
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(c.door(route{public: true, serve: func(*visit) error {
		return fault.New(fault.Forbidden, "这次提交不是从本系统的页面发出的，已拒绝。请回到本系统重新操作。")
	}}))
	root := http.NewServeMux()
	root.Handle("GET /assets/", c.assets)
	root.Handle("/", oneAnswer(c.sessions.LoadAndSave(guard.Handler(site))))
	return c.secured(root)
}

// oneAnswer lets a handler end its answer before the handlers inside it know: a session that cannot be kept is found out when
// a page begins to be written, and the page must not follow the error.
func oneAnswer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(&endableWriter{ResponseWriter: w}, r) })
}

// endableWriter swallows what is written after the answer has ended.
type endableWriter struct {
	http.ResponseWriter
	ended bool
}

// WriteHeader implements http.ResponseWriter.
func (w *endableWriter) WriteHeader(status int) {
	if !w.ended {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (w *endableWriter) Write(b []byte) (int, error) {
	if w.ended {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *endableWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// secured sets the headers that every answer carries.
func (c *Console) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if c.cfg.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// door is the one way in: it finds out who visits, checks the route's rights, limits body and time, and turns an error
// or a panic into a page.
func (c *Console) door(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), cmp.Or(rt.patience, pageTimeout))
		defer cancel()
		v := &visit{w: w, r: r.WithContext(ctx), now: c.cfg.Now()}
		defer c.recovered(v)
		if err := c.enter(v, rt); err != nil {
			c.fail(v, err)
		}
	})
}

func (c *Console) enter(v *visit, rt route) error {
	who, err := c.whoIs(v)
	if err != nil {
		return err
	}
	v.who = who
	if !rt.public && who.ID == "" {
		return c.sendToLogin(v)
	}
	if !rt.allows(who) {
		return fault.New(fault.Forbidden, "您的账号不能使用这个页面。需要时请联系管理员调整角色。")
	}
	if who.MustChange && !rt.public && !strings.Contains(rt.pattern, " /account") {
		return c.redirect(v, "/account", "密码由"+who.ResetBy+"重置，请先更换为只有自己知道的密码。")
	}
	if err := readForm(v, rt.bodyLimit()); err != nil {
		return err
	}
	return rt.serve(v)
}

// readForm reads a posted form, so that handlers never meet a half-read one.
func readForm(v *visit, limit int64) error {
	if v.r.Method != http.MethodPost {
		return nil
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, limit)
	err := v.r.ParseForm()
	if strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/form-data") {
		err = v.r.ParseMultipartForm(limit)
	}
	if _, tooBig := errors.AsType[*http.MaxBytesError](err); tooBig {
		return fault.Wrap(fault.Invalid, err, "提交的内容超过 "+sizeText(limit)+"，请缩小后再试。")
	}
	return fault.Wrap(fault.Invalid, err, "提交的内容无法读取，请重试。")
}

// sizeText writes a limit in bytes for people.
func sizeText(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

func (c *Console) recovered(v *visit) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		c.fail(v, fmt.Errorf("console: panic: %v", p))
	}
}

// statusOf is the console's table from the kind of an error to HTTP.
var statusOf = map[fault.Kind]int{
	fault.Invalid: http.StatusUnprocessableEntity, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.Forbidden: http.StatusForbidden, fault.Unavailable: http.StatusServiceUnavailable,
	fault.Internal: http.StatusInternalServerError,
}

// problem is an error as a person reads it.
type problem struct {
	Status    int
	Sentence  string
	Reference string // also in the log; "" when the sentence says all there is
}

// explain turns an error into a sentence, and logs what a person cannot mend under a reference number.
func (c *Console) explain(v *visit, err error) problem {
	kind := fault.KindOf(err)
	p := problem{Status: statusOf[kind], Sentence: fault.Message(err)}
	if kind != fault.Internal && kind != fault.Unavailable {
		return p
	}
	p.Reference = strings.ToUpper(rand.Text()[:8])
	c.cfg.Log.LogAttrs(v.ctx(), fault.Level(v.ctx(), err), "console", slog.String("reference", p.Reference),
		slog.String("route", v.r.Pattern), slog.String("member", v.who.ID), slog.Any("error", err))
	return p
}

// fail shows the error page.
func (c *Console) fail(v *visit, err error) {
	p := c.explain(v, err)
	page := &errorPage{frame: frame{Title: titleOf[p.Status]}, Problem: p}
	if err := c.show(v, p.Status, "error", page); err != nil {
		http.Error(v.w, p.Sentence, p.Status)
	}
}

type errorPage struct {
	frame
	Problem problem
}

var titleOf = map[int]string{
	http.StatusUnprocessableEntity: "填写有误", http.StatusNotFound: "没有找到", http.StatusConflict: "现在不能这样做",
	http.StatusForbidden: "没有权限", http.StatusServiceUnavailable: "暂时不可用", http.StatusInternalServerError: "系统出错",
}

// redirect answers a successful post: the next page says what was done.
func (c *Console) redirect(v *visit, to, done string) error {
	if done != "" {
		c.sessions.Put(v.ctx(), "flash", done)
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}
