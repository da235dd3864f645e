package oneroster

import (
	"archive/zip"
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

var today = roster.NewDate(2026, time.November, 24)

// delivery are the files of a roster by name.
type delivery map[string]string

// lakeside is a clean OneRoster 1.2 delivery: Ms Ruiz teaches Leo and Eva
// algebra; Ana is their guardian, by Leo's row and by her own.
func lakeside() delivery {
	return delivery{
		"manifest.csv": lines("propertyName,value", "manifest.version,1.0", "oneroster.version,1.2",
			"file.academicSessions,bulk", "file.classes,bulk", "file.courses,bulk", "file.enrollments,bulk",
			"file.orgs,bulk", "file.roles,bulk", "file.users,bulk", "file.demographics,absent"),
		"orgs.csv": lines("sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
			"d,,,Lakeside District,district,,", "north,,,North School,school,,d"),
		"academicSessions.csv": lines("sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
			"autumn,,,Autumn,term,2026-08-20,2027-01-20,,2027"),
		"courses.csv": lines("sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
			"c1,,,,Mathematics,M1,,north,,"),
		"classes.csv": lines("sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
			"algebra,,,Algebra 1,09,c1,,scheduled,,north,autumn,,,3"),
		"users.csv": lines("sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,primaryOrgSourcedId",
			"ruiz,,,true,,,Clara,Ruiz,,,Clara.Ruiz@Example.org,,,,,S3cret,,,north",
			"leo,,,true,,,Leonardo,Diaz,,,,,,ana,09,S3cret,,Leo,north",
			"eva,,,true,,,Eva,Diaz,,,,,,,09,,,,north",
			"ana,,,true,,,Ana,Diaz,,,ana@example.com,,,eva,,,,,d"),
		"roles.csv": lines("sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
			"r1,,,ruiz,primary,teacher,,,north,", "r2,,,leo,primary,student,,,north,",
			"r3,,,eva,primary,student,,,north,", "r4,,,ana,primary,parent,,,d,"),
		"enrollments.csv": lines("sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
			"e1,,,algebra,north,ruiz,teacher,true,,", "e2,,,algebra,north,leo,student,,2026-08-20,2027-01-20",
			"e3,,,algebra,north,eva,student,,,"),
	}
}

func lines(rows ...string) string { return strings.Join(rows, "\n") + "\n" }

// with is the delivery with text replaced in one file.
func (d delivery) with(name, old, new string) delivery {
	c := maps.Clone(d)
	if !strings.Contains(c[name], old) {
		panic(name + " does not contain " + old)
	}
	c[name] = strings.Replace(c[name], old, new, 1)
	return c
}

// and is the delivery with another row at the end of a file.
func (d delivery) and(name, row string) delivery {
	c := maps.Clone(d)
	c[name] += row + "\n"
	return c
}

func (d delivery) without(names ...string) delivery {
	c := maps.Clone(d)
	for _, name := range names {
		delete(c, name)
	}
	return c
}

func (d delivery) folder(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range d {
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// zipped is the delivery as a zip, each name under a prefix.
func (d delivery) zipped(t testing.TB, prefix string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(d)) {
		f, err := w.Create(prefix + name)
		if err == nil {
			_, err = f.Write([]byte(d[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipSource(b []byte) (*Source, error) {
	return openZip(bytes.NewReader(b), int64(len(b)), "test.zip")
}

// read reads a delivery that can be read to its end.
func (d delivery) read(t testing.TB, options ...func(*Options)) (roster.Snapshot, Report) {
	t.Helper()
	s, r, err := d.try(t, options...)
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

func (d delivery) try(t testing.TB, options ...func(*Options)) (roster.Snapshot, Report, error) {
	t.Helper()
	source, err := Open(d.folder(t))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	o := Options{Today: today}
	for _, option := range options {
		option(&o)
	}
	s, r, err := Read(t.Context(), source, o)
	if err == nil { // as a first import would say
		r.Remarks = append(r.Remarks, roster.Remarks(roster.State{}, roster.Compare(roster.State{}, s), o.Today)...)
	}
	return s, r, err
}

// refusal reads a delivery that must end with an error about this file and line.
func (d delivery) refusal(t *testing.T, file string, line int) *FileError {
	t.Helper()
	_, _, err := d.try(t)
	var e *FileError
	if !errors.As(err, &e) || e.File != file || e.Line != line {
		t.Fatalf("got %v, want an error about %s line %d", err, file, line)
	}
	return e
}

func person(t testing.TB, s roster.Snapshot, id string) roster.SnapshotPerson {
	t.Helper()
	i := slices.IndexFunc(s.People, func(p roster.SnapshotPerson) bool { return p.SourcedID == id })
	if i < 0 {
		t.Fatalf("%s was not read", id)
	}
	return s.People[i]
}

func enrolment(s roster.Snapshot, id string) (roster.SnapshotEnrolment, bool) {
	i := slices.IndexFunc(s.Enrolments, func(e roster.SnapshotEnrolment) bool { return e.SourcedID == id })
	if i < 0 {
		return roster.SnapshotEnrolment{}, false
	}
	return s.Enrolments[i], true
}

// expect holds a report to these findings, in this order: each the beginning of
// a finding in words, up to the reason.
func expect(t *testing.T, r Report, findings ...string) {
	t.Helper()
	for i := range max(len(findings), len(r.Findings)) {
		switch {
		case i >= len(findings):
			t.Errorf("unexpected: %s", r.Findings[i])
		case i >= len(r.Findings):
			t.Errorf("missing: %s", findings[i])
		case !strings.HasPrefix(r.Findings[i].String(), findings[i]):
			t.Errorf("got  %s\nwant %s", r.Findings[i], findings[i])
		}
	}
}

func remarks(r Report) string { return strings.Join(r.Remarks, "\n") }
