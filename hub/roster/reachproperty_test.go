package roster

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func anySettings(t *rapid.T) Settings {
	s := DefaultSettings()
	s.StudentsFrom = rapid.SampledFrom([]string{"", "", "09"}).Draw(t, "students from")
	return s
}

// everyStart calls for every start that can be asked for in a district.
func everyStart(f Facts, call func(sender uuid.UUID, side Side, to Recipient, v Verdict)) {
	all := people(f)
	for _, sender := range all {
		for _, person := range all {
			for _, student := range all {
				for _, side := range []Side{AsWorker, AsFamily} {
					to := Recipient{Person: person, Student: student}
					call(sender, side, to, f.Judge(sender, side, to))
				}
			}
		}
	}
}

// holds says what the documentation of Scope says.
func (s Scope) holds(p PersonFacts) bool {
	hasRole := func(is func(RoleAt) bool) bool {
		return slices.ContainsFunc(p.Roles, func(r RoleAt) bool { return within(s.Today, r.Begin, r.End) && is(r) })
	}
	attends := func(is func(*Section) bool) bool {
		return slices.ContainsFunc(p.Enrolments, func(e Enrolment) bool {
			_, current := e.Current(s.Today)
			return current && e.Role == Student && is(e.Section)
		})
	}
	any := func(*Section) bool { return true }
	isStudent := hasRole(func(r RoleAt) bool { return r.Role == Student }) ||
		attends(any) && !hasRole(func(r RoleAt) bool { return r.Role.Staff() })
	return isStudent && !p.Gone && !slices.Contains(s.Except, p.ID) &&
		(slices.Contains(s.Students, p.ID) || hasRole(func(r RoleAt) bool { return r.Role == Student && slices.Contains(s.Orgs, r.Org) }) ||
			attends(func(c *Section) bool { return slices.Contains(s.Orgs, c.Org) || slices.Contains(s.Sections, c.ID) }))
}

func TestR3TheScopeAgreesWithJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := granted(t)
		for _, worker := range people(f) {
			scope := f.Scope(worker)
			for _, student := range people(f) {
				v := f.Judge(worker, AsWorker, Recipient{Person: student, Student: student})
				if student == worker {
					continue // R6: nobody writes to themself
				}
				if reached := v.Allowed || v.Code == TooYoung || v.Code == NoGuardian; reached != scope.holds(f.People[student]) {
					t.Fatalf("%s to %s: %s, but in the scope: %t",
						f.People[worker].SourcedID, f.People[student].SourcedID, v, !reached)
				}
			}
		}
	})
}

// R4, told again without the words of the program.
func TestR4FamiliesReachExactlyTheTeachersOfToday(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := granted(t)
		everyStart(f, func(sender uuid.UUID, side Side, to Recipient, v Verdict) {
			if side != AsFamily || !v.Allowed {
				return
			}
			student, teacher := f.People[to.Student], f.People[to.Person]
			if sender != to.Student && !slices.ContainsFunc(student.Guardians, func(g Guardianship) bool { return g.Guardian == sender }) {
				t.Fatalf("%v is neither the student nor a guardian: %s", sender, v)
			}
			for _, e := range student.Enrolments {
				for _, taught := range teacher.Enrolments {
					_, attends := e.Current(today)
					_, teaches := taught.Current(today)
					if attends && teaches && e.Role == Student && taught.Role == Teacher && e.Section == taught.Section {
						return
					}
				}
			}
			t.Fatalf("%s does not teach %s: %s", teacher.SourcedID, student.SourcedID, v)
		})
	})
}

func TestR26WhoIsBarredIsNeverAllowedEitherWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := granted(t)
		everyStart(f, func(sender uuid.UUID, side Side, to Recipient, v Verdict) {
			if v.Allowed && (f.barred(sender, to.Student) || f.barred(to.Person, to.Student)) {
				t.Fatalf("%s as %s: %s", f.People[sender].SourcedID, side, v)
			}
		})
	})
}

func TestR24WhoIsGoneNeitherWritesNorIsWrittenTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := granted(t)
		everyStart(f, func(sender uuid.UUID, side Side, to Recipient, v Verdict) {
			if v.Allowed && (f.People[sender].Gone || f.People[to.Person].Gone || f.People[to.Student].Gone) {
				t.Fatalf("%s as %s to %v: %s", f.People[sender].SourcedID, side, to, v)
			}
		})
	})
}

// R6: on the staff's side only families are written to, on a family's only staff.
func TestR6EveryStartIsBetweenSchoolAndHome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := granted(t)
		everyStart(f, func(sender uuid.UUID, side Side, to Recipient, v Verdict) {
			if !v.Allowed {
				return
			}
			senders := f.SenderTies(sender, side, []Recipient{to})
			if len(senders) != 1 || senders[0].Person != sender || senders[0].Detail == "" && senders[0].Part != AsStudent {
				t.Fatalf("the sender takes part as %+v", senders)
			}
			if senders[0].Part.Staff() == v.Tie.Part.Staff() || senders[0].Part.Staff() != (side == AsWorker) {
				t.Fatalf("%s writes to %s", senders[0].Part, v.Tie.Part)
			}
		})
	})
}

func TestTheReasonOfAVerdictEndsOnTheDayItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := granted(t)
		everyStart(f, func(sender uuid.UUID, side Side, to Recipient, v Verdict) {
			if !v.Allowed || v.Until == NoDate {
				return
			}
			then := f
			then.Today = v.Until
			if v.Until <= f.Today || then.Judge(sender, side, to) == v {
				t.Fatalf("on %s it still is: %s", v.Until, v)
			}
		})
	})
}

func TestR22StudentsOfAgreesWithJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := granted(t)
		everyStart(f, func(sender uuid.UUID, side Side, to Recipient, v Verdict) {
			if side == AsFamily && v.Allowed && !slices.Contains(f.StudentsOf(sender), to.Student) {
				t.Fatalf("%s is not among the students of %s: %s", f.People[to.Student].SourcedID, f.People[sender].SourcedID, v)
			}
		})
	})
}

// R3, told again without the words of the program: a grant gives a person of
// staff the students it is for, as long as it holds, and takes nothing.
func TestR3AGrantGivesExactlyWhatItIsFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := granted(t)
		without := f
		without.Grants = nil
		everyStart(f, func(sender uuid.UUID, side Side, to Recipient, v Verdict) {
			had := without.Judge(sender, side, to)
			switch {
			case v.Allowed == had.Allowed && (had.Allowed || v.Code == had.Code):
				return
			case side == AsFamily:
				t.Fatalf("a family is judged by a grant: %s, before %s", v, had)
			case had.Code != NoReach:
				t.Fatalf("a grant makes of %q %q", had, v)
			case v.Allowed && v.Code != ByGrant:
				t.Fatalf("by a grant, and not said: %s", v)
			}
			me, student := f.People[sender], f.People[to.Student]
			if !slices.ContainsFunc(f.Grants, func(g Grant) bool { return givesTo(f, g, me) && isFor(f, g, student) }) {
				t.Fatalf("no grant gives %s %s", me.SourcedID, student.SourcedID)
			}
		})
	})
}

func givesTo(f Facts, g Grant, p PersonFacts) bool {
	if !g.EndedAt.IsZero() || g.Until != NoDate && g.Until <= f.Today {
		return false
	}
	teaches := slices.ContainsFunc(p.Enrolments, func(e Enrolment) bool { return e.Role == Teacher })
	return g.Person == p.ID || slices.ContainsFunc(p.Roles, func(r RoleAt) bool {
		is := r.Role == g.Role || g.Role == TeacherWithoutClasses && r.Role == Teacher && !teaches
		return is && within(f.Today, r.Begin, r.End) && slices.Contains(f.withBelow([]uuid.UUID{g.RoleOrg}), r.Org)
	})
}

func isFor(f Facts, g Grant, p PersonFacts) bool {
	if slices.Contains(g.Students, p.ID) {
		return true
	}
	orgs := f.withBelow([]uuid.UUID{g.Org})
	return slices.ContainsFunc(p.Roles, func(r RoleAt) bool {
		return r.Role == Student && within(f.Today, r.Begin, r.End) && slices.Contains(orgs, r.Org)
	}) || slices.ContainsFunc(p.Enrolments, func(e Enrolment) bool {
		_, current := e.Current(f.Today)
		return current && e.Role == Student && (e.Section.ID == g.Section || slices.Contains(orgs, e.Section.Org))
	})
}
