package posts_test

import (
	"context"
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shoushan/fault"
	"shoushan/posts"
)

func TestCleanHTML(t *testing.T) {
	tests := []struct{ name, html, want string }{
		{"paragraphs and emphasis", `<p>镇里<b>昨日</b>开展<i>巡查</i>。</p><p>　　共三十人。</p>`, "镇里**昨日**开展*巡查*。\n\n共三十人。"},
		{"Word: paragraph with office tags",
			`<html xmlns:o="urn:x"><head><style>p.MsoNormal{mso-x:1}</style><!--[if gte mso 9]><xml><w:x/></xml><![endif]--></head><body><!--StartFragment--><p class=MsoNormal style='text-indent:28pt'><b><span style='font-family:仿宋'>各村：</span></b><span lang=EN-US>3</span><span>月起执行。<o:p></o:p></span></p><!--EndFragment--></body></html>`,
			"**各村：**3月起执行。"},
		{"Word: list paragraphs with their own marks",
			`<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><![endif]>加强值守</p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;</span></span>夜间双岗</p>`,
			"1. 加强值守\n   -  夜间双岗"},
		{"WPS: bold by style, line breaks", `<p class="p"><span style="font-weight:700">通知</span><br/>全体干部</p>`, "**通知**\\\n全体干部"},
		{"headings", `<h1>标题</h1><h3><strong>小节</strong></h3><p>正文</p>`, "## 标题\n\n### 小节\n\n正文"},
		{"lists in lists", `<ul><li>一<ol><li>甲</li><li>乙</li></ol></li><li><p>二</p><p>续</p></li></ul>`, "-  一\n   1. 甲\n   2. 乙\n-  二\n\n   续"},
		{"table", `<table><tr><th>村</th><th>人数</th></tr><tr><td>东河村</td><td><p>30</p></td></tr><tr><td colspan="2">合计|30</td></tr></table>`,
			"| 村 | 人数 |\n| --- | --- |\n| 东河村 | 30 |\n| 合计\\|30 |  |"},
		{"scripts, forms and hidden text go", `<div>好<script>alert(1)</script><span style="display: none">藏</span><form>填<input></form><style>p{}</style></div>`, "好"},
		{"links", `<p><a href="https://www.gov.cn/a(b)">国务院</a>和<a href="javascript:alert(1)">坏链接</a></p>`, "[国务院](https://www.gov.cn/a%28b%29)和坏链接"},
		{"pictures", `<p><img src="https://x.cn/1.png" alt="现场"></p><figure><img data-src="https://mmbiz.qpic.cn/1" src="data:,"><figcaption>队伍</figcaption></figure>`, "![现场](https://x.cn/1.png)\n\n![](https://mmbiz.qpic.cn/1)\n\n队伍"},
		{"a span around everything", `<span><p>一</p><p>二</p></span>`, "一\n\n二"},
		{"quotation, code and rule", `<blockquote><p>引文</p><p>二</p></blockquote><hr><pre>a
  b</pre><p>用<code>x_y</code></p>`, "> 引文\n> \n> 二\n\n---\n\n```\na\n  b\n```\n\n用`x_y`"},
		{"text that looks like Markdown", `<p># 不是标题</p><p>1. 不是列表</p><p>- 也不是</p><p>*不是*_强调_[无]&lt;b&gt;</p>`,
			"\\# 不是标题\n\n1\\. 不是列表\n\n\\- 也不是\n\n\\*不是\\*\\_强调\\_\\[无\\]\\<b\\>"},
		{"spaces and empty paragraphs", "<p>&nbsp;</p><p>  甲\n 乙&nbsp;丙 </p><p><br></p>", "甲 乙 丙"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := posts.CleanHTML(tt.html)
			if err != nil || strings.TrimSpace(got) != tt.want {
				t.Errorf("got, %v:\n%s\nwant:\n%s", err, got, tt.want)
			}
			shown, err := posts.Render(got, "", func(ref string) (string, bool) { return ref, true })
			if err != nil || strings.Contains(shown, "alert") || strings.Contains(shown, "MsoNormal") {
				t.Errorf("rendered, %v: %s", err, shown)
			}
		})
	}
	_, err := posts.CleanHTML(strings.Repeat("x", 17<<20))
	wantFault(t, err, fault.Invalid)
}

var tags = regexp.MustCompile(`<[^>]*>`)

// TestPastedTextIsShownAsItWas: whatever characters a text has, pasting and rendering it shows the same characters.
func TestPastedTextIsShownAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{
			"字", "a", "1", ".", ")", "#", "*", "_", "`", "[", "]", "(", "<", ">", "&", "&amp;", "!", "~", "|", "\\", "-", "+", "=", ":", " ", "^", "\"", "http://x.cn", "^[",
		}), 1, 14).Draw(t, "parts")
		text := strings.Trim(regexp.MustCompile(` +`).ReplaceAllString(strings.Join(parts, ""), " "), " ")
		markdown, err := posts.CleanHTML("<p>" + html.EscapeString(text) + "</p>")
		if err != nil {
			t.Fatal(err)
		}
		shown, err := posts.Render(markdown, "", func(string) (string, bool) { return "", false })
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(shown, ""))); got != text {
			t.Fatalf("pasted %q, Markdown %q, shown %q", text, markdown, got)
		}
	})
}

func FuzzCleanHTML(f *testing.F) {
	for _, seed := range []string{`<p>a<b>b`, `<table><tr><td><table><tr><td>x`, `<ul><ul><li>`, `<li>a`, `<h1><p>x</p></h1>`, `<pre>` + "```"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		markdown, err := posts.CleanHTML(source)
		if err != nil {
			return
		}
		shown, err := posts.Render(markdown, "", func(string) (string, bool) { return "", false })
		if err != nil || strings.Contains(strings.ToLower(shown), "<script") {
			t.Errorf("%q became %q, %v", source, shown, err)
		}
	})
}

// web is a Fetcher with fixed pictures.
type web map[string][]byte

func (w web) FetchPicture(_ context.Context, address string) ([]byte, error) {
	if data, known := w[address]; known {
		return data, nil
	}
	return nil, fault.New(fault.Invalid, "这个地址不能访问。")
}

func TestPasteTakesPicturesOver(t *testing.T) {
	r := newRoom(t)
	png := photo(t, "png", 30, 20)
	r.Fetcher = web{"https://x.cn/1.png": png, "https://x.cn/not": []byte("no picture")}
	inside := "data:image/png;base64," + base64.StdEncoding.EncodeToString(photo(t, "png", 8, 8))
	p, err := r.Paste(t.Context(), author, `<p>甲<img src="https://x.cn/1.png"></p><p><img src="`+inside+`"></p><p><img src="file:///C:/x.png">乙</p><p><img src="https://x.cn/gone.png"></p><p><img src="https://x.cn/not"></p>`)
	if err != nil {
		t.Fatal(err)
	}
	if len(posts.Pictures(p.Markdown)) != 2 || len(r.files) != 2 {
		t.Errorf("pictures %v of %d files in:\n%s", posts.Pictures(p.Markdown), len(r.files), p.Markdown)
	}
	if len(p.Notes) != 3 || strings.Contains(p.Markdown, "C:/x.png") || !strings.Contains(p.Markdown, "乙") || !strings.Contains(p.Markdown, "https://x.cn/gone.png") {
		t.Errorf("notes %v in:\n%s", p.Notes, p.Markdown)
	}
	_, err = r.Paste(t.Context(), desk, "<p>甲</p>")
	wantFault(t, err, fault.Forbidden)
}

func TestAddPictureFrom(t *testing.T) {
	r := newRoom(t)
	_, err := r.AddPictureFrom(t.Context(), author, "https://x.cn/1.png")
	wantFault(t, err, fault.Unavailable)
	r.Fetcher = web{"https://x.cn/1.png": photo(t, "png", 30, 20)}
	id, err := r.AddPictureFrom(t.Context(), author, " https://x.cn/1.png ")
	if err != nil || len(r.files[id]) == 0 {
		t.Errorf("id = %q, %v", id, err)
	}
	for _, bad := range []string{"ftp://x.cn/1.png", "/etc/passwd", "data:text/html;base64,AA==", "data:image/png;base64,***"} {
		_, err := r.AddPictureFrom(t.Context(), author, bad)
		wantFault(t, err, fault.Invalid)
	}
	_, err = r.AddPictureFrom(t.Context(), desk, "https://x.cn/1.png")
	wantFault(t, err, fault.Forbidden)
}
