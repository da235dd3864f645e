package oneroster

import (
	"bytes"
	"fmt"
)

// DateOrder is which number comes first in a date like 1/05/2023.
type DateOrder int

// Undecided refuses dates that could be either day.
const (
	Undecided DateOrder = iota
	DayFirst
	MonthFirst
)

// evidence is what the dates with slashes of a file say about their order: the
// line of one that can only be read with the day first, and of one that can
// only be read with the month first; 0 where there is none.
type evidence struct{ dayFirst, monthFirst int }

// decision is the order of the dates with slashes in a file, and why.
type decision struct {
	order DateOrder
	why   string
}

// inOrder puts year, month and day of a date with slashes in order, by the one
// rule of its file. Where there is none, it refuses the row under id.
func (t *table) inOrder(w writtenDate, cell []byte, id string) (_ writtenDate, ok bool) {
	if t.decided == nil {
		d := t.decide()
		t.decided = &d
	}
	switch {
	case t.decided.order == DayFirst:
		w.a, w.b = w.b, w.a
	case t.decided.order == Undecided && w.a != w.b:
		t.refuse(id, fmt.Sprintf("%s may be two days: %s", quote(cell), t.decided.why))
		return w, false
	}
	t.mend("", t.decided.why)
	return w, true
}

// decide asks the file itself, then the other files, then the option.
func (t *table) decide() decision {
	dayFirst := func(by string) decision {
		return decision{DayFirst, "dates with slashes are read with the day first, by " + by}
	}
	monthFirst := func(by string) decision {
		return decision{MonthFirst, "dates with slashes are read with the month first, by " + by}
	}
	own := t.evidence(t.spec.name)
	switch {
	case own.dayFirst > 0 && own.monthFirst > 0:
		return decision{why: fmt.Sprintf("the file has the day first in line %d and the month first in line %d", own.dayFirst, own.monthFirst)}
	case own.dayFirst > 0:
		return dayFirst(fmt.Sprintf("that in line %d", own.dayFirst))
	case own.monthFirst > 0:
		return monthFirst(fmt.Sprintf("that in line %d", own.monthFirst))
	}
	var byDay, byMonth string
	for _, s := range specs {
		e := t.evidence(s.name)
		if e.dayFirst > 0 {
			byDay = fmt.Sprintf("that in %s line %d", s.name, e.dayFirst)
		}
		if e.monthFirst > 0 {
			byMonth = fmt.Sprintf("that in %s line %d", s.name, e.monthFirst)
		}
	}
	switch {
	case byDay != "" && byMonth == "":
		return dayFirst(byDay)
	case byMonth != "" && byDay == "":
		return monthFirst(byMonth)
	case t.opts.Dates == DayFirst:
		return dayFirst("the option")
	case t.opts.Dates == MonthFirst:
		return monthFirst("the option")
	}
	return decision{why: "no date of the delivery says whether the day or the month comes first"}
}

// evidence goes through a file once for the order of its dates; only files that
// have dates with slashes ever ask for it.
func (r *reading) evidence(name string) evidence {
	e, ok := r.orders[name]
	if !ok {
		e = r.collectEvidence(name)
		r.orders[name] = e
	}
	return e
}

// dateColumns are the columns that have dates, the one included that nobody
// reads: it is written as the others are.
var dateColumns = map[string]bool{
	"startdate": true, "begindate": true, "enddate": true, "datelastmodified": true, "datalastmodified": true,
}

// collectEvidence ends where the file cannot be read further: that is said
// where the file is read for what is in it.
func (r *reading) collectEvidence(name string) (e evidence) {
	src, _, ok, err := r.openFile(name)
	if err != nil || !ok {
		return e
	}
	defer src.Close()
	csv := newCSVReader(name, src)
	row, err := csv.next()
	if err != nil {
		return e
	}
	var columns []int
	for i, cell := range row.cells {
		if dateColumns[plain(string(cell))] {
			columns = append(columns, i)
		}
	}
	for row, err := csv.next(); err == nil; row, err = csv.next() {
		for _, at := range columns {
			if at < len(row.cells) {
				e.take(row.cells[at], row.line)
			}
		}
	}
	return e
}

func (e *evidence) take(cell []byte, line int) {
	w, ok := parseWritten(bytes.TrimSpace(cell))
	switch {
	case !ok || !w.either:
	case w.a > 12 && e.dayFirst == 0:
		e.dayFirst = line
	case w.b > 12 && e.monthFirst == 0:
		e.monthFirst = line
	}
}
