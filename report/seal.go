package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"shoushan/workday"
)

// Seal is one published version of a report: figures, text and files as they were, under a hash that also covers the hash of
// the version before. What is sealed is never written again; a correction is a further seal with its reason and changes.
type Seal struct {
	No       int                 `json:"no"` // from 1
	At       time.Time           `json:"at"` // UTC
	By       string              `json:"by"`
	ByName   string              `json:"by_name"`
	Annual   Annual              `json:"annual"`
	Prose    Prose               `json:"prose"`             // with its numbers unbound again, for the next correction
	Counted  map[string][]string `json:"counted,omitempty"` // figure → the records it counted: tables 二, 三 and 四 without sums
	Files    []SealedFile        `json:"files"`
	Reason   string              `json:"reason,omitempty"`  // of a correction
	Changes  []Change            `json:"changes,omitempty"` // of a correction, against the version before
	Previous string              `json:"previous,omitempty"`
	Hash     string              `json:"hash"`
}

// SealedFile is one format in which a version was published.
type SealedFile struct {
	Name   string `json:"name"` // report.docx
	ID     string `json:"id"`   // in the store of files
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
}

// Change is one place where two versions of a report differ.
type Change struct {
	Where  string `json:"where"` // a cell's name, or section1 … section6
	Label  string `json:"label"` // the place in Chinese
	Before string `json:"before"`
	After  string `json:"after"`
}

// String tells the change in one sentence.
func (c Change) String() string {
	before, after := strings.TrimRight(c.Before, "。"), strings.TrimRight(c.After, "。")
	switch {
	case before == "":
		return fmt.Sprintf("“%s”增加“%s”", c.Label, after)
	case after == "":
		return fmt.Sprintf("“%s”删去“%s”", c.Label, before)
	}
	return fmt.Sprintf("“%s”由“%s”改为“%s”", c.Label, before, after)
}

// sum is the hash over everything in the seal but the hash itself.
func (s Seal) sum() string {
	s.Hash = ""
	return hashOf(s)
}

// Verify returns an error when the seal was altered.
func (s Seal) Verify() error {
	if s.Hash != s.sum() {
		return fmt.Errorf("report: seal %d of the report of %d does not match its hash", s.No, s.Annual.Year)
	}
	return nil
}

// VerifySeals returns an error that names the first seal which was altered, removed or reordered.
func (e Edition) VerifySeals() error {
	previous := ""
	for i, s := range e.Seals {
		if s.No != i+1 || s.Previous != previous {
			return fmt.Errorf("report: seal %d of the report of %d does not follow the one before", s.No, e.Year)
		}
		if err := s.Verify(); err != nil {
			return err
		}
		previous = s.Hash
	}
	return nil
}

// Fingerprint is the hash of what reviewers read: figures and words, without the day of signing, which is that of
// publication, and without the list of corrections.
func (a Annual) Fingerprint() string {
	a.SignedOn, a.Corrections = workday.Date{}, nil
	return hashOf(a)
}

// hashOf hashes the JSON form, in which the order of fields is fixed and maps are sorted.
func hashOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("report: encode for hashing: %v", err)) // reports hold only numbers, texts and raw JSON that was read
	}
	total := sha256.Sum256(data)
	return hex.EncodeToString(total[:])
}

// Compare lists where two versions of a report differ, cells first, then words.
func Compare(before, after Annual) []Change {
	var out []Change
	old := before.Cells()
	for _, kc := range after.keyed() {
		if was, is := old[kc.key].String(), kc.cell.String(); was != is {
			out = append(out, Change{kc.key, cellLabel(kc.key), was, is})
		}
	}
	out = append(out, comparePlace("title", "标题", []string{before.Title}, []string{after.Title})...)
	out = append(out, comparePlace("preface", "前言", before.Preface, after.Preface)...)
	for n := 1; n <= 6; n++ {
		a, _ := before.section(n)
		b, _ := after.section(n)
		where := fmt.Sprintf("section%d", n)
		out = append(out, comparePlace(where, b.Title, a.Paragraphs, b.Paragraphs)...)
		for i, part := range b.Parts {
			var was []string
			if i < len(a.Parts) {
				was = a.Parts[i].Paragraphs
			}
			out = append(out, comparePlace(where, part.Title, was, part.Paragraphs)...)
		}
	}
	return out
}

// comparePlace compares paragraph by paragraph; one that only moved is not told.
func comparePlace(where, label string, before, after []string) []Change {
	gone, come := without(before, after), without(after, before)
	var out []Change
	for i := range max(len(gone), len(come)) {
		c := Change{Where: where, Label: label}
		if i < len(gone) {
			c.Before = gone[i]
		}
		if i < len(come) {
			c.After = come[i]
		}
		out = append(out, c)
	}
	return out
}

// without returns what is in some and not in others, as often as it is missing there.
func without(some, others []string) []string {
	there := map[string]int{}
	for _, s := range others {
		there[strings.TrimSpace(s)]++
	}
	var out []string
	for _, s := range some {
		if s = strings.TrimSpace(s); there[s] > 0 {
			there[s]--
		} else if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// correctionLines tell all corrections as the published report lists them.
func correctionLines(seals []Seal) []string {
	var out []string
	for _, s := range seals {
		if s.Reason == "" {
			continue
		}
		var changes []string
		for _, c := range s.Changes {
			changes = append(changes, c.String())
		}
		out = append(out, fmt.Sprintf("%s更正：%s。更正原因：%s", workday.Of(s.At).Chinese(), strings.Join(changes, "；"), strings.TrimSuffix(s.Reason, "。")+"。"))
	}
	return out
}
