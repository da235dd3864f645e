package oneroster

import (
	"cmp"
	"slices"

	"github.com/homeline/homeline/hub/roster"
)

// mergeKey is what findings have in common that are reported as one.
type mergeKey struct{ file, reason string }

// found keeps a finding about the table's file.
func (t *table) found(f Finding) {
	f.File = t.spec.name
	t.report.Findings = append(t.report.Findings, f)
}

func (t *table) here() []Span { return []Span{{t.row.line, t.row.lastLine}} }

// refuse refuses the row. What is stored under its identifier stays; where the
// identifier is not known, nothing that is missing from the file is gone.
func (t *table) refuse(id, reason string) {
	t.file.Refused++
	t.found(Finding{Lines: t.here(), SourcedID: id, Action: Refused, Reason: reason})
	if id == "" {
		t.notWhole()
		return
	}
	t.markUnknown(t.kinds[0], id)
	if earlier := t.forget(id); earlier > 0 {
		t.file.Refused++
		t.found(Finding{
			Lines: []Span{{earlier, earlier}}, SourcedID: id, Action: Refused,
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

// mend says what was taken otherwise in this one row.
func (t *table) mend(id, reason string) {
	t.found(Finding{Lines: t.here(), SourcedID: id, Action: Mended, Reason: reason})
}

// mendAlike says what was taken otherwise in the same way in many rows.
func (t *table) mendAlike(reason string) {
	key := mergeKey{t.spec.name, reason}
	at, ok := t.merged[key]
	if !ok {
		t.merged[key] = len(t.report.Findings)
		t.mend("", reason)
		return
	}
	lines := t.report.Findings[at].Lines
	last := &lines[len(lines)-1]
	switch {
	case last.Last >= t.row.line:
	case last.Last == t.row.line-1:
		last.Last = t.row.lastLine
	default:
		t.report.Findings[at].Lines = append(lines, Span{t.row.line, t.row.lastLine})
	}
}

// finishReport puts the findings in the order of files and lines.
func (r *reading) finishReport() {
	order := map[string]int{}
	for i, s := range specs {
		order[s.name] = i
	}
	slices.SortStableFunc(r.report.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.firstLine(), b.firstLine()))
	})
}

func (f Finding) firstLine() int {
	if len(f.Lines) == 0 {
		return 0
	}
	return f.Lines[0].First
}
