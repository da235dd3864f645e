package storetest

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub/roster"
)

// reach is a random district whose searches are held against its facts.
type reach struct {
	*rapid.T
	ctx   context.Context
	store roster.Store
	facts roster.Facts
}

// randomDistrict is a random roster in a district of its own, after one or two
// deliveries and perhaps a bar, with the facts of everybody.
func randomDistrict(t *rapid.T, tt *testing.T, s roster.Store) roster.Facts {
	d := roster.District{ID: newID(), Settings: roster.DefaultSettings()}
	d.Slug = d.ID.String()
	ctx := tt.Context()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(s.CreateDistrict(ctx, d))
	for range rapid.IntRange(1, 2).Draw(t, "deliveries") {
		state, err := s.State(ctx, d.ID)
		check(err)
		delivery := randomRoster(t)
		_, err = s.Apply(ctx, d.ID, roster.Compare(state, delivery), schoolNow)
		check(err)
		state, err = s.State(ctx, d.ID)
		check(err)
		if again := roster.Compare(state, delivery); !again.Empty() {
			t.Errorf("the same delivery again would change %+v", again)
		}
	}
	state, err := s.State(ctx, d.ID)
	check(err)
	var everybody []uuid.UUID
	for _, p := range state.People {
		found, err := s.PersonBySourcedID(ctx, d.ID, p.SourcedID)
		check(err)
		everybody = append(everybody, found.ID)
	}
	for range rapid.IntRange(0, 2).Draw(t, "bars") {
		pair := rapid.SliceOfNDistinct(rapid.IntRange(0, randomPeople-1), 2, 2, rapid.ID[int]).Draw(t, "bar")
		if max(pair[0], pair[1]) >= len(everybody) {
			continue
		}
		b := roster.Bar{Guardian: everybody[pair[0]], Student: everybody[pair[1]], Since: 1, ID: newID(), Until: someDate.Draw(t, "until")}
		_, err := s.Bar(ctx, d.ID, b, schoolNow)
		check(err)
	}
	randomGrants(t, ctx, s, d.ID, everybody)
	facts, err := s.Facts(ctx, d.ID, everybody, schoolNow)
	check(err)
	return facts
}

// randomGrants gives access to people and to roles, of which some has ended.
func randomGrants(t *rapid.T, ctx context.Context, s roster.Store, district uuid.UUID, everybody []uuid.UUID) {
	someone := func(what string) uuid.UUID { return everybody[rapid.IntRange(0, len(everybody)-1).Draw(t, what)] }
	missing := false // what was gone when it was first delivered was never kept
	named := func(kind roster.Kind, sourcedID string) uuid.UUID {
		found, err := s.Entries(ctx, district, kind, nil, []string{sourcedID})
		if err != nil {
			t.Fatal(err)
		}
		if missing = missing || len(found) == 0; missing {
			return uuid.Nil
		}
		return found[0].ID
	}
	for range rapid.IntRange(0, 3).Draw(t, "grants") {
		g := roster.Grant{ID: newID(), Until: someDate.Draw(t, "until"), Reason: "x", By: "x"}
		if rapid.Bool().Draw(t, "to a role") {
			g.Role = rapid.SampledFrom([]roster.Role{roster.Aide, roster.Teacher, roster.TeacherWithoutClasses}).Draw(t, "role")
			g.RoleOrg = named(roster.KindOrg, numbered("org", 4).Draw(t, "at"))
		} else {
			g.Person = someone("grantee")
		}
		switch rapid.IntRange(0, 2).Draw(t, "for") {
		case 0:
			g.Org = named(roster.KindOrg, numbered("org", 4).Draw(t, "school"))
		case 1:
			g.Section = named(roster.KindSection, numbered("section", 4).Draw(t, "class"))
		default:
			g.Students = []uuid.UUID{someone("student"), someone("other student")}
		}
		if missing {
			return
		}
		if err := s.Grant(ctx, district, g, schoolNow); err != nil {
			t.Fatal(err)
		}
		if rarely.Draw(t, "revoked") {
			if err := s.Revoke(ctx, district, g.ID, "x", schoolNow); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// reachable are the students whom a person of staff may write about, though
// they may be too young to be written to themselves.
func reachable(f roster.Facts, sender uuid.UUID) []uuid.UUID {
	var all []uuid.UUID
	for id := range f.People {
		v := f.Judge(sender, roster.AsWorker, roster.Recipient{Person: id, Student: id})
		if v.Allowed || v.Code == roster.TooYoung || v.Code == roster.NoGuardian {
			all = append(all, id)
		}
	}
	return all
}

// A search finds whom Judge allows, and nobody else.
func (r *reach) aSearchAgreesWithJudge() {
	for sender := range r.facts.People {
		page := r.find(sender, roster.StudentQuery{Limit: 100})
		notOneself := func(id uuid.UUID) bool { return id == sender }
		want := slices.DeleteFunc(reachable(r.facts, sender), notOneself)
		got := slices.DeleteFunc(idsOf(page), notOneself)
		if !sameSet(got, want) {
			r.Errorf("%s finds %v, Judge allows %v", r.name(sender), r.names(got), r.names(want))
		}
		if page.Total != len(page.Students) {
			r.Errorf("%s finds %d on the one page, total %d", r.name(sender), len(page.Students), page.Total)
		}
	}
}

// The teachers of a student are whom Judge lets the family write to, until then.
func (r *reach) teachersAgreeWithJudge() {
	students := slices.Collect(maps.Keys(r.facts.People))
	teachers, err := r.store.TeachersOf(r.ctx, r.facts.District.ID, students, r.facts.Today)
	r.must(err)
	until := map[roster.Recipient]roster.Date{}
	for _, pair := range teachers {
		to := roster.Recipient{Person: pair.Teacher.ID, Student: pair.Student}
		if before, ok := until[to]; !ok || pair.Until == roster.NoDate || before != roster.NoDate && before < pair.Until {
			until[to] = pair.Until
		}
	}
	for _, student := range students {
		for teacher := range r.facts.People {
			to := roster.Recipient{Person: teacher, Student: student}
			_, listed := until[to]
			if allowed := mayWrite(r.facts, student, to); listed != allowed && teacher != student {
				r.Errorf("%s as teacher of %s: listed %v, allowed %v", r.name(teacher), r.name(student), listed, allowed)
			}
		}
	}
}

// mayWrite says whether the student, or a guardian of theirs, may write to the
// teacher, as far as that depends on the teacher.
func mayWrite(f roster.Facts, student uuid.UUID, to roster.Recipient) bool {
	if f.Judge(student, roster.AsFamily, to).Allowed {
		return true
	}
	return slices.ContainsFunc(f.People[student].Guardians, func(g roster.Guardianship) bool {
		return f.Judge(g.Guardian, roster.AsFamily, to).Allowed
	})
}

func (r *reach) find(sender uuid.UUID, q roster.StudentQuery) roster.StudentPage {
	page, err := r.store.FindStudents(r.ctx, r.facts.District.ID, r.facts.Scope(sender), q)
	r.must(err)
	return page
}

func (r *reach) must(err error) {
	if err != nil {
		r.Fatal(err)
	}
}

func idsOf(page roster.StudentPage) []uuid.UUID {
	ids := make([]uuid.UUID, len(page.Students))
	for i, student := range page.Students {
		ids[i] = student.ID
	}
	return ids
}

func sameSet(a, b []uuid.UUID) bool {
	in := map[uuid.UUID]int{}
	for _, id := range a {
		in[id]++
	}
	for _, id := range b {
		in[id]--
	}
	for _, n := range in {
		if n != 0 {
			return false
		}
	}
	return true
}

func (r *reach) name(id uuid.UUID) string { return r.facts.People[id].SourcedID }

func (r *reach) names(ids []uuid.UUID) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = r.name(id)
	}
	return slices.Sorted(slices.Values(names))
}
