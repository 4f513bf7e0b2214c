package posts

// Style is a typographic style: inline declarations for each element, since the platform drops style sheets and classes.
type Style struct {
	Name    string // as stored in Content.Style
	Chinese string
	css     map[string]string
}

// Styles lists the styles fit for a government account; the first is the default.
func Styles() []Style { return []Style{standard, formal, vivid} }

// styleOf returns the style with the name, or the default.
func styleOf(name string) Style {
	for _, s := range Styles() {
		if s.Name == name {
			return s
		}
	}
	return Styles()[0]
}

// with returns a style that differs from s in the given elements.
func (s Style) with(name, chinese string, css map[string]string) Style {
	merged := map[string]string{}
	for k, v := range s.css {
		merged[k] = v
	}
	for k, v := range css {
		merged[k] = v
	}
	return Style{name, chinese, merged}
}

// standard is for news: system type, generous lines, headings with a red bar.
var standard = Style{"standard", "通用资讯", map[string]string{
	"article":    "font-size:16px;line-height:1.8;color:#333333;letter-spacing:0.5px;word-break:break-word;padding:0 4px;",
	"p":          "margin:0 0 16px 0;text-align:justify;",
	"inner":      "margin:0 0 8px 0;",
	"h1":         "margin:28px 0 16px 0;font-size:20px;line-height:1.5;font-weight:bold;color:#a61b1b;text-align:center;",
	"h2":         "margin:26px 0 14px 0;padding-left:10px;border-left:4px solid #a61b1b;font-size:18px;line-height:1.5;font-weight:bold;color:#222222;",
	"h3":         "margin:22px 0 12px 0;font-size:17px;line-height:1.5;font-weight:bold;color:#a61b1b;",
	"h4":         "margin:18px 0 10px 0;font-size:16px;line-height:1.5;font-weight:bold;color:#222222;",
	"blockquote": "margin:0 0 16px 0;padding:12px 14px;border-left:3px solid #d9b3b3;background-color:#faf5f5;color:#555555;",
	"ul":         "margin:0 0 16px 0;padding-left:24px;list-style-type:disc;",
	"ol":         "margin:0 0 16px 0;padding-left:26px;list-style-type:decimal;",
	"li":         "margin:0 0 6px 0;",
	"hr":         "margin:24px 0;border:none;border-top:1px solid #e5e5e5;",
	"strong":     "font-weight:bold;color:#a61b1b;",
	"em":         "font-style:italic;",
	"del":        "text-decoration:line-through;color:#888888;",
	"code":       "padding:2px 4px;border-radius:3px;background-color:#f4f4f4;font-family:Menlo,Consolas,monospace;font-size:14px;",
	"pre":        "margin:0 0 16px 0;padding:12px;border-radius:4px;background-color:#f6f6f6;overflow-x:auto;font-family:Menlo,Consolas,monospace;font-size:13px;line-height:1.6;",
	"table":      "width:100%;margin:0 0 16px 0;border-collapse:collapse;font-size:14px;line-height:1.6;",
	"th":         "padding:8px;border:1px solid #d9d9d9;background-color:#f7f1f1;font-weight:bold;",
	"td":         "padding:8px;border:1px solid #d9d9d9;",
	"figure":     "margin:0 0 16px 0;text-align:center;",
	"img":        "max-width:100%;height:auto;vertical-align:middle;",
	"caption":    "margin:6px 0 0 0;font-size:14px;line-height:1.5;color:#888888;text-align:center;",
	"a":          "color:#1a5fb4;text-decoration:none;",
	"sup":        "font-size:12px;line-height:1;color:#888888;",
	"notes":      "margin:24px 0 0 0;padding-top:12px;border-top:1px solid #e5e5e5;font-size:13px;line-height:1.7;color:#888888;word-break:break-all;",
	"source":     "margin:0 0 16px 0;font-size:14px;color:#888888;",
	"footer":     "margin:24px 0 0 0;font-size:14px;color:#888888;text-align:right;",
}}

// formal is for notices and documents: first-line indent, black headings, no colour.
var formal = standard.with("formal", "公文公告", map[string]string{
	"article":    "font-size:17px;line-height:1.9;color:#222222;word-break:break-word;padding:0 4px;",
	"p":          "margin:0 0 10px 0;text-indent:2em;text-align:justify;",
	"h1":         "margin:20px 0 20px 0;font-size:21px;line-height:1.5;font-weight:bold;color:#222222;text-align:center;",
	"h2":         "margin:18px 0 10px 0;text-indent:2em;font-size:17px;line-height:1.9;font-weight:bold;color:#222222;",
	"h3":         "margin:12px 0 8px 0;text-indent:2em;font-size:17px;line-height:1.9;font-weight:bold;color:#222222;",
	"blockquote": "margin:0 0 12px 0;padding:8px 14px;border-left:3px solid #bbbbbb;color:#444444;",
	"strong":     "font-weight:bold;color:#222222;",
	"th":         "padding:8px;border:1px solid #666666;background-color:#f2f2f2;font-weight:bold;",
	"td":         "padding:8px;border:1px solid #666666;",
})

// vivid is for campaigns and safety tips: numbered-looking headings on a coloured ground.
var vivid = standard.with("vivid", "宣传提示", map[string]string{
	"h1":         "margin:28px 0 16px 0;font-size:20px;line-height:1.5;font-weight:bold;color:#0b5f59;text-align:center;",
	"h2":         "margin:26px 0 14px 0;padding:6px 14px;border-radius:4px;background-color:#0b6e67;font-size:17px;line-height:1.5;font-weight:bold;color:#ffffff;",
	"h3":         "margin:22px 0 12px 0;font-size:17px;line-height:1.5;font-weight:bold;color:#0b5f59;",
	"strong":     "font-weight:bold;color:#0b5f59;",
	"blockquote": "margin:0 0 16px 0;padding:12px 14px;border-left:3px solid #8fc4bf;background-color:#f0f8f7;color:#335552;",
	"th":         "padding:8px;border:1px solid #c9dedc;background-color:#e6f3f1;font-weight:bold;",
	"td":         "padding:8px;border:1px solid #c9dedc;",
})
