package roster

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
)

// R4: "Students and guardians may start a conversation only with the student's
// *current* teachers: a teacher and the student are both actively enrolled in
// the same section, today".
func TestR4FamiliesWriteToTheCurrentTeachersOnly(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Kim", Student, "North School")
	s.person("Head", Principal, "North School")
	s.person("Other", Teacher, "North School")
	s.enrol("Other", Teacher, section("History", "1"))
	s.person("Former", Teacher, "North School")
	s.enrolFrom("Former", Teacher, algebra, NewDate(2026, 9, 1), today)
	s.person("Left", Teacher, "North School")
	s.enrol("Left", Teacher, algebra)
	s.gone("Left")
	s.judges(
		asked{"a student to their teacher", "Leo", AsFamily, to("Ruiz", "Leo"), ByTeacherOf},
		asked{"a guardian to the teacher", "Ana", AsFamily, to("Ruiz", "Leo"), ByTeacherOf},
		asked{"about a brother", "Leo", AsFamily, to("Ruiz", "Eva"), NotYourStudent},
		asked{"about somebody else's child", "Ana", AsFamily, to("Ruiz", "Kim"), NotYourStudent},
		asked{"to the principal", "Ana", AsFamily, to("Head", "Leo"), NotTeacherNow},
		asked{"to a teacher of other sections", "Ana", AsFamily, to("Other", "Leo"), NotTeacherNow},
		asked{"to a former teacher", "Ana", AsFamily, to("Former", "Leo"), NotTeacherNow},
		asked{"to a teacher who is gone", "Ana", AsFamily, to("Left", "Leo"), PersonGone},
		asked{"to the own child", "Ana", AsFamily, to("Leo", "Leo"), NotTeacherNow},
		asked{"to a schoolmate", "Leo", AsFamily, to("Kim", "Leo"), NotTeacherNow},
		asked{"staff who are no family", "Head", AsFamily, to("Ruiz", "Leo"), NotFamily},
		asked{"to an unknown teacher", "Ana", AsFamily, to("Who", "Leo"), NoSuchPerson},
	)
}

func TestR4ATeacherOfTwoSectionsIsNamedByTheLongerOne(t *testing.T) {
	s, _ := algebra(t)
	band := section("Band", "7")
	band.Terms = nil
	s.enrol("Ruiz", Teacher, band)
	s.enrol("Leo", Student, band)
	v := s.f.Judge(id("Ana"), AsFamily, to("Ruiz", "Leo"))
	if v.Section != "Band" || v.Period != "7" || v.Until != NoDate {
		t.Errorf("got %+v, want Band, which has no end", v)
	}
	want := Tie{Person: id("Ruiz"), Part: AsTeacher, Student: id("Leo"), Detail: "Band, Algebra 1"}
	if v.Tie != want {
		t.Errorf("got tie %+v, want %+v", v.Tie, want)
	}
}

// R4: "enrolled … today": beginning inclusive, end exclusive; the terms where
// no dates are given.
func TestR4EnrolmentsHoldFromTheirBeginningToTheDayBeforeTheirEnd(t *testing.T) {
	term := func(begin, end Date) Term { return Term{Begin: begin, End: end} }
	past, future := term(today-60, today-1), term(today+10, today+60)
	for _, c := range []struct {
		name       string
		begin, end Date
		section    Section
		want       bool
		until      Date
	}{
		{"begins today", today, today + 1, Section{}, true, today + 1},
		{"begins tomorrow", today + 1, today + 9, Section{}, false, 0},
		{"ends today", today - 9, today, Section{}, false, 0},
		{"dates decide, whatever the terms", today - 1, today + 1, Section{Terms: []Term{past}}, true, today + 1},
		{"ended, though the term goes on", today - 9, today - 1, Section{Terms: []Term{term(today-1, today+9)}}, false, 0},
		{"no dates, no terms", 0, 0, Section{}, true, 0},
		{"no dates, terms that nobody knows", 0, 0, Section{TermsUnknown: true}, false, 0},
		{"no dates, a term that is on", 0, 0, Section{Terms: []Term{term(today, today+1)}}, true, today + 1},
		{"no dates, a term that ends today", 0, 0, Section{Terms: []Term{term(today-9, today)}}, false, 0},
		{"no dates, between two terms", 0, 0, Section{Terms: []Term{past, future}}, false, 0},
		{"no dates, the longer of two terms", 0, 0,
			Section{Terms: []Term{term(today-9, today+2), term(today-2, today+5), past}}, true, today + 5},
		{"no end: the term decides", today - 9, 0, Section{Terms: []Term{past}}, false, 0},
		{"no end, in a term", today - 9, 0, Section{Terms: []Term{term(today-9, today+3)}}, true, today + 3},
		{"no end, no terms", today - 9, 0, Section{}, true, 0},
		{"no beginning: ends before the term", 0, today + 1, Section{Terms: []Term{term(today-9, today+3)}}, true, today + 1},
		{"no beginning, term not begun", 0, today + 20, Section{Terms: []Term{future}}, false, 0},
		{"a section that is gone", today - 1, today + 1, Section{Gone: true}, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			until, ok := Enrolment{Section: &c.section, Role: Student, Begin: c.begin, End: c.end}.Current(today)
			if ok != c.want || ok && until != c.until {
				t.Errorf("got %t until %s, want %t until %s", ok, until, c.want, c.until)
			}
		})
	}
}

// R4: "today, in the district's time zone".
func TestR4TodayIsTheDayInTheDistrictsZone(t *testing.T) {
	for _, c := range []struct{ zone, now, want string }{
		{"America/New_York", "2026-11-25T04:59:59Z", "2026-11-24"},
		{"America/New_York", "2026-11-25T05:00:00Z", "2026-11-25"},
		{"America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"}, // summer time ends that night
		{"America/New_York", "2026-11-01T04:00:00Z", "2026-11-01"},
		{"America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"}, // a day of 25 hours
		{"America/New_York", "2026-03-09T03:59:59Z", "2026-03-08"}, // a day of 23 hours
		{"America/New_York", "2026-03-09T04:00:00Z", "2026-03-09"},
		{"America/Santiago", "2026-09-06T04:00:00Z", "2026-09-06"}, // a day without a midnight
		{"America/Santiago", "2026-09-06T03:59:59Z", "2026-09-05"},
		{"Pacific/Kiritimati", "2026-11-24T10:00:00Z", "2026-11-25"},
		{"Pacific/Pago_Pago", "2026-11-24T10:00:00Z", "2026-11-23"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		d := District{Settings: Settings{TimeZone: c.zone}}
		if got := d.Today(now).String(); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.zone, c.now, got, c.want)
		}
	}
}

// R5: "Access is judged when a conversation starts; participants stay
// participants when enrolments end." What a start remembers are the ties of
// that day; nothing here judges a reply.
func TestR5TheTiesOfAStartSayWhatHeldThatDay(t *testing.T) {
	s, algebra := algebra(t)
	s.enrol("Ruiz", Teacher, section("Geometry", "5"))
	s.person("Sam", Student, "South School")
	s.enrol("Sam", Student, algebra)
	s.role("Ruiz", RoleAt{Org: id("South School"), Role: Counselor})
	s.person("Mia", Student, "South School")
	everybody := []Recipient{to("Leo", "Leo"), to("Ana", "Leo"), to("Ana", "Eva"), to("Mia", "Mia")}

	ties := s.f.SenderTies(id("Ruiz"), AsWorker, everybody)
	want := []Tie{
		{Person: id("Ruiz"), Part: AsTeacher, Student: id("Leo"), Detail: "Algebra 1"},
		{Person: id("Ruiz"), Part: AsTeacher, Student: id("Eva"), Detail: "Algebra 1"},
		{Person: id("Ruiz"), Part: AsStaff, Detail: "counselor"},
	}
	if !slices.Equal(ties, want) {
		t.Errorf("as staff: got %v, want %v", ties, want)
	}
	ties = s.f.SenderTies(id("Ana"), AsFamily, []Recipient{to("Ruiz", "Eva"), to("Ruiz", "Leo")})
	want = []Tie{
		{Person: id("Ana"), Part: AsGuardian, Student: id("Eva"), Detail: "parent"},
		{Person: id("Ana"), Part: AsGuardian, Student: id("Leo"), Detail: "parent"},
	}
	if !slices.Equal(ties, want) {
		t.Errorf("as guardian: got %v, want %v", ties, want)
	}
	ties = s.f.SenderTies(id("Leo"), AsFamily, []Recipient{to("Ruiz", "Leo")})
	if want := []Tie{{Person: id("Leo"), Part: AsStudent, Student: id("Leo")}}; !slices.Equal(ties, want) {
		t.Errorf("as student: got %v, want %v", ties, want)
	}
}

func TestR22AFamilyWritesAboutItsOwnStudents(t *testing.T) {
	s, _ := algebra(t)
	s.person("Mo", Student, "North School")
	s.guardian("Ana", Guardian, "Mo")
	s.gone("Mo")
	s.bar("Ana", "Eva")
	for name, want := range map[string][]uuid.UUID{
		"Ana": {id("Leo")}, "Leo": {id("Leo")}, "Ruiz": nil, "Mo": nil, "Nobody": nil,
	} {
		if got := s.f.StudentsOf(id(name)); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
