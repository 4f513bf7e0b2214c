package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"shoushan/posts"
	"shoushan/staff"
)

// revisionRow is one version of a text.
type revisionRow struct {
	Number  int
	At      time.Time
	By      string
	Present bool
}

type revisionsPage struct {
	frame
	ID, Post   string
	Rows       []revisionRow
	Number     int // the one that is shown; 0: only the list
	With       int // what it is compared with
	Changes    []changeView
	MayRestore bool
	Version    int
	Problem    problem
}

// changeView is one field that differs.
type changeView struct {
	Field string
	Lines []lineView
}

// lineView is one line of it; what stayed the same and is far from any change is folded into a count.
type lineView struct {
	Class string // same, gone, new or skip
	Text  string
}

var fieldTitles = map[string]string{
	"title": "标题", "byline": "作者", "digest": "摘要", "markdown": "正文", "cover": "封面", "source_link": "“阅读原文”链接", "style": "版式",
	"origin": "原创或转载", "source": "来源", "topic": "专题", "editor": "责任编辑", "kind": "稿件类型", "gallery": "图集",
}

var lineClasses = map[posts.LineKind]string{posts.Same: "same", posts.Removed: "gone", posts.Added: "new"}

// revisions lists the versions of a text; with a number it shows what that version changed.
func (c *Console) revisions(v *visit) error {
	post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	number, _ := strconv.Atoi(v.ask("n"))      // 0: the last one
	with, asked := strconv.Atoi(v.ask("with")) // the one before it
	number = max(0, min(number, len(post.Revisions)))
	if number == 0 {
		number = len(post.Revisions)
	}
	if asked != nil || with < 1 || with > len(post.Revisions) {
		with = number - 1
	}
	return c.showRevisions(v, http.StatusOK, post, number, with, problem{})
}

func (c *Console) showRevisions(v *visit, status int, post posts.Post, number, with int, why problem) error {
	p := &revisionsPage{
		frame: frame{Title: "历次版本", Here: "/posts"}, ID: post.ID, Post: post.Content.Title, Number: number, With: with, Version: post.Version,
		MayRestore: post.Can(posts.Write) && v.who.May(staff.WritePosts) && number != len(post.Revisions), Problem: why,
	}
	for _, r := range slices.Backward(post.Revisions) {
		p.Rows = append(p.Rows, revisionRow{r.Number, r.At, r.By, r.Number == len(post.Revisions)})
	}
	if number > 0 {
		var before posts.Content
		after, err := c.cfg.Newsroom.RevisionContent(v.ctx(), post, number)
		if err != nil {
			return err
		}
		if with > 0 {
			if before, err = c.cfg.Newsroom.RevisionContent(v.ctx(), post, with); err != nil {
				return err
			}
		}
		p.Changes = changesOf(before, after)
	}
	return c.show(v, status, "revisions", p)
}

func changesOf(before, after posts.Content) []changeView {
	before.Markdown, after.Markdown = namePictures(before.Markdown), namePictures(after.Markdown)
	var out []changeView
	for _, ch := range posts.Compare(before, after) {
		out = append(out, changeView{fieldTitles[ch.Field], folded(ch.Lines)})
	}
	return out
}

// namePictures shortens the ids of pictures, which say nothing to a reader.
func namePictures(markdown string) string {
	return picturesInText.ReplaceAllStringFunc(markdown, func(ref string) string { return "(图片 " + ref[6:min(len(ref)-1, 12)] + ")" })
}

// context is how many lines that stayed the same are shown around a change.
const diffContext = 2

// folded replaces long runs of lines that stayed the same.
func folded(lines []posts.Line) []lineView {
	var out []lineView
	for i := 0; i < len(lines); i++ {
		if near(lines, i) {
			out = append(out, lineView{lineClasses[lines[i].Kind], lines[i].Text})
			continue
		}
		n := 0
		for i < len(lines) && !near(lines, i) {
			i, n = i+1, n+1
		}
		i--
		out = append(out, lineView{"skip", "……" + strconv.Itoa(n) + " 行没有变……"})
	}
	return out
}

func near(lines []posts.Line, i int) bool {
	for j := max(0, i-diffContext); j <= min(len(lines)-1, i+diffContext); j++ {
		if lines[j].Kind != posts.Same {
			return true
		}
	}
	return false
}

// previewRevision shows a version as a phone would.
func (c *Console) previewRevision(v *visit) error {
	post, number, err := c.revisionAsked(v)
	if err != nil {
		return err
	}
	content, err := c.cfg.Newsroom.RevisionContent(v.ctx(), post, number)
	if err != nil {
		return err
	}
	return c.showPhone(v, content, v.now)
}

// restoreRevision makes an earlier version the present one; what it replaces stays on the list.
func (c *Console) restoreRevision(v *visit) error {
	post, number, err := c.revisionAsked(v)
	if err != nil {
		return err
	}
	if _, err := c.cfg.Newsroom.RestoreRevision(v.ctx(), v.who, post.ID, v.number("version"), number); err != nil {
		why := c.explain(v, err)
		return c.showRevisions(v, why.Status, post, number, number-1, why)
	}
	return c.redirect(v, "/posts/"+post.ID, "已恢复第 "+strconv.Itoa(number)+" 版。被替换的内容仍在历次版本里；要发布，请重新送审。")
}

func (c *Console) revisionAsked(v *visit) (posts.Post, int, error) {
	post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	number, _ := strconv.Atoi(v.r.PathValue("n")) // what is no number is no version
	return post, number, err
}
