package oneroster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/homeline/homeline/hub/roster"
)

// Options say how to read.
type Options struct {
	// Today is the day in the district: by it a role of guardian has ended or
	// not begun, and an enrolment is current. Required.
	Today roster.Date
	// Dates decides between 1/5 and 5/1 where no file of the delivery does.
	Dates DateOrder
	// Progress, where given, is told every few thousand rows and at the end of
	// each file, on the goroutine of Read.
	Progress func(Progress)
}

// Progress is how far Read has come.
type Progress struct {
	File       string
	Rows       int
	Read, Size int64 // bytes of this file; Size as the file says of itself
}

// Read reads a delivery. An error means that nothing of it may be used: a file
// could not be read to its end or is beyond a limit (a *[FileError] then), or
// ctx ended. The report is filled as far as it came.
func Read(ctx context.Context, source *Source, o Options) (roster.Snapshot, Report, error) {
	if o.Today == roster.NoDate {
		return roster.Snapshot{}, Report{}, errors.New("read roster: Options.Today is not set")
	}
	r := newReading(ctx, source, o)
	for _, read := range []func() error{
		r.readManifest, r.readOrgs, r.readTerms, r.readCourses, r.readSections,
		r.readPeople, r.readRoles, r.tie, r.readEnrolments,
	} {
		if err := read(); err != nil {
			r.finishReport()
			return roster.Snapshot{}, r.report, fmt.Errorf("read roster: %w", err)
		}
	}
	s := r.snapshot()
	r.remark(s)
	r.finishReport()
	return s, r.report, nil
}

// reading is the state of one Read.
type reading struct {
	ctx    context.Context
	source *Source
	opts   Options
	report Report

	manifest manifest
	orders   map[string]evidence
	whole    roster.Whole
	unknown  map[roster.Kind]map[string]bool
	merged   map[mergeKey]int // index in report.Findings
	columns  []roster.SnapshotColumn

	orgs       records[roster.SnapshotOrg]
	terms      records[roster.SnapshotTerm]
	courses    records[course]
	sections   records[roster.SnapshotSection]
	people     records[roster.SnapshotPerson]
	enrolments records[roster.SnapshotEnrolment]
	ties       []roster.SnapshotGuardianship
	agents     []agentRef
	named      []roster.SnapshotNamed
	endedRoles []string // by sourcedId alone
	notEnabled []string // sourcedIds of people
	rolesFrom  string   // the file that the roles came from, empty where there was none
	words      words
	arena      arena
}

func newReading(ctx context.Context, source *Source, o Options) *reading {
	return &reading{
		ctx: ctx, source: source, opts: o,
		orders: map[string]evidence{}, whole: roster.Whole{},
		unknown: map[roster.Kind]map[string]bool{}, merged: map[mergeKey]int{},
		courses: newRecords(func(c *course) string { return c.id }), words: words{},
		orgs:       newRecords(func(o *roster.SnapshotOrg) string { return o.SourcedID }),
		terms:      newRecords(func(t *roster.SnapshotTerm) string { return t.SourcedID }),
		sections:   newRecords(func(s *roster.SnapshotSection) string { return s.SourcedID }),
		people:     newRecords(func(p *roster.SnapshotPerson) string { return p.SourcedID }),
		enrolments: newRecords(func(e *roster.SnapshotEnrolment) string { return e.SourcedID }),
	}
}

func (r *reading) snapshot() roster.Snapshot {
	for _, k := range []roster.Kind{kindCourse, kindProperty} {
		delete(r.whole, k)
		delete(r.unknown, k)
	}
	r.columns = slices.DeleteFunc(r.columns, func(c roster.SnapshotColumn) bool { return c.Kind == kindCourse || c.Kind == kindProperty })
	lines := r.people.takeLines()
	people := r.people.take()
	r.report.people = personLines{people: people, lines: lines}
	return roster.Snapshot{
		Orgs: r.orgs.take(), Terms: r.terms.take(), Sections: r.sections.take(), People: people,
		Enrolments: r.enrolments.take(), Guardianships: r.ties,
		Whole: r.whole, Unknown: r.unknown, Columns: r.columns, Named: r.named, EndedRoles: r.endedRoles, NotEnabled: r.notEnabled, Today: r.opts.Today,
	}
}

// markUnknown says of a record that what is stored of it stays as it is.
func (r *reading) markUnknown(kind roster.Kind, id string) {
	if r.unknown[kind] == nil {
		r.unknown[kind] = map[string]bool{}
	}
	r.unknown[kind][id] = true
}

// openFile opens a file as UTF-8; ok is false where it is not there.
func (r *reading) openFile(name string) (_ io.ReadCloser, _ *bounded, ok bool, _ error) {
	f, ok := r.source.files[name]
	if !ok {
		return nil, nil, false, nil
	}
	closer, err := f.open()
	if err != nil {
		return nil, nil, false, &FileError{File: f.name, Reason: "cannot be opened", Err: err}
	}
	counted := newBounded(r.ctx, closer, f.packed)
	src, err := decoded(counted)
	if err != nil {
		closeErr := closer.Close()
		return nil, nil, false, &FileError{File: f.name, Reason: "cannot be read", Err: errors.Join(err, closeErr)}
	}
	return struct {
		io.Reader
		io.Closer
	}{src, closer}, counted, true, nil
}
