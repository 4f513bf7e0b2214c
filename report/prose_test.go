package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shoushan/disclosure"
	"shoushan/posts"
	"shoushan/report"
)

func TestProsePartsAndBack(t *testing.T) {
	p := prose2021()
	again := report.Prose{Year: p.Year, SignedOn: p.SignedOn}
	for _, part := range p.Parts() {
		again = again.With(part.ID, strings.Join(part.Texts, "\r\n\n"))
	}
	if diff := cmp.Diff(p, again, cmp.Comparer(func(x, y report.Prose) bool {
		return slices.EqualFunc(x.Parts(), y.Parts(), func(a, b report.ProsePart) bool { return slices.Equal(a.Texts, b.Texts) })
	})); diff != "" {
		t.Errorf("parts put together (-want +got):\n%s", diff)
	}
	if got := p.With("nothing", "x"); len(report.DiffProse(p, got)) != 12 || changed(report.DiffProse(p, got)) != "" {
		t.Errorf("an unknown part changed %s", changed(report.DiffProse(p, got)))
	}
}

func changed(diff []report.PartDiff) string {
	var out []string
	for _, d := range diff {
		if d.Changed {
			out = append(out, d.ID)
		}
	}
	return strings.Join(out, " ")
}

func TestLastYearsTextIsAStartNotACopy(t *testing.T) {
	last := prose2021()
	last.SignedOn = date("2022-01-20")
	next := report.FromLastYear(last)
	if next.Year != 2022 || !next.SignedOn.IsZero() || next.Proactive[0] != last.Proactive[0] {
		t.Errorf("next = %+v", next)
	}
	if !strings.Contains(next.Problems[0], "请填写") {
		t.Errorf("art. 50(3): last year's problems are offered again: %q", next.Problems)
	}
	if got := changed(report.DiffProse(last, next)); got != "problems" {
		t.Errorf("changed = %s, want problems", got)
	}
}

func TestDiffTellsWhatWasTyped(t *testing.T) {
	before := report.Prose{Overview: []string{"我镇发布信息三次"}}
	after := report.Prose{Overview: []string{"我镇公开信息三次。", "新的一段"}}
	var got string
	for _, line := range report.DiffProse(before, after)[1].Lines {
		for _, p := range line {
			got += map[report.PieceKind]string{report.Kept: "=", report.Removed: "-", report.Added: "+"}[p.Kind] + p.Text
		}
		got += "/"
	}
	if want := "=我镇-发布+公开=信息三次+。/+新的一段/"; got != want {
		t.Errorf("diff = %s, want %s", got, want)
	}
}

func TestCopiedProblemsArePointedOut(t *testing.T) {
	text := "一是公开内容不够全面，时效性有待提高；二是专业能力有待提升；三是制度不够健全。下一步将加强培训。"
	tests := []struct {
		name, now string
		want      bool
	}{
		{"copied word for word", text, true},
		{"copied with another year and other punctuation", strings.ReplaceAll(text, "；", "，"), true},
		{"one word changed", strings.Replace(text, "加强培训", "强化培训", 1), true},
		{"written anew", "本年主动公开解读材料偏少，群众反映查找不便。明年将在专栏设置解读链接，每季度自查一次。", false},
		{"too short to compare", "没有新的问题。", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			drafts := [2]report.Annual{}
			for i, problems := range []string{text, tt.now} {
				prose := finished(2024+i).With("problems", problems)
				a, err := report.Draft(2024+i, disclosure.Organ{Name: "某镇"}, prose, report.Records{})
				if err != nil {
					t.Fatal(err)
				}
				drafts[i] = a
			}
			got := slices.ContainsFunc(report.Check(drafts[1], &drafts[0]), func(v report.Violation) bool { return v.Rule == report.RuleCopied })
			if got != tt.want {
				t.Errorf("SEC5-COPIED = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTypedNumbersAreFindings(t *testing.T) {
	h := newPress(t)
	h.must(h.Edit(t.Context(), clerk, 2025, 0, finished(2025).With("proactive", "全年发布信息127条，其中原创{{account.original}}条。")))
	w, err := h.Work(t.Context(), 2025)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range w.Findings {
		if v.Rule == report.RuleUnbound {
			got = append(got, v.Where+" "+string(v.Left)+" "+string(v.Severity))
		}
	}
	if diff := cmp.Diff([]string{"proactive 127条 WARN"}, got); diff != "" {
		t.Errorf("typed numbers (-want +got):\n%s", diff)
	}
}

func TestBindingsAreTheFiguresToChooseFrom(t *testing.T) {
	records := report.Records{Posts: []posts.Post{post("p", posts.Account, posts.Original, "2025-06-01T02:00:00Z")}}
	organ := disclosure.Organ{Name: "某镇人民政府"}
	for _, b := range report.Bindings(2025, organ, records) {
		got, err := report.Resolve(b.Insert, 2025, organ, records)
		if err != nil || got != b.Value {
			t.Errorf("%s inserts %q (%v), its value is %q", b.Name, got, err, b.Value)
		}
		if b.Label == "" || b.Label == b.Name {
			t.Errorf("%s has no Chinese name", b.Name)
		}
		if b.Name == "account.original" && b.Value != "1" {
			t.Errorf("account.original is %s, want 1", b.Value)
		}
	}
}
