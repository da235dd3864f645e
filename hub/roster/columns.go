package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Column is a column that imports of a district had.
type Column struct {
	File, Name string
	// Missing: the last import lacked it, and was told to go on. What is stored of
	// it stays until the column is there again.
	Missing bool
}

// SnapshotColumn is a column that was looked for in a file of a delivery.
type SnapshotColumn struct {
	File, Name string
	Kind       Kind
	Field      Fields
	Bulk       bool // the file holds all there is
	There      bool
	Needed     bool   // without it a bulk file says nothing
	Nearest    string // the header that is most like it, if it is not there
}

// LackingColumn is a column that a bulk file does not have.
type LackingColumn struct {
	File, Name, Nearest string
	Had                 bool // by the last import: the import is stopped unless it is told to go on
	Missing             bool // by the last import already
	Needed              bool
}

// String says it in English, with what follows.
func (l LackingColumn) String() string {
	switch {
	case l.Needed:
		return fmt.Sprintf("%s has no column %s, without which it says nothing.", l.File, l.name())
	case l.Missing:
		return fmt.Sprintf("%s still has no column %s: what is stored of it stays as it is.", l.File, l.name())
	case l.Had:
		return fmt.Sprintf("%s has no column %s; the last import had it. What is stored of it stays as it is.", l.File, l.name())
	}
	return fmt.Sprintf("%s has no column %s.", l.File, l.name())
}

// LackingWords says it of each column, but of those that a first import lacks in
// one line for each file.
func LackingWords(lacking []LackingColumn) []string {
	var said, files []string
	first := map[string][]string{}
	for _, l := range lacking {
		if l.Had || l.Missing || l.Needed {
			said = append(said, l.String())
			continue
		}
		if len(first[l.File]) == 0 {
			files = append(files, l.File)
		}
		first[l.File] = append(first[l.File], l.name())
	}
	for _, file := range files {
		said = append(said, fmt.Sprintf("%s is imported for the first time, without: %s.", file, strings.Join(first[file], ", ")))
	}
	return said
}

func (l LackingColumn) name() string {
	if l.Nearest == "" {
		return l.Name
	}
	return fmt.Sprintf("%s (the nearest header is %q)", l.Name, l.Nearest)
}

type columnKey struct{ file, name string }

// compareColumns says which columns the delivery lacks, and which are to be
// known from now on.
func (c *comparison) compareColumns() {
	c.absent, c.never = map[Kind]Fields{}, map[Kind]Fields{}
	known, files := c.knownColumns() // known says whether the last import lacked it
	if c.says.AllColumns {
		for _, col := range c.says.Columns {
			delete(known, columnKey{col.File, col.Name})
		}
	}
	next := map[columnKey]bool{}
	for key, missing := range known {
		next[key] = missing
	}
	for _, col := range c.says.Columns {
		key := columnKey{col.File, col.Name}
		missing, had := known[key]
		if col.There {
			if col.Bulk { // what only delta files have is not missing from the next bulk file
				next[key] = false
			}
			continue
		}
		if !had {
			c.never[col.Kind] |= col.Field & fieldsGone
		}
		if !col.Bulk {
			continue
		}
		if had {
			c.absent[col.Kind] |= col.Field
			next[key] = true
		}
		if had || col.Needed || !files[col.File] {
			c.Lacking = append(c.Lacking, LackingColumn{
				File: col.File, Name: col.Name, Nearest: col.Nearest,
				Had: had && !missing, Missing: had && missing, Needed: col.Needed && !had,
			})
		}
	}
	c.keepColumns(next)
}

// knownColumns are the columns that imports had, and the files that they are of.
func (c *comparison) knownColumns() (known map[columnKey]bool, files map[string]bool) {
	known, files = map[columnKey]bool{}, map[string]bool{}
	for _, col := range c.state.Known {
		known[columnKey{col.File, col.Name}] = col.Missing
		files[col.File] = true
	}
	if len(c.state.Known) > 0 {
		return known, files
	}
	// A program that kept no columns made the last import: what has values had a
	// column. Of those that say who is gone, one is enough.
	said := map[Kind]bool{}
	for _, col := range c.says.Columns {
		said[col.Kind] = said[col.Kind] || col.There && col.Field&fieldsGone != 0
	}
	for _, col := range c.says.Columns {
		files[col.File] = files[col.File] || c.state.holds(col.Kind, 0)
		if c.state.holds(col.Kind, col.Field) && (col.Field&fieldsGone == 0 || !said[col.Kind]) {
			known[columnKey{col.File, col.Name}] = false
		}
	}
	return known, files
}

// holds reports whether any record of a kind has a value in a field; without a
// field, whether there is any record.
func (s *State) holds(k Kind, f Fields) bool {
	switch k {
	case KindOrg:
		return f == 0 && len(s.Orgs) > 0 || anyHolds(orgFields, f, s.Orgs)
	case KindTerm:
		return f == 0 && len(s.Terms) > 0 || anyHolds(termFields, f, s.Terms)
	case KindSection:
		return f == 0 && len(s.Sections) > 0 || anyHolds(sectionFields, f, s.Sections)
	case KindPerson:
		return f == 0 && len(s.People) > 0 || anyHolds(personFields, f, s.People)
	case KindEnrolment:
		return f == 0 && len(s.Enrolments) > 0 || anyHolds(enrolmentFields, f, s.Enrolments)
	case KindGuardianship:
		return len(s.Guardianships) > 0
	case KindRole:
		return slices.ContainsFunc(s.People, func(p SnapshotPerson) bool {
			return f == 0 && len(p.Roles) > 0 || anyHolds(roleFields, f, p.Roles)
		})
	}
	return false
}

// keepColumns has the columns kept, if they are not those that are known.
func (c *comparison) keepColumns(next map[columnKey]bool) {
	columns := make([]Column, 0, len(next))
	for key, missing := range next {
		columns = append(columns, Column{File: key.file, Name: key.name, Missing: missing})
	}
	SortColumns(columns)
	if !slices.Equal(columns, c.state.Known) {
		c.Columns = columns
	}
}

// SortColumns brings columns into the order in which a State has them.
func SortColumns(columns []Column) {
	slices.SortFunc(columns, func(a, b Column) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Name, b.Name))
	})
}
