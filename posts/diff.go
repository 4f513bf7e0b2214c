package posts

import (
	"slices"
	"strings"
)

// maxDiffCells bounds the work of a comparison; longer texts are compared as removed and added as a whole.
const maxDiffCells = 4_000_000

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func joinLines(list []string) string { return strings.Join(list, "\n") }

// diffLines returns the shortest edit from one list of lines to another, by their longest common subsequence.
func diffLines(before, after []string) []Line {
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	out := marked(Same, before[:head])
	out = append(out, diffMiddle(before[head:len(before)-tail], after[head:len(after)-tail])...)
	return append(out, marked(Same, before[len(before)-tail:])...)
}

func marked(kind LineKind, texts []string) []Line {
	out := make([]Line, 0, len(texts))
	for _, t := range texts {
		out = append(out, Line{kind, t})
	}
	return out
}

func diffMiddle(before, after []string) []Line {
	if len(before)*len(after) > maxDiffCells {
		return append(marked(Removed, before), marked(Added, after)...)
	}
	common := longestCommon(before, after)
	var out []Line
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j]:
			out = append(out, Line{Same, before[i]})
			i, j = i+1, j+1
		case j >= len(after) || i < len(before) && common[i+1][j] >= common[i][j+1]:
			out = append(out, Line{Removed, before[i]})
			i++
		default:
			out = append(out, Line{Added, after[j]})
			j++
		}
	}
	return slices.Clip(out)
}

// longestCommon returns, for each pair of suffixes, the length of their longest common subsequence.
func longestCommon(a, b []string) [][]int32 {
	table := make([][]int32, len(a)+1)
	for i := range table {
		table[i] = make([]int32, len(b)+1)
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
