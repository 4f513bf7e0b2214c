package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"shoushan/simulator"
)

func TestMenuLimits(t *testing.T) {
	p := newPlatform(t)
	click := func(name string) obj { return obj{"type": "click", "name": name, "key": "K"} }
	with := func(b obj, key string, value any) obj { b[key] = value; return b }
	sub := func(list ...obj) []obj { return []obj{{"name": "更多", "sub_button": list}} }
	tests := []struct {
		name    string
		buttons []obj
		want    int
	}{
		{"one button", []obj{click("一")}, 0},
		{"three columns", []obj{click("一"), click("二"), click("三")}, 0},
		{"none", []obj{}, 40016},
		{"four columns", []obj{click("一"), click("二"), click("三"), click("四")}, 40016},
		{"five below", sub(click("1"), click("2"), click("3"), click("4"), click("5")), 0},
		{"six below", sub(click("1"), click("2"), click("3"), click("4"), click("5"), click("6")), 40023},
		{"name of 16 bytes", []obj{click("五个汉字吗a")}, 0},
		{"name of 18 bytes", []obj{click("六个汉字的吗")}, 40018},
		{"no name", []obj{click("")}, 40018},
		{"sub name of 60 bytes", sub(click(strings.Repeat("汉", 20))), 0},
		{"sub name of 63 bytes", sub(click(strings.Repeat("汉", 21))), 40025},
		{"no key", []obj{with(click("一"), "key", "")}, 40019},
		{"sub key of 129 bytes", sub(with(click("一"), "key", strings.Repeat("k", 129))), 40026},
		{"no url", []obj{{"type": "view", "name": "一"}}, 40020},
		{"long url", sub(obj{"type": "view", "name": "一", "url": strings.Repeat("u", 1025)}), 40027},
		{"unknown type", []obj{{"type": "dance", "name": "一"}}, 40017},
		{"unknown sub type", sub(obj{"type": "dance", "name": "一"}), 40024},
		{"media without id", []obj{{"type": "media_id", "name": "一"}}, 40007},
		{"article without id", []obj{{"type": "article_id", "name": "一"}}, 53600},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { p.wants(tt.want, "menu/create", obj{"button": tt.buttons}) })
	}
}

func TestMenuLife(t *testing.T) {
	p := newPlatform(t)
	p.wants(46003, "menu/get", nil)
	p.must("menu/create", obj{"button": []obj{{"name": "更多", "sub_button": []obj{{"type": "click", "name": "一", "key": "A"}}}}})
	got := p.must("menu/get", nil)["menu"].(obj)["button"].([]any)[0].(obj)
	if str(got["sub_button"].([]any)[0].(obj), "key") != "A" {
		t.Errorf("menu/get: %v", got)
	}
	self := p.must("get_current_selfmenu_info", nil)
	if num(self, "is_menu_open") != 1 || !strings.Contains(fmt.Sprint(self["selfmenu_info"]), "list:") {
		t.Errorf("get_current_selfmenu_info: %v", self)
	}
	p.must("menu/delete", nil)
	p.wants(46003, "menu/get", nil)
}

func TestUploads(t *testing.T) {
	p := newPlatform(t)
	big := append(jpegImage(8), make([]byte, 1<<20)...)
	tests := []struct {
		name, path, file string
		data             []byte
		want             int
	}{
		{"uploadimg png", "media/uploadimg", "a.png", pngImage(8), 0},
		{"uploadimg jpg", "media/uploadimg", "a.jpg", jpegImage(8), 0},
		{"uploadimg webp is the classic failure", "media/uploadimg", "a.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), 40137},
		{"uploadimg gif", "media/uploadimg", "a.gif", []byte("GIF89a\x01\x00"), 40137},
		{"uploadimg of 1 MB", "media/uploadimg", "a.jpg", big, 40009},
		{"material image gif", "material/add_material?type=image", "a.gif", []byte("GIF89a\x01\x00"), 0},
		{"material image webp", "material/add_material?type=image", "a.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), 40137},
		{"thumb png", "material/add_material?type=thumb", "a.png", pngImage(8), 40005},
		{"thumb over 64 KB", "material/add_material?type=thumb", "a.jpg", append(jpegImage(8), make([]byte, 65<<10)...), 40006},
		{"voice", "material/add_material?type=voice", "a.mp3", []byte("ID3"), 0},
		{"voice of a wrong kind", "media/upload?type=voice", "a.txt", []byte("text"), 40005},
		{"unknown type", "material/add_material?type=song", "a.mp3", []byte("ID3"), 40004},
		{"empty file", "media/upload?type=image", "a.png", nil, 44001},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if out := p.upload(tt.path, tt.file, tt.data); errcode(out) != tt.want {
				t.Errorf("%v, want %d", out, tt.want)
			}
		})
	}
	p.wants(41005, "media/uploadimg", obj{})
}

func TestTemporaryMedia(t *testing.T) {
	p := newPlatform(t)
	id := str(p.upload("media/upload?type=image", "a.png", pngImage(8)), "media_id")
	status, data, err := p.do("GET", p.withToken("media/get?media_id="+id), "", http.NoBody)
	if err != nil || status != http.StatusOK || string(data) != string(pngImage(8)) {
		t.Errorf("media/get: HTTP %d, %d bytes, %v", status, len(data), err)
	}
	p.advance(3*24*time.Hour - time.Second)
	if _, data, _ := p.do("GET", p.withToken("media/get?media_id="+id), "", http.NoBody); string(data) != string(pngImage(8)) {
		t.Error("gone before its three days")
	}
	p.advance(time.Second)
	p.wants(40007, "media/get?media_id="+id, nil)
}

func TestMaterialLibrary(t *testing.T) {
	p := newPlatform(t)
	first := p.cover()
	p.advance(time.Minute)
	second := p.cover()
	video := p.upload("material/add_material?type=video", "a.mp4", []byte("mp4"), [2]string{"description", `{"title":"片","introduction":"介绍"}`})
	if got := p.must("material/get_material", obj{"media_id": str(video, "media_id")}); str(got, "title") != "片" {
		t.Errorf("video: %v", got)
	}
	list := p.must("material/batchget_material", obj{"type": "image", "offset": 0, "count": 20})
	items := list["item"].([]any)
	if num(list, "total_count") != 2 || str(items[0].(obj), "media_id") != second || str(items[1].(obj), "media_id") != first {
		t.Errorf("list, newest first: %v", list)
	}
	p.must("material/del_material", obj{"media_id": first})
	p.wants(40007, "material/del_material", obj{"media_id": first})
	if n := num(p.must("material/get_materialcount", nil), "image_count"); n != 1 {
		t.Errorf("image_count %d, want 1", n)
	}
	p.wants(40097, "material/batchget_material", obj{"type": "image", "count": 21})
}

func TestDraftLimits(t *testing.T) {
	p := newPlatform(t)
	cover := p.cover()
	temporary := str(p.upload("media/upload?type=image", "a.png", pngImage(8)), "media_id")
	long := strings.Repeat
	tests := []struct {
		name   string
		change func(obj)
		want   int
	}{
		{"as it should be", func(obj) {}, 0},
		{"title of 64", func(a obj) { a["title"] = long("题", 64) }, 0},
		{"title of 65", func(a obj) { a["title"] = long("题", 65) }, 45003},
		{"no title", func(a obj) { a["title"] = " " }, 45003},
		{"author of 16", func(a obj) { a["author"] = long("作", 16) }, 0},
		{"author of 17", func(a obj) { a["author"] = long("作", 17) }, 45110},
		{"digest of 128", func(a obj) { a["digest"] = long("摘", 128) }, 0},
		{"digest of 129", func(a obj) { a["digest"] = long("摘", 129) }, 45004},
		{"content of 19999", func(a obj) { a["content"] = long("文", 19999) }, 0},
		{"content of 20000", func(a obj) { a["content"] = long("文", 20000) }, 45166},
		{"no content", func(a obj) { a["content"] = "" }, 44004},
		{"source url too long", func(a obj) { a["content_source_url"] = "http://a/" + long("u", 1024) }, 45005},
		{"no cover", func(a obj) { delete(a, "thumb_media_id") }, 40007},
		{"temporary cover", func(a obj) { a["thumb_media_id"] = temporary }, 40007},
		{"unknown article type", func(a obj) { a["article_type"] = "song" }, 40035},
		{"pictures without pictures", func(a obj) { a["article_type"] = "newspic" }, 40007},
		{"pictures", func(a obj) {
			a["article_type"], a["content"] = "newspic", "<b>说明</b>"
			a["image_info"] = obj{"image_list": []obj{{"image_media_id": cover}}}
		}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := obj{"title": "标题", "content": "<p>正文</p>", "thumb_media_id": cover}
			tt.change(a)
			p.wants(tt.want, "draft/add", obj{"articles": []obj{a}})
		})
	}
	nine := make([]obj, 9)
	p.wants(45008, "draft/add", obj{"articles": nine})
	p.wants(44003, "draft/add", obj{"articles": []obj{}})
}

func TestTitleLimitOf32(t *testing.T) {
	p := newPlatform(t)
	p.configure(func(s *simulator.Settings) { s.TitleLimit = 32 })
	in := func(n int) obj {
		return obj{"articles": []obj{{"title": strings.Repeat("题", n), "content": "文", "thumb_media_id": p.cover()}}}
	}
	p.wants(0, "draft/add", in(32))
	p.wants(45003, "draft/add", in(33))
}

func TestCommentsNeedCertificate(t *testing.T) {
	p := newPlatform(t, func(s *simulator.Server) { s.Kind = simulator.Uncertified })
	p.wants(88000, "draft/add", obj{"articles": []obj{{"title": "题", "content": "文", "thumb_media_id": p.cover(), "need_open_comment": 1}}})
}

func TestDraftLife(t *testing.T) {
	p := newPlatform(t)
	id := p.draft("一", "二")
	p.must("draft/update", obj{"media_id": id, "index": 1, "articles": obj{"title": "改", "content": "文", "thumb_media_id": p.cover()}})
	p.wants(40060, "draft/update", obj{"media_id": id, "index": 2, "articles": obj{}})
	p.wants(47001, "draft/update", obj{"media_id": id, "index": 0, "articles": []obj{}})
	items := p.must("draft/get", obj{"media_id": id})["news_item"].([]any)
	if len(items) != 2 || str(items[1].(obj), "title") != "改" {
		t.Errorf("draft/get: %v", items)
	}
	newer := p.draft("三")
	list := p.must("draft/batchget", obj{"offset": 0, "count": 1, "no_content": 1})
	item := list["item"].([]any)[0].(obj)
	content := item["content"].(obj)["news_item"].([]any)[0].(obj)
	if num(list, "total_count") != 2 || str(item, "media_id") != newer || str(content, "content") != "" {
		t.Errorf("draft/batchget: %v", list)
	}
	if first := p.must("draft/batchget", obj{"count": 1, "no_content": false})["item"].([]any)[0].(obj); str(first["content"].(obj)["news_item"].([]any)[0].(obj), "content") == "" {
		t.Error("no_content false, as some clients send it, hides the content")
	}
	p.wants(47001, "draft/batchget", obj{"count": 1, "no_content": "maybe"})
	p.must("draft/delete", obj{"media_id": id})
	p.wants(40007, "draft/get", obj{"media_id": id})
	if n := num(p.must("draft/count", nil), "total_count"); n != 1 {
		t.Errorf("draft/count %d, want 1", n)
	}
	p.wants(40097, "draft/batchget", obj{"offset": 0, "count": 0})
}

// TestContentFilter: what the platform takes out of an article.
func TestContentFilter(t *testing.T) {
	p := newPlatform(t)
	inside := str(p.upload("media/uploadimg", "a.png", pngImage(8)), "url")
	cover := p.cover()
	tests := []struct{ name, in, want string }{
		{"plain", `<p>文</p>`, `<p>文</p>`},
		{"script with its text", `<p>a</p><script>alert(1)</script>b`, `<p>a</p>b`},
		{"script never closed", `a<script>alert(1)`, `a`},
		{"script in capitals", `a<SCRIPT src=x></SCRIPT >b`, `ab`},
		{"event handler", `<p onclick="x()">a</p>`, `<p>a</p>`},
		{"frame", `<iframe src="http://a/"></iframe>a`, `a`},
		{"style element", `<style>p{}</style>a`, `a`},
		{"comment", `a<!-- x --><b>b</b>`, `a<b>b</b>`},
		{"picture of ours", `<img src="` + inside + `" alt="图">`, `<img src="` + inside + `" alt="图">`},
		{"picture in data-src", `<img data-src="` + inside + `">`, `<img src="` + inside + `">`},
		{"picture from elsewhere", `a<img src="https://example.com/a.png">b`, `ab`},
		{"picture with our path elsewhere", `a<img src="https://example.com/mmbiz/x/0">`, `a`},
		{"picture that we do not have", `a<img src="` + p.url + `/mmbiz/nothing/0?wx_fmt=png">`, `a`},
		{"picture as data", `a<img src="data:image/png;base64,AAAA">`, `a`},
		{"inline style", `<span style="color: red">a</span>`, `<span style="color: red">a</span>`},
		{"style that loads", `<p style="background:url(http://a/)">a</p>`, `<p>a</p>`},
		{"style that floats over the page", `<p style="position: fixed">a</p>`, `<p>a</p>`},
		{"id and class", `<p id="article-title" class="x">a</p>`, `<p>a</p>`},
		{"link elsewhere", `<a href="https://example.com/">a</a>`, `<a>a</a>`},
		{"link to an article", `<a href="https://mp.weixin.qq.com/s/x">a</a>`, `<a href="https://mp.weixin.qq.com/s/x">a</a>`},
		{"link on what is no link", `<p href="https://mp.weixin.qq.com/s/x">a</p>`, `<p>a</p>`},
		{"script link", `<a href="javascript:alert(1)">a</a>`, `<a>a</a>`},
		{"unknown element", `<blink>a</blink>`, `a`},
		{"not closed", `<section><p>a`, `<section><p>a</p></section>`},
		{"closed twice", `<p>a</p></p></section>`, `<p>a</p>`},
		{"crossed", `<b><i>a</b></i>`, `<b><i>a</i></b>`},
		{"less than", `1 < 2 <p>a</p>`, `1 &lt; 2 <p>a</p>`},
		{"quote in an attribute", `<p title='say "a"'>b</p>`, `<p title="say &#34;a&#34;">b</p>`},
		{"tag never ended", `a<p style="x`, `a<p></p>`},
		{"svg with script", `<svg><script>x</script></svg>a`, `a`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id := str(p.must("draft/add", obj{"articles": []obj{{"title": "题", "content": tt.in, "thumb_media_id": cover}}}), "media_id")
			got := p.must("draft/get", obj{"media_id": id})["news_item"].([]any)[0].(obj)
			if str(got, "content") != tt.want {
				t.Errorf("content %q, want %q", str(got, "content"), tt.want)
			}
		})
	}
}

func TestDigestFromBody(t *testing.T) {
	p := newPlatform(t)
	body := "<p>" + strings.Repeat("正", 60) + "</p>"
	id := str(p.must("draft/add", obj{"articles": []obj{{"title": "题", "content": body, "thumb_media_id": p.cover()}}}), "media_id")
	got := p.must("draft/get", obj{"media_id": id})["news_item"].([]any)[0].(obj)
	equal(t, str(got, "digest"), strings.Repeat("正", 54))
}
