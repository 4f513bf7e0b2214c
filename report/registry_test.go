package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/report"
	"shoushan/staff"
)

// book keeps registers in memory.
type book struct{ data []byte }

func (b *book) Registers(context.Context) (r report.Registers, err error) {
	if b.data != nil {
		err = json.Unmarshal(b.data, &r)
	}
	return r, err
}

func (b *book) UpdateRegisters(ctx context.Context, change func(*report.Registers) error) error {
	r, err := b.Registers(ctx)
	if err != nil {
		return err
	}
	if err := change(&r); err != nil {
		return err
	}
	b.data, err = json.Marshal(r)
	return err
}

func newClerk() (*report.Clerk, *book) {
	b, n := &book{}, 0
	return &report.Clerk{
		Register: b, Organ: disclosure.Organ{Name: "陵川县崇文镇人民政府", Level: "township"},
		Now:   func() time.Time { return time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC) },
		NewID: func() string { n++; return fmt.Sprint("n", n) },
	}, b
}

func TestClerkRefusesWhatCannotBeCounted(t *testing.T) {
	good := report.RegisterEntry{Kind: report.KindNormative, Title: "崇文镇扬尘管理办法", On: date("2026-03-01")}
	tests := []struct {
		name   string
		change func(*report.RegisterEntry)
		want   string
	}{
		{"art. 20(1): a township makes no regulation", func(e *report.RegisterEntry) { e.Kind = report.KindRegulation }, "没有规章制定权"},
		{"an unknown kind", func(e *report.RegisterEntry) { e.Kind = "通知" }, "不认识"},
		{"no date", func(e *report.RegisterEntry) { e.On = date("") }, "缺少日期"},
		{"tomorrow", func(e *report.RegisterEntry) { e.On = date("2026-11-24") }, "还没有到"},
		{"repealed before it was made", func(e *report.RegisterEntry) { e.EndOn = date("2026-02-28") }, "早于"},
		{"neither name nor number", func(e *report.RegisterEntry) { e.Title = " " }, "至少要有一个"},
		{"a document has no amount", func(e *report.RegisterEntry) { e.Amount = report.Int(1) }, "没有金额"},
		{"a charge without an amount", func(e *report.RegisterEntry) { e.Kind = report.KindCharge }, "缺少金额"},
		{"a remedy closed without a result", func(e *report.RegisterEntry) { e.Kind, e.EndOn = report.KindReconsider, date("2026-05-01") }, "要么都填"},
		{"a remedy still open with a result", func(e *report.RegisterEntry) { e.Kind, e.Result = report.KindDirect, disclosure.Upheld }, "要么都填"},
		{"a result that is none", func(e *report.RegisterEntry) {
			e.Kind, e.EndOn, e.Result = report.KindDirect, date("2026-05-01"), disclosure.Pending
		}, "结果应当是"},
		{"a permit is not repealed", func(e *report.RegisterEntry) { e.Kind, e.EndOn = report.KindPermit, date("2026-05-01") }, "没有废止日期"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clerk, b := newClerk()
			e := good
			tt.change(&e)
			if _, err := clerk.Put(t.Context(), clerkMember, e); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), tt.want) {
				t.Errorf("Put = %v, want %q", err, tt.want)
			}
			if b.data != nil {
				t.Error("it was stored all the same")
			}
		})
	}
	clerk, _ := newClerk()
	if _, err := clerk.Put(t.Context(), first, good); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a reviewer keeps the register: %v", err)
	}
}

var clerkMember = member("desk", staff.RequestDesk)

func TestClerkKeepsATrail(t *testing.T) {
	clerk, b := newClerk()
	ctx := t.Context()
	e, err := clerk.Put(ctx, clerkMember, report.RegisterEntry{Kind: report.KindNormative, Title: "崇文镇扬尘管理办法", Number: "崇政发〔2026〕3号", On: date("2026-03-01")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.Put(ctx, clerkMember, e); !fault.Is(err, fault.Invalid) {
		t.Errorf("the same again = %v", err)
	}
	e.EndOn = date("2026-10-01")
	_, errPut := clerk.Put(ctx, clerkMember, e)
	other, errOther := clerk.Put(ctx, clerkMember, report.RegisterEntry{Kind: report.KindPenalty, Title: "某某行政处罚", On: date("2026-04-01")})
	other.Kind = report.KindPermit // entered under the wrong kind
	_, errKind := clerk.Put(ctx, clerkMember, other)
	other.Kind, other.Amount = report.KindCharge, report.Int(2)
	_, errList := clerk.Put(ctx, clerkMember, other)
	errRemove := clerk.Remove(ctx, clerkMember, other.ID, "登记有误")
	if err := errors.Join(errPut, errOther, errKind, errList, errRemove); err != nil {
		t.Fatal(err)
	}
	if err := clerk.Remove(ctx, clerkMember, other.ID, "再删"); !fault.Is(err, fault.NotFound) {
		t.Errorf("remove what is gone = %v", err)
	}
	r, _ := b.Registers(ctx)
	if got := r.Entries(); len(got) != 1 || got[0] != e {
		t.Errorf("entries = %+v, want %+v", got, e)
	}
	var actions []string
	for _, ev := range r.Trail {
		actions = append(actions, ev.Action)
	}
	if diff := cmp.Diff([]string{"enter", "amend", "enter", "amend", "amend", "remove"}, actions); diff != "" || r.Trail.Verify() != nil {
		t.Errorf("trail (-want +got):\n%s%v", diff, r.Trail.Verify())
	}
	if last := r.Trail[5].Note; !strings.Contains(last, "某某行政处罚") || !strings.Contains(last, "登记有误") {
		t.Errorf("the trail forgets what was removed: %s", last)
	}
}

func TestCellNotesArePrintedBesideTheNumber(t *testing.T) {
	clerk, b := newClerk()
	ctx := t.Context()
	_, err := clerk.Put(ctx, clerkMember, report.RegisterEntry{Kind: report.KindNormative, Title: "办法", On: date("2025-03-01")})
	note := report.CellNote{Year: 2025, Cell: "t2.行政规范性文件.made", Text: "（其中修订1件）"}
	if err := errors.Join(err, clerk.Note(ctx, clerkMember, note)); err != nil {
		t.Fatal(err)
	}
	r, _ := b.Registers(ctx)
	a, err := report.Draft(2025, disclosure.Organ{Name: "陵川县崇文镇人民政府"}, finished(2025), report.Records{Registers: r})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Cells()[note.Cell].String(); got != "1（其中修订1件）" {
		t.Errorf("the cell prints %s", got)
	}
	var docx bytes.Buffer
	if err := report.WriteDOCX(&docx, a); err != nil {
		t.Fatal(err)
	}
	back, err := report.Read("r.docx", docx.Bytes())
	if err != nil || back.Cells()[note.Cell] != a.Cells()[note.Cell] || len(report.Check(back, nil)) > 0 {
		t.Errorf("read back: %v, %v, %v", back.Cells()[note.Cell], err, report.Check(back, nil))
	}
	next, _ := report.Draft(2026, disclosure.Organ{}, finished(2026), report.Records{Registers: r})
	if got := next.Cells()["t2.行政规范性文件.valid"].String(); got != "1" {
		t.Errorf("next year's cell prints %s", got)
	}
	note.Text = ""
	if err := clerk.Note(ctx, clerkMember, note); err != nil {
		t.Fatal(err)
	}
	if r, _ := b.Registers(ctx); len(r.Notes) != 0 || len(r.Trail) != 3 {
		t.Errorf("notes = %v after %d events", r.Notes, len(r.Trail))
	}
	for _, bad := range []report.CellNote{{Year: 2025, Cell: "t3.new.total", Text: "x"}, {Year: 2025, Cell: note.Cell, Text: strings.Repeat("长", 31)}} {
		if err := clerk.Note(ctx, clerkMember, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("Note(%v) = %v, want Invalid", bad, err)
		}
	}
}

const sampleRegister = `崇文镇2026年台账,,,,,,,
类别,名称,文号,链接,日期,废止（审结）日期,金额（元）,结果
行政规范性文件,扬尘管理办法,崇政发〔2026〕3号,https://example.gov.cn/3,2026年3月1日,,,
行政处罚,占道经营处罚,崇罚〔2026〕1号,,2026/4/2,,,

行政处罚,无照经营处罚,,,2026.4.3,,,
行政事业性收费,公墓管理费,,,2026-05-01,,"12,345.5",
行政复议,某某不服答复,陵复〔2026〕7号,,2026-06-01,2026-08-01,,结果维持
信息处理费,某某申请,,,2026-07-01,,420,
`

func TestImportFile(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(sampleRegister)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"utf8.csv": []byte(sampleRegister), "bom.csv": []byte("\xef\xbb\xbf" + sampleRegister), "gb18030.csv": []byte(gb), "book.xlsx": asWorkbook(t),
	} {
		t.Run(name, func(t *testing.T) {
			clerk, b := newClerk()
			preview, err := clerk.PreviewFile(t.Context(), name, data)
			if err != nil || b.data != nil || preview.Count(report.ImportNew) != 6 {
				t.Fatalf("PreviewFile = %s (%v), stored %v", preview.Summary(), err, b.data != nil)
			}
			if _, err := clerk.ImportFile(t.Context(), clerkMember, name, data); err != nil {
				t.Fatal(err)
			}
			r, _ := b.Registers(t.Context())
			a, err := report.Draft(2026, clerk.Organ, finished(2026), report.Records{Registers: r})
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{"t2.行政规范性文件.made": "1", "t2.行政处罚": "2", "t2.行政事业性收费": "1.23455", "t4.reconsideration.upheld": "1"}
			for key, text := range want {
				if got := a.Cells()[key].String(); got != text {
					t.Errorf("%s = %s, want %s", key, got, text)
				}
			}
			if got := a.Sections[5].Paragraphs[0]; !strings.Contains(got, "1件，共计420元") {
				t.Errorf("section 六 says %s", got)
			}
			again, err := clerk.ImportFile(t.Context(), clerkMember, name, data)
			if err != nil || again.Count(report.ImportUnchanged) != 6 {
				t.Errorf("the same file again: %s (%v)", again.Summary(), err)
			}
			if after, _ := b.Registers(t.Context()); len(after.Trail) != 1 || after.Trail[0].Action != "import" {
				t.Errorf("trail = %+v, want one import", after.Trail)
			}
		})
	}
}

// asWorkbook is the sample as a spreadsheet with real dates and numbers.
func asWorkbook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"类别", "名称", "文号", "日期", "审结日期", "金额（元）", "结果"},
		{"行政规范性文件", "扬尘管理办法", "崇政发〔2026〕3号", date("2026-03-01").Start().UTC().Add(8 * time.Hour)},
		{"行政处罚", "占道经营处罚", "崇罚〔2026〕1号", "2026-04-02"},
		{"行政处罚", "无照经营处罚", "", "2026-04-03"},
		{"行政事业性收费", "公墓管理费", "", "2026-05-01", "", 12345.5},
		{"行政复议", "某某不服答复", "陵复〔2026〕7号", "2026-06-01", "2026-08-01", "", "维持"},
		{"信息处理费", "某某申请", "", "2026-07-01", "", 420},
	}
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestImportNamesEveryBadLineAndStoresNothing(t *testing.T) {
	file := "类别,名称,文号,日期,金额\n行政处罚,甲,罚1,2026-04-02,\n行政处罚,乙,罚1,2026-04-03,\n规章,丙,,2026-04-03,\n行政许可,丁,,春天,\n行政事业性收费,戊,,2026-04-03,3\n"
	clerk, b := newClerk()
	done, err := clerk.ImportFile(t.Context(), clerkMember, "x.csv", []byte(file))
	if !fault.Is(err, fault.Conflict) || b.data != nil {
		t.Errorf("ImportFile = %v, stored %v", err, b.data != nil)
	}
	var got []string
	for _, l := range done.Lines {
		if l.Kind == report.ImportRefused {
			got = append(got, fmt.Sprint(l.Line, " ", l.Problem))
		}
	}
	want := []string{"3 文号（案号）“罚1”与第 2 行重复。", "4 乡镇人民政府、街道办事处没有规章制定权；制发的文件请看是否属于行政规范性文件。",
		"5 日期“春天”看不懂，请写成 2026-03-01。", "6 金额一列的表头没有写明单位，请写成“金额（万元）”或者“金额（元）”。"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bad lines (-want +got):\n%s", diff)
	}
	for name, data := range map[string]string{"x.csv": "a,b\n1,2\n", "x.docx": "PK", "x.pdf": "%PDF", "empty.csv": ""} {
		if _, err := clerk.PreviewFile(t.Context(), name, []byte(data)); !fault.Is(err, fault.Invalid) {
			t.Errorf("PreviewFile(%s) = %v, want Invalid", name, err)
		}
	}
}

func TestImportKnowsWhatWasEnteredByHand(t *testing.T) {
	clerk, b := newClerk()
	e, err := clerk.Put(t.Context(), clerkMember, report.RegisterEntry{Kind: report.KindPenalty, Title: "占道经营", Number: "崇罚〔2026〕1号", On: date("2026-04-01")})
	if err != nil {
		t.Fatal(err)
	}
	done, err := clerk.ImportFile(t.Context(), clerkMember, "r.csv", []byte(sampleRegister))
	if err != nil || done.Count(report.ImportChanged) != 1 || done.Count(report.ImportNew) != 5 {
		t.Fatalf("ImportFile = %s (%v)", done.Summary(), err)
	}
	r, _ := b.Registers(t.Context())
	got, err := r.Entry(e.ID)
	if err != nil || got.Title != "占道经营处罚" || got.On != date("2026-04-02") {
		t.Errorf("entry = %+v, %v", got, err)
	}
}

// TestRegisterFilesNeverPanic feeds the reader with broken lines.
func TestRegisterFilesNeverPanic(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.SampledFrom([]string{"类别", "日期", "名称", "行政处罚", "2026-01-01", "45000", "1e9", "\"", "金额（万元）", "-3", "", "结果", "规章", "\x00"})
		lines := rapid.SliceOfN(rapid.SliceOfN(cell, 0, 6), 0, 12).Draw(rt, "lines")
		var text []string
		for _, l := range lines {
			text = append(text, strings.Join(l, ","))
		}
		rows, err := report.ReadRegisterFile("x.csv", []byte(strings.Join(text, "\n")), date("2026-11-23"), disclosure.Organ{})
		if err != nil && !fault.Is(err, fault.Invalid) {
			rt.Fatalf("ReadRegisterFile = %v, want Invalid", err)
		}
		if slices.ContainsFunc(rows, func(r report.FileRow) bool { return r.Problem == "" && r.Entry.On.IsZero() }) {
			rt.Fatal("a line without a date passed")
		}
	})
}
