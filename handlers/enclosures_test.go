package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
)

// shelf is the file store by id.
type shelf map[string]string

func (s shelf) File(_ context.Context, id string) ([]byte, error) {
	if data, ok := s[id]; ok {
		return []byte(data), nil
	}
	return nil, fault.New(fault.NotFound, "没有这个文件。")
}

// enclosed returns a world in which a request was answered in chat with one file; the case also holds an identity document, and
// somebody has put another paper into it since.
func enclosed(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.citizen.Enclosures = shelf{"given": "%PDF-1.7 the list", "identity": "%PDF-1.7 the identity", "later": "%PDF-1.7 later"}
	id := w.file(t, "c").ID
	attach := func(file string, kind disclosure.FileKind) {
		t.Helper()
		if _, err := w.desk.Attach(t.Context(), desk, id, disclosure.Attachment{File: file, Name: file + ".pdf", Kind: kind}); err != nil {
			t.Fatal(err)
		}
	}
	attach("identity", disclosure.IdentityProof)
	attach("given", disclosure.InformationFile)
	w.draftReply(t, id)
	w.serveReply(t, id)
	attach("later", disclosure.InformationFile)
	return w
}

// 条例第四十条: what was given electronically can be fetched with number and code; nothing else of the case can.
func TestEnclosuresAreFetchedByNumberAndCode(t *testing.T) {
	form := func(id, code, n string) url.Values { return url.Values{"id": {id}, "code": {code}, "n": {n}} }
	tests := []struct {
		name   string
		form   url.Values
		status int
		says   string
	}{
		{"the enclosure", form("2026-0001", "123456", "1"), 200, "%PDF-1.7 the list"},
		{"there is no second", form("2026-0001", "123456", "2"), 404, "没有这个附件"},
		{"nor a zeroth", form("2026-0001", "123456", "0"), 404, "没有这个附件"},
		{"nor one by another name", form("2026-0001", "123456", "identity"), 404, "没有这个附件"},
		{"a wrong code", form("2026-0001", "000000", "1"), 404, "对不上"},
		{"no number", form("", "", "1"), 422, "6 位数字"},
	}
	w := enclosed(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := w.visit(t, http.MethodPost, "/progress/file", tt.form)
			body := got.Body.String()
			if got.Code != tt.status || !strings.Contains(body, tt.says) || strings.Contains(body, "the identity") || strings.Contains(body, "later") {
				t.Errorf("%d: %.200s", got.Code, body)
			}
			if tt.status == 200 && (got.Header().Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") ||
				got.Header().Get("Cache-Control") != "no-store" || got.Header().Get("X-Content-Type-Options") != "nosniff") {
				t.Errorf("headers %v", got.Header())
			}
		})
	}
	if got := w.visit(t, http.MethodGet, "/progress/file?id=2026-0001&code=123456&n=1", nil); got.Code == 200 {
		t.Error("number and code are taken from the address")
	}
	page := w.visit(t, http.MethodPost, "/progress", url.Values{"id": {"2026-0001"}, "code": {"123456"}}).Body.String()
	if strings.Count(page, "下载附件") != 1 || strings.Contains(page, "given.pdf") {
		t.Errorf("the page offers %d files", strings.Count(page, "下载附件"))
	}
	if got := w.says(t, "c", "2026-0001"); !strings.Contains(got, "答复有 1 个附件，请打开 https://xxgk.example/progress") {
		t.Errorf("in chat: %s", got)
	}
}

// A program without a file store, and an answer that was not served, offer nothing.
func TestNoEnclosures(t *testing.T) {
	w := enclosed(t)
	w.citizen.Enclosures = nil
	if got := w.visit(t, http.MethodPost, "/progress/file", url.Values{"id": {"2026-0001"}, "code": {"123456"}, "n": {"1"}}); got.Code != 404 {
		t.Errorf("without a store = %d", got.Code)
	}
	w = newWorld(t)
	w.citizen.Enclosures = shelf{"given": "%PDF-1.7"}
	id := w.file(t, "c").ID
	if _, err := w.desk.Attach(t.Context(), desk, id, disclosure.Attachment{File: "given", Name: "a.pdf", Kind: disclosure.InformationFile}); err != nil {
		t.Fatal(err)
	}
	w.draftReply(t, id)
	if got := w.visit(t, http.MethodPost, "/progress/file", url.Values{"id": {id}, "code": {"123456"}, "n": {"1"}}); got.Code != 404 {
		t.Errorf("before the answer was served = %d", got.Code)
	}
}
