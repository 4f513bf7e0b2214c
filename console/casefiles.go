package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// fileRow is one file of a case as the page lists it. Its name may be personal and stays away from the list.
type fileRow struct {
	Index       int
	Kind, By    string
	At          time.Time
	Information bool // a released version can be made of it
	Withhold    bool // the original must not leave the house
	Made        bool // there is a released version
	Enclosed    bool // goes, or went, with the answer
	MayOpen     bool
}

// noteRow is one note of a case.
type noteRow struct {
	By, Text string
	At       time.Time
}

// beside is what stands around a case: files, notes, where it is filed, and what is alike.
type beside struct {
	ID        string
	Files     []fileRow
	Notes     []noteRow
	Kinds     []option
	Archive   string
	Alike     []alikeRow
	Many      int // so many applicants asked for much the same; 0 when it is this one alone
	MayFile   bool
	MayOpen   bool
	MayNote   bool
	MayReview bool // whether it is published for everybody (条例第四十四条)
	Reminder  string
	Moved     string // how a new notice of holidays moved the due date, until somebody has seen it
}

func (c *Console) besideOf(v *visit, r disclosure.Request, names map[string]string) (beside, error) {
	b := beside{
		ID: r.ID, Kinds: choices(disclosure.FileKind.Chinese, disclosure.FileKinds()...), MayFile: v.who.May(staff.HandleRequests),
		MayOpen: v.who.May(staff.RevealPersonal), MayNote: disclosure.MayDo(v.who, disclosure.DoNote), Moved: r.Recalculated(),
		MayReview: r.Released(),
	}
	for i, a := range r.AllFiles() {
		enclosed := slices.ContainsFunc(r.Enclosures(), func(other disclosure.Attachment) bool { return other.File == a.File && other.Kind == a.Kind })
		b.Files = append(b.Files, fileRow{
			Enclosed: enclosed, MayOpen: b.MayOpen || enclosed && v.who.May(staff.SignReplies),
			Index: i + 1, Kind: a.Kind.Chinese(), By: adderName(names, a.AddedBy), At: a.AddedAt, Information: a.Kind == disclosure.InformationFile,
			Withhold: a.Withhold, Made: slices.ContainsFunc(r.Files, func(other disclosure.Attachment) bool { return other.Of == a.File }),
		})
	}
	for _, n := range r.Notes {
		b.Notes = append(b.Notes, noteRow{By: nameOf(names, n.By), Text: maskNumbers(strings.NewReplacer(maskedPairs(r)...).Replace(n.Text)), At: n.At})
	}
	if r.Archive != nil {
		b.Archive = r.Archive.Number + "（" + r.Archive.On.Chinese() + "，" + nameOf(names, r.Archive.By) + "）"
	}
	if r.Reminder != nil && r.Reminder.SeenBy == "" {
		b.Reminder = r.Reminder.Rung.Chinese()
	}
	all, err := c.cfg.Requests.Requests(v.ctx(), disclosure.Query{})
	if err != nil {
		return b, err
	}
	b.Alike = alikeRows(r, all)
	if many := disclosure.ManyAsked(r, all); many > 1 {
		b.Many = many
	}
	return b, nil
}

func adderName(names map[string]string, id string) string {
	if id == staff.Citizen.ID {
		return staff.Citizen.Name
	}
	return nameOf(names, id)
}

// paperTypes are the kinds of files that a case takes, with their endings. Web pages and programs are none of them.
var paperTypes = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf",
}

// addFile takes one paper into the case: pictures are re-encoded without the traces of the camera, other papers are PDF.
func (c *Console) addFile(v *visit) error {
	id := v.r.PathValue("id")
	if err := c.takeFile(v, id); err != nil {
		return c.refuseCase(v, id, err)
	}
	return c.redirect(v, "/requests/"+id+"#files", "材料已加密存入案卷。")
}

func (c *Console) takeFile(v *visit, id string) error {
	name, data, err := uploadedFile(v, "file")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "请选择要添加的文件：照片（JPG、PNG）或者 PDF。")
	}
	if data, err = c.preparePaper(v, data); err != nil {
		return err
	}
	if _, err := c.cfg.Requests.Request(v.ctx(), id); err != nil {
		return err
	}
	stored, err := c.cfg.Files.SaveFile(v.ctx(), data)
	if err != nil {
		return err
	}
	_, err = c.cfg.Desk.Attach(v.ctx(), v.who, id, disclosure.Attachment{
		File: stored, Name: name, Kind: disclosure.FileKind(v.form("kind")), Withhold: v.form("withhold") != "",
	})
	return err
}

// preparePaper checks what a paper is, by its content and not by its name.
func (c *Console) preparePaper(v *visit, data []byte) ([]byte, error) {
	switch kind := http.DetectContentType(data); {
	case kind == "application/pdf":
		return data, nil
	case strings.HasPrefix(kind, "image/"):
		release, err := c.openingTurn(v)
		if err != nil {
			return nil, err
		}
		defer release()
		prepared, _, err := posts.PreparePicture(data)
		return prepared, err
	}
	return nil, fault.New(fault.Invalid, "只能添加照片（JPG、PNG）或者 PDF 文件；其他格式请先打印或者另存为 PDF。")
}

// refuseCase shows the case with the sentence of what was refused.
func (c *Console) refuseCase(v *visit, id string, cause error) error {
	r, err := c.cfg.Requests.Request(v.ctx(), id)
	if err != nil {
		return err
	}
	p, err := c.caseOf(v, r)
	if err != nil {
		return err
	}
	p.Problem = c.explain(v, cause)
	return c.showCase(v, p.Problem.Status, p)
}

// mayRead leaves the event of a look: at what goes with the answer by whoever drafts or signs it, at anything else by who may see
// what is personal.
func (c *Console) mayRead(v *visit, r disclosure.Request, a disclosure.Attachment) error {
	if v.who.May(staff.RevealPersonal) {
		_, err := c.cfg.Desk.Reveal(v.ctx(), v.who, r.ID, "打开材料："+a.Kind.Chinese())
		return err
	}
	_, err := c.cfg.Desk.ReadEnclosure(v.ctx(), v.who, r.ID, a.File)
	return err
}

// caseFile hands out a file of the case. It is personal: it asks for the right, needs a click, and leaves an event.
func (c *Console) caseFile(v *visit) error {
	if !navigated(v.r) {
		return fault.New(fault.Forbidden, "材料只能在办理页面上点击打开，不能由别的内容引用。")
	}
	r, err := c.cfg.Requests.Request(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	files := r.AllFiles()
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 1 || n > len(files) {
		return fault.New(fault.NotFound, "这件申请没有这份材料。")
	}
	if err := c.mayRead(v, r, files[n-1]); err != nil {
		return err
	}
	data, err := c.cfg.Files.File(v.ctx(), files[n-1].File)
	if err != nil {
		return err
	}
	kind := http.DetectContentType(data)
	if paperTypes[kind] == "" {
		kind = "application/octet-stream"
	}
	return download(v, r.ID+"-"+files[n-1].Kind.Chinese()+strconv.Itoa(n)+paperTypes[kind], kind, data)
}
