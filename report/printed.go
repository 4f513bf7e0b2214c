package report

import "strings"

// printedReport is a report laid out for a writer: every heading, paragraph and table in the order in which it is read.
type printedReport struct {
	Organ    string
	Title    string
	Marks    []mark
	Preface  []string
	Sections []printedSection
	SignedBy string
	SignedOn string

	Corrections []string // after the signature, under correctionsTitle
}

// correctionsTitle is the heading over the corrections of a published report.
const correctionsTitle = "更正说明"

// CorrectionsTitle is the heading over Corrections.
func (printedReport) CorrectionsTitle() string { return correctionsTitle }

// TitleLines breaks the title where its sense does: after the organ.
func (p printedReport) TitleLines() []string {
	if p.Organ != "" && len(p.Title) > len(p.Organ) && strings.HasPrefix(p.Title, p.Organ) {
		return []string{p.Organ, strings.TrimPrefix(p.Title, p.Organ)}
	}
	return []string{p.Title}
}

// mark is one of our own marks in a file, by which a reader knows what the text alone does not tell.
type mark struct{ Name, Value string }

type printedSection struct {
	Number     int
	Title      string
	Paragraphs []string
	Parts      []Section
	Table      *printedTable
	TableName  string // 二, 三 or 四
}

// printed lays the report out. What is not known is printed as such, never as a zero.
func (a Annual) printed() (printedReport, error) {
	out := printedReport{Organ: a.Organ, Title: a.Title, Marks: a.marks(), Preface: a.Preface, SignedBy: a.SignedBy, SignedOn: a.SignedOn.Chinese(),
		Corrections: a.Corrections}
	if out.Title == "" {
		out.Title = ConventionalTitle(a.Organ, a.Year)
	}
	for i, title := range officialForm().Sections {
		s, written, err := a.printedSection(i+1, title)
		if err != nil {
			return out, err
		}
		if written {
			out.Sections = append(out.Sections, s)
		}
	}
	return out, nil
}

// generatedTitle marks a title that the writer made because the report had none.
const generatedTitle = "generated"

func (a Annual) marks() []mark {
	all := []mark{{"schema", Schema}, {"id", a.ID}, {"organ", a.Organ}, {"level", a.Level}, {"format", a.Format}}
	if a.Year != 0 {
		all = append(all, mark{"year", Int(a.Year).String()})
	}
	if a.Title == "" {
		all = append(all, mark{"title", generatedTitle})
	}
	if a.Partial {
		all = append(all, mark{"partial", "true"})
	}
	var out []mark
	for _, m := range all {
		if m.Value != "" {
			out = append(out, mark{metaPrefix + m.Name, m.Value})
		}
	}
	return out
}

// printedSection lays out the n-th section; written is false for a section that a report with text does not have.
func (a Annual) printedSection(n int, title string) (out printedSection, written bool, err error) {
	out = printedSection{Number: n, Title: title}
	s, known := a.section(n)
	if s.Title != "" {
		out.Title = s.Title
	}
	out.Paragraphs, out.Parts = s.Paragraphs, printedParts(s.Parts)
	if len(a.Sections) == 0 {
		known = false
		a.tellNarrative(&out)
	}
	if out.Table, out.TableName, err = a.printedTable(n); err != nil {
		return out, false, err
	}
	empty := out.Table == nil && len(out.Paragraphs) == 0 && len(out.Parts) == 0
	if empty && !known {
		out.Paragraphs = []string{absentText}
		return out, len(a.Sections) == 0 || s.Title != "", nil
	}
	return out, true, nil
}

func printedParts(parts []Section) []Section {
	out := make([]Section, len(parts))
	for i, p := range parts {
		out[i] = p
		if p.Absent {
			out[i].Paragraphs = []string{absentText}
		}
	}
	return out
}

// tellNarrative turns the numbers of a report without text back into sentences, so that they can still be checked.
func (a Annual) tellNarrative(s *printedSection) {
	switch statements := a.Narrative.statements(); {
	case s.Number == 1 && len(statements) > 0:
		for i := range officialForm().Parts {
			text := absentText
			if i == 1 {
				text = narrativeSentence(statements)
			}
			s.Parts = append(s.Parts, Section{Title: partTitle(i), Paragraphs: []string{text}})
		}
	case s.Number == 6:
		if fee, ok := a.Narrative.fee(); ok {
			s.Paragraphs = append(s.Paragraphs, feeSentence(fee))
		}
	}
}

func narrativeSentence(statements []statement) string {
	var clauses []string
	for _, st := range statements {
		clauses = append(clauses, st.label+st.value.String()+"件")
	}
	return strings.Join(clauses, "。") + "。" // one sentence each: none is said of the one before
}

// partTitle is the heading of the i-th part of section 一, from 0.
func partTitle(i int) string {
	return "（" + string([]rune("一二三四五")[i]) + "）" + officialForm().Parts[i]
}

// feeSentence tells the fee as section 六 must: whether any was charged, for how many requests, how much.
func feeSentence(f Fee) string {
	if !positive(f.Cases) && !positive(f.Yuan) {
		return "本年度未收取政府信息公开信息处理费。"
	}
	s := "本年度收取政府信息公开信息处理费"
	if f.Cases != nil {
		s += f.Cases.String() + "件"
	}
	if f.Yuan != nil {
		s += "，共计" + f.Yuan.String() + "元"
	}
	return strings.Replace(s, "费，", "费", 1) + "。"
}

func (a Annual) printedTable(n int) (*printedTable, string, error) {
	var values []keyedCell
	name := ""
	switch {
	case n == 2 && a.T2 != nil:
		name, values = "二", a.T2.keyed()
	case n == 3 && a.T3 != nil:
		name, values = "三", a.T3.keyed()
	case n == 4 && a.T4 != nil:
		name, values = "四", a.T4.keyed()
	default:
		return nil, "", nil
	}
	t, err := officialForm().Tables[name].print(values)
	return &t, name, err
}
