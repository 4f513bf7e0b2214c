package disclosure

import (
	"context"
	"slices"

	"shoushan/fault"
	"shoushan/staff"
)

// Enclosures are the files that go with the answer (附件) as it stands: where part is withheld the released versions alone, where
// everything is given also what was added as information and is not marked. Nothing else of a case ever leaves it. The
// signature fixes them; see Request.GivenOut.
func (r Request) Enclosures() []Attachment {
	d := r.Decision
	if d == nil || d.Outcome != PartlyGranted && (d.Outcome != Granted || d.How != Attached) {
		return nil
	}
	var out []Attachment
	for _, a := range r.Files {
		whole := a.Kind == InformationFile && !a.Withhold && d.Outcome == Granted
		if a.Kind == ReleasedFile || whole {
			out = append(out, a)
		}
	}
	return out
}

// GivenOut returns the enclosures that the applicant may fetch: those that were signed with an answer that was served and
// stands, and are still what may leave.
func (r Request) GivenOut() []Attachment {
	if !r.Released() {
		return nil
	}
	return slices.DeleteFunc(r.Enclosures(), func(a Attachment) bool { return !slices.Contains(r.Decision.Enclosed, a.File) })
}

// ReadEnclosure lets whoever drafts or signs the answer read a file that goes with it, and leaves an event. Other files of
// the case are personal: they ask for the right to that.
func (d *Desk) ReadEnclosure(ctx context.Context, by staff.Member, id, file string) (Request, error) {
	if err := rules[DoReadEnclosure].permits(by, DoReadEnclosure); err != nil {
		return Request{}, err
	}
	return d.aside(ctx, by, id, DoReadEnclosure, "打开随答复提供的附件。", func(r *Request) error {
		if !slices.ContainsFunc(r.Enclosures(), func(a Attachment) bool { return a.File == file }) {
			return fault.New(fault.Forbidden, "这份材料不随答复提供，打开它要有查看个人信息的权限。")
		}
		return nil
	})
}
