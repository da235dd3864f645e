package oneroster

import (
	"bytes"
	"fmt"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// writtenDate is a date as it stands in a cell, before one knows its order.
type writtenDate struct {
	year, a, b int
	either     bool // a and b are day and month, or month and day
}

// date reads the date of the row in a column. Where it cannot, it refuses the
// row under that id and ok is false.
func (t *table) date(col int, id string) (_ roster.Date, ok bool) {
	cell := t.cell(col)
	if len(cell) == 0 {
		return roster.NoDate, true
	}
	w, ok := parseWritten(cell)
	if !ok {
		t.refuse(id, fmt.Sprintf("%s is not a date as 2006-01-02", quote(cell)))
		return roster.NoDate, false
	}
	if w.either {
		if w, ok = t.inOrder(w, cell, id); !ok {
			return roster.NoDate, false
		}
	}
	d, ok := w.date()
	if !ok {
		t.refuse(id, fmt.Sprintf("%s is no day of the calendar", quote(cell)))
	}
	return d, ok
}

// span reads a begin and an end; where it cannot, it refuses the row under id.
func (t *table) span(begin, end int, id string) (from, to roster.Date, ok bool) {
	if from, ok = t.date(begin, id); !ok {
		return from, to, false
	}
	if to, ok = t.date(end, id); !ok {
		return from, to, false
	}
	if from != roster.NoDate && to != roster.NoDate && to < from {
		t.refuse(id, fmt.Sprintf("it ends, on %s, before it begins, on %s", to, from))
		return from, to, false
	}
	return from, to, true
}

// parseWritten takes apart 2006-01-02 (a time after it is left out), 20060102,
// 2006/1/2, 2.1.2006 (the day is first where there are dots), and 1/2/2006 or
// 1-2-2006, of which the order is open.
func parseWritten(cell []byte) (w writtenDate, ok bool) {
	if i := bytes.IndexAny(cell, "T "); i > 0 {
		cell = cell[:i]
	}
	if len(cell) == 8 && !bytes.ContainsAny(cell, "-/.") {
		cell = bytes.Join([][]byte{cell[:4], cell[4:6], cell[6:]}, []byte("-"))
	}
	n, digits, sep, ok := threeNumbers(cell)
	switch {
	case !ok:
		return w, false
	case digits[0] == 4 && digits[1] <= 2 && digits[2] <= 2:
		return writtenDate{year: n[0], a: n[1], b: n[2]}, true
	case digits[0] > 2 || digits[1] > 2 || digits[2] != 4:
		return w, false
	case sep == '.':
		return writtenDate{year: n[2], a: n[1], b: n[0]}, true
	}
	return writtenDate{year: n[2], a: n[0], b: n[1], either: true}, true
}

// threeNumbers are three numbers of one to four digits with one separator
// between them, and how many digits each has.
func threeNumbers(cell []byte) (n, digits [3]int, sep byte, ok bool) {
	at := bytes.IndexAny(cell, "-/.")
	if at < 0 {
		return n, digits, 0, false
	}
	sep = cell[at]
	part := 0
	for _, c := range cell {
		switch {
		case c == sep && part < 2 && digits[part] > 0:
			part++
		case c >= '0' && c <= '9' && digits[part] < 4:
			n[part] = n[part]*10 + int(c-'0')
			digits[part]++
		default:
			return n, digits, sep, false
		}
	}
	return n, digits, sep, digits[2] > 0
}

// date is the day, a being the month and b the day of it. 1970-01-01 would mean
// no date at all, so the day before stands for it.
func (w writtenDate) date() (roster.Date, bool) {
	day := time.Date(w.year, time.Month(w.a), w.b, 0, 0, 0, 0, time.UTC)
	if w.year < 1 || day.Month() != time.Month(w.a) || day.Day() != w.b {
		return roster.NoDate, false
	}
	if d := roster.DateOf(day); d != roster.NoDate {
		return d, true
	}
	return roster.Date(-1), true
}
