package posts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// ImportRow is one line of a file of items that were published before or elsewhere, as it was understood.
type ImportRow struct {
	Line    int // in the file, counted from 1 with the headings
	Channel Channel
	Content Content
	URL     string
	At      time.Time
	Known   string   // the id of the post that this line is already; "" for a new one
	Wrong   []string // sentences; a line with any is not imported
}

// importColumns are the headings that are understood, each with its other spellings.
var importColumns = map[string][]string{
	"title": {"标题", "题目", "title"}, "at": {"发布时间", "发布日期", "时间", "日期", "published_at"}, "url": {"链接", "网址", "地址", "发布地址", "url"},
	"channel": {"渠道", "发布渠道", "channel"}, "origin": {"类型", "原创或转载", "原创/转载", "origin"}, "source": {"来源", "稿源", "source"},
	"source_url": {"来源网址", "原文链接", "source_url"}, "topic": {"主题", "专题", "分类", "topic"}, "author": {"作者", "author"},
	"digest": {"摘要", "digest"}, "text": {"正文", "内容", "text"},
}

// ImportHeadings are the headings of a file to fill in.
func ImportHeadings() []string {
	return []string{"渠道", "标题", "类型", "来源", "来源网址", "发布时间", "链接", "主题", "作者", "摘要", "正文"}
}

// ReadImport understands a table whose first row has the headings. Every line comes back, also those with mistakes; a
// table without the needed headings is Invalid. channel is used where the table has no column for it.
func (n *Newsroom) ReadImport(ctx context.Context, table [][]string, channel Channel) ([]ImportRow, error) {
	if len(table) == 0 {
		return nil, fault.New(fault.Invalid, "文件是空的。")
	}
	columns, err := findColumns(table[0])
	if err != nil {
		return nil, err
	}
	var rows []ImportRow
	for i, cells := range table[1:] {
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		rows = append(rows, n.importRow(i+2, record{columns, cells}, channel))
	}
	return rows, n.findKnown(ctx, rows)
}

// findColumns finds the columns by their headings.
func findColumns(cells []string) (map[string]int, error) {
	columns := map[string]int{}
	for name, spellings := range importColumns {
		i := slices.IndexFunc(cells, func(c string) bool {
			return slices.Contains(spellings, strings.ToLower(strings.TrimSpace(strings.TrimPrefix(c, "\ufeff"))))
		})
		if i >= 0 {
			columns[name] = i
		}
	}
	for _, need := range []string{"title", "at", "origin"} {
		if _, there := columns[need]; !there {
			return nil, fault.Newf(fault.Invalid, "第一行没有“%s”这一列。可以有的列：%s。", importColumns[need][0], strings.Join(ImportHeadings(), "、"))
		}
	}
	return columns, nil
}

// record is one line with the meaning of its columns.
type record struct {
	columns map[string]int
	cells   []string
}

func (r record) get(name string) string {
	i, there := r.columns[name]
	if !there || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

func (n *Newsroom) importRow(line int, r record, channel Channel) ImportRow {
	row := ImportRow{Line: line, Channel: channel, URL: r.get("url")}
	wrong := func(format string, args ...any) { row.Wrong = append(row.Wrong, fmt.Sprintf(format, args...)) }
	row.Content = Content{
		Title: r.get("title"), Byline: r.get("author"), Digest: r.get("digest"), Topic: r.get("topic"),
		Markdown: orElse(r.get("text"), "（导入的稿件，没有正文。）"), Origin: originOf(r.get("origin")),
	}
	if source := r.get("source"); source != "" || r.get("source_url") != "" {
		row.Content.Source = &Source{Name: source, URL: r.get("source_url")}
	}
	if name := r.get("channel"); name != "" {
		row.Channel = channelOf(name)
	}
	tidied, err := n.tidy(row.Content, "")
	if err != nil {
		wrong("%s", fault.Message(err))
	} else {
		row.Content = tidied
	}
	if row.Channel == "" {
		wrong("渠道应写“公众号”或“门户网站”。")
	}
	if row.At, err = importTime(r.get("at")); err != nil {
		wrong("发布时间“%s”看不懂，请写成 2021-05-17 或 2021-05-17 09:30。", shorten(r.get("at")))
	} else if row.At.After(n.now()) {
		wrong("发布时间还没有到。")
	}
	if row.URL != "" && !webAddress(row.URL) {
		wrong("链接应以 http:// 或 https:// 开头。")
	}
	return row
}

func originOf(s string) Origin {
	switch {
	case strings.Contains(s, "原创") || s == string(Original):
		return Original
	case strings.Contains(s, "转") || s == string(Repost):
		return Repost
	}
	return ""
}

func channelOf(s string) Channel {
	switch {
	case strings.Contains(s, "公众号") || strings.Contains(s, "微信") || s == string(Account):
		return Account
	case strings.Contains(s, "网站") || strings.Contains(s, "门户") || s == string(Portal):
		return Portal
	}
	return ""
}

// importTime reads a Beijing time in the ways that people and spreadsheets write it; a day alone counts from midnight.
func importTime(s string) (time.Time, error) {
	if days, err := strconv.ParseFloat(s, 64); err == nil && days > 30000 && days < 80000 { // a spreadsheet's own count of days
		midnight := workday.On(1899, time.December, 30).AddDays(int(days)).Start()
		return midnight.Add(time.Duration((days - float64(int(days))) * 86400 * float64(time.Second))).Round(time.Second).UTC(), nil
	}
	s = strings.NewReplacer("年", "-", "月", "-", "日", " ", "/", "-", ".", "-", "T", " ").Replace(s)
	s = strings.TrimSpace(s)
	for _, layout := range []string{"2006-1-2 15:04:05", "2006-1-2 15:04", "2006-1-2 15时04分", "2006-1-2"} {
		if t, err := time.ParseInLocation(layout, s, workday.Beijing); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("posts: no time: %q", s)
}

// importKey names an item, so that the same file can be imported again: its address, else channel, day and title.
func importKey(channel Channel, url, title string, at time.Time) string {
	what := string(channel) + "|" + url
	if url == "" {
		what = string(channel) + "|" + workday.Of(at).String() + "|" + bare(title)
	}
	sum := sha256.Sum256([]byte(what))
	return hex.EncodeToString(sum[:16])
}

// keysOf are the names of a published post: by its address, and by day and title, so that a line with either finds it.
func (p Post) importKeys() []string {
	var out []string
	pub := p.Publication
	for _, at := range append(slices.Clone(pub.Formerly), pub.PublishedAt) {
		out = append(out, importKey(p.Channel, pub.URL, "", at), importKey(p.Channel, "", p.Content.Title, at))
	}
	return out
}

// findKnown marks the lines that are posts already, and those that stand in the file twice.
func (n *Newsroom) findKnown(ctx context.Context, rows []ImportRow) error {
	known := map[string]string{}
	years := map[int]bool{}
	for _, r := range rows {
		if !r.At.IsZero() {
			year := workday.Of(r.At).Year()
			years[year-1], years[year], years[year+1] = true, true, true // a corrected date may have crossed New Year
		}
	}
	for year := range years {
		published, err := n.Shelf.Posts(ctx, Query{PublishedYear: year})
		if err != nil {
			return fmt.Errorf("posts: compare with what is recorded: %w", err)
		}
		for _, p := range published {
			for _, key := range p.importKeys() {
				known[key] = p.ID
			}
		}
	}
	lines := map[string]int{}
	for i := range rows {
		rows[i].find(known, lines)
	}
	return nil
}

func (r *ImportRow) find(known map[string]string, lines map[string]int) {
	if len(r.Wrong) > 0 {
		return
	}
	key := importKey(r.Channel, r.URL, r.Content.Title, r.At)
	byTitle := importKey(r.Channel, "", r.Content.Title, r.At)
	r.Known = orElse(known[key], known[byTitle])
	if before := lines[key]; before > 0 && r.Known == "" {
		r.Wrong = append(r.Wrong, fmt.Sprintf("与第 %d 行重复。", before))
	}
	lines[key] = r.Line
}

// ImportResult is what an import did.
type ImportResult struct {
	Added   []string // ids
	Known   int      // lines that are posts already
	Refused int      // lines with mistakes
}

// Import records the lines as published elsewhere, each once: lines that are posts already and lines with mistakes are
// left out. What was recorded before an error stays; importing the same file again adds the rest.
func (n *Newsroom) Import(ctx context.Context, by staff.Member, rows []ImportRow) (ImportResult, error) {
	var result ImportResult
	if err := by.Require(staff.PublishPosts, "导入稿件"); err != nil {
		return result, err
	}
	fresh := slices.Clone(rows)
	for i := range fresh {
		fresh[i].Known = ""
	}
	if err := n.findKnown(ctx, fresh); err != nil { // the preview may be old
		return result, err
	}
	for _, r := range fresh {
		switch {
		case len(r.Wrong) > 0:
			result.Refused++
		case r.Known != "":
			result.Known++
		default:
			p, err := n.addImported(ctx, by, r)
			if err != nil {
				return result, fmt.Errorf("posts: import line %d: %w", r.Line, err)
			}
			result.Added = append(result.Added, p.ID)
		}
	}
	return result, nil
}

func (n *Newsroom) addImported(ctx context.Context, by staff.Member, r ImportRow) (Post, error) {
	p := Post{Channel: r.Channel, Content: r.Content, AuthorID: by.ID, Writers: []string{by.ID}, Method: Elsewhere, CreatedAt: n.now()}
	p.Publication.URL, p.Publication.PublishedAt = r.URL, r.At
	if err := p.move(RecordPublished); err != nil {
		return Post{}, err
	}
	n.record(&p, by, RecordPublished, fmt.Sprintf("从文件导入（第 %d 行），声明为%s。", r.Line, r.Content.Origin.Chinese()))
	return n.Shelf.CreatePost(ctx, p)
}
