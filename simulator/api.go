package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

const maxBody = 12 << 20 // the largest lawful upload is a 10 MB image

// obj is a JSON object of Tencent's.
type obj = map[string]any

// right says which kinds of account may call an API.
type right int

const (
	everyone right = iota
	certified
	serviceOnly
)

func (need right) allows(kind AccountKind) bool {
	switch need {
	case certified:
		return kind == CertifiedSubscription || kind == CertifiedService
	case serviceOnly:
		return kind == CertifiedService
	default:
		return true
	}
}

// endpoint is one row of the API table.
type endpoint struct {
	method, path string // method "": any
	need         right
	daily        int    // calls a day
	name         string // in the wire view
	run          func(*call) (any, error)
}

// call is one API call on its way. The server's lock is held while it runs.
type call struct {
	*Server
	r     *http.Request
	body  []byte
	now   time.Time
	base  string // of links that this call makes
	early []func(context.Context)
}

// download is an answer that is a file.
type download struct {
	contentType, name string
	data              []byte
}

// answer is what goes out.
type answer struct {
	contentType, disposition string
	body                     []byte
}

// with decodes the JSON body into T; without a readable body the answer is 44002 or 47001.
func with[T any](run func(*call, T) (any, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		var in T
		if len(bytes.TrimSpace(c.body)) == 0 {
			return nil, fail(44002)
		}
		if err := json.Unmarshal(c.body, &in); err != nil {
			return nil, fail(47001, err.Error())
		}
		return run(c, in)
	}
}

// ok is the answer errcode 0 with further fields.
func ok(fields obj) obj {
	out := obj{"errcode": 0, "errmsg": "ok"}
	for k, v := range fields {
		out[k] = v
	}
	return out
}

// serveAPI answers one endpoint: faults, then token, rights and quota, then the call itself, then the wire view.
func (s *Server) serveAPI(e endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		elapsed := stopwatch()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "request body too large", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		now := s.clock.now()
		ex := Exchange{
			At: stamp(now), Direction: directionAPI, Name: r.URL.Path, Title: e.name, Method: r.Method, URL: r.URL.RequestURI(),
			RID: newRID(now), Request: requestText(r, body),
		}
		c := &call{Server: s, r: r, body: body, now: now, base: s.base(r)}
		answer, fault := s.attempt(e, c, &ex)
		ex.Millis = elapsed().Milliseconds()
		s.deliver(w, r, answer, fault, ex)
	}
}

// attempt runs the call and returns its answer as it would go out, and the fault that bends it.
func (s *Server) attempt(e endpoint, c *call, ex *Exchange) (answer, Fault) {
	s.mu.Lock()
	fault, _ := s.strike(e.path, apiFaults...)
	var out any
	err := fault.refusal()
	if err == nil && fault.Kind != FaultStatus && fault.Kind != FaultHang {
		out, err = s.admit(e, c)
	}
	if fault.Kind == FaultRepeat && err == nil {
		err = alreadyThere(out)
	}
	s.mu.Unlock()
	for _, work := range c.early {
		work(c.r.Context())
	}
	return compose(out, err, ex), fault
}

// alreadyThere is the answer to a mass send that the platform itself repeated: 45065 with the msg_id; the msg_data_id is lost.
func alreadyThere(out any) error {
	job, _ := out.(obj)
	return &apiError{code: 45065, text: codeTexts[45065], extra: obj{"msg_id": job["msg_id"]}}
}

// refusal is the errcode that a fault puts in place of the answer.
func (f Fault) refusal() error {
	switch f.Kind {
	case FaultBusy:
		return fail(-1)
	case FaultCode:
		return fail(f.Code)
	default:
		return nil
	}
}

// admit lets a call in, or answers why not.
func (s *Server) admit(e endpoint, c *call) (any, error) {
	if e.method == http.MethodPost && c.r.Method != e.method {
		return nil, fail(43002)
	}
	if e.method == http.MethodGet && c.r.Method != e.method {
		return nil, fail(43001)
	}
	if err := s.checkIP(c.r); err != nil {
		return nil, err
	}
	if !strings.HasSuffix(e.path, "token") && !strings.HasSuffix(e.path, "clear_quota/v2") {
		if err := s.state.tokens.check(c.r.URL.Query().Get("access_token"), c.now); err != nil {
			return nil, err
		}
	}
	if !e.need.allows(s.state.settings.Kind) {
		return nil, fail(48001)
	}
	if err := s.spend(e.path, c.now); err != nil {
		return nil, err
	}
	return e.run(c)
}

// compose writes an answer as Tencent does: HTTP 200 always, errors as errcode, errmsg and rid.
func compose(out any, err error, ex *Exchange) answer {
	if file, isFile := out.(download); isFile && err == nil {
		ex.OK, ex.Response = true, "（文件 "+file.name+"，"+kilobytes(len(file.data))+"）"
		return answer{file.contentType, `attachment; filename="` + file.name + `"`, file.data}
	}
	if err != nil {
		out = errorBody(err, ex)
	}
	ex.OK = err == nil
	body, _ := encode(out)
	ex.Response = string(body)
	return answer{contentType: "application/json; encoding=utf-8", body: body}
}

func errorBody(err error, ex *Exchange) obj {
	failure, isOurs := errors.AsType[*apiError](err)
	if !isOurs {
		failure = &apiError{code: -1, text: err.Error()}
	}
	ex.ErrCode = failure.code
	out := obj{"errcode": failure.code, "errmsg": failure.text + " rid: " + ex.RID}
	for k, v := range failure.extra {
		out[k] = v
	}
	return out
}

// deliver sends the answer, or what the fault makes of it, and records the exchange.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, a answer, f Fault, ex Exchange) {
	ex.Status = http.StatusOK
	if note := faultNotes[f.Kind]; note != "" {
		ex.Note = note
	}
	switch f.Kind {
	case FaultStatus:
		ex.Status, ex.OK, ex.Response = f.statusCode(), false, ""
		s.record(ex)
		http.Error(w, http.StatusText(ex.Status), ex.Status)
		return
	case FaultHang, FaultDrop:
		ex.Status, ex.OK = 0, false
		s.record(ex)
		if f.Kind == FaultHang {
			s.stall(r, f)
		}
		panic(http.ErrAbortHandler)
	case FaultSlow:
		s.stall(r, f)
	case FaultTruncate:
		a.body = a.body[:len(a.body)/2]
		ex.OK, ex.Response = false, string(a.body)
	default: // faults of events
	}
	s.record(ex)
	w.Header().Set("Content-Type", a.contentType)
	if a.disposition != "" {
		w.Header().Set("Content-Disposition", a.disposition)
	}
	_, _ = w.Write(a.body)
}

var faultNotes = map[FaultKind]string{
	FaultBusy:     "故障：系统繁忙，调用未处理",
	FaultCode:     "故障：指定的错误码，调用未处理",
	FaultStatus:   "故障：服务器错误，调用未处理",
	FaultHang:     "故障：不应答，调用未处理",
	FaultSlow:     "故障：已经处理，迟迟才应答",
	FaultDrop:     "故障：已经处理，但连接断开，调用方收不到应答",
	FaultTruncate: "故障：已经处理，但应答中途截断",
	FaultRepeat:   "故障：已经受理，但平台内部重试了一次，答 45065",
}

func (f Fault) statusCode() int {
	if f.Status == 0 {
		return http.StatusBadGateway
	}
	return f.Status
}

// stall waits for the fault's delay, or until caller or server gives up.
func (s *Server) stall(r *http.Request, f Fault) {
	if f.DelayMS == 0 {
		f.DelayMS = 60_000
	}
	timer := time.NewTimer(time.Duration(f.DelayMS) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-s.quit:
	}
}

// base is the address under which the caller reached the platform, unless a public one is configured.
func (s *Server) base(r *http.Request) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host
}

// requestText is what the wire view shows of a request's body.
func requestText(r *http.Request, body []byte) string {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return "（multipart/form-data，" + kilobytes(len(body)) + "）"
	}
	return string(body)
}
