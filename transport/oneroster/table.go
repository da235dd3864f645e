package oneroster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/homeline/homeline/hub/roster"
)

// table goes through the rows of one file.
type table struct {
	*reading
	spec    spec
	kinds   []roster.Kind // what the file tells of; the first is that of its rows
	file    *FileReport
	size    int64
	counted *bounded
	closer  io.Closer
	csv     *csvReader
	head    header
	first   [][]byte // the cells of the header
	absent  map[roster.Kind]roster.Fields
	row     *record
	usual   int       // cells of the first row
	over    bool      // the row says that its record is gone: nothing else of it needs to be right
	decided *decision // the order of its dates with slashes, once one was met
}

// progressEvery is how many rows go by between two words of progress.
const progressEvery = 10_000

// openTable opens a file and reads its header. It returns nil where the file is
// not there: nothing follows from it.
func (r *reading) openTable(name string, kinds ...roster.Kind) (*table, error) {
	s, _ := specOf(name)
	src, counted, ok, err := r.openFile(name)
	if err != nil {
		return nil, err
	}
	mode := r.mode(s, ok)
	r.report.Files = append(r.report.Files, FileReport{Name: name, Mode: mode})
	if !ok {
		return nil, nil
	}
	f := r.source.files[name]
	t := &table{
		reading: r, spec: s, kinds: kinds, file: &r.report.Files[len(r.report.Files)-1],
		size: f.size, counted: counted, closer: src, csv: newCSVReader(name, src),
	}
	for _, k := range kinds {
		t.whole[k] = mode == Bulk
	}
	if err := t.readHeader(); err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return t, nil
}

func (t *table) readHeader() error {
	row, err := t.csv.next()
	if err == io.EOF {
		return &FileError{File: t.spec.name, Line: 1, Reason: "the file is empty: even one without rows has a header"}
	}
	if err != nil {
		return err
	}
	head, mended, unknown, err := newHeader(t.spec, row.cells)
	if err != nil {
		return &FileError{File: t.spec.name, Line: row.line, Reason: err.Error()}
	}
	t.head = head
	for _, cell := range row.cells {
		t.first = append(t.first, bytes.Clone(cell))
	}
	t.lookForColumns()
	for _, reason := range mended {
		t.mendAt("", Span{row.line, row.line}, reason)
	}
	if len(unknown) > 0 {
		t.report.Remarks = append(t.report.Remarks,
			fmt.Sprintf("%s: columns that are not OneRoster's are not read: %s", t.spec.name, strings.Join(unknown, ", ")))
	}
	return nil
}

// lookForColumns keeps which columns are there. Where roles.csv is there, the
// roles in users.csv are not read.
func (t *table) lookForColumns() {
	t.absent = map[roster.Kind]roster.Fields{}
	for _, c := range t.spec.columns {
		if c.field == 0 || t.spec.name == usersFile && c.kind == roster.KindRole && t.source.has(rolesFile) {
			continue
		}
		_, there := t.head.at[c.name]
		found := roster.SnapshotColumn{
			File: t.spec.name, Name: c.name, Kind: c.kind, Field: c.field,
			Bulk: t.file.Mode == Bulk, There: there, Needed: c.needs == needed,
		}
		if !there {
			found.Nearest = t.head.nearestTo(t.spec, c.name, t.first)
			t.absent[c.kind] |= c.field
		}
		t.columns = append(t.columns, found)
	}
}

// silent are the fields of a kind that the row says nothing about: those without
// a column and, in a delta file, those with an empty cell.
func (t *table) silent(kind roster.Kind) roster.Fields {
	fields := t.absent[kind]
	if t.file.Mode != Delta {
		return fields
	}
	for _, c := range t.spec.columns {
		if c.kind == kind && len(t.cell(t.col(c.name))) == 0 {
			fields |= c.field
		}
	}
	return fields
}

// each calls do for every row that has its cells in place.
func (t *table) each(do func() error) (err error) {
	defer func() { err = errors.Join(err, t.closer.Close()) }()
	for {
		t.row, err = t.csv.next()
		if err == io.EOF {
			t.tellProgress()
			return nil
		}
		if err != nil {
			return err
		}
		t.file.Rows++
		if t.file.Rows > MaxRows {
			return &FileError{File: t.spec.name, Line: t.row.line, Reason: fmt.Sprintf("there are more than %d rows", MaxRows)}
		}
		if t.file.Rows%progressEvery == 0 {
			t.tellProgress()
		}
		again, err := t.headerAgain()
		if err != nil {
			return err
		}
		t.over = false
		if !again && t.inPlace() {
			if err := do(); err != nil {
				return err
			}
		}
		if t.report.refused > MaxRefused {
			return &FileError{File: t.spec.name, Line: t.row.line, Reason: fmt.Sprintf(
				"more than %d rows are refused: this is no roster to be taken", MaxRefused)}
		}
	}
}

func (t *table) tellProgress() {
	if t.opts.Progress != nil {
		t.opts.Progress(Progress{File: t.spec.name, Rows: t.file.Rows, Read: t.counted.read, Size: t.size})
	}
}

// headerAgain reports whether the row is the header once more, as in files that
// were put together. Another one means that the cells below stand elsewhere.
func (t *table) headerAgain() (bool, error) {
	name := t.spec.columns[0].name
	if at := t.col(name); at < 0 || len(t.raw(at)) < len(name) || plain(string(t.raw(at))) != plain(name) {
		return false, nil
	}
	known := 0
	for _, cell := range t.row.cells {
		if slices.ContainsFunc(t.spec.columns, func(c column) bool { return plain(c.name) == plain(string(cell)) }) {
			known++
		}
	}
	same := slices.EqualFunc(t.row.cells, t.first, func(a, b []byte) bool { return plain(string(a)) == plain(string(b)) })
	switch {
	case same:
		t.mend("", "the header stands here again: passed over")
	case known > len(t.spec.columns)/2:
		return false, &FileError{File: t.spec.name, Line: t.row.line, Reason: "another header stands here, with other columns than the first"}
	}
	return same, nil
}

// inPlace says whether the cells of the row stand under their headers, and
// refuses it where they may not.
func (t *table) inPlace() bool {
	n := len(t.row.cells)
	if t.file.Rows == 1 {
		t.usual = n
	}
	extra := n > t.head.named && (n != t.head.width || n != t.usual && t.usual <= t.head.named || !blankCells(t.row.cells[t.head.named:]))
	// Exporters that leave out empty cells leave none at the end.
	missing := 0 < n && n < t.head.named && n != t.usual && blankCells(t.row.cells[n-1:])
	reason := ""
	switch {
	case t.row.quoting:
		reason = "something stands between a closing quote and the comma after it"
	case extra:
		reason = fmt.Sprintf("it has %d cells under %d headers, perhaps for want of quotes around a comma", n, t.head.named)
	case n < t.head.read && t.row.cut:
		reason = fmt.Sprintf("the file ends after %d of %d cells: it may have been cut off", n, t.head.named)
	case n < t.head.read, missing:
		reason = fmt.Sprintf("it has %d cells under %d headers", n, t.head.named)
	case t.row.lastLine-t.row.line >= maxRowLines:
		reason = fmt.Sprintf("it goes on to line %d, perhaps for want of a closing quote", t.row.lastLine)
	default:
		return true
	}
	t.refuseTorn(reason)
	return false
}

// blankCells reports whether nothing stands in cells.
func blankCells(cells [][]byte) bool {
	return !slices.ContainsFunc(cells, func(c []byte) bool { return len(bytes.TrimSpace(c)) > 0 })
}

// refuseTorn refuses a row of which one cannot tell where it begins or ends.
// Its identifier is believed only at the very front, and where the row may have
// swallowed others (it goes over several lines, or has the cells of two), or the
// file was cut off, the file is not whole.
func (t *table) refuseTorn(reason string) {
	id := ""
	if at, ok := t.head.at["sourcedId"]; ok && at == 0 && t.spec.name != rolesFile {
		id = t.idIn(t.row.cells[0])
	}
	if t.row.cut || t.row.lastLine > t.row.line || len(t.row.cells) >= 2*t.head.read-1 && len(t.row.cells) > t.head.width {
		t.notWhole()
	}
	t.refuse(id, reason)
}

// col is the column of a name, -1 where the file has none.
func (t *table) col(name string) int {
	if i, ok := t.head.at[name]; ok {
		return i
	}
	return -1
}

// cell is a trimmed cell without what nobody sees; nil if the file has no such
// column.
func (t *table) cell(col int) []byte { return visible(t.raw(col)) }

// raw is a cell as it stands there.
func (t *table) raw(col int) []byte {
	if col < 0 || col >= len(t.row.cells) {
		return nil
	}
	return t.row.cells[col]
}

// line is a cell as one line of text.
func (t *table) line(col int) string {
	s, windows := t.words.of(bytes.TrimSpace(t.raw(col)))
	if windows {
		t.mend("", "it is not UTF-8 and was read as Windows-1252")
	}
	s, cut := cutText(s)
	if cut {
		t.mend("", fmt.Sprintf("a text of more than %d characters was cut", maxText))
	}
	return s
}

// isID says whether a cell can be an identifier.
func isID(cell []byte) bool {
	return len(cell) > 0 && len(cell) <= maxID && utf8.Valid(cell) &&
		!bytes.ContainsFunc(cell, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// idIn is a cell as an identifier, empty where it cannot be one.
func (t *table) idIn(cell []byte) string {
	cell = visible(cell)
	if !isID(cell) {
		return ""
	}
	return t.arena.keep(cell)
}

// gone reads the status of the row; ok is false where it has been refused. An
// empty status means active: bulk files leave it empty.
func (t *table) gone(col int, id string) (gone, ok bool) {
	switch cell := t.cell(col); {
	case len(cell) == 0, bytes.EqualFold(cell, []byte("active")):
		return false, true
	case bytes.EqualFold(cell, []byte("tobedeleted")), bytes.EqualFold(cell, []byte("inactive")):
		t.over = true
		return true, true
	default:
		t.refuse(id, fmt.Sprintf("the status %s is none of active, inactive and tobedeleted", quote(cell)))
		return false, false
	}
}
