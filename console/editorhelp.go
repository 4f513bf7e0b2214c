package console

import (
	"bytes"
	"fmt"
	"image"
	"net/http"
	"strings"

	"shoushan/fault"
	"shoushan/posts"
)

// checks is what the system makes of a text while it is being written.
type checks struct {
	Findings   []finding
	Blocking   int
	Advice     int
	Suggestion suggestion
}

// suggestion is the system's opinion on a text's origin, beside the declaration.
type suggestion struct {
	Origin   string
	Differs  bool // from what is declared
	Evidence []string
}

// examine runs lint and the suggestion on a content that need not be stored.
func (c *Console) examine(v *visit, post posts.Post) (*checks, error) {
	found, err := c.cfg.Newsroom.Findings(v.ctx(), post)
	if err != nil {
		return nil, err
	}
	out := &checks{Findings: sorted(found)}
	for _, f := range out.Findings {
		if f.Blocking {
			out.Blocking++
		} else {
			out.Advice++
		}
	}
	s, err := c.cfg.Newsroom.Suggest(v.ctx(), post.Content, post.ID)
	if err != nil {
		return nil, err
	}
	out.Suggestion = suggestionOf(s, post.Content.Origin)
	return out, nil
}

func suggestionOf(s posts.Suggestion, declared posts.Origin) suggestion {
	out := suggestion{Origin: s.Origin.Chinese(), Differs: declared != "" && s.Origin != declared}
	for _, e := range s.Evidence {
		out.Evidence = append(out.Evidence, e.Text)
	}
	return out
}

// typedPost is the post that the editor's form stands for.
func typedPost(v *visit) posts.Post {
	return posts.Post{ID: v.form("id"), Channel: posts.Channel(v.form("channel")), Content: typedContent(v)}
}

// checkTyped answers the editor's script with the findings, as a piece of a page.
func (c *Console) checkTyped(v *visit) error {
	found, err := c.examine(v, typedPost(v))
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := c.pages["editor"].ExecuteTemplate(&buf, "editor-checks", found); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = v.w.Write(buf.Bytes())
	return nil
}

// assist does for a browser without scripts what the editor's script does: it brings the form back with pictures added,
// or with the findings.
func (c *Console) assist(v *visit) error {
	p := &editorPage{ID: v.form("id"), Version: v.number("version"), Channel: v.form("channel"), Content: typedContent(v)}
	var err error
	switch v.form("do") {
	case "picture":
		err = c.attach(v, p)
	case "fetch":
		err = c.attachFromWeb(v, p)
	default:
		p.Checks, err = c.examine(v, typedPost(v))
	}
	if err != nil {
		p.Problem = c.explain(v, err)
		return c.showEditor(v, p.Problem.Status, p)
	}
	return c.showEditor(v, http.StatusOK, p)
}

func (c *Console) attach(v *visit, p *editorPage) error {
	if v.r.MultipartForm == nil || len(v.r.MultipartForm.File["picture"]) == 0 {
		return fault.New(fault.Invalid, "请先选择图片。")
	}
	for _, head := range v.r.MultipartForm.File["picture"] {
		f, err := head.Open()
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "图片没有传完，请重试。")
		}
		id, err := c.storePicture(v, f)
		if err != nil {
			return err
		}
		p.addPicture(id)
	}
	return nil
}

func (c *Console) attachFromWeb(v *visit, p *editorPage) error {
	id, err := c.pictureAt(v, v.form("picture_url"))
	if err == nil {
		p.addPicture(id)
	}
	return err
}

// addPicture puts a picture at the end of the text, or of the pictures of a picture message.
func (p *editorPage) addPicture(id string) {
	if p.IsGallery() {
		p.Content.Gallery = append(p.Content.Gallery, id)
		return
	}
	p.Content.Markdown = strings.TrimRight(p.Content.Markdown, "\n") + "\n\n![](file:" + id + ")\n"
}

// pastedAnswer is what the editor's script gets for something pasted.
type pastedAnswer struct {
	Markdown string   `json:"markdown"`
	Notes    []string `json:"notes,omitempty"`
	Problem  string   `json:"problem,omitempty"`
}

// paste cleans what was copied from Word, WPS or a web page.
func (c *Console) paste(v *visit) error {
	got, err := c.cleaned(v, v.r.PostFormValue("html"))
	if err != nil {
		p := c.explain(v, err)
		return answerJSON(v, p.Status, pastedAnswer{Problem: p.Sentence})
	}
	return answerJSON(v, http.StatusOK, pastedAnswer{Markdown: got.Markdown, Notes: got.Notes})
}

func (c *Console) cleaned(v *visit, html string) (posts.Pasted, error) {
	release, err := c.fetchingTurn(v)
	if err != nil {
		return posts.Pasted{}, err
	}
	defer release()
	return c.cfg.Newsroom.Paste(v.ctx(), v.who, html)
}

// fetchPicture takes a picture from the web.
func (c *Console) fetchPicture(v *visit) error {
	id, err := c.pictureAt(v, v.form("address"))
	return c.answerPicture(v, id, err)
}

func (c *Console) pictureAt(v *visit, address string) (id string, err error) {
	release, err := c.fetchingTurn(v)
	if err != nil {
		return "", err
	}
	defer release()
	return c.cfg.Newsroom.AddPictureFrom(v.ctx(), v.who, address)
}

// fetchingTurn waits for one of the places in which things are taken from the web.
func (c *Console) fetchingTurn(v *visit) (release func(), err error) {
	return wait(v.ctx(), c.fetching, "现在取图片的人太多，请稍等片刻再试。")
}

// cropCover cuts a cover out of a picture.
func (c *Console) cropCover(v *visit) error {
	x, y := v.number("x"), v.number("y")
	release, err := c.openingTurn(v)
	if err != nil {
		return c.answerPicture(v, "", err)
	}
	defer release()
	id, err := c.cfg.Newsroom.CropCover(v.ctx(), v.who, v.form("id"), image.Rect(x, y, x+v.number("width"), y+v.number("height")))
	return c.answerPicture(v, id, err)
}

func (c *Console) answerPicture(v *visit, id string, err error) error {
	if err != nil {
		p := c.explain(v, err)
		return answerJSON(v, p.Status, uploaded{Problem: p.Sentence})
	}
	return answerJSON(v, http.StatusOK, uploaded{ID: id, Markdown: "![](file:" + id + ")"})
}

// noted is what the editor's script gets for a sign of life.
type noted struct {
	Said    string `json:"said,omitempty"` // a sentence for the writer
	Problem string `json:"problem,omitempty"`
}

// autosave keeps what was typed so far; nobody else sees it.
func (c *Console) autosave(v *visit) error {
	if err := c.cfg.Newsroom.KeepUnsaved(v.ctx(), v.who, v.form("id"), v.number("version"), typedContent(v)); err != nil {
		p := c.explain(v, err)
		return answerJSON(v, p.Status, noted{Problem: p.Sentence})
	}
	return answerJSON(v, http.StatusOK, noted{Said: "已自动保存 " + clockText(v.now, "15:04")})
}

// forgetUnsaved starts again from what is saved.
func (c *Console) forgetUnsaved(v *visit) error {
	id := v.form("id")
	if err := c.cfg.Newsroom.ForgetUnsaved(v.ctx(), v.who, id); err != nil {
		return err
	}
	if id == "" {
		return c.redirect(v, "/posts/new", "已放弃没有保存的内容。")
	}
	if _, err := c.cfg.Posts.Post(v.ctx(), id); err != nil {
		return err
	}
	return c.redirect(v, "/posts/"+id+"/edit", "已放弃没有保存的内容，下面是已保存的稿件。")
}

// presence notes that the member has the post open, and tells who else has, or who has saved it in between.
func (c *Console) presence(v *visit) error {
	post, err := c.cfg.Posts.Post(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	others, err := c.cfg.Newsroom.Attend(v.ctx(), v.who, post.ID)
	if err != nil {
		return err
	}
	said := othersHere(others)
	if post.Overtaken(v.number("version")) {
		said = fmt.Sprintf("%s在 %s 动过这篇稿件。您保存时系统会请您对照，两边的内容都不会丢。", lastWriter(post), clockText(post.UpdatedAt, "15:04")) + said
	}
	return answerJSON(v, http.StatusOK, noted{Said: said})
}

// othersHere says who else has a post open; "" when nobody.
func othersHere(others []posts.Presence) string {
	var names []string
	for _, o := range others {
		names = append(names, o.Name)
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, "、") + "也正打开着这篇稿件。请先打个招呼，免得两个人改同一处。"
}

// leave notes that the member has closed the post; browsers send it when the page goes.
func (c *Console) leave(v *visit) error {
	if err := c.cfg.Newsroom.Leave(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}
