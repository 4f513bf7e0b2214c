package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Number is an exact decimal: a count of 件, or an amount in 万元 or 元. Floats never touch money.
// Equal numbers are equal with ==: trailing zeros of the fraction are not kept.
type Number struct {
	units int64 // value × 10^scale
	scale int
}

// maxDigits keeps every number, and every sum of a table, inside an int64.
const maxDigits = 14

var numberPattern = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// Int returns the whole number n.
func Int(n int) Number { return Number{units: int64(n)} }

// ParseNumber reads a plain decimal such as 59237.2449; at most 14 digits.
func ParseNumber(s string) (Number, error) {
	if !numberPattern.MatchString(s) {
		return Number{}, fmt.Errorf("report: %q is not a decimal number", s)
	}
	whole, fraction, _ := strings.Cut(s, ".")
	fraction = strings.TrimRight(fraction, "0")
	digits := whole + fraction
	if len(strings.TrimLeft(digits, "-0")) > maxDigits || len(fraction) > maxDigits {
		return Number{}, fmt.Errorf("report: %q has more than %d digits", s, maxDigits)
	}
	units, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return Number{}, fmt.Errorf("report: parse number: %w", err)
	}
	return Number{units, len(fraction)}.normal(), nil
}

func (n Number) normal() Number {
	for n.scale > 0 && n.units%10 == 0 {
		n.units, n.scale = n.units/10, n.scale-1
	}
	return n
}

func (n Number) scaled(scale int) int64 {
	units := n.units
	for range scale - n.scale {
		units *= 10
	}
	return units
}

// Add returns n + o, exactly.
func (n Number) Add(o Number) Number {
	scale := max(n.scale, o.scale)
	return Number{n.scaled(scale) + o.scaled(scale), scale}.normal()
}

// Sub returns n − o, exactly.
func (n Number) Sub(o Number) Number {
	scale := max(n.scale, o.scale)
	return Number{n.scaled(scale) - o.scaled(scale), scale}.normal()
}

// Cmp returns -1, 0 or 1 as n is less than, equal to or greater than o.
func (n Number) Cmp(o Number) int {
	switch d := n.Sub(o).units; {
	case d < 0:
		return -1
	case d > 0:
		return 1
	}
	return 0
}

// IsZero reports whether n is 0.
func (n Number) IsZero() bool { return n.units == 0 }

// Whole reports whether n is a whole number, as every count must be.
func (n Number) Whole() bool { return n.scale == 0 }

// String returns the plain decimal text.
func (n Number) String() string {
	s := strconv.FormatInt(n.units, 10)
	if n.scale == 0 {
		return s
	}
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	if pad := n.scale + 1 - len(s); pad > 0 {
		s = strings.Repeat("0", pad) + s
	}
	return sign + s[:len(s)-n.scale] + "." + s[len(s)-n.scale:]
}

// MarshalJSON writes a bare JSON number.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalJSON reads a JSON number, exactly.
func (n *Number) UnmarshalJSON(data []byte) error {
	parsed, err := ParseNumber(string(bytes.Trim(data, `"`)))
	if err != nil {
		return err
	}
	*n = parsed
	return nil
}

// Mark says what stands in a cell.
type Mark uint8

// The marks. NotStated is the zero value: nothing is known about the cell.
const (
	NotStated  Mark = iota
	Printed         // a number
	Blank           // nothing, “/” or “-” where 0 should be printed; counts as 0
	Unreadable      // something that is not a number
)

// notStated is what our writers print for a cell of which nothing is known, and our readers understand.
const notStated = "未载明"

// Cell is one cell of a table: a number, and the note that some organs print beside it (其中修订16件).
type Cell struct {
	Number Number
	Note   string
	Mark   Mark
}

// Count returns the cell that prints the whole number n.
func Count(n int) Cell { return Cell{Number: Int(n), Mark: Printed} }

// Amount returns the cell that prints n.
func Amount(n Number) Cell { return Cell{Number: n, Mark: Printed} }

// Known reports whether the cell takes part in sums.
func (c Cell) Known() bool { return c.Mark == Printed || c.Mark == Blank }

// String returns the cell as a report prints it.
func (c Cell) String() string {
	switch {
	case c.Mark == NotStated:
		return notStated
	case c.Mark != Printed:
		return c.Note
	case c.Note != "":
		return c.Number.String() + "（" + c.Note + "）"
	}
	return c.Number.String()
}

// MarshalJSON writes a number, null for what is not stated, or the printed text when there is more than a number.
func (c Cell) MarshalJSON() ([]byte, error) {
	switch {
	case c.Mark == NotStated:
		return []byte("null"), nil
	case c.Mark == Printed && c.Note == "":
		return c.Number.MarshalJSON()
	}
	return json.Marshal(c.String())
}

// UnmarshalJSON reads a number, null, the printed text (“22（其中修订16件）”, “/”), or an object of value and note.
func (c *Cell) UnmarshalJSON(data []byte) error {
	*c = Cell{}
	switch data = bytes.TrimSpace(data); {
	case len(data) == 0 || string(data) == "null":
		return nil
	case data[0] == '"':
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		*c = ParseCell(text)
		return nil
	case data[0] == '{':
		return c.unmarshalObject(data)
	}
	n, err := ParseNumber(string(data))
	if err != nil {
		return err
	}
	*c = Amount(n)
	return nil
}

// unmarshalObject takes the one number and the one text of an object ({"value":22,"note":"其中修订16件"}). An object that
// holds more than one number does not say which is the cell's.
func (c *Cell) unmarshalObject(data []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	numbers := 0
	for _, raw := range object {
		if n, err := ParseNumber(string(raw)); err == nil {
			c.Number, c.Mark = n, Printed
			numbers++
		} else if raw[0] == '"' {
			if err := json.Unmarshal(raw, &c.Note); err != nil {
				return err
			}
		}
	}
	if numbers != 1 {
		*c = Cell{}
	}
	return nil
}

var cellPattern = regexp.MustCompile(`^(-?[0-9][0-9,]*(?:\.[0-9]+)?)(?:件|条|宗|起|万元|元)?(.*)$`)

// ParseCell reads what a page prints in a cell: full-width digits, thousands separators, blanks and notes included.
func ParseCell(text string) Cell {
	figure, note := splitNote(text)
	plain := narrow(figure)
	switch plain {
	case notStated:
		return Cell{}
	case "", "/", "-", "--", "—", "——", "–", "\\", "无":
		return Cell{Mark: Blank, Note: plain + note}
	}
	m := cellPattern.FindStringSubmatch(plain)
	if m == nil {
		return Cell{Mark: Unreadable, Note: strings.TrimSpace(text)}
	}
	n, err := ParseNumber(strings.ReplaceAll(m[1], ",", ""))
	if err != nil {
		return Cell{Mark: Unreadable, Note: strings.TrimSpace(text)}
	}
	return Cell{Number: n, Note: m[2] + note, Mark: Printed}
}

// splitNote parts “22（其中修订16件）” into the figure and the note.
func splitNote(text string) (figure, note string) {
	at := strings.IndexAny(text, "（(")
	if at < 0 {
		return text, ""
	}
	return text[:at], strings.Trim(strings.TrimSpace(text[at:]), "（）()")
}

// narrow turns full-width digits, letters and signs into ASCII and drops white space of every width, so that texts of
// different pages compare.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r <= ' ', r == 0x3000, r == 0xA0, r == 0xFEFF, r >= 0x2000 && r <= 0x200F:
			return -1
		}
		return r
	}, s)
}
