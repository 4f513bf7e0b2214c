package report

import "slices"

// SourceKind says where a record is kept.
type SourceKind string

// The kinds of records that figures count.
const (
	PostRecord     SourceKind = "post"
	RequestRecord  SourceKind = "request"
	RegisterRecord SourceKind = "register"
)

// Source is one record behind a figure or a finding. Title names it without personal data; that of a request is its number.
type Source struct {
	Kind  SourceKind
	ID    string
	Title string
}

// Sources finds the records with the ids, in the order of the ids; an id that no record has is left out.
func (r Records) Sources(ids []string) []Source {
	wanted := map[string]int{}
	for i, id := range ids {
		wanted[id] = i
	}
	var out []Source
	keep := func(s Source) {
		if _, ok := wanted[s.ID]; ok {
			out = append(out, s)
		}
	}
	for _, p := range r.Posts {
		keep(Source{PostRecord, p.ID, p.Content.Title})
	}
	for _, q := range r.Requests {
		keep(Source{RequestRecord, q.ID, q.ID})
	}
	for _, e := range r.Registers.Entries() {
		keep(Source{RegisterRecord, e.ID, e.String()})
	}
	slices.SortStableFunc(out, func(a, b Source) int { return wanted[a.ID] - wanted[b.ID] })
	return out
}
