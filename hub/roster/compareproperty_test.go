package roster

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestToImportAgainChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state, delivery := anyState(t), anyDelivery(t)
		if c := Compare(made(state, Compare(state, delivery)), delivery); !c.Empty() {
			t.Fatalf("once more: %+v", c)
		}
	})
}

// R24: "A row that was refused, a file that was absent, a delta file mean
// unknown: nothing is taken from anybody."
func TestR24WhatIsUnknownTakesNothingFromAnybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		if c := Compare(state, withHoles(t, state.Snapshot)); !c.Empty() {
			t.Fatalf("it takes: %+v", c)
		}
	})
}

// withHoles is a delivery that says of what it holds what the store has, and
// of which the rest was refused, absent or not asked for.
func withHoles(t *rapid.T, s Snapshot) Snapshot {
	d := Snapshot{Whole: everything(), Unknown: map[Kind]map[string]bool{}}
	d.Orgs = holes(t, &d, KindOrg, s.Orgs, orgTraits.id)
	d.Terms = holes(t, &d, KindTerm, s.Terms, termTraits.id)
	d.Sections = holes(t, &d, KindSection, s.Sections, sectionTraits.id)
	d.People = holes(t, &d, KindPerson, s.People, personTraits.id)
	d.Enrolments = holes(t, &d, KindEnrolment, s.Enrolments, func(e *SnapshotEnrolment) string { return e.SourcedID })
	d.Guardianships = holes(t, &d, KindGuardianship, s.Guardianships, func(g *SnapshotGuardianship) string { return g.Guardian })
	hush(t, d.Orgs, orgTraits)
	hush(t, d.Terms, termTraits)
	hush(t, d.Sections, sectionTraits)
	hush(t, d.People, personTraits)
	hush(t, d.Enrolments, enrolmentTraits)
	for i, p := range d.People {
		d.People[i].Roles = hushRoles(t, p.Roles)
		if seldom.Draw(t, "roles refused") {
			d.refuse(KindRole, p.SourcedID)
			d.People[i].Roles = p.Roles[:0:0]
		}
	}
	return d
}

// hush empties some fields of some records, which are silent about them.
func hush[T any](t *rapid.T, records []T, of traits[T]) {
	for i := range records {
		if seldom.Draw(t, "says everything") {
			continue
		}
		var none T
		*of.silent(&records[i]) = Fields(rapid.Uint32Range(0, uint32(AllFields)).Draw(t, "silent"))
		takeStored(of.fields, *of.silent(&records[i]), &records[i], &none)
	}
}

// hushRoles empties the dates of some roles, and the organisation of all if they
// are one role.
func hushRoles(t *rapid.T, roles []SnapshotRole) []SnapshotRole {
	roles = slices.Clone(roles)
	for i := range roles {
		roles[i].Silent = rapid.SampledFrom([]Fields{0, FieldBegin | FieldEnd, FieldEnd}).Draw(t, "silent role")
		takeStored(roleFields, roles[i].Silent, &roles[i], &SnapshotRole{})
	}
	if len(roles) == 1 {
		roles[0].Silent |= FieldOrg
		roles[0].Org = ""
	}
	return roles
}

func holes[T any](t *rapid.T, d *Snapshot, k Kind, all []T, id func(*T) string) []T {
	d.Whole[k] = rapid.Bool().Draw(t, "whole "+string(k))
	var read []T
	for i := range all {
		if !seldom.Draw(t, "hole") {
			read = append(read, all[i])
		} else if d.Whole[k] {
			d.refuse(k, id(&all[i]))
		}
	}
	return read
}

func (s *Snapshot) refuse(k Kind, id string) {
	if s.Unknown[k] == nil {
		s.Unknown[k] = map[string]bool{}
	}
	s.Unknown[k][id] = true
}

// An import never widens reach beyond what the rows say: after a delivery that
// was read whole, nobody reaches whom its rows alone do not let them reach.
func TestAWholeImportGivesTheReachOfItsRowsAndNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state, delivery := anyState(t), anySnapshot(t)
		delivery.Whole = everything()
		after := factsOf(made(state, Compare(state, delivery)), DefaultSettings())
		alone := factsOf(State{Snapshot: live(delivery), Bars: state.Bars}, DefaultSettings())
		everyStart(after, func(sender uuid.UUID, side Side, to Recipient, v Verdict) {
			if rows := alone.Judge(sender, side, to); v.Allowed != rows.Allowed {
				t.Fatalf("%s to %v: %s after the import, %s by its rows", after.People[sender].SourcedID, to, v, rows)
			}
		})
	})
}

// live is a delivery without the enrolments it says are no more.
func live(s Snapshot) Snapshot {
	s.Enrolments = slices.DeleteFunc(slices.Clone(s.Enrolments), func(e SnapshotEnrolment) bool { return e.Gone })
	return s
}

// Nor does one that was read in part: every record of the result is one that
// was stored or one that was delivered, and who is gone is not made to return.
func TestAnyImportLeavesOnlyWhatWasStoredOrDelivered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state, delivery := anyState(t), anyDelivery(t)
		after := made(state, Compare(state, delivery))
		for _, e := range after.Enrolments {
			if !slices.Contains(state.Enrolments, e) && !slices.Contains(delivery.Enrolments, e) {
				t.Fatalf("an enrolment that nobody delivered: %+v", e)
			}
		}
		for _, g := range after.Guardianships {
			if !slices.Contains(state.Guardianships, g) && !slices.Contains(delivery.Guardianships, g) {
				t.Fatalf("a tie that nobody delivered: %+v", g)
			}
		}
		for _, p := range after.People {
			checkOrigin(t, p, find1(state.People, p.SourcedID), find1(delivery.People, p.SourcedID))
		}
	})
}

func checkOrigin(t *rapid.T, p, had, row SnapshotPerson) {
	for _, r := range p.Roles {
		if !slices.Contains(had.Roles, r) && !slices.Contains(row.Roles, r) {
			t.Fatalf("%s has a role that nobody delivered: %+v", p.SourcedID, r)
		}
	}
	if returned := had.Gone && !p.Gone; returned && (row.SourcedID == "" || row.Gone) {
		t.Fatalf("%s returned by no row", p.SourcedID)
	}
}

func find1(people []SnapshotPerson, id string) SnapshotPerson {
	p, _ := find(people, func(p SnapshotPerson) bool { return p.SourcedID == id })
	return p
}

// What is put can be kept: its people and sections are there.
func TestWhatIsPutNamesOnlyWhatIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state, delivery := anyState(t), anyDelivery(t)
		after := made(state, Compare(state, delivery))
		has := func(person string) bool { return find1(after.People, person).SourcedID != "" }
		for _, e := range after.Enrolments {
			if !has(e.Person) || !slices.ContainsFunc(after.Sections, func(s SnapshotSection) bool { return s.SourcedID == e.Section }) {
				t.Fatalf("loose: %+v", e)
			}
		}
		for _, g := range after.Guardianships {
			if !has(g.Guardian) || !has(g.Student) {
				t.Fatalf("loose: %+v", g)
			}
		}
	})
}

func TestTheReachReportAgreesWithJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state, delivery := anyState(t), anyDelivery(t)
		state.Bars = nil
		c := Compare(state, delivery)
		before, after := factsOf(state, DefaultSettings()), factsOf(made(state, c), DefaultSettings())
		report := ReachDiff(state, c, today, 100)

		checkReach(t, "by section", report.BySection, func(f Facts, worker, student PersonFacts) bool {
			return worker.ID != student.ID && len(f.lessons(worker, student)) > 0
		}, before, after)
		checkReach(t, "by organisation", report.ByOrg, func(f Facts, worker, student PersonFacts) bool {
			if !student.isStudent(today) {
				return false
			}
			return slices.ContainsFunc(worker.Roles, func(r RoleAt) bool {
				_, ok := f.belongs(student, r.Org)
				return ok && !worker.Gone && r.Role.Reach() == ReachOrgs && r.holds(today)
			})
		}, before, after)
	})
}

func TestTheReachReportOfGrantsAgreesWithJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state, delivery, grants := anyState(t), anyDelivery(t), anySnapshotGrants(t)
		c := Compare(state, delivery)
		before, after := factsOf(state, DefaultSettings()), factsOf(made(state, c), DefaultSettings())
		before.Grants, after.Grants = grantsOf(grants), grantsOf(grants)
		changes, more := GrantReachDiff(state, c, grants, today, 100)
		if more != 0 {
			t.Fatalf("%d are not listed", more)
		}
		checkReach(t, "by grant", changes, func(f Facts, worker, student PersonFacts) bool {
			_, ok := f.byGrant(worker, student)
			return ok
		}, before, after)
	})
}

// checkReach compares the sums of a report with those of everybody asked one by one.
func checkReach(t *rapid.T, what string, got []ReachChange, reaches func(f Facts, worker, student PersonFacts) bool, before, after Facts) {
	gains, loses := 0, 0
	for _, worker := range people(after) {
		for _, student := range people(after) {
			had := reaches(before, before.People[worker], before.People[student])
			has := reaches(after, after.People[worker], after.People[student])
			if has && !had {
				gains++
			}
			if had && !has {
				loses++
			}
		}
	}
	for _, r := range got {
		gains -= r.Gains * (len(r.People) + r.Others)
		loses -= r.Loses * (len(r.People) + r.Others)
	}
	if gains != 0 || loses != 0 {
		t.Fatalf("%s: the report is %d gains and %d losses short: %+v", what, gains, loses, got)
	}
}
