package report

import "slices"

// Piece is a run of characters of a comparison.
type Piece struct {
	Kind PieceKind
	Text string
}

// PieceKind says where a piece stands.
type PieceKind string

// The kinds of pieces.
const (
	Kept    PieceKind = "kept"    // in both
	Removed PieceKind = "removed" // only in the earlier text
	Added   PieceKind = "added"   // only in the later text
)

// PartDiff is the comparison of one part of two texts.
type PartDiff struct {
	ID, Title string
	Changed   bool
	Lines     [][]Piece // paragraph by paragraph
}

// DiffProse compares two texts part by part and character by character, for an editor who starts from last year's.
func DiffProse(before, after Prose) []PartDiff {
	old := before.Parts()
	var out []PartDiff
	for i, part := range after.Parts() {
		d := PartDiff{ID: part.ID, Title: part.Title, Changed: !slices.Equal(old[i].Texts, part.Texts)}
		for n := range max(len(old[i].Texts), len(part.Texts)) {
			d.Lines = append(d.Lines, diffText(nth(old[i].Texts, n), nth(part.Texts, n)))
		}
		out = append(out, d)
	}
	return out
}

func nth(texts []string, n int) string {
	if n < len(texts) {
		return texts[n]
	}
	return ""
}

// maxDiff bounds the table of a comparison; longer paragraphs are told as replaced as a whole.
const maxDiff = 4000

// diffText compares two paragraphs by their longest common subsequence of characters.
func diffText(before, after string) []Piece {
	a, b := []rune(before), []rune(after)
	if len(a) > maxDiff || len(b) > maxDiff {
		return pieceList{}.then(Removed, a...).then(Added, b...)
	}
	common := commonLengths(a, b)
	var out pieceList
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = out.then(Kept, a[i])
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = out.then(Removed, a[i])
			i++
		default:
			out = out.then(Added, b[j])
			j++
		}
	}
	return out.then(Removed, a[i:]...).then(Added, b[j:]...)
}

// commonLengths[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
func commonLengths(a, b []rune) [][]uint16 {
	table := make([][]uint16, len(a)+1)
	for i := range table {
		table[i] = make([]uint16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

type pieceList []Piece

// then adds characters, to the last piece when it is of the same kind.
func (l pieceList) then(kind PieceKind, runes ...rune) pieceList {
	if len(runes) == 0 {
		return l
	}
	if n := len(l); n > 0 && l[n-1].Kind == kind {
		l[n-1].Text += string(runes)
		return l
	}
	return append(l, Piece{kind, string(runes)})
}
