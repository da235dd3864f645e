package oneroster

import (
	"cmp"
	"slices"

	"github.com/homeline/homeline/hub/roster"
)

// mergeKey is what findings have in common that are reported as one.
type mergeKey struct{ file, reason string }

// found keeps a finding about a file.
func (r *reading) found(f Finding) {
	if f.Action == Refused {
		r.report.refused++
	}
	r.report.Findings = append(r.report.Findings, f)
}

// refuse refuses the row. What is stored under its identifier stays; where the
// identifier is not known, nothing that is missing from the file is gone. A row
// that says that its record is gone is believed, whatever else stands in it.
func (t *table) refuse(id, reason string) {
	if t.over {
		return
	}
	t.file.Refused++
	t.found(Finding{File: t.spec.name, Lines: []Span{{t.row.line, t.row.lastLine}}, SourcedID: id, Action: Refused, Reason: reason})
	if id == "" {
		t.notWhole()
		return
	}
	t.markUnknown(t.kinds[0], id)
	if earlier := t.forget(id); earlier > 0 {
		t.file.Refused++
		t.found(Finding{
			File: t.spec.name, Lines: []Span{{earlier, earlier}}, SourcedID: id, Action: Refused,
			Reason: "another row of the same sourcedId was refused",
		})
	}
}

// forget drops what was taken under the identifier of a refused row.
func (t *table) forget(id string) (earlier int) {
	switch t.kinds[0] {
	case roster.KindOrg:
		return t.orgs.drop(id, t.row.line)
	case roster.KindTerm:
		return t.terms.drop(id, t.row.line)
	case kindCourse:
		return t.courses.drop(id, t.row.line)
	case roster.KindSection:
		return t.sections.drop(id, t.row.line)
	case roster.KindPerson:
		return t.people.drop(id, t.row.line)
	case roster.KindEnrolment:
		return t.enrolments.drop(id, t.row.line)
	}
	return 0
}

// notWhole says that a record missing from the file may have been in it.
func (t *table) notWhole() {
	for _, k := range t.kinds {
		t.whole[k] = false
	}
}

// mend says what was taken otherwise in this row. Equal corrections of a file are
// one finding.
func (t *table) mend(id, reason string) { t.mendAt(id, Span{t.row.line, t.row.lastLine}, reason) }

func (t *table) mendAt(id string, lines Span, reason string) {
	if t.over {
		return
	}
	key := mergeKey{t.spec.name, reason}
	at, ok := t.merged[key]
	if !ok && len(t.merged) >= MaxCorrections {
		key.reason = "corrected in one of the ways that are named for other rows: too many to name each"
		id = ""
		at, ok = t.merged[key]
	}
	if !ok {
		t.merged[key] = len(t.report.Findings)
		t.found(Finding{File: t.spec.name, Lines: []Span{lines}, SourcedID: id, Action: Mended, Reason: key.reason})
		return
	}
	f := &t.report.Findings[at]
	if f.SourcedID != id {
		f.SourcedID = ""
	}
	last := &f.Lines[len(f.Lines)-1]
	switch {
	case lines.First < last.First, lines.First > last.Last+1:
		f.Lines = append(f.Lines, lines)
	default:
		last.Last = max(last.Last, lines.Last)
	}
}

// finishReport puts the findings in order: refusals first, then by files and
// lines.
func (r *reading) finishReport() {
	order := map[string]int{}
	for i, s := range specs {
		order[s.name] = i
	}
	slices.SortStableFunc(r.report.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Action, a.Action), cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.firstLine(), b.firstLine()))
	})
}

func (f Finding) firstLine() int {
	if len(f.Lines) == 0 {
		return 0
	}
	return f.Lines[0].First
}
