package oneroster

import (
	"fmt"
	"reflect"
)

// take takes a record unless its identifier was used before: a row that says
// the same again is passed over, one that says otherwise refuses both.
func take[T any](t *table, c *records[T], id string, v T) {
	at := c.positionOf(id)
	_, refused := c.refused[id]
	switch {
	case refused:
		t.refuse(id, fmt.Sprintf("the row of the same sourcedId in line %d was refused", c.line(id)))
	case at < 0:
		makeRoom(t, c)
		c.add(t.row.line, v)
	case reflect.DeepEqual(c.list[at], v):
		t.mend(id, fmt.Sprintf("it repeats line %d", c.line(id)))
	default:
		t.refuse(id, fmt.Sprintf("line %d has the same sourcedId and says otherwise: which is right is not known", c.line(id)))
	}
}

// makeRoom guesses from the first rows how many there will be, so that a large
// list is not copied again and again as it grows.
func makeRoom[T any](t *table, c *records[T]) {
	const after = 5_000
	if t.file.Rows != after {
		return
	}
	taken := t.counted.read - int64(t.csv.end-t.csv.pos)
	expected := t.size * after / max(1, taken) * 101 / 100
	c.reserve(int(min(max(0, expected-after), MaxRows)))
}

// id reads the identifier of the row; ok is false where it has been refused.
func (t *table) id(col int) (_ string, ok bool) {
	cell := t.cell(col)
	switch {
	case len(cell) == 0:
		t.refuse("", "it has no sourcedId")
		return "", false
	case !isID(cell):
		t.refuse("", fmt.Sprintf("its sourcedId is longer than %d bytes or holds what no identifier does", maxID))
		return "", false
	}
	return t.arena.keep(cell), true
}

// ids are the identifiers in a cell that holds several. ok is false if one of
// them cannot be one: then not all that the cell names is known.
func (t *table) ids(col int, id string) (kept [][]byte, ok bool) {
	all := list(t.cell(col))
	kept = all[:0]
	for _, one := range all {
		if isID(one) {
			kept = append(kept, one)
		}
	}
	if len(kept) < len(all) {
		t.mend(id, fmt.Sprintf("what it names holds no identifier (longer than %d bytes, or none of its letters): left out", maxID))
	}
	return kept, len(kept) == len(all)
}

// grades are the grades of the row.
func (t *table) grades(col int) []string {
	parts := list(t.cell(col))
	if len(parts) == 0 {
		return nil
	}
	grades := make([]string, len(parts))
	for i, p := range parts {
		g := grade(string(p))
		if g != string(p) {
			t.mend("", "grades are read as OneRoster writes them: 09 for 9, KG for K")
		}
		grades[i], _ = t.words.of([]byte(g))
	}
	return grades
}
