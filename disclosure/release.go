package disclosure

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
)

// Withhold marks a file of information as one whose original must not leave the house, or takes the mark off while nothing was
// made from it (区分处理, 条例第三十七条).
func (d *Desk) Withhold(ctx context.Context, by staff.Member, id, file string, withhold bool) (Request, error) {
	if err := rules[DoWithhold].permits(by, DoWithhold); err != nil {
		return Request{}, err
	}
	note := "标明一份拟公开的信息需要遮盖，原件不得外发。"
	if !withhold {
		note = "取消一份拟公开的信息的遮盖标记。"
	}
	return d.aside(ctx, by, id, DoWithhold, note, func(r *Request) error {
		a, err := r.information(file)
		switch {
		case err != nil:
			return err
		case a.Withhold == withhold:
			return fault.New(fault.Conflict, "这份材料的标记已经是这样。")
		case r.releasedFrom(file):
			return fault.New(fault.Conflict, "已经有从这份原件做出的公开版，标记不能取消。")
		}
		a.Withhold = withhold
		return nil
	})
}

// AttachRelease adds the version of a file that may leave the house (公开版). It must not be, byte for byte, any original of the
// case whose parts are to be blacked out; from now on the original is one of these. places is how many parts were blacked
// out here, 0 when it was done elsewhere.
func (d *Desk) AttachRelease(ctx context.Context, by staff.Member, id, original string, a Attachment, places int) (Request, error) {
	if err := rules[DoWithhold].permits(by, DoWithhold); err != nil {
		return Request{}, err
	}
	note := "由原件做出公开版一份，在别处遮盖，上传人已确认遮盖处没有留下原文。"
	if places > 0 {
		note = fmt.Sprintf("由原件做出公开版一份，遮盖%d处。", places)
	}
	a.Kind, a.Of, a.AddedBy, a.AddedAt, a.Withhold = ReleasedFile, original, by.ID, d.Now().UTC(), false
	return d.aside(ctx, by, id, DoWithhold, note, func(r *Request) error {
		from, err := r.information(original)
		if err != nil {
			return err
		}
		for _, b := range r.AllFiles() {
			switch {
			case b.File == a.File && b.Kind == ReleasedFile:
				return fault.New(fault.Conflict, "这份公开版已经在案卷里，不用重复添加。")
			case b.File == a.File && (b.File == original || b.Withhold):
				return fault.New(fault.Conflict, "这份文件和需要遮盖的原件一模一样，一个字节也没有改，不能作为公开版；请先遮盖。")
			}
		}
		if len(r.AllFiles()) >= maxFiles {
			return fault.Newf(fault.Conflict, "一件申请最多存%d份材料，请合并后再添加。", maxFiles)
		}
		from.Withhold = true
		r.Files = append(r.Files, a)
		return nil
	})
}

// information finds a file of information among those that staff have added, to be changed.
func (r *Request) information(file string) (*Attachment, error) {
	r.Files = slices.Clone(r.Files)
	for i := range r.Files {
		if r.Files[i].File == file && r.Files[i].Kind == InformationFile {
			return &r.Files[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "案卷里没有这份拟公开的信息；请先以“拟公开的信息”添加原件。")
}

func (r Request) releasedFrom(original string) bool {
	return slices.ContainsFunc(r.Files, func(a Attachment) bool { return a.Kind == ReleasedFile && a.Of == original })
}

// withheld reports whether the case holds an original whose parts are to be blacked out; only those without a version that
// may leave, when unmade is true.
func (r Request) withheld(unmade bool) bool {
	return slices.ContainsFunc(r.Files, func(a Attachment) bool { return a.Withhold && (!unmade || !r.releasedFrom(a.File)) })
}

// mayRelease refuses to sign and to serve information while an original that must not leave has no version that may.
func (r Request) mayRelease() error {
	if o := r.Decision.Outcome; (o == Granted || o == PartlyGranted) && r.withheld(true) {
		return fault.New(fault.Conflict, "案卷里有标明需要遮盖的原件，还没有公开版，不能签发和送达；请先做出公开版，或者取消标记（条例第三十七条）。")
	}
	return nil
}

// blackedOut stands for every passage that is withheld, however long it was.
const blackedOut = "■■■■"

var (
	passage  = regexp.MustCompile(`(?s)〖[^〖〗]*〗|\[\[.*?\]\]`)
	strayEnd = regexp.MustCompile(`〖|〗|\[\[|\]\]`)
)

// black replaces what is marked in a text, and reports how many passages were. The original is not kept anywhere.
func black(text string) (out string, places int, err error) {
	out = passage.ReplaceAllStringFunc(text, func(string) string {
		places++
		return blackedOut
	})
	if strayEnd.MatchString(out) {
		return "", 0, fault.New(fault.Invalid, "遮盖的括号没有配成对，请检查〖和〗：前后各一个，里面不能再套。")
	}
	return out, places, nil
}

// blacken blacks out the marked passages of the information that the decision gives. Only partial disclosure has any.
func (d *Decision) blacken() error {
	text, places, err := black(d.Content)
	switch {
	case err != nil:
		return err
	case places > 0 && d.Outcome != PartlyGranted:
		return fault.New(fault.Invalid, "遮盖了一部分的，应当作“部分公开”，并写明不予公开的依据（条例第三十七条）。")
	}
	d.Content = text
	return nil
}

// leaks refuses a decision whose text holds the identity number of anybody but the applicant or the agent.
func (r Request) leaks(d Decision) error {
	own := []string{strings.ToUpper(r.Filing.Personal.DocumentNumber), strings.ToUpper(r.Filing.Personal.AgentDocument)}
	for _, f := range d.Outcome.Info().Fields {
		for _, number := range identityLike.FindAllString(d.field(f.Key), -1) {
			if ValidIdentityNumber(number) && !slices.Contains(own, strings.ToUpper(number)) {
				return fault.Newf(fault.Invalid, "“%s”里有别人的身份证号，不能写进答复；请删去，或者用〖〗括起来遮盖，作部分公开。", f.Label)
			}
		}
	}
	return nil
}
