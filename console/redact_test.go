package console_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"shoushan/disclosure"
	"shoushan/staff"
)

var shownPicture = regexp.MustCompile(`src="(data:image/png;base64,[^"]+)" alt="遮盖以后的图片"`)

// pictureIn decodes the blacked-out picture that a page shows.
func pictureIn(t *testing.T, a answer) image.Image {
	t.Helper()
	m := shownPicture.FindStringSubmatch(strings.ReplaceAll(a.body, "&#43;", "+"))
	if m == nil {
		t.Fatal("the page shows no result")
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m[1], "data:image/png;base64,"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func black(img image.Image, x, y int) bool {
	r, g, b, _ := img.At(x, y).RGBA()
	return r|g|b == 0
}

// TestAPictureIsBlackedOut is 条例第三十七条 without a script: the places are typed, looked at, kept; the original stays in the case and
// cannot pass for the released version.
func TestAPictureIsBlackedOut(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	id := s.requests["handling"] // has an identity proof already
	path := "/requests/" + id
	zhou := h.as(t, "zhou")
	original := drawing(t)
	if got := zhou.uploaded(path+"/files", "名册.png", original, map[string]string{"kind": "information", "withhold": "yes"}); got.status != http.StatusSeeOther {
		t.Fatalf("upload = %d: %s", got.status, got.sentence())
	}
	zhou.get(path).wants(t, 200, []string{"需要遮盖", path + "/files/2/redact"}, secrets)
	zhou.get(path+"/files/1/redact").wants(t, 404, nil, secrets) // an identity proof is nothing to release
	zhou.get(path+"/files/2/redact").wants(t, 200, []string{"画出要遮盖的地方", "data:image/png;base64,", "form-release"}, secrets)
	zhou.get(path).wants(t, 200, []string{"打开材料准备遮盖"}, secrets)
	zhou.post(path+"/files/2/redact", url.Values{"boxes": {"左上角"}}).wants(t, 422, []string{"读不懂", "左上角</textarea>"}, secrets)
	zhou.post(path+"/files/2/redact", url.Values{"boxes": {""}}).wants(t, 422, []string{"至少画出一处"}, secrets)

	look := zhou.post(path+"/files/2/redact", url.Values{"boxes": {"50 0 50 100"}, "do": {"look"}})
	look.wants(t, 200, []string{"请看清楚，再存为公开版", "50 0 50 100"}, secrets)
	if img := pictureIn(t, look); !black(img, 40, 10) || black(img, 10, 10) {
		t.Error("the result is not blacked out where it should be")
	}
	zhou.follow(path+"/files/2/redact", url.Values{"boxes": {"50 0 50 100"}, "do": {"keep"}}).wants(t, 200, []string{"公开版已存入案卷", "已有公开版", "遮盖1处"}, secrets)
	kept := zhou.get(path + "/files/3")
	if img, err := png.Decode(strings.NewReader(kept.body)); err != nil || !black(img, 63, 35) || black(img, 0, 20) {
		t.Errorf("what was kept is not the blacked-out picture: %v", err)
	}
	zhou.uploaded(path+"/files/2/release", "a.png", original, map[string]string{"checked": "yes"}).wants(t, 409, []string{"一模一样"}, secrets)
	zhou.uploaded(path+"/files/2/release", "a.pdf", []byte("%PDF-1.7 blacked out elsewhere"), nil).wants(t, 422, []string{"请确认已经检查过"}, secrets)
	if got := zhou.uploaded(path+"/files/2/release", "a.pdf", []byte("%PDF-1.7 blacked out elsewhere"), map[string]string{"checked": "yes"}); got.status != http.StatusSeeOther {
		t.Errorf("a version made elsewhere = %d: %s", got.status, got.sentence())
	}
	zhou.post(path+"/files/2/withhold", url.Values{"withhold": {"no"}}).wants(t, 409, []string{"标记不能取消"}, secrets)
}

// TestAPDFIsNotBlackedOutHere: the page says what to do, and the original is not served.
func TestAPDFIsNotBlackedOutHere(t *testing.T) {
	h := newHouse(t)
	path := "/requests/" + h.file(t, disclosure.AtCounter, 3).ID
	h.now = monday
	zhou := h.as(t, "zhou")
	if got := zhou.uploaded(path+"/files", "合同.pdf", []byte("%PDF-1.7 contract"), map[string]string{"kind": "information"}); got.status != http.StatusSeeOther {
		t.Fatalf("upload = %d: %s", got.status, got.sentence())
	}
	zhou.get(path+"/files/1/redact").wants(t, 200, []string{"不是图片", "只在 PDF 上画黑框是不够的", "标明需要遮盖"}, append([]string{"redact-board"}, secrets...))
	zhou.post(path+"/files/1/redact", url.Values{"boxes": {"1 1 1 1"}}).wants(t, 422, []string{"只有照片"}, secrets)
	zhou.follow(path+"/files/1/withhold", url.Values{"withhold": {"yes"}}).wants(t, 200, []string{"原件不得外发", "需要遮盖"}, secrets)
	zhou.post(path+"/decide", url.Values{"outcome": {"r1"}, "how": {"attached"}, "content": {"合同"}}).wants(t, 409, []string{"应当作“部分公开”", "合同</textarea>"}, secrets)
	zhou.follow(path+"/decide", url.Values{"outcome": {"r2"}, "content": {"报价〖123万元〗"}, "ground": {"商业秘密"}, "refused_row": {"r3_4"}}).wants(t, 200, []string{"■■■■"}, append([]string{"123万元"}, secrets...))
	zheng := h.as(t, "zheng")
	zheng.post(path+"/signoff", nil).wants(t, 409, []string{"还没有公开版"}, secrets)
	zhou.uploaded(path+"/files/1/release", "合同.pdf", []byte("%PDF-1.7 scanned"), map[string]string{"checked": "yes"})
	zheng.get(path).wants(t, 200, []string{"随答复提供", path + "/files/2"}, append([]string{`href="` + path + `/files/1"`}, secrets...))
	if got := zheng.get(path + "/files/2"); got.status != 200 || !strings.Contains(got.body, "scanned") {
		t.Errorf("the signer cannot read what is to leave: %d", got.status)
	}
	zheng.get(path+"/files/1").wants(t, http.StatusForbidden, nil, []string{"contract"})
	zheng.follow(path+"/signoff", nil)
	zhou.follow(path+"/deliver", url.Values{"via": {"pickup"}, "proof": {"签收"}}).wants(t, 200, []string{"已办结"}, secrets)
}

// TestWhoMayBlackOut: the original is personal; it opens for whoever may see that, by a click.
func TestWhoMayBlackOut(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	path := "/requests/" + s.requests["overdue"] + "/files/1"
	for _, login := range []string{"zheng", "sun", "han"} {
		h.as(t, login).get(path+"/redact").wants(t, http.StatusForbidden, nil, append([]string{"data:image"}, secrets...))
		h.as(t, login).post(path+"/redact", url.Values{"boxes": {"1 1 1 1"}}).wants(t, http.StatusForbidden, nil, append([]string{"data:image/png"}, secrets...))
	}
	embedded := httptest.NewRequest("GET", path+"/redact", nil)
	embedded.Header.Set("Sec-Fetch-Dest", "iframe")
	h.as(t, "zhou").send(embedded).wants(t, http.StatusForbidden, nil, append([]string{"data:image/png"}, secrets...))
}

// TestDrawingABox draws with the pointer in a real browser, deletes the box by a click, draws again and keeps the result.
func TestDrawingABox(t *testing.T) {
	h := newHouse(t)
	s := seed(t, h)
	desk, heard := openWindow(t, h, staff.RequestDesk, 390)
	id := s.requests["overdue"]
	desk.do(chromedp.Navigate(desk.base+"/requests/"+id+"/files/1/redact"), chromedp.WaitReady(chromedp.CSS("#redact-board")))
	draw := `((x1, y1, x2, y2) => { const b = document.getElementById("redact-board"), r = b.getBoundingClientRect();
		b.setPointerCapture = () => {};
		const send = (kind, x, y) => b.dispatchEvent(new PointerEvent(kind, {bubbles: true, cancelable: true, pointerId: 1, button: 0, clientX: r.left + r.width * x, clientY: r.top + r.height * y}));
		send("pointerdown", x1, y1); send("pointermove", x2, y2); send("pointerup", x2, y2);
		return document.getElementById("redact-boxes").value + "|" + document.querySelectorAll(".redact-box").length })`
	if got := desk.text(draw + `(0.1, 0.2, 0.5, 0.4)`); got != "10 20 40 20|1" {
		t.Errorf("drew %q, want %q", got, "10 20 40 20|1")
	}
	if got := desk.text(`document.querySelector(".redact-box").click(), document.getElementById("redact-boxes").value`); got != "" {
		t.Errorf("after the click the boxes are %q", got)
	}
	desk.text(draw + `(1, 1, 0.5, 0)`) // from the lower right, to the edge
	desk.do(chromedp.Click(chromedp.CSS("#form-redact > button")), chromedp.WaitReady(chromedp.CSS("#form-keep")))
	desk.do(chromedp.Click(chromedp.CSS("#form-keep > button")), chromedp.WaitReady(chromedp.CSS("#files")))
	r, err := h.Request(t.Context(), id)
	if err != nil || len(r.Files) != 2 || r.Files[1].Kind != disclosure.ReleasedFile {
		t.Fatalf("%v: the files are %+v", err, r.Files)
	}
	data, err := h.File(t.Context(), r.Files[1].File)
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(data)); err != nil || !black(img, 63, 35) || !black(img, 33, 0) || black(img, 10, 20) {
		t.Errorf("%v: the kept picture is not black where it was drawn", err)
	}
	if said := heard.take(); len(said) > 0 {
		t.Errorf("the browser complains: %.300s", said[0])
	}
}
