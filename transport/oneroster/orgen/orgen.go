// Package orgen writes rosters of any size, for benchmarks: a district of
// people who do not exist, as a OneRoster 1.2 folder, the same every time.
package orgen

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The shape of a district: of a hundred people 45 are students, 48 guardians
// and 7 staff. A student is in perStudent sections of about perSection.
const (
	studentShare = 45
	staffShare   = 7
	perStudent   = 10
	perSection   = 25
	perSchool    = 700 // students
	withTwo      = 3   // of four students have two guardians named
)

// District says how large a written district is.
type District struct {
	Schools, Sections, Students, Guardians, Staff, Enrolments, Ties int
}

// People is how many people there are.
func (d District) People() int { return d.Students + d.Guardians + d.Staff }

// Write writes a district of about that many people, at least 100, into a folder
// that exists. Its one term goes from begin to end, as 2006-01-02.
func Write(folder string, people int, begin, end string) (District, error) {
	people = max(people, 100)
	d := District{Students: people * studentShare / 100, Staff: people * staffShare / 100}
	d.Guardians = people - d.Students - d.Staff
	d.Schools = max(1, d.Students/perSchool)
	d.Sections = max(d.Staff, d.Students*perStudent/perSection)
	w := &writer{folder: folder, district: &d, begin: begin, end: end}
	w.manifest()
	w.orgs()
	w.sections()
	w.people()
	w.enrolments()
	return d, w.err
}

// writer writes files until the first error.
type writer struct {
	folder     string
	district   *District
	begin, end string
	file       *os.File
	out        *bufio.Writer
	err        error
}

func (w *writer) create(name, header string) {
	if w.err != nil {
		return
	}
	if w.file, w.err = os.Create(filepath.Join(w.folder, name)); w.err == nil {
		w.out = bufio.NewWriterSize(w.file, 1<<20)
		w.row("%s", header)
	}
}

func (w *writer) row(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.out, format+"\r\n", args...)
	}
}

func (w *writer) close() {
	if w.file != nil && w.out != nil {
		w.err = errors.Join(w.err, w.out.Flush(), w.file.Close())
	}
	w.file, w.out = nil, nil
}

// id is an identifier as long as vendors' are: a UUID.
func id(kind byte, n int) string { return fmt.Sprintf("%02x000000-0000-4000-8000-%012x", kind, n) }

// The kinds of records.
const (
	orgID byte = iota + 1
	termID
	courseID
	sectionID
	studentID
	guardianID
	staffID
	roleID
	enrolmentID
)

func (w *writer) manifest() {
	w.create("manifest.csv", "propertyName,value")
	w.row("manifest.version,1.0")
	w.row("oneroster.version,1.2")
	for _, f := range []string{"academicSessions", "classes", "courses", "enrollments", "orgs", "roles", "users"} {
		w.row("file.%s,bulk", f)
	}
	w.close()
}

func (w *writer) orgs() {
	w.create("orgs.csv", "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId")
	w.row("%s,,,Sample District,district,,", id(orgID, 0))
	for n := range w.district.Schools {
		w.row("%s,,,School %d,school,%d,%s", id(orgID, n+1), n+1, n+1, id(orgID, 0))
	}
	w.close()
	w.create("academicSessions.csv", "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear")
	w.row("%s,,,School Year,term,%s,%s,,%s", id(termID, 0), w.begin, w.end, w.end[:4])
	w.close()
}

var courses = strings.Fields("Algebra Geometry Biology Chemistry Physics English Spanish History Government Art Music Health")

func (w *writer) sections() {
	w.create("courses.csv", "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes")
	for n, title := range courses {
		w.row("%s,,,,%s,%d,,%s,,", id(courseID, n), title, 100+n, id(orgID, 0))
	}
	w.close()
	w.create("classes.csv", "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"+
		"termSourcedIds,subjects,subjectCodes,periods")
	for n := range w.district.Sections {
		w.row("%s,,,%s %d,%02d,%s,,scheduled,,%s,%s,,,%d", id(sectionID, n), courses[n%len(courses)], n, 1+n%12,
			id(courseID, n%len(courses)), id(orgID, w.school(n)), id(termID, 0), 1+n%8)
	}
	w.close()
}

// school is where a section meets: those of one school follow each other.
func (w *writer) school(section int) int { return 1 + section*w.district.Schools/w.district.Sections }
