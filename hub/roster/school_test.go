package roster

import (
	"testing"

	"github.com/google/uuid"
)

// today is a Tuesday in the middle of the autumn term of the school in the tests.
var today = NewDate(2026, 11, 24)

// school is a district to be filled by name, in which rules are tried:
// Lakeside District, with North School (and its Maths Department) and South School.
type school struct {
	t *testing.T
	f Facts
}

func newSchool(t *testing.T) *school {
	s := &school{t: t, f: Facts{
		District: District{Name: "Lakeside", Enabled: true, Settings: DefaultSettings()},
		Today:    today, Orgs: map[uuid.UUID]Org{}, People: map[uuid.UUID]PersonFacts{},
	}}
	s.org("Lakeside District", "district", "")
	s.org("North School", "school", "Lakeside District")
	s.org("Maths Department", "department", "North School")
	s.org("South School", "school", "Lakeside District")
	return s
}

// id is the identifier of whatever has that name.
func id(name string) uuid.UUID {
	if name == "" {
		return uuid.Nil
	}
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name))
}

func (s *school) org(name, kind, parent string) {
	s.f.Orgs[id(name)] = Org{ID: id(name), SourcedID: name, Name: name, Type: kind, Parent: id(parent)}
}

// person adds somebody with a role at an organisation.
func (s *school) person(name string, role Role, org string) {
	s.role(name, RoleAt{Org: id(org), Role: role})
}

func (s *school) role(name string, r RoleAt) {
	s.change(name, func(p *PersonFacts) { p.Roles = append(p.Roles, r) })
}

func (s *school) change(name string, how func(*PersonFacts)) {
	p := s.f.People[id(name)]
	p.ID, p.SourcedID, p.Given = id(name), name, name
	how(&p)
	s.f.People[p.ID] = p
}

func (s *school) gone(name string) { s.change(name, func(p *PersonFacts) { p.Gone = true }) }

// section makes a section of North School that meets from September until 20 December.
func section(title, period string) *Section {
	return &Section{
		ID: id(title), Title: title, Period: period, Org: id("North School"),
		Terms: []Term{{Begin: NewDate(2026, 9, 1), End: NewDate(2026, 12, 20)}},
	}
}

func (s *school) enrol(name string, role Role, in *Section) {
	s.enrolFrom(name, role, in, NoDate, NoDate)
}

func (s *school) enrolFrom(name string, role Role, in *Section, begin, end Date) {
	s.change(name, func(p *PersonFacts) {
		p.Enrolments = append(p.Enrolments, Enrolment{Person: p.ID, Section: in, Role: role, Begin: begin, End: end})
	})
}

func (s *school) guardian(guardian string, relation Role, student string) {
	g := Guardianship{Guardian: id(guardian), Student: id(student), Relation: relation}
	s.change(guardian, func(p *PersonFacts) { p.Students = append(p.Students, g) })
	s.change(student, func(p *PersonFacts) { p.Guardians = append(p.Guardians, g) })
}

func (s *school) bar(guardian, student string) {
	b := Bar{Guardian: id(guardian), Student: id(student), Since: today, Reason: "court order 12/2026"}
	for _, name := range []string{guardian, student} {
		s.change(name, func(p *PersonFacts) { p.Bars = append(p.Bars, b) })
	}
}

// to is a recipient: to("Leo", "Leo") the student, to("Ana", "Leo") his guardian
// or teacher.
func to(person, student string) Recipient { return Recipient{Person: id(person), Student: id(student)} }

// asked is a question to Judge and its answer.
type asked struct {
	name   string
	sender string
	side   Side
	to     Recipient
	want   Code
}

func (s *school) judges(cases ...asked) {
	s.t.Helper()
	for _, c := range cases {
		s.t.Run(c.name, func(t *testing.T) {
			t.Helper()
			v := s.f.Judge(id(c.sender), c.side, c.to)
			if v.Code != c.want {
				t.Errorf("got %s (%s), want %s", v.Code, v, c.want)
			}
			if allows := map[Code]bool{ByOrg: true, BySection: true, ByTeacherOf: true, ByGrant: true}[c.want]; v.Allowed != allows {
				t.Errorf("allowed is %t with code %s", v.Allowed, v.Code)
			}
			if v.Allowed && (v.Tie.Person != c.to.Person || v.Tie.Student != c.to.Student) {
				t.Errorf("the tie %+v is not that of the recipient", v.Tie)
			}
		})
	}
}

// algebra is North School with Leo and Eva in Algebra 1, which Ruiz teaches, and
// their mother Ana.
func algebra(t *testing.T) (*school, *Section) {
	s, algebra := newSchool(t), section("Algebra 1", "3")
	s.person("Ruiz", Teacher, "North School")
	s.enrol("Ruiz", Teacher, algebra)
	for _, student := range []string{"Leo", "Eva"} {
		s.person(student, Student, "North School")
		s.enrol(student, Student, algebra)
		s.person("Ana", Guardian, "North School")
		s.guardian("Ana", Parent, student)
	}
	return s, algebra
}
