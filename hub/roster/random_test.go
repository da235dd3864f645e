package roster

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// Random districts are small and dense, so that everything meets: a handful of
// identifiers, dates around today, and rows that contradict each other.

const (
	someOrgs, someTerms, someSections = 4, 3, 4
	somePeople, someEnrolments        = 7, 14
)

var (
	anyRole      = rapid.SampledFrom([]Role{Teacher, Teacher, Student, Student, Student, Parent, Principal, Aide, Administrator})
	anyEnrolment = rapid.SampledFrom([]Role{Teacher, Student, Student, Aide})
	anyRelation  = rapid.SampledFrom([]Role{Guardian, Parent, Relative})
	anyDate      = rapid.SampledFrom([]Date{NoDate, NoDate, today - 20, today - 1, today, today + 1, today + 20})
	seldom       = rapid.SampledFrom([]bool{false, false, false, false, false, false, true})
)

func named(kind string, n int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(kind, rapid.IntRange(1, n).Draw(t, "number")) })
}

// anySnapshot is a delivery with distinct sourcedIds in any order. Its rows may
// name what is not there.
func anySnapshot(t *rapid.T) Snapshot {
	var s Snapshot
	each(t, "org", someOrgs, func(id string) {
		s.Orgs = append(s.Orgs, SnapshotOrg{
			SourcedID: id, Name: "name of " + id, Type: rapid.SampledFrom([]string{"district", "school"}).Draw(t, "type"),
			Parent: maybe(t, named("org", someOrgs+1)), Gone: seldom.Draw(t, "gone"),
		})
	})
	each(t, "term", someTerms, func(id string) {
		s.Terms = append(s.Terms, SnapshotTerm{
			SourcedID: id, Begin: anyDate.Draw(t, "begin"), End: anyDate.Draw(t, "end"), Gone: seldom.Draw(t, "gone"),
		})
	})
	each(t, "section", someSections, func(id string) {
		s.Sections = append(s.Sections, SnapshotSection{
			SourcedID: id, Title: "title of " + id, Org: maybe(t, named("org", someOrgs+1)), Gone: seldom.Draw(t, "gone"),
			Terms: rapid.SliceOfNDistinct(named("term", someTerms+1), 0, 2, rapid.ID[string]).Draw(t, "terms"),
		})
	})
	each(t, "person", somePeople, func(id string) { s.People = append(s.People, anyPerson(t, id)) })
	each(t, "enrolment", someEnrolments, func(id string) {
		s.Enrolments = append(s.Enrolments, SnapshotEnrolment{
			SourcedID: id, Person: named("person", somePeople+1).Draw(t, "person"), Section: named("section", someSections+1).Draw(t, "section"),
			Role: anyEnrolment.Draw(t, "role"), Begin: anyDate.Draw(t, "begin"), End: anyDate.Draw(t, "end"), Gone: seldom.Draw(t, "gone"),
		})
	})
	s.Guardianships = rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) SnapshotGuardianship {
		return SnapshotGuardianship{
			Guardian: named("person", somePeople+1).Draw(t, "guardian"), Student: named("person", somePeople+1).Draw(t, "student"),
			Relation: anyRelation.Draw(t, "relation"),
		}
	}), 0, 8, func(g SnapshotGuardianship) string { return g.Guardian + " " + g.Student }).Draw(t, "guardianships")
	return s
}

func anyPerson(t *rapid.T, id string) SnapshotPerson {
	return SnapshotPerson{
		SourcedID: id, Given: rapid.SampledFrom([]string{"Ana", "Bo"}).Draw(t, "given"), Gone: seldom.Draw(t, "gone"),
		Grades: rapid.SliceOfN(rapid.SampledFrom([]string{"08", "09", "UG"}), 0, 2).Draw(t, "grades"),
		Roles: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) SnapshotRole {
			r := SnapshotRole{Org: named("org", someOrgs+1).Draw(t, "org"), Role: anyRole.Draw(t, "role")}
			if seldom.Draw(t, "dated") {
				r.Begin, r.End = anyDate.Draw(t, "begin"), anyDate.Draw(t, "end")
			}
			return r
		}), 0, 2).Draw(t, "roles"),
	}
}

// each calls for some of the identifiers of a kind, in any order.
func each(t *rapid.T, kind string, n int, add func(id string)) {
	for _, id := range rapid.SliceOfNDistinct(named(kind, n), 0, n, rapid.ID[string]).Draw(t, kind+"s") {
		add(id)
	}
}

func maybe(t *rapid.T, g *rapid.Generator[string]) string {
	if seldom.Draw(t, "none") {
		return ""
	}
	return g.Draw(t, "named")
}

// everything is a delivery of all kinds, whole.
func everything() Whole {
	return Whole{
		KindOrg: true, KindTerm: true, KindSection: true, KindPerson: true, KindRole: true,
		KindEnrolment: true, KindGuardianship: true,
	}
}

// anyDelivery is a snapshot of which some was absent, in part, or refused.
func anyDelivery(t *rapid.T) Snapshot {
	s := anySnapshot(t)
	s.Whole, s.Unknown = Whole{}, map[Kind]map[string]bool{}
	for _, of := range []struct {
		kind Kind
		ids  *rapid.Generator[string]
	}{
		{KindOrg, named("org", someOrgs)}, {KindTerm, named("term", someTerms)}, {KindSection, named("section", someSections)},
		{KindPerson, named("person", somePeople)}, {KindRole, named("person", somePeople)},
		{KindGuardianship, named("person", somePeople)}, {KindEnrolment, named("enrolment", someEnrolments)},
	} {
		s.Whole[of.kind] = rapid.Bool().Draw(t, "whole "+string(of.kind))
		for _, id := range rapid.SliceOfN(of.ids, 0, 2).Draw(t, "refused "+string(of.kind)) {
			s.refuse(of.kind, id)
		}
	}
	return s
}

// anyState is what a store has after some deliveries, with bars.
func anyState(t *rapid.T) State {
	var s State
	for range rapid.IntRange(1, 2).Draw(t, "deliveries") {
		delivery := anySnapshot(t)
		delivery.Whole = everything()
		s = made(s, Compare(s, delivery))
	}
	if len(s.People) > 0 {
		person := rapid.Custom(func(t *rapid.T) string {
			return s.People[rapid.IntRange(0, len(s.People)-1).Draw(t, "person")].SourcedID
		})
		for range rapid.IntRange(0, 2).Draw(t, "bars") {
			if b := (StateBar{Guardian: person.Draw(t, "guardian"), Student: person.Draw(t, "student")}); b.Guardian != b.Student {
				s.Bars = append(s.Bars, b)
			}
		}
	}
	return s
}

// anySnapshotGrants are some that a district has given.
func anySnapshotGrants(t *rapid.T) []SnapshotGrant {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) (g SnapshotGrant) {
		if rapid.Bool().Draw(t, "to a person") {
			g.Person = named("person", somePeople).Draw(t, "grantee")
		} else {
			g.Role = rapid.SampledFrom([]Role{Aide, Teacher, TeacherWithoutClasses, Principal}).Draw(t, "role")
			g.RoleOrg = named("org", someOrgs).Draw(t, "of")
		}
		switch rapid.IntRange(0, 2).Draw(t, "for") {
		case 0:
			g.Org = named("org", someOrgs).Draw(t, "school")
		case 1:
			g.Section = named("section", someSections).Draw(t, "class")
		default:
			g.Students = rapid.SliceOfN(named("person", somePeople), 1, 3).Draw(t, "students")
		}
		return g
	}), 0, 4).Draw(t, "grants")
}

func grantsOf(list []SnapshotGrant) []Grant {
	grants := make([]Grant, len(list))
	for i, g := range list {
		grants[i] = Grant{ID: uuid.New(), Person: id(g.Person), Role: g.Role, RoleOrg: id(g.RoleOrg), Org: id(g.Org), Section: id(g.Section)}
		for _, student := range g.Students {
			grants[i].Students = append(grants[i].Students, id(student))
		}
	}
	return grants
}

// anyGrants are some of which some have ended.
func anyGrants(t *rapid.T) []Grant {
	grants := grantsOf(anySnapshotGrants(t))
	for i := range grants {
		grants[i].Until = anyDate.Draw(t, "until")
		if seldom.Draw(t, "revoked") {
			grants[i].EndedAt = time.Unix(1, 0)
		}
	}
	return grants
}

// granted are the facts of a state, with grants.
func granted(t *rapid.T) Facts {
	f := factsOf(anyState(t), anySettings(t))
	f.Grants = anyGrants(t)
	return f
}

// made is a state after changes, as a store makes them: by key, one by one.
func made(s State, c Changes) State {
	after := State{Version: s.Version + 1, Bars: s.Bars}
	after.Orgs = put(s.Orgs, c.PutOrgs, func(o SnapshotOrg) string { return o.SourcedID })
	after.Terms = put(s.Terms, c.PutTerms, func(t SnapshotTerm) string { return t.SourcedID })
	after.Sections = put(s.Sections, c.PutSections, func(s SnapshotSection) string { return s.SourcedID })
	after.People = put(s.People, c.PutPeople, func(p SnapshotPerson) string { return p.SourcedID })
	after.Enrolments = slices.DeleteFunc(put(s.Enrolments, c.PutEnrolments, func(e SnapshotEnrolment) string { return e.SourcedID }),
		func(e SnapshotEnrolment) bool { return slices.Contains(c.RemoveEnrolments, e.SourcedID) })
	pair := func(g SnapshotGuardianship) string { return g.Guardian + " " + g.Student }
	after.Guardianships = slices.DeleteFunc(put(s.Guardianships, c.PutGuardianships, pair),
		func(g SnapshotGuardianship) bool { return slices.Contains(c.RemoveGuardianships, g) })
	return after
}

func put[T any](had, new []T, key func(T) string) []T {
	all := slices.Clone(had)
	for _, r := range new {
		if i := slices.IndexFunc(all, func(old T) bool { return key(old) == key(r) }); i >= 0 {
			all[i] = r
		} else {
			all = append(all, r)
		}
	}
	return all
}

// factsOf are all the facts of a state: of everybody.
func factsOf(s State, settings Settings) Facts {
	f := Facts{District: District{Enabled: true, Settings: settings}, Today: today,
		Orgs: map[uuid.UUID]Org{}, People: map[uuid.UUID]PersonFacts{}}
	for _, o := range s.Orgs {
		if !o.Gone {
			f.Orgs[id(o.SourcedID)] = Org{ID: id(o.SourcedID), Name: o.Name, Type: o.Type, Parent: id(o.Parent)}
		}
	}
	for _, p := range s.People {
		facts := PersonFacts{Person: Person{ID: id(p.SourcedID), SourcedID: p.SourcedID, Given: p.Given, Grades: p.Grades, Gone: p.Gone}}
		for _, r := range p.Roles {
			facts.Roles = append(facts.Roles, RoleAt{Org: id(r.Org), Role: r.Role, Begin: r.Begin, End: r.End})
		}
		f.People[facts.ID] = facts
	}
	sections := sectionsOf(s)
	for _, e := range s.Enrolments {
		change(f, e.Person, func(p *PersonFacts) {
			p.Enrolments = append(p.Enrolments, Enrolment{Person: p.ID, Section: sections[e.Section], Role: e.Role, Begin: e.Begin, End: e.End})
		})
	}
	for _, g := range s.Guardianships {
		tie := Guardianship{Guardian: id(g.Guardian), Student: id(g.Student), Relation: g.Relation}
		change(f, g.Guardian, func(p *PersonFacts) { p.Students = append(p.Students, tie) })
		change(f, g.Student, func(p *PersonFacts) { p.Guardians = append(p.Guardians, tie) })
	}
	for _, b := range s.Bars {
		bar := Bar{Guardian: id(b.Guardian), Student: id(b.Student)}
		change(f, b.Guardian, func(p *PersonFacts) { p.Bars = append(p.Bars, bar) })
		change(f, b.Student, func(p *PersonFacts) { p.Bars = append(p.Bars, bar) })
	}
	return f
}

func change(f Facts, person string, how func(*PersonFacts)) {
	if p, ok := f.People[id(person)]; ok {
		how(&p)
		f.People[p.ID] = p
	}
}

func sectionsOf(s State) map[string]*Section {
	terms := map[string]Term{}
	for _, t := range s.Terms {
		if !t.Gone {
			terms[t.SourcedID] = Term{Begin: t.Begin, End: t.End}
		}
	}
	sections := map[string]*Section{}
	for _, row := range s.Sections {
		section := &Section{ID: id(row.SourcedID), Title: row.Title, Org: id(row.Org), Gone: row.Gone}
		for _, name := range row.Terms {
			if t, ok := terms[name]; ok {
				section.Terms = append(section.Terms, t)
			}
		}
		section.TermsUnknown = len(row.Terms) > 0 && len(section.Terms) == 0
		sections[row.SourcedID] = section
	}
	return sections
}

// people are the identifiers of everybody in the facts, in one order.
func people(f Facts) []uuid.UUID {
	var all []uuid.UUID
	for p := range f.People {
		all = append(all, p)
	}
	return Distinct(all)
}
