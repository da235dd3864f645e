package roster

import (
	"fmt"
	"runtime"
	"testing"
)

// aDistrict is a roster of 200,000 people: 100,000 students in ten sections
// each, their guardians, and teachers, at 100 schools.
func aDistrict() Snapshot {
	const schools, sections, students, teachers = 100, 40_000, 100_000, 10_000
	s := Snapshot{Whole: everything(), Terms: []SnapshotTerm{{SourcedID: "year", Begin: today - 90, End: today + 180}}}
	year := []string{"year"}
	s.Orgs = append(s.Orgs, SnapshotOrg{SourcedID: "district", Name: "District", Type: "district"})
	for n := range schools {
		s.Orgs = append(s.Orgs, SnapshotOrg{SourcedID: fmt.Sprintf("school-%03d", n), Name: "School", Type: "school", Parent: "district"})
	}
	person := func(id string, n int, role Role) string {
		s.People = append(s.People, SnapshotPerson{SourcedID: id, Given: "Given", Family: "Family", Email: id + "@example.org",
			Roles: []SnapshotRole{{Org: s.Orgs[1+n%schools].SourcedID, Role: role}}})
		return id
	}
	enrol := func(id, person string, section int, role Role) {
		s.Enrolments = append(s.Enrolments, SnapshotEnrolment{SourcedID: id, Person: person, Section: s.Sections[section].SourcedID, Role: role})
	}
	for n := range sections {
		s.Sections = append(s.Sections, SnapshotSection{SourcedID: fmt.Sprintf("section-%05d", n), Title: "Algebra",
			Org: s.Orgs[1+n%schools].SourcedID, Terms: year})
	}
	for n := range teachers {
		id := person(fmt.Sprintf("teacher-%06d", n), n, Teacher)
		for m := range sections / teachers {
			enrol(fmt.Sprintf("taught-%06d-%d", n, m), id, n*sections/teachers+m, Teacher)
		}
	}
	for n := range students {
		id := person(fmt.Sprintf("student-%06d", n), n, Student)
		for m := range 10 {
			enrol(fmt.Sprintf("enrolment-%06d-%d", n, m), id, (n*7+m*schools)%sections, Student)
		}
		if n%10 < 9 {
			guardian := person(fmt.Sprintf("guardian-%06d", n), n, Parent)
			s.Guardianships = append(s.Guardianships, SnapshotGuardianship{Guardian: guardian, Student: id, Relation: Parent})
		}
	}
	for n := range schools {
		person(fmt.Sprintf("principal-%03d", n), n, Principal)
	}
	return s
}

// BenchmarkCompare compares a district of 200,000 people and a million
// enrolments with itself: bytes are those that comparing needs beside both.
func BenchmarkCompare(b *testing.B) {
	s := aDistrict()
	for _, c := range []struct {
		name  string
		state State
		says  Snapshot
	}{{"first", State{}, s}, {"same", State{Snapshot: s}, s}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Compare(c.state, c.says)
			}
		})
	}
}

// BenchmarkWeigh weighs what a comparison of that district found: on its first
// import, and of the same again.
func BenchmarkWeigh(b *testing.B) {
	s := aDistrict()
	for _, c := range []struct {
		name  string
		state State
	}{{"first", State{}}, {"same", State{Snapshot: s}}} {
		changes := Compare(c.state, s)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Weigh(c.state, s, &changes, nil, today)
			}
		})
	}
}

// BenchmarkReachDiff works out who reaches whom in that district, on its first import.
func BenchmarkReachDiff(b *testing.B) {
	s := aDistrict()
	c := Compare(State{}, s)
	b.ReportAllocs()
	for b.Loop() {
		ReachDiff(State{}, c, today, 20)
	}
}

// BenchmarkHeld says how many bytes of memory a roster of that size takes, state
// and delivery together, with the strings that each has of its own.
func BenchmarkHeld(b *testing.B) {
	before := heap()
	state, delivery := aDistrict(), aDistrict()
	held := float64(heap()-before) / (1 << 20)
	for b.Loop() {
	}
	b.ReportMetric(held, "MB")
	runtime.KeepAlive(state)
	runtime.KeepAlive(delivery)
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
