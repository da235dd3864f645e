package words

import (
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// mostStudents is up to how many students are named in somebody's part.
const mostStudents = 3

// Part says what somebody is in a conversation, by their ties: parent of Leo
// and Eva; teaches Leo Algebra 1; principal. firstName gives the name by which
// a student is called, empty where it is not known.
func (l *Language) Part(ties []roster.Tie, firstName func(uuid.UUID) string) string {
	var said []string
	for _, group := range groupTies(ties) {
		said = appendNew(said, l.group(group, firstName))
	}
	return l.List(said)
}

// tieGroup are ties that are said together.
type tieGroup struct {
	part     roster.Part
	detail   string
	students []uuid.UUID
}

func groupTies(ties []roster.Tie) []tieGroup {
	var groups []tieGroup
	for _, t := range ties {
		i := slices.IndexFunc(groups, func(g tieGroup) bool { return g.part == t.Part && g.detail == t.Detail })
		if i < 0 {
			i = len(groups)
			groups = append(groups, tieGroup{part: t.Part, detail: t.Detail})
		}
		if t.Student != uuid.Nil {
			groups[i].students = append(groups[i].students, t.Student)
		}
	}
	return groups
}

func (l *Language) group(g tieGroup, firstName func(uuid.UUID) string) string {
	var names []string
	for _, s := range g.students {
		if n := firstName(s); n != "" {
			names = appendNew(names, n)
		}
	}
	students := l.Short(names, mostStudents)
	switch g.part {
	case roster.AsStudent:
		return l.Say("part_student")
	case roster.AsGuardian:
		return l.guardian(g.detail, students)
	case roster.AsTeacher:
		return l.teacher(g.detail, students)
	default:
		return l.Say(l.Or("role_"+g.detail, "role_staff"))
	}
}

func (l *Language) guardian(relation, students string) string {
	if students == "" {
		return l.Say(l.Or("role_"+relation, "role_guardian"))
	}
	return l.Say(l.Or("part_"+relation+"_of", "part_guardian_of"), "students", students)
}

func (l *Language) teacher(section, students string) string {
	switch {
	case section != "" && students != "":
		return l.Say("part_teaches", "students", students, "section", section)
	case section != "":
		return l.Say("part_teacher_section", "section", section)
	case students != "":
		return l.Say("part_teacher_of", "students", students)
	}
	return l.Say("role_teacher")
}

// Relation says what a guardian is to one student: parent of Leo.
func (l *Language) Relation(relation roster.Role, student string) string {
	return l.guardian(string(relation), student)
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
