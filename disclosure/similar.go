package disclosure

import (
	"cmp"
	"slices"
	"unicode"
)

// Match is another request that asks for much the same.
type Match struct {
	Request       Request
	Likeness      float64 // from 0 to 1
	SameApplicant bool    // then it may be a repeated request (条例第三十六条第六项)
}

// alike is the likeness from which two descriptions are worth a look. It is a hint for a person, never a decision.
const alike = 0.6

// Similar returns the other requests whose description is much like this one's, the most alike first. Those of the same
// applicant hint at a repeated request; those of others, when there are several, at proactive disclosure (条例第四十四条).
func Similar(r Request, among []Request) []Match {
	mine := pairsOf(r.Filing.Personal.Description)
	var out []Match
	for _, other := range among {
		if r.partOfTheSame(other) {
			continue
		}
		if likeness := dice(mine, pairsOf(other.Filing.Personal.Description)); likeness >= alike {
			out = append(out, Match{other, likeness, r.sameApplicant(other)})
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int { return cmp.Compare(b.Likeness, a.Likeness) })
	return out
}

// partOfTheSame reports whether two requests are one, or parts of one filing.
func (r Request) partOfTheSame(other Request) bool {
	return other.ID == r.ID || other.SplitFrom == r.ID || r.SplitFrom == other.ID || r.SplitFrom != "" && r.SplitFrom == other.SplitFrom
}

// ManyAsked reports how many different applicants asked for much the same, this one included; from two on article 44 lets
// them suggest proactive disclosure.
func ManyAsked(r Request, among []Request) int {
	applicants := map[string]bool{r.Filing.Personal.DocumentNumber: true}
	for _, m := range Similar(r, among) {
		applicants[m.Request.Filing.Personal.DocumentNumber] = true
	}
	return len(applicants)
}

// pairsOf counts the pairs of neighbouring letters; spaces and punctuation do not count.
func pairsOf(text string) map[[2]rune]int {
	pairs := map[[2]rune]int{}
	var last rune
	for _, c := range text {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			continue
		}
		if last != 0 {
			pairs[[2]rune{last, c}]++
		}
		last = c
	}
	return pairs
}

// dice is twice the common pairs over all pairs.
func dice(a, b map[[2]rune]int) float64 {
	common, all := 0, 0
	for pair, n := range a {
		common += min(n, b[pair])
		all += n
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(common) / float64(all)
}
