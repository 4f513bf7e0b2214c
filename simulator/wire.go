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

// Exchange is one callback or one API call as the wire view shows it; secrets and tokens are masked.
type Exchange struct {
	ID        int64  `json:"id"`
	At        string `json:"at"`        // the platform's clock, RFC 3339
	Direction string `json:"direction"` // callback: platform to account; api: account to platform
	Title     string `json:"title"`
	Method    string `json:"method"`
	URL       string `json:"url"`
	Attempt   int    `json:"attempt,omitempty"` // of a callback, from 1
	Pending   bool   `json:"pending,omitempty"`
	OK        bool   `json:"ok"`
	Status    int    `json:"status"` // HTTP; 0: no answer
	ErrCode   int    `json:"errcode,omitempty"`
	RID       string `json:"rid,omitempty"`
	Millis    int64  `json:"ms"`
	Note      string `json:"note,omitempty"` // what came of it, in Chinese

	Request       string `json:"request"`                  // as sent
	RequestClear  string `json:"request_clear,omitempty"`  // decrypted
	Response      string `json:"response"`                 // as sent
	ResponseClear string `json:"response_clear,omitempty"` // decrypted
}

type wireLog struct {
	mu   sync.Mutex
	seq  int64
	list []Exchange
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

func (l *wireLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// record keeps an exchange and shows it on the open pages.
func (s *Server) record(e Exchange) Exchange {
	e = s.wire.put(e)
	s.hub.send("wire", e)
	return e
}

// Wire returns the kept exchanges, oldest first: GET /sim/wire.
func (s *Server) Wire() []Exchange { return s.wire.all() }

func (e Exchange) shown() Exchange {
	e.URL = redact(e.URL)
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

// pretty indents XML for reading; what is no XML stays as it is.
func pretty(body string) string {
	var out strings.Builder
	dec := xml.NewDecoder(strings.NewReader(body))
	depth, leaf := 0, false
	for {
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
			out.WriteString(strings.TrimSpace(string(t)))
		}
	}
	if out.Len() == 0 {
		return body
	}
	return strings.TrimSpace(out.String())
}

func stamp(t time.Time) string { return t.In(beijing).Format(time.RFC3339) }
