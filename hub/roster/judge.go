package roster

import "github.com/google/uuid"

// Side is as whom somebody starts a conversation: who is staff and guardian is
// judged by the part in which they start it (R6).
type Side string

// AsWorker starts as staff, AsFamily as student or guardian.
const (
	AsWorker Side = "staff"
	AsFamily Side = "family"
)

// Judge says whether sender may start a conversation with to (R3, R4, R6, R26,
// R27), and why. Who the student is to the sender is asked first. Of a student
// who is none of theirs nobody learns anything: unknown, of another district,
// gone, barred and out of reach are all [NoReach] to staff and [NotYourStudent]
// to families. Only that a colleague is one, which any staff directory shows, is
// said before. Nobody is told that they are barred themself (R26).
func (f Facts) Judge(sender uuid.UUID, side Side, to Recipient) Verdict {
	me, ok := f.People[sender]
	switch {
	case sender == to.Person:
		return refused(NotYourself)
	case !ok:
		return refused(NoSuchPerson)
	case me.Gone:
		return refused(PersonGone)
	case side == AsFamily:
		return f.judgeFamily(me, to)
	}
	return f.judgeWorker(me, to)
}

func (f Facts) judgeWorker(me PersonFacts, to Recipient) Verdict {
	if !me.holdsToday(f.Today, Role.Staff) {
		return refused(NotStaff)
	}
	student := f.People[to.Student]
	if !student.isStudent(f.Today) && student.holdsToday(f.Today, Role.Staff) {
		return refused(StaffToStaff)
	}
	gone := student.Gone
	student.Gone = false // that they are gone is for those to know who reached them
	v, ok := f.reach(me, student)
	switch {
	case !ok || f.barred(me.ID, to.Student):
		return refused(NoReach)
	case gone:
		return refused(PersonGone)
	}
	return f.admit(v, student, to)
}

// admit judges the recipient of a staff member who reaches the student.
func (f Facts) admit(v Verdict, student PersonFacts, to Recipient) Verdict {
	v.Tie = Tie{Person: to.Person, Part: AsStudent, Student: to.Student}
	if to.Person == to.Student {
		if !oldEnough(student.Grades, f.District.Settings.StudentsFrom) {
			return refused(TooYoung)
		}
		if f.lacksGuardian(student) {
			return refused(NoGuardian)
		}
		return v
	}
	who, known := f.People[to.Person]
	tie, tied := student.guardian(to.Person)
	switch {
	case f.barred(to.Person, to.Student):
		return refused(Barred)
	case !tied && who.holdsToday(f.Today, Role.Staff):
		return refused(StaffToStaff)
	case !tied:
		return refused(NotTied)
	case !known:
		return refused(NoSuchPerson)
	case who.Gone:
		return refused(PersonGone)
	}
	v.Tie.Part, v.Tie.Detail = AsGuardian, string(tie.Relation)
	return v
}

func (f Facts) judgeFamily(me PersonFacts, to Recipient) Verdict {
	isStudent := me.isStudent(f.Today)
	_, tied := me.student(to.Student)
	switch {
	case !isStudent && len(me.Students) == 0:
		return refused(NotFamily)
	case !tied && me.ID != to.Student, f.barred(me.ID, to.Student):
		return refused(NotYourStudent)
	}
	student, ok := f.People[to.Student]
	teacher, known := f.People[to.Person]
	switch {
	case !ok || !known:
		return refused(NoSuchPerson)
	case student.Gone || teacher.Gone:
		return refused(PersonGone)
	case f.barred(to.Person, to.Student):
		return refused(NotTeacherNow) // that they are barred is for staff to know
	}
	lessons := f.lessons(teacher, student)
	if len(lessons) == 0 {
		return refused(NotTeacherNow)
	}
	if me.ID == to.Student && f.lacksGuardian(student) {
		return refused(NoGuardian)
	}
	v := lessons.verdict(ByTeacherOf)
	v.Tie = Tie{Person: to.Person, Part: AsTeacher, Student: to.Student, Detail: lessons.titles()}
	return v
}

func refused(why Code) Verdict { return Verdict{Code: why} }
