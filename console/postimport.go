package console

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"

	"shoushan/fault"
	"shoushan/posts"
)

// postImportRoutes are the pages that take items published before or elsewhere from a file.
func postImportRoutes(c *Console) []route {
	return []route{
		{pattern: "GET /posts/elsewhere", menu: place{officialAccount, "补录已发布内容"}, rights: recording, serve: c.elsewhere},
		{pattern: "POST /posts/elsewhere", rights: recording, serve: c.recordElsewhere},
		{pattern: "GET /import/posts", menu: place{officialAccount, "导入已发布内容"}, rights: publishing, serve: c.postImportForm},
		{pattern: "GET /import/posts/template.csv", rights: publishing, serve: c.postImportTemplate},
		{pattern: "POST /import/posts", rights: publishing, upload: true, serve: c.postImportPreview},
		{pattern: "POST /import/posts/store", rights: publishing, limit: storeLimit, serve: c.postImportStore},
	}
}

// postImportPage takes a file of items: choose it, see line by line what it would do, then store it. Between the two steps
// the file travels in the form, so that nothing is kept of a file that nobody stored.
type postImportPage struct {
	frame
	Headings          []string
	Channels          []option
	Name, Data        string // data in base64
	Channel           string
	Rows              []importRow
	More              int // lines that are not shown
	Fresh, Known, Bad int
	Problem           problem
}

// shownLines bounds the preview; what is wrong comes first.
const shownLines = 500

func (c *Console) showPostImport(v *visit, status int, p *postImportPage) error {
	p.frame = frame{Title: "导入已发布内容", Here: "/import/posts"}
	p.Headings, p.Channels = posts.ImportHeadings(), choices(posts.Channel.Chinese, posts.Account, posts.Portal)
	return c.show(v, status, "postimport", p)
}

func (c *Console) postImportForm(v *visit) error {
	return c.showPostImport(v, http.StatusOK, &postImportPage{})
}

func (c *Console) postImportTemplate(v *visit) error {
	return headingsFile(v, "已发布内容模板.csv", posts.ImportHeadings())
}

func (c *Console) postImportPreview(v *visit) error {
	name, data, err := importedFile(v)
	page := &postImportPage{Channel: v.form("channel")}
	if err == nil {
		page, err = c.plannedItems(v, name, data)
	}
	if err != nil {
		page.Problem = c.explain(v, err)
		return c.showPostImport(v, page.Problem.Status, page)
	}
	return c.showPostImport(v, http.StatusOK, page)
}

// itemsOf understands a file. Unpacking one takes a turn: a small file may unpack to a hundred megabytes.
func (c *Console) itemsOf(v *visit, name string, data []byte) ([]posts.ImportRow, error) {
	release, err := c.openingTurn(v)
	if err != nil {
		return nil, err
	}
	defer release()
	table, err := posts.ReadTable(name, data)
	if err != nil {
		return nil, err
	}
	return c.cfg.Newsroom.ReadImport(v.ctx(), table, posts.Channel(cmp.Or(v.form("channel"), string(posts.Account))))
}

// plannedItems lays out what a file would do, lines with mistakes first.
func (c *Console) plannedItems(v *visit, name string, data []byte) (*postImportPage, error) {
	p := &postImportPage{Name: name, Data: base64.StdEncoding.EncodeToString(data), Channel: v.form("channel")}
	items, err := c.itemsOf(v, name, data)
	if err != nil {
		return &postImportPage{Channel: p.Channel}, err
	}
	for _, wrong := range []bool{true, false} {
		for _, item := range items {
			if (len(item.Wrong) > 0) == wrong {
				p.add(item)
			}
		}
	}
	if len(p.Rows) > shownLines {
		p.More, p.Rows = len(p.Rows)-shownLines, p.Rows[:shownLines]
	}
	return p, nil
}

func (p *postImportPage) add(item posts.ImportRow) {
	row := importRow{Line: item.Line}
	what := fmt.Sprintf("%s　%s　%s　%s", item.Content.Title, item.Channel.Chinese(), item.Content.Origin.Chinese(), clockText(item.At, "2006-01-02 15:04"))
	switch {
	case len(item.Wrong) > 0:
		p.Bad++
		row.Outcome, row.Colour, row.Text = "有错误", "red", item.Content.Title+"　"
		for _, sentence := range item.Wrong {
			row.Text += sentence
		}
	case item.Known != "":
		p.Known++
		row.Outcome, row.Text = "已有", what
	default:
		p.Fresh++
		row.Outcome, row.Colour, row.Text = "新增", "green", what
	}
	p.Rows = append(p.Rows, row)
}

func (c *Console) postImportStore(v *visit) error {
	name := v.form("name")
	data, err := base64.StdEncoding.DecodeString(v.form("data"))
	if err != nil || len(data) == 0 {
		p := c.explain(v, fault.New(fault.Invalid, "没有收到文件的内容，请重新选择文件。"))
		return c.showPostImport(v, p.Status, &postImportPage{Problem: p})
	}
	items, err := c.itemsOf(v, name, data)
	var done posts.ImportResult
	if err == nil {
		done, err = c.cfg.Newsroom.Import(v.ctx(), v.who, items)
	}
	if err != nil {
		p := c.explain(v, err)
		p.Sentence += fmt.Sprintf("已经导入 %d 篇；再导入一次同一个文件，只会补上其余的。", len(done.Added))
		return c.showPostImport(v, p.Status, &postImportPage{Problem: p, Channel: v.form("channel")})
	}
	return c.redirect(v, "/posts?state=published", fmt.Sprintf("导入 %d 篇，已有 %d 篇，有错误的 %d 行没有导入。", len(done.Added), done.Known, done.Refused))
}
