package console

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
)

// redactRoutes are the pages on which a released version is made from an original (区分处理, 条例第三十七条). Who handles requests and may
// see what is personal works here.
func redactRoutes(c *Console) []route {
	return []route{
		{pattern: "GET /requests/{id}/files/{n}/redact", rights: revealing, serve: c.redactPage},
		{pattern: "POST /requests/{id}/files/{n}/redact", rights: handling, patience: pictureTime, serve: c.redact},
		{pattern: "POST /requests/{id}/files/{n}/release", rights: handling, upload: true, serve: c.uploadRelease},
		{pattern: "POST /requests/{id}/files/{n}/withhold", rights: handling, serve: c.withhold},
	}
}

// pictureTime is how long blacking out a large picture may take.
const pictureTime = 30 * time.Second

// redactView is the page of one original: the picture to draw on, or what was drawn, to be looked at before it is kept.
type redactView struct {
	frame
	ID       string
	Index    int
	Name     string
	Picture  template.URL // "" for what is no picture
	Result   template.URL // the picture blacked out, before it is kept
	Boxes    string
	Withhold bool
	Made     bool // a released version is there
	Problem  problem
}

// original returns the file that the address names, when it is information that may be released.
func (c *Console) original(v *visit) (disclosure.Request, int, error) {
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return r, 0, err
	}
	if err := v.who.Require(staff.RevealPersonal, "打开材料"); err != nil {
		return r, 0, err
	}
	files := r.AllFiles()
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 1 || n > len(files) || files[n-1].Kind != disclosure.InformationFile {
		return r, 0, fault.New(fault.NotFound, "这件申请没有这份拟公开的信息。")
	}
	return r, n, nil
}

// redactPage opens the original.
func (c *Console) redactPage(v *visit) error {
	if !navigated(v.r) {
		return fault.New(fault.Forbidden, "材料只能在办理页面上点击打开，不能由别的内容引用。")
	}
	r, n, err := c.original(v)
	if err != nil {
		return err
	}
	return c.showRedact(v, http.StatusOK, r, n, nil, problem{})
}

// showRedact shows the original: that is a look at what is personal, and leaves an event each time.
func (c *Console) showRedact(v *visit, status int, r disclosure.Request, n int, result []byte, why problem) error {
	a := r.AllFiles()[n-1]
	if _, err := c.cfg.Desk.Reveal(v.ctx(), v.who, r.ID, "打开材料准备遮盖："+a.Kind.Chinese()); err != nil {
		return err
	}
	data, err := c.cfg.Files.File(v.ctx(), a.File)
	if err != nil {
		return err
	}
	p := &redactView{
		frame: frame{Title: "遮盖 · " + r.ID, Here: "/requests"}, ID: r.ID, Index: n, Name: a.Kind.Chinese(), Picture: dataURL(data), Result: dataURL(result),
		Boxes: v.form("boxes"), Withhold: a.Withhold, Problem: why,
	}
	for _, b := range r.Files {
		p.Made = p.Made || b.Of == a.File
	}
	return c.show(v, status, "redact", p)
}

// dataURL puts a picture into the page itself: it has no address of its own that could be kept or passed on.
func dataURL(data []byte) template.URL {
	kind := http.DetectContentType(data)
	if !strings.HasPrefix(kind, "image/") {
		return ""
	}
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // our own encoding of a checked type
}

// redact blacks out what was drawn: first to be looked at, then, when that is confirmed, as a file of the case.
func (c *Console) redact(v *visit) error {
	r, n, err := c.original(v)
	if err != nil {
		return err
	}
	result, places, err := c.blackened(v, r.AllFiles()[n-1].File)
	if err == nil && v.form("do") != "keep" {
		return c.showRedact(v, http.StatusOK, r, n, result, problem{})
	}
	if err == nil {
		err = c.keepRelease(v, r, n, result, places)
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showRedact(v, p.Status, r, n, nil, p)
	}
	return c.redirect(v, "/requests/"+r.ID+"#files", "公开版已存入案卷；对外只能提供公开版，原件已标明不得外发。")
}

func (c *Console) blackened(v *visit, file string) (result []byte, places int, err error) {
	boxes, err := disclosure.ParseBoxes(v.form("boxes"))
	if err != nil {
		return nil, 0, err
	}
	data, err := c.cfg.Files.File(v.ctx(), file)
	if err != nil {
		return nil, 0, err
	}
	release, err := c.openingTurn(v)
	if err != nil {
		return nil, 0, err
	}
	defer release()
	result, err = disclosure.BlackOut(data, boxes)
	return result, len(boxes), err
}

func (c *Console) keepRelease(v *visit, r disclosure.Request, n int, data []byte, places int) error {
	stored, err := c.cfg.Files.SaveFile(v.ctx(), data)
	if err != nil {
		return err
	}
	_, err = c.cfg.Desk.AttachRelease(v.ctx(), v.who, r.ID, r.AllFiles()[n-1].File, disclosure.Attachment{File: stored, Name: "公开版"}, places)
	return err
}

// uploadRelease takes a version that was blacked out elsewhere. Whether anything remains in it cannot be told here, so the person
// who uploads it says that it was looked at; that it is not the original is checked.
func (c *Console) uploadRelease(v *visit) error {
	r, n, err := c.original(v)
	if err != nil {
		return err
	}
	if err := c.takeRelease(v, r, n); err != nil {
		p := c.explain(v, err)
		return c.showRedact(v, p.Status, r, n, nil, p)
	}
	return c.redirect(v, "/requests/"+r.ID+"#files", "公开版已存入案卷；对外只能提供公开版，原件已标明不得外发。")
}

func (c *Console) takeRelease(v *visit, r disclosure.Request, n int) error {
	if v.form("checked") == "" {
		return fault.New(fault.Invalid, "请确认已经检查过：遮盖的地方选中、复制、搜索都看不到原文。")
	}
	_, data, err := uploadedFile(v, "file")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "请选择公开版的文件：照片（JPG、PNG）或者 PDF。")
	}
	if data, err = c.preparePaper(v, data); err != nil {
		return err
	}
	return c.keepRelease(v, r, n, data, 0)
}

// withhold marks an original, or takes the mark off.
func (c *Console) withhold(v *visit) error {
	r, n, err := c.original(v)
	if err != nil {
		return err
	}
	on := v.form("withhold") == "yes"
	if _, err := c.cfg.Desk.Withhold(v.ctx(), v.who, r.ID, r.AllFiles()[n-1].File, on); err != nil {
		return c.refuseCase(v, r.ID, err)
	}
	return c.redirect(v, "/requests/"+r.ID+"#files", map[bool]string{true: "已标明：原件不得外发，要先做出公开版。", false: "已取消标记。"}[on])
}
