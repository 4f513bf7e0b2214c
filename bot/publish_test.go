package bot_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/bmp"

	"shoushan/bot"
	"shoushan/fault"
	"shoushan/posts"
)

func itoa(n int) string { return strconv.Itoa(n) }

// dot is a PNG of the given size in one colour.
func dot(w, h int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)))
	return b.Bytes()
}

// noise is a PNG that no compression makes small.
func noise(side int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(r.Uint32())
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func TestSubmitPublishIsMadeOnce(t *testing.T) {
	const submit = "/cgi-bin/freepublish/submit"
	hang := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	drop := func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
	status := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }
	tests := []struct {
		name       string
		answer     string
		raw        http.HandlerFunc
		unanswered bool
		code       int
		publish    string
		data       string
	}{
		{name: "numbers", answer: `{"errcode":0,"errmsg":"ok","publish_id":100000001,"msg_data_id":2247483648}`, publish: "100000001", data: "2247483648"},
		{name: "strings", answer: `{"errcode":0,"publish_id":"100000001","msg_data_id":"22"}`, publish: "100000001", data: "22"},
		{name: "no errcode, no msg_data_id", answer: `{"publish_id":"7"}`, publish: "7"},
		{name: "refused", answer: `{"errcode":53503,"errmsg":"x"}`, code: 53503},
		{name: "token rejected all the same", answer: `{"errcode":42001,"errmsg":"x"}`, code: 42001},
		{name: "busy", answer: `{"errcode":-1,"errmsg":"x"}`, unanswered: true, code: -1},
		{name: "no publish_id", answer: `{"errcode":0}`, unanswered: true},
		{name: "truncated", answer: `{"errcode":0,"publi`, unanswered: true},
		{name: "no JSON", answer: `<html>`, unanswered: true},
		{name: "empty", answer: ``, unanswered: true},
		{name: "status 503", raw: status, unanswered: true},
		{name: "timeout", raw: hang, unanswered: true},
		{name: "connection dropped", raw: drop, unanswered: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlatform(t)
			p.says(ipPath, `{"ip_list":[]}`)
			p.says(submit, tt.answer)
			if tt.raw != nil {
				p.raw[submit] = tt.raw
			}
			c := p.client(t, func(cfg *bot.ClientConfig) { cfg.HTTP = &http.Client{Timeout: 200 * time.Millisecond} })
			publish, data, err := c.SubmitPublish(t.Context(), "m")
			_, unanswered := errors.AsType[*posts.UnansweredError](err)
			if unanswered != tt.unanswered || bot.Code(err) != tt.code || publish != tt.publish || data != tt.data {
				t.Errorf("SubmitPublish() = %q, %q, %v, want %q, %q, unanswered %v, code %d", publish, data, err, tt.publish, tt.data, tt.unanswered, tt.code)
			}
			if (err != nil) != (tt.publish == "") {
				t.Errorf("error = %v with id %q", err, publish)
			}
			if n := p.count(submit); n != 1 {
				t.Errorf("submitted %d times, want 1", n)
			}
			if got := strings.TrimSpace(p.last(t, submit).body); got != `{"media_id":"m"}` {
				t.Errorf("sent %s", got)
			}
		})
	}
}

// What never left is no unknown outcome.
func TestSubmitPublishThatNeverLeft(t *testing.T) {
	p := newPlatform(t)
	p.says(ipPath, `{"ip_list":[]}`)
	c := p.client(t)
	if err := c.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Close()
	_, _, err := c.SubmitPublish(t.Context(), "m")
	if _, unanswered := errors.AsType[*posts.UnansweredError](err); unanswered || !fault.Is(err, fault.Unavailable) {
		t.Errorf("SubmitPublish() = %v, want Unavailable, not unanswered", err)
	}
}

// A token that has expired since the last step is renewed before the call that cannot be undone, not in it.
func TestSubmitPublishAfterTheTokenExpired(t *testing.T) {
	p := newPlatform(t)
	p.says(ipPath, `{"ip_list":[]}`)
	p.says("/cgi-bin/freepublish/submit", `{"publish_id":"1"}`)
	c := p.client(t)
	if err := c.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.expire()
	if id, _, err := c.SubmitPublish(t.Context(), "m"); err != nil || id != "1" || p.count("/cgi-bin/freepublish/submit") != 1 {
		t.Errorf("SubmitPublish() = %q, %v after %d submissions, want one", id, err, p.count("/cgi-bin/freepublish/submit"))
	}
}

func TestPublishStatus(t *testing.T) {
	detail := `"article_id":"A","article_detail":{"count":1,"item":[{"idx":1,"article_url":"http://mp.weixin.qq.com/s/x"}]},"fail_idx":[]`
	tests := []struct {
		answer string
		state  posts.PublishState
		reason string
	}{
		{`{"publish_id":"1","publish_status":0,` + detail + `}`, posts.PublishDone, ""},
		{`{"publish_id":1,"publish_status":"0",` + detail + `}`, posts.PublishDone, ""},
		{`{"publish_status":1}`, posts.PublishPending, ""},
		{`{"publish_status":2,"fail_idx":[1]}`, posts.PublishRefused, "原创校验"},
		{`{"publish_status":3}`, posts.PublishRefused, "后台"},
		{`{"publish_status":4,"fail_idx":[1]}`, posts.PublishRefused, "审核"},
		{`{"publish_status":5}`, posts.PublishRemoved, "删除"},
		{`{"publish_status":6}`, posts.PublishRemoved, "封禁"},
		{`{"publish_status":9}`, posts.PublishPending, "没有见过"},
	}
	for _, tt := range tests {
		p := newPlatform(t)
		p.says("/cgi-bin/freepublish/get", tt.answer)
		st, err := p.client(t).PublishStatus(t.Context(), "100000001")
		if err != nil || st.State != tt.state || !strings.Contains(st.Reason, tt.reason) {
			t.Errorf("%s: %+v, %v", tt.answer, st, err)
		}
		if st.State == posts.PublishDone && (st.ArticleID != "A" || st.URL != "http://mp.weixin.qq.com/s/x" || st.Reason != "") {
			t.Errorf("%s: %+v", tt.answer, st)
		}
	}
	p := newPlatform(t)
	p.says("/cgi-bin/freepublish/get", `{"publish_id":"1"}`)
	if st, err := p.client(t).PublishStatus(t.Context(), "1"); err == nil {
		t.Errorf("an answer without publish_status was taken for %+v", st)
	}
}

func TestFindPublished(t *testing.T) {
	item := func(title string, at time.Time, deleted bool) string {
		return `{"article_id":"A-` + title + `","update_time":` + strconv.FormatInt(at.Unix(), 10) + `,"content":{"news_item":[{"title":"` + title +
			`","url":"u-` + title + `","is_deleted":` + strconv.FormatBool(deleted) + `}]}}`
	}
	fill := strings.TrimSuffix(strings.Repeat(item("别的", noon, false)+",", 20), ",")
	p := newPlatform(t)
	p.says("/cgi-bin/freepublish/batchget",
		`{"total_count":23,"item_count":20,"item":[`+fill+`]}`,
		`{"total_count":23,"item_count":3,"item":[`+item("旧", noon.Add(-time.Hour), false)+","+item("删了", noon, true)+","+item("要找的", noon, false)+`]}`)
	tests := []struct {
		title string
		ok    bool
		state posts.PublishState
	}{
		{"要找的", true, posts.PublishDone}, {"删了", true, posts.PublishRemoved}, {"旧", false, 0}, {"没有", false, 0},
	}
	for _, tt := range tests {
		p.calls = nil
		st, ok, err := p.client(t).FindPublished(t.Context(), tt.title, noon.Add(-time.Minute))
		if err != nil || ok != tt.ok || st.State != tt.state || (ok && st.URL != "u-"+tt.title) {
			t.Errorf("FindPublished(%s) = %+v, %v, %v", tt.title, st, ok, err)
		}
		if body := p.last(t, "/cgi-bin/freepublish/batchget").body; !strings.Contains(body, `"offset":20`) || !strings.Contains(body, `"no_content":1`) {
			t.Errorf("second page asked with %s", body)
		}
	}
}

func TestAddDraft(t *testing.T) {
	p := newPlatform(t)
	p.says("/cgi-bin/draft/add", `{"media_id":"M","item":[]}`)
	id, err := p.client(t).AddDraft(t.Context(), posts.Article{
		Title: "“首善”<要闻>", Author: "党政办", Digest: "摘", HTML: `<p style="a:b">正文&amp;</p>`, CoverMediaID: "C", SourceLink: "https://a/?b&c",
	})
	if err != nil || id != "M" {
		t.Fatalf("AddDraft() = %q, %v", id, err)
	}
	body := p.last(t, "/cgi-bin/draft/add").body
	if strings.Contains(body, `\u`) {
		t.Errorf("escaped JSON would be shown as it stands: %s", body)
	}
	var got struct {
		Articles []map[string]any `json:"articles"`
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || len(got.Articles) != 1 {
		t.Fatalf("%v: %s", err, body)
	}
	want := map[string]any{
		"title": "“首善”<要闻>", "author": "党政办", "digest": "摘", "content": `<p style="a:b">正文&amp;</p>`, "thumb_media_id": "C",
		"content_source_url": "https://a/?b&c", "show_cover_pic": 0.0, "need_open_comment": 0.0, "only_fans_can_comment": 0.0,
	}
	if diff := cmp.Diff(want, got.Articles[0]); diff != "" {
		t.Errorf("article (-want +got):\n%s", diff)
	}
	p.says("/cgi-bin/draft/add", `{"errcode":0}`)
	if _, err := p.client(t).AddDraft(t.Context(), posts.Article{}); err == nil {
		t.Error("a success without media_id was believed")
	}
}

func TestDraftExists(t *testing.T) {
	p := newPlatform(t)
	p.says("/cgi-bin/draft/get", `{"news_item":[{"title":"题"}]}`, `{"errcode":40007,"errmsg":"invalid media_id"}`, `{"errcode":45009,"errmsg":"quota"}`)
	c := p.client(t)
	for i, want := range []bool{true, false} {
		if got, err := c.DraftExists(t.Context(), "m"); got != want || err != nil {
			t.Errorf("DraftExists() %d = %v, %v, want %v", i+1, got, err, want)
		}
	}
	if got, err := c.DraftExists(t.Context(), "m"); got || bot.Code(err) != 45009 {
		t.Errorf("DraftExists() = %v, %v, want an error, not “no”", got, err)
	}
}

// file reads the one file of an upload.
func (c apiCall) file(t *testing.T) (field, name string, data []byte) {
	t.Helper()
	_, params, err := mime.ParseMediaType(c.contentType)
	if err != nil {
		t.Fatal(err)
	}
	part, err := multipart.NewReader(strings.NewReader(c.body), params["boundary"]).NextPart()
	if err != nil {
		t.Fatal(err)
	}
	data, err = io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return part.FormName(), part.FileName(), data
}

func TestUploadsAreAcceptable(t *testing.T) {
	var gifData bytes.Buffer
	if err := gif.Encode(&gifData, image.NewPaletted(image.Rect(0, 0, 8, 8), []color.Color{color.White, color.Black}), nil); err != nil {
		t.Fatal(err)
	}
	webp, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==") // one pixel
	if err != nil {
		t.Fatal(err)
	}
	var bmpData bytes.Buffer
	if err := bmp.Encode(&bmpData, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	big := noise(900) // about 3 MB
	p := newPlatform(t)
	p.says("/cgi-bin/media/uploadimg", `{"url":"https://mmbiz.qpic.cn/x"}`)
	p.says("/cgi-bin/material/add_material", `{"media_id":"M","url":"https://mmbiz.qpic.cn/m"}`)
	tests := []struct {
		name, file, want string
		data             []byte
		same             bool
	}{
		{"small PNG stays", "图 片\"\r\n.png", "picture.png", dot(9, 9), true},
		{"GIF becomes PNG", "a.gif", "a.png", gifData.Bytes(), false},
		{"BMP becomes JPEG", "s.bmp", "s.jpg", bmpData.Bytes(), false},
		{"WebP becomes JPEG", "w.webp", "w.jpg", webp, false},
		{"big PNG becomes a smaller JPEG", "../../b.PNG", "b.jpg", big, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if url, err := p.client(t).UploadImage(t.Context(), tt.file, tt.data); err != nil || url != "https://mmbiz.qpic.cn/x" {
				t.Fatalf("UploadImage() = %q, %v", url, err)
			}
			field, name, data := p.last(t, "/cgi-bin/media/uploadimg").file(t)
			if field != "media" || name != tt.want || len(data) > 1<<20 || bytes.Equal(data, tt.data) != tt.same {
				t.Errorf("sent %s %q, %d bytes, want %q", field, name, len(data), tt.want)
			}
			if strings.HasSuffix(name, ".jpg") {
				if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
					t.Errorf("not a JPEG: %v", err)
				}
			}
		})
	}
	if m, err := p.client(t).AddCover(t.Context(), "c.png", big); err != nil || m.MediaID != "M" || m.URL != "https://mmbiz.qpic.cn/m" {
		t.Errorf("AddCover() = %+v, %v", m, err)
	}
	call := p.last(t, "/cgi-bin/material/add_material")
	if _, name, data := call.file(t); name != "c.png" || !bytes.Equal(data, big) || !strings.Contains(call.query, "type=image") {
		t.Errorf("cover: %q, %d bytes, %s: up to 10 MB stay as they are", name, len(data), call.query)
	}
}

func TestUploadsThatCannotBe(t *testing.T) {
	bomb := dot(1, 1)
	copy(bomb[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // a header that claims 65536 × 65536
	p := newPlatform(t)
	for name, data := range map[string][]byte{"no picture": []byte("RIFF....WEBP"), "empty": nil, "bomb": fixCRC(bomb), "damaged": noise(900)[:2_000_000]} {
		if _, err := p.client(t).UploadImage(t.Context(), "a.png", data); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	if len(p.calls) != 0 {
		t.Errorf("%d calls left", len(p.calls))
	}
}

// fixCRC makes the checksum of a PNG's header right again.
func fixCRC(b []byte) []byte {
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}
