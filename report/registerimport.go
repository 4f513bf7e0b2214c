package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// ImportKind says what an import does with one line.
type ImportKind string

// The kinds of outcomes of a line.
const (
	ImportNew       ImportKind = "new"       // 新增
	ImportChanged   ImportKind = "changed"   // 修改
	ImportUnchanged ImportKind = "unchanged" // 已有，没有变化
	ImportRefused   ImportKind = "refused"   // 有错，不导入
)

// Chinese returns the outcome as people see it.
func (k ImportKind) Chinese() string {
	return map[ImportKind]string{ImportNew: "新增", ImportChanged: "修改", ImportUnchanged: "无变化", ImportRefused: "有错"}[k]
}

// ImportLine is one line of a file with what importing it does.
type ImportLine struct {
	FileRow
	Kind ImportKind
}

// Import is what importing a file does, or would do.
type Import struct {
	Lines []ImportLine
}

// Count returns how many lines have the outcome.
func (i Import) Count(k ImportKind) int {
	n := 0
	for _, l := range i.Lines {
		if l.Kind == k {
			n++
		}
	}
	return n
}

// Summary is the import in one sentence.
func (i Import) Summary() string {
	return fmt.Sprintf("新增 %d 条，修改 %d 条，无变化 %d 条，有错 %d 条", i.Count(ImportNew), i.Count(ImportChanged), i.Count(ImportUnchanged), i.Count(ImportRefused))
}

// plan holds the lines of a file against the registers. An entry is known again by kind and number; one without a number by
// its whole content, so that the same file may be imported twice.
func plan(rows []FileRow, r Registers) Import {
	known := map[string]RegisterEntry{}
	for _, e := range r.Entries() {
		known["id "+e.ID] = e
		if e.Number != "" {
			known[numberKey(e)] = e
		}
	}
	var out Import
	repeats := map[string]int{}
	for _, row := range rows {
		line := ImportLine{row, ImportRefused}
		if row.Problem == "" {
			e := &line.Entry
			old, ok := known[numberKey(*e)]
			if e.ID = old.ID; !ok || e.Number == "" {
				e.ID = contentID(*e, repeats)
				old, ok = known["id "+e.ID]
			}
			switch {
			case !ok:
				line.Kind = ImportNew
			case old == *e:
				line.Kind = ImportUnchanged
			default:
				line.Kind = ImportChanged
			}
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

func numberKey(e RegisterEntry) string { return "number " + string(e.Kind) + " " + e.Number }

// contentID is the same for the same entry; equal lines of one file are told apart by their order.
func contentID(e RegisterEntry, repeats map[string]int) string {
	text := strings.Join([]string{string(e.Kind), e.Number}, "\x00")
	if e.Number == "" {
		text = strings.Join([]string{string(e.Kind), e.Title, e.On.String(), e.EndOn.String(), e.Amount.String(), string(e.Result)}, "\x00")
	}
	repeats[text]++
	hash := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", text, repeats[text]))
	return "file-" + hex.EncodeToString(hash[:8])
}

// PreviewFile says what importing a file would do, and stores nothing.
func (c *Clerk) PreviewFile(ctx context.Context, name string, data []byte) (Import, error) {
	rows, err := ReadRegisterFile(name, data, workday.Of(c.Now()), c.Organ)
	if err != nil {
		return Import{}, err
	}
	r, err := c.Register.Registers(ctx)
	if err != nil {
		return Import{}, err
	}
	return plan(rows, r), nil
}

// ImportFile stores the lines of a file, all or none: one bad line refuses the file with a Conflict, and the Import says
// which. Importing the same file again changes nothing.
func (c *Clerk) ImportFile(ctx context.Context, by staff.Member, name string, data []byte) (Import, error) {
	rows, err := ReadRegisterFile(name, data, workday.Of(c.Now()), c.Organ)
	if err != nil {
		return Import{}, err
	}
	var done Import
	err = c.change(ctx, by, "import", func(r *Registers) (string, error) {
		done = plan(rows, *r)
		if n := done.Count(ImportRefused); n > 0 {
			return "", fault.Newf(fault.Conflict, "有 %d 行不能导入，改正以后再导入；现在什么也没有保存。", n)
		}
		var told []string
		for _, l := range done.Lines {
			if l.Kind == ImportUnchanged {
				continue
			}
			r.put(l.Entry)
			if len(told) < registerTrailLimit {
				told = append(told, l.Entry.line())
			}
		}
		if len(told) == 0 {
			return "", nil
		}
		return fmt.Sprintf("从文件导入台账：%s。包括：%s。", done.Summary(), strings.Join(told, "；")), nil
	})
	return done, err
}

// With returns the registers with the lines of a file, without storing anything: for a report from an archive. A bad line is
// an Invalid fault that names it.
func (r Registers) With(rows []FileRow) (Registers, error) {
	for _, l := range plan(rows, r).Lines {
		if l.Problem != "" {
			return r, fault.Newf(fault.Invalid, "台账%s第 %d 行：%s", l.Sheet, l.Line, l.Problem)
		}
		r.put(l.Entry)
	}
	return r, nil
}
