package oneroster

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// DateOrder is which number comes first in a date like 1/05/2023.
type DateOrder int

// Undecided refuses dates that could be either day.
const (
	Undecided DateOrder = iota
	DayFirst
	MonthFirst
)

// dateOrders is the evidence of one file: the line of a date that can only be
// read with the day first, and of one that can only be read with the month first.
type dateOrders struct{ dayFirst, monthFirst int }

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
		if w, ok = t.decide(w, cell, id); !ok {
			return roster.NoDate, false
		}
	}
	d, ok := w.date()
	if !ok {
		t.refuse(id, fmt.Sprintf("%s is no day of the calendar", quote(cell)))
	}
	return d, ok
}

// decide puts year, month and day of a date with slashes in order, by the one
// rule of its file.
func (t *table) decide(w writtenDate, cell []byte, id string) (writtenDate, bool) {
	order, why, err := t.order()
	switch {
	case err != nil:
		t.refuse(id, err.Error())
		return w, false
	case order == DayFirst:
		w.a, w.b = w.b, w.a
	case order == Undecided && w.a != w.b:
		t.refuse(id, fmt.Sprintf("%s may be two different days, and no date of the delivery says whether the day or the month comes first", quote(cell)))
		return w, false
	}
	if order != Undecided {
		t.mendAlike(why)
	}
	w.either = false
	return w, true
}

// order is the order of the dates in this file: its own evidence, else that of
// the other files, else the option.
func (t *table) order() (DateOrder, string, error) {
	own, err := t.evidence(t.spec.name)
	if err != nil {
		return Undecided, "", err
	}
	const said = "dates are read with the %s first, by %s"
	switch {
	case own.dayFirst > 0 && own.monthFirst > 0:
		return Undecided, "", fmt.Errorf("in line %d the day comes first, in line %d the month: no date with slashes in this file can be trusted",
			own.dayFirst, own.monthFirst)
	case own.dayFirst > 0:
		return DayFirst, fmt.Sprintf(said, "day", fmt.Sprintf("the one in line %d", own.dayFirst)), nil
	case own.monthFirst > 0:
		return MonthFirst, fmt.Sprintf(said, "month", fmt.Sprintf("the one in line %d", own.monthFirst)), nil
	}
	var all dateOrders
	var by string
	for _, name := range []string{sessionsFile, rolesFile, enrollmentsFile} {
		e, err := t.evidence(name)
		if err != nil {
			return Undecided, "", err
		}
		if e != (dateOrders{}) {
			all.dayFirst, all.monthFirst, by = max(all.dayFirst, e.dayFirst), max(all.monthFirst, e.monthFirst), name
		}
	}
	switch {
	case all.dayFirst > 0 && all.monthFirst == 0:
		return DayFirst, fmt.Sprintf(said, "day", "those in "+by), nil
	case all.monthFirst > 0 && all.dayFirst == 0:
		return MonthFirst, fmt.Sprintf(said, "month", "those in "+by), nil
	case t.opts.Dates == DayFirst:
		return DayFirst, fmt.Sprintf(said, "day", "the option"), nil
	case t.opts.Dates == MonthFirst:
		return MonthFirst, fmt.Sprintf(said, "month", "the option"), nil
	}
	return Undecided, "", nil
}

// evidence goes through a file once for the order of its dates; only files that
// have dates with slashes ever ask for it.
func (r *reading) evidence(name string) (dateOrders, error) {
	if e, ok := r.orders[name]; ok {
		return e, nil
	}
	e, err := r.collectEvidence(name)
	if err == nil {
		r.orders[name] = e
	}
	return e, err
}

func (r *reading) collectEvidence(name string) (e dateOrders, err error) {
	src, _, ok, err := r.openFile(name)
	if err != nil || !ok {
		return e, err
	}
	defer func() { err = closing(err, src) }()
	csv := newCSVReader(name, src)
	row, err := csv.next()
	if err != nil {
		return e, ignoreEOF(err)
	}
	s, _ := specOf(name)
	head, _, _, err := newHeader(s, row.cells)
	if err != nil {
		return e, nil // it is said where the file is read
	}
	for {
		row, err := csv.next()
		if err != nil {
			return e, ignoreEOF(err)
		}
		for _, column := range []string{"startDate", "beginDate", "endDate"} {
			if at, ok := head.at[column]; ok && at < len(row.cells) {
				e.take(row.cells[at], row.line)
			}
		}
	}
}

func (e *dateOrders) take(cell []byte, line int) {
	w, ok := parseWritten(bytes.TrimSpace(cell))
	switch {
	case !ok || !w.either:
	case w.a > 12 && e.dayFirst == 0:
		e.dayFirst = line
	case w.b > 12 && e.monthFirst == 0:
		e.monthFirst = line
	}
}

// parseWritten takes apart 2006-01-02 (a time after it is left out), 20060102,
// 2006/1/2, 2.1.2006 (the day is first where there are dots), and 1/2/2006 or
// 1-2-2006, of which the order is open.
func parseWritten(cell []byte) (w writtenDate, ok bool) {
	if i := bytes.IndexAny(cell, "T "); i > 0 {
		cell = cell[:i]
	}
	if len(cell) == 8 && bytes.IndexAny(cell, "-/.") < 0 {
		cell = bytes.Join([][]byte{cell[:4], cell[4:6], cell[6:]}, []byte("-"))
	}
	sep := bytes.IndexAny(cell, "-/.")
	if sep < 0 {
		return w, false
	}
	var n [3]int
	var digits [3]int
	part := 0
	for _, c := range cell {
		switch {
		case c == cell[sep] && part < 2 && digits[part] > 0:
			part++
		case c >= '0' && c <= '9' && digits[part] < 4:
			n[part] = n[part]*10 + int(c-'0')
			digits[part]++
		default:
			return w, false
		}
	}
	switch {
	case digits[2] == 0:
		return w, false
	case digits[0] == 4 && digits[1] <= 2 && digits[2] <= 2:
		return writtenDate{year: n[0], a: n[1], b: n[2]}, true
	case digits[2] == 4 && digits[0] <= 2 && digits[1] <= 2 && cell[sep] == '.':
		return writtenDate{year: n[2], a: n[1], b: n[0]}, true
	case digits[2] == 4 && digits[0] <= 2 && digits[1] <= 2:
		return writtenDate{year: n[2], a: n[0], b: n[1], either: true}, true
	}
	return w, false
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

func ignoreEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

func closing(err error, c io.Closer) error {
	if closeErr := c.Close(); err == nil {
		return closeErr
	}
	return err
}
