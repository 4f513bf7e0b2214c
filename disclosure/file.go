package disclosure

import (
	"context"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// FileKind says what a file of a case is.
type FileKind string

// The kinds of files.
const (
	IdentityProof      FileKind = "identity"     // 身份证明, 条例第二十九条第二款第一项
	AuthorityProof     FileKind = "authority"    // 代理人的授权材料
	FiledMaterial      FileKind = "filed"        // 申请书、信封和其他申请材料
	SupplementMaterial FileKind = "supplement"   // 补正材料
	ConsultationPaper  FileKind = "consultation" // 征求意见的回函
	InformationFile    FileKind = "information"  // 拟公开的信息
	ReleasedFile       FileKind = "released"     // 公开版: what may leave the house; see Desk.AttachRelease
	ServiceProof       FileKind = "service"      // 送达凭证
	OtherFile          FileKind = "other"
)

// FileKinds lists the kinds in the order in which forms offer them. A released version is made from an original.
func FileKinds() []FileKind {
	return []FileKind{IdentityProof, AuthorityProof, FiledMaterial, SupplementMaterial, ConsultationPaper, InformationFile, ServiceProof, OtherFile}
}

// Chinese returns the kind's name as people see it.
func (k FileKind) Chinese() string {
	return map[FileKind]string{
		IdentityProof: "身份证明", AuthorityProof: "授权材料", FiledMaterial: "申请材料", SupplementMaterial: "补正材料",
		ConsultationPaper: "征求意见的回函", InformationFile: "拟公开的信息", ReleasedFile: "公开版", ServiceProof: "送达凭证", OtherFile: "其他材料",
	}[k]
}

// Attachment is one file of a case. The file itself lies encrypted in the file store under its id; the name is what people
// see, and personal.
type Attachment struct {
	File    string    `json:"file"` // the id in the file store
	Name    string    `json:"name"` // e.g. 身份证正面.jpg
	Kind    FileKind  `json:"kind"`
	AddedBy string    `json:"added_by"` // member ID, or citizen
	AddedAt time.Time `json:"added_at"`
	// Withhold: parts of it are to be blacked out, the original must not leave the house. Of is the original of a released
	// version.
	Withhold bool   `json:"withhold,omitzero"`
	Of       string `json:"of,omitempty"`
}

// maxFiles keeps one case from filling the disk.
const maxFiles = 50

// AllFiles returns the files of the application and those added later, in this order.
func (r Request) AllFiles() []Attachment { return slices.Concat(r.Filing.Attachments, r.Files) }

// Attach adds a file that is already in the file store to the case, whatever its state (条例第四十五条). Who added it and when
// is the desk's to say; the trail names the kind, never the file's name. The same file is not added twice.
func (d *Desk) Attach(ctx context.Context, by staff.Member, id string, a Attachment) (Request, error) {
	if err := rules[DoAttach].permits(by, DoAttach); err != nil {
		return Request{}, err
	}
	switch {
	case a.File == "" || blank(a.Name) || a.Kind.Chinese() == "":
		return Request{}, fault.New(fault.Invalid, "请选择文件，并写明名称和种类，例如：身份证正面，身份证明。")
	case a.Kind == ReleasedFile:
		return Request{}, fault.New(fault.Invalid, "公开版要从“拟公开的信息”的原件做出，请在原件旁边点“遮盖”。")
	case a.Withhold && a.Kind != InformationFile:
		return Request{}, fault.New(fault.Invalid, "只有“拟公开的信息”可以标明需要遮盖。")
	}
	a.AddedBy, a.AddedAt = by.ID, d.Now().UTC()
	return d.aside(ctx, by, id, DoAttach, "添加"+a.Kind.Chinese()+"一份。", func(r *Request) error {
		switch {
		case slices.ContainsFunc(r.AllFiles(), func(b Attachment) bool { return b.File == a.File && b.Kind == a.Kind }):
			return fault.New(fault.Conflict, "这份材料已经在案卷里，不用重复添加。")
		case len(r.AllFiles()) >= maxFiles:
			return fault.Newf(fault.Conflict, "一件申请最多存%d份材料，请合并后再添加。", maxFiles)
		}
		r.Files = append(r.Files, a)
		return nil
	})
}

// Note is what staff tell each other about a case. Its text is personal; the trail only says that it was written.
type Note struct {
	By   string    `json:"by"` // member ID
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// AddNote writes a note to the case (备注).
func (d *Desk) AddNote(ctx context.Context, by staff.Member, id, text string) (Request, error) {
	if err := rules[DoNote].permits(by, DoNote); err != nil {
		return Request{}, err
	}
	if blank(text) {
		return Request{}, fault.New(fault.Invalid, "请写备注的内容，例如：已电话联系申请人，约定周三下午来取。")
	}
	return d.aside(ctx, by, id, DoNote, "添加备注。", func(r *Request) error {
		r.Notes = append(r.Notes, Note{By: by.ID, At: d.Now().UTC(), Text: text})
		return nil
	})
}

// aside changes what stands beside the case's course: an event, and no step of the table.
func (d *Desk) aside(ctx context.Context, by staff.Member, id string, v Action, note string, change func(*Request) error) (Request, error) {
	return d.Register.Update(ctx, id, func(r *Request) error {
		if err := change(r); err != nil {
			return err
		}
		r.Trail = r.Trail.Append(by, d.Now(), string(v), r.scrub(note), rules[v].article)
		return nil
	})
}

// Archive tells where the closed file lies (归档, 条例第四十五条).
type Archive struct {
	Number string       `json:"number"` // 归档号
	On     workday.Date `json:"on"`
	By     string       `json:"by"` // member ID
}

// ArchiveCase files a closed case away under a number (归档), once, and not while a review or lawsuit is open. Reopening it
// takes it out again.
func (d *Desk) ArchiveCase(ctx context.Context, by staff.Member, id, number string) (Request, error) {
	return d.act(ctx, by, id, DoArchive, func(r *Request, m moment) (step, error) {
		switch {
		case r.Archive != nil:
			return step{}, fault.Newf(fault.Conflict, "这件申请已经归档，归档号%s。", r.Archive.Number)
		case slices.ContainsFunc(r.Remedies, Remedy.open):
			return step{}, fault.New(fault.Conflict, "还有没有审结的复议或者诉讼，登记结果以后再归档。")
		case blank(number):
			return step{}, fault.New(fault.Invalid, "请填写归档号，例如：2026-XXGK-012。")
		}
		r.Archive = &Archive{Number: number, On: m.today, By: by.ID}
		return step{to: Closed, note: "归档，归档号" + number + "。"}, nil
	})
}
