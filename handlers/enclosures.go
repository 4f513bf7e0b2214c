package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"shoushan/disclosure"
	"shoushan/fault"
)

// EnclosurePath hands out one enclosure of a served answer, for number and code.
const EnclosurePath = ProgressPath + "/file"

// Enclosures reads the files that go with an answer; the file store is one.
type Enclosures interface {
	File(ctx context.Context, id string) ([]byte, error)
}

// enclosureTypes are what an enclosure may be, with the ending of its name.
var enclosureTypes = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}

// enclosures numbers what can be fetched from the page.
func (c *Citizen) enclosures(r disclosure.Request) []int {
	if c.Enclosures == nil {
		return nil
	}
	var out []int
	for i := range r.GivenOut() {
		out = append(out, i+1)
	}
	return out
}

// enclosure answers with one file, never with any that did not go with the answer. It is asked for by POST: number and code stay
// out of addresses.
func (p pages) enclosure(w http.ResponseWriter, r *http.Request) {
	data, name, kind, err := p.fetched(w, r)
	if err != nil {
		p.write(w, statusOf(err), "progress", progressPage{page: p.titled("查进度"), Problem: p.problem(r, err)})
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = w.Write(data)
}

func (p pages) fetched(w http.ResponseWriter, r *http.Request) (data []byte, name, kind string, err error) {
	found, _, err := p.find(w, r)
	if err != nil {
		return nil, "", "", err
	}
	files := found.GivenOut()
	n, err := strconv.Atoi(r.PostForm.Get("n"))
	if err != nil || n < 1 || n > len(files) || p.citizen.Enclosures == nil {
		return nil, "", "", fault.New(fault.NotFound, "这份答复没有这个附件，请重新查询。")
	}
	if data, err = p.citizen.Enclosures.File(r.Context(), files[n-1].File); err != nil {
		return nil, "", "", err
	}
	if kind = http.DetectContentType(data); enclosureTypes[kind] == "" {
		kind = "application/octet-stream"
	}
	return data, fmt.Sprintf("%s-附件%d%s", found.ID, n, enclosureTypes[kind]), kind, nil
}

// enclosureNote tells in chat where the enclosures are.
func (c *Citizen) enclosureNote(r disclosure.Request) string {
	n := len(c.enclosures(r))
	switch {
	case n == 0:
		return ""
	case c.page(ProgressPath) == "":
		return fmt.Sprintf("答复有 %d 个附件，请打电话或者到窗口领取。", n)
	}
	return fmt.Sprintf("答复有 %d 个附件，请打开 %s ，用编号和查询码下载。", n, c.page(ProgressPath))
}
