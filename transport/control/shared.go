package control

import "github.com/homeline/homeline/hub/roster"

// shared gives equal strings one copy. Of a million enrolments, each names a
// person, a section and a role that many others name too.
type shared map[string]string

func (s shared) one(texts ...*string) {
	for _, t := range texts {
		if first, ok := s[*t]; ok {
			*t = first
		} else {
			s[*t] = *t
		}
	}
}

func (s shared) each(texts []string) {
	for i := range texts {
		s.one(&texts[i])
	}
}

func (s shared) role(r *roster.Role) { s.one((*string)(r)) }

func shareSection(v *roster.SnapshotSection, s shared) {
	s.one(&v.SourcedID, &v.Course, &v.Period, &v.Org)
	s.each(v.Grades)
	s.each(v.Terms)
}

func sharePerson(v *roster.SnapshotPerson, s shared) {
	s.one(&v.SourcedID, &v.Given, &v.Family, &v.Preferred)
	s.each(v.Grades)
	for i := range v.Roles {
		s.one(&v.Roles[i].Org)
		s.role(&v.Roles[i].Role)
	}
}

func shareEnrolment(v *roster.SnapshotEnrolment, s shared) {
	s.one(&v.Person, &v.Section)
	s.role(&v.Role)
}

func shareGuardianship(v *roster.SnapshotGuardianship, s shared) {
	s.one(&v.Guardian, &v.Student)
	s.role(&v.Relation)
}
