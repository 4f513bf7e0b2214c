package simulator

import (
	"encoding/xml"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	wireKept  = 400
	wireBytes = 16 << 10 // of each body that is shown
)

// The two directions.
const (
	directionCallback = "callback" // platform to account
	directionAPI      = "api"      // account to platform
)

// Exchange is one callback or one API call as the wire view shows it. Secrets and tokens are masked for good; identity and
// phone numbers are masked unless settings.ShowIdentity is set.
type Exchange struct {
	ID        int64  `json:"id"`
	At        string `json:"at"`        // the platform's clock, RFC 3339
	Direction string `json:"direction"` // callback: platform to account; api: account to platform
	Name      string `json:"name"`      // event or message type; the API's path
	Title     string `json:"title"`
	About     string `json:"about"` // what it is, in plain Chinese
	Citizen   string `json:"citizen,omitempty"`
	Method    string `json:"method"`
	URL       string `json:"url"`
	Attempt   int    `json:"attempt,omitempty"`  // of a callback, from 1
	Attempts  int    `json:"attempts,omitempty"` // how often it is tried at most
	Pending   bool   `json:"pending,omitempty"`
	OK        bool   `json:"ok"`
	Status    int    `json:"status"` // HTTP; 0: no answer
	ErrCode   int    `json:"errcode,omitempty"`
	Meaning   string `json:"meaning,omitempty"` // of the errcode, and what to do
	RID       string `json:"rid,omitempty"`
	Millis    int64  `json:"ms"`
	Note      string `json:"note,omitempty"` // what came of it, in Chinese

	Request       string `json:"request"`                  // as sent
	RequestClear  string `json:"request_clear,omitempty"`  // decrypted, indented
	Response      string `json:"response"`                 // as sent
	ResponseClear string `json:"response_clear,omitempty"` // decrypted, indented
}

type wireLog struct {
	mu     sync.Mutex
	seq    int64
	list   []Exchange
	reveal bool // show identity and phone numbers in full
}

// put adds an exchange, or replaces the one with the same id, and returns it as kept.
func (l *wireLog) put(e Exchange) Exchange {
	e = e.shown()
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.ID == 0 {
		l.seq++
		e.ID = l.seq
		l.list = append(l.list, e)
		if len(l.list) > wireKept {
			l.list = l.list[len(l.list)-wireKept:]
		}
		return e
	}
	for i := range l.list {
		if l.list[i].ID == e.ID {
			l.list[i] = e
		}
	}
	return e
}

func (l *wireLog) all() []Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Exchange{}, l.list...)
}

// seen is an exchange, or a list of them, as it may be shown.
func (l *wireLog) seen(list ...Exchange) []Exchange {
	l.mu.Lock()
	reveal := l.reveal
	l.mu.Unlock()
	for i := range list {
		if !reveal {
			list[i] = list[i].masked()
		}
	}
	return list
}

func (l *wireLog) setReveal(reveal bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reveal = reveal
}

func (l *wireLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// record keeps an exchange and shows it on the open pages.
func (s *Server) record(e Exchange) Exchange {
	e = s.wire.put(e)
	s.hub.send("wire", s.wire.seen(e)[0])
	return e
}

// Wire returns the kept exchanges as they may be shown, oldest first: GET /sim/wire.
func (s *Server) Wire() []Exchange { return s.wire.seen(s.wire.all()...) }

func (e Exchange) shown() Exchange {
	e.URL, e.About, e.Meaning = redact(e.URL), e.explain(), meaning(e.ErrCode)
	for _, body := range []*string{&e.Request, &e.RequestClear, &e.Response, &e.ResponseClear} {
		*body = redact(shorten(*body))
	}
	return e
}

func shorten(body string) string {
	if len(body) <= wireBytes {
		return body
	}
	return strings.ToValidUTF8(body[:wireBytes], "") + "…（以下从略）"
}

var secrets = []*regexp.Regexp{
	regexp.MustCompile(`(access_token=)([^&\s"]+)`),
	regexp.MustCompile(`((?:app)?secret=)([^&\s"]+)`),
	regexp.MustCompile(`("access_token"\s*:\s*")([^"]*)`),
	regexp.MustCompile(`("(?:app)?secret"\s*:\s*")([^"]*)`),
}

// redact masks access tokens and the AppSecret, in addresses and in JSON; the first characters of a token stay so that
// two tokens can be told apart.
func redact(text string) string {
	for i, pattern := range secrets {
		text = pattern.ReplaceAllStringFunc(text, func(found string) string {
			part := pattern.FindStringSubmatch(found)
			if i%2 == 0 && len(part[2]) > 12 {
				return part[1] + part[2][:4] + "****"
			}
			return part[1] + "****"
		})
	}
	return text
}

var (
	identityDigits = regexp.MustCompile(`\b\d{17}[\dXx]\b`)
	mobileDigits   = regexp.MustCompile(`\b1[3-9]\d{9}\b`)
)

// masked hides the middle of identity numbers and mobile numbers in all four bodies.
func (e Exchange) masked() Exchange {
	for _, body := range []*string{&e.Request, &e.RequestClear, &e.Response, &e.ResponseClear} {
		*body = maskPersonal(*body)
	}
	return e
}

func maskPersonal(text string) string {
	text = identityDigits.ReplaceAllStringFunc(text, func(found string) string {
		if identityCheck(found[:17]) != strings.ToUpper(found[17:]) {
			return found // a message's number, not a person's
		}
		return found[:3] + "***********" + found[14:]
	})
	return mobileDigits.ReplaceAllStringFunc(text, func(found string) string { return found[:3] + "****" + found[7:] })
}

// pretty indents XML for reading and keeps CDATA as it was written; what is no XML stays as it is.
func pretty(body string) string {
	var out strings.Builder
	dec := xml.NewDecoder(strings.NewReader(body))
	depth, leaf := 0, false
	for {
		from := dec.InputOffset()
		t, err := dec.RawToken()
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			out.WriteString("\n" + strings.Repeat("  ", depth) + "<" + t.Name.Local + ">")
			depth, leaf = depth+1, true
		case xml.EndElement:
			depth--
			if !leaf {
				out.WriteString("\n" + strings.Repeat("  ", max(depth, 0)))
			}
			out.WriteString("</" + t.Name.Local + ">")
			leaf = false
		case xml.CharData:
			out.WriteString(strings.TrimSpace(body[from:dec.InputOffset()]))
		}
	}
	if out.Len() == 0 {
		return body
	}
	return strings.TrimSpace(out.String())
}

func stamp(t time.Time) string { return t.In(beijing).Format(time.RFC3339) }
