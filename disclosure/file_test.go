package disclosure_test

import (
	"fmt"
	"strings"
	"testing"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

func TestFilesOfACase(t *testing.T) {
	w := newWorld("2026-03-02 10:00")
	ctx := t.Context()
	f := byChat()
	f.ConsentAt = w.now.Add(-5 * 60e9)
	f.Attachments = []disclosure.Attachment{{File: "f1", Name: "张小三身份证.jpg", Kind: disclosure.IdentityProof, AddedBy: staff.Citizen.ID, AddedAt: w.now}}
	r := must(t)(w.SubmitConfirmed(ctx, staff.Citizen, f))
	if !r.Filing.ConsentAt.Equal(f.ConsentAt) || len(r.Filing.Attachments) != 1 {
		t.Errorf("filed with %v, %+v", r.Filing.ConsentAt, r.Filing.Attachments)
	}
	r = must(t)(w.Attach(ctx, clerk, r.ID, disclosure.Attachment{File: "f2", Name: "张小三签收单.pdf", Kind: disclosure.ServiceProof, AddedBy: "forged"}))
	if files := r.AllFiles(); len(files) != 2 || files[1].AddedBy != clerk.ID || !files[1].AddedAt.Equal(w.now) {
		t.Errorf("files = %+v", files)
	}
	if last := r.Trail[len(r.Trail)-1]; last.Action != "attach" || strings.Contains(last.Note, "张小三") {
		t.Errorf("the event is %+v", last)
	}
	for name, tt := range map[string]struct {
		by   staff.Member
		a    disclosure.Attachment
		kind fault.Kind
	}{
		"twice":              {clerk, disclosure.Attachment{File: "f2", Name: "again", Kind: disclosure.ServiceProof}, fault.Conflict},
		"no kind":            {clerk, disclosure.Attachment{File: "f3", Name: "x"}, fault.Invalid},
		"no file":            {clerk, disclosure.Attachment{Name: "x", Kind: disclosure.OtherFile}, fault.Invalid},
		"by an author":       {author, disclosure.Attachment{File: "f3", Name: "x", Kind: disclosure.OtherFile}, fault.Forbidden},
		"by who signs alone": {head, disclosure.Attachment{File: "f3", Name: "x", Kind: disclosure.OtherFile}, fault.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Attach(ctx, tt.by, r.ID, tt.a)
			refused(t, err, tt.kind)
		})
	}
	for i := range 48 {
		must(t)(w.Attach(ctx, staff.Citizen, r.ID, disclosure.Attachment{File: fmt.Sprint("g", i), Name: "x", Kind: disclosure.OtherFile}))
	}
	_, err := w.Attach(ctx, clerk, r.ID, disclosure.Attachment{File: "f9", Name: "x", Kind: disclosure.OtherFile})
	refused(t, err, fault.Conflict)
}

func TestNotesStayOutOfTheTrail(t *testing.T) {
	p := inState(t, disclosure.Handling)
	_, err := p.AddNote(p.ctx, clerk, p.id, " ")
	refused(t, err, fault.Invalid)
	_, err = p.AddNote(p.ctx, author, p.id, "看看")
	refused(t, err, fault.Forbidden)
	r := must(t)(p.AddNote(p.ctx, head, p.id, "请先问财政所。"))
	if len(r.Notes) != 1 || r.Notes[0].By != head.ID || r.Notes[0].Text != "请先问财政所。" {
		t.Errorf("notes = %+v", r.Notes)
	}
	if note := r.Trail[len(r.Trail)-1].Note; strings.Contains(note, "财政所") {
		t.Errorf("the trail says %q", note)
	}
}

func TestArchive(t *testing.T) {
	p := inState(t, disclosure.Closed)
	_, err := p.ArchiveCase(p.ctx, clerk, p.id, "")
	refused(t, err, fault.Invalid)
	must(t)(p.OpenRemedy(p.ctx, clerk, p.id, disclosure.Remedy{Kind: disclosure.Reconsideration}))
	_, err = p.ArchiveCase(p.ctx, clerk, p.id, "2026-XXGK-001")
	refused(t, err, fault.Conflict) // a review is open
	must(t)(p.CloseRemedy(p.ctx, clerk, p.id, disclosure.Upheld, workday.Date{}))
	r := must(t)(p.ArchiveCase(p.ctx, clerk, p.id, "2026-XXGK-001"))
	if r.Archive == nil || r.Archive.On != date("2026-03-02") || r.State != disclosure.Closed {
		t.Errorf("archived as %+v in %s", r.Archive, r.State)
	}
	_, err = p.ArchiveCase(p.ctx, clerk, p.id, "2026-XXGK-002")
	refused(t, err, fault.Conflict)
	r = must(t)(p.Reopen(p.ctx, head, p.id, "行政复议决定撤销原答复"))
	if r.Archive != nil {
		t.Error("a reopened case lies in the archive")
	}
}

// TestFileKindsHaveNames: forms offer every kind by name.
func TestFileKindsHaveNames(t *testing.T) {
	for _, k := range disclosure.FileKinds() {
		if k.Chinese() == "" {
			t.Errorf("%s has no name", k)
		}
	}
}
