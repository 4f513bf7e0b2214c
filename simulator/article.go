package simulator

import (
	"html/template"
	"net/http"
	"strings"
)

// articlePolicy lets an article's own inline styles through and nothing active.
const articlePolicy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// readable finds an article by the id in its link. Deleted and banned ones are refused with WeChat's words.
func (s *Server) readable(id string) (*article, error) {
	for _, a := range s.state.articles {
		if a.ID != id {
			continue
		}
		if a.Deleted {
			return nil, &doorError{http.StatusGone, "该内容已被发布者删除"}
		}
		if a.Banned {
			return nil, &doorError{http.StatusGone, "此内容因违规无法查看"}
		}
		return a, nil
	}
	return nil, notFound("链接已失效，没有这篇文章")
}

// articleView is an article as the page shows it.
type articleView struct {
	ID        string        `json:"id"`
	Title     string        `json:"title"`
	Author    string        `json:"author"`
	Account   string        `json:"account"`
	Date      string        `json:"date"`
	Digest    string        `json:"digest"`
	Thumb     string        `json:"thumb"`
	URL       string        `json:"url"`
	HTML      string        `json:"html"` // styles stand in data-style: the page's policy forbids style attributes
	Source    string        `json:"source"`
	Reprint   string        `json:"reprint"`
	Reads     int           `json:"reads"`
	Comments  bool          `json:"comments"`
	Elected   []string      `json:"elected"`
	Pictures  []string      `json:"pictures"`
	Removed   string        `json:"removed,omitempty"`
	Body      template.HTML `json:"-"`
	Mass      bool          `json:"mass"`
	MsgDataID int64         `json:"msg_data_id"`
	Index     int           `json:"idx"`
}

func (s *Server) view(a *article) articleView {
	base := strings.TrimSuffix(a.URL, "/s/"+a.ID)
	v := articleView{
		ID: a.ID, Title: a.Title, Author: a.Author, Account: s.AccountName, Date: chineseDate(a.At), Digest: a.Digest,
		Thumb: strings.TrimPrefix(a.ThumbURL, base), URL: a.URL, Source: a.ContentSourceURL, Reprint: a.Reprint,
		Reads: a.Reads, Comments: a.OpenReply, Elected: []string{}, Pictures: []string{}, Mass: a.Mass,
		MsgDataID: a.MsgDataID, Index: a.Idx,
	}
	content := strings.ReplaceAll(a.Content, `<img src="`+base+`/mmbiz/`, `<img src="/mmbiz/`)
	v.Body = template.HTML(content) //nolint:gosec // filtered when the draft was added
	v.HTML = anyTag.ReplaceAllStringFunc(content, func(tag string) string {
		return strings.Replace(tag, ` style="`, ` data-style="`, 1)
	})
	if a.ImageInfo != nil {
		for _, pic := range a.ImageInfo.ImageList {
			if m := s.state.media[pic.ImageMediaID]; m != nil {
				v.Pictures = append(v.Pictures, strings.TrimPrefix(m.URL, base))
			}
		}
	}
	for _, it := range s.state.comments {
		if it.Elected && it.MsgDataID == a.MsgDataID && it.Index == a.Idx-1 {
			v.Elected = append(v.Elected, it.Content)
		}
	}
	return v
}

// phoneArticle is an article for the phone; each opening counts as one read.
func (s *Server) phoneArticle(r *http.Request) (any, error) {
	a, err := s.readable(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	a.count(s.clock.now(), readers{Read: 1})
	return s.view(a), nil
}

// phoneArticles lists what the account home page shows (mass-sent) and, apart, what only a link reaches.
func (s *Server) phoneArticles(*http.Request) (any, error) {
	history, byLink := []articleView{}, []articleView{}
	list := append([]*article{}, s.state.articles...)
	newest(list)
	for _, a := range list {
		if a.Deleted || a.Banned {
			continue
		}
		v := s.view(a)
		v.HTML = ""
		if a.Mass {
			history = append(history, v)
		} else {
			byLink = append(byLink, v)
		}
	}
	return obj{"history": history, "published": byLink}, nil
}

var articlePage = template.Must(template.New("article").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{.Title}}</title><style>
body{margin:0 auto;max-width:677px;padding:20px 16px 48px;font:17px/1.75 -apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1f1f1f;background:#fff;overflow-wrap:anywhere}
h1{font-size:22px;line-height:1.4;margin:0 0 14px;font-weight:600}
.meta{font-size:15px;color:#8c8c8c;margin-bottom:22px}.meta b{color:#576b95;font-weight:400;margin:0 10px}
img{max-width:100%;height:auto}.foot{margin-top:28px;font-size:15px;color:#8c8c8c}.foot a{color:#576b95;text-decoration:none;margin-right:12px}
.gone{padding:120px 0;text-align:center;color:#8c8c8c}
</style></head><body>
{{if .Removed}}<p class="gone">{{.Removed}}</p>{{else}}
<h1 id="article-title">{{.Title}}</h1>
<div class="meta">{{.Author}}<b>{{.Account}}</b>{{.Date}}</div>
{{if .Reprint}}<p class="meta">转载自：{{.Reprint}}</p>{{end}}
{{range .Pictures}}<p><img src="{{.}}" alt=""></p>{{end}}
<div id="article-body">{{.Body}}</div>
<div class="foot">{{if .Source}}<a href="{{.Source}}" rel="noopener nofollow">阅读原文</a>{{end}}阅读 {{.Reads}}</div>
{{end}}</body></html>`))

// serveArticle is the permanent link, as any browser sees it.
func (s *Server) serveArticle(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	a, err := s.readable(r.PathValue("id"))
	v := articleView{Title: s.AccountName}
	status := http.StatusOK
	if err != nil {
		v.Removed, status = err.Error(), http.StatusNotFound
	} else {
		a.count(s.clock.now(), readers{Read: 1})
		v = s.view(a)
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", articlePolicy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = articlePage.Execute(w, v)
}
