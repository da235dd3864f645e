package postgres

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/storetest"
)

// plan is what EXPLAIN says of a statement that was run, and of its parts.
type plan struct {
	NodeType     string  `json:"Node Type"`
	RelationName string  `json:"Relation Name"`
	ActualRows   float64 `json:"Actual Rows"`
	ActualLoops  float64 `json:"Actual Loops"`
	Filtered     float64 `json:"Rows Removed by Filter"`
	Unjoined     float64 `json:"Rows Removed by Join Filter"`
	Plans        []plan
}

// handled is how many rows were taken into the hand, by all parts together.
func (p plan) handled() float64 {
	n := (p.ActualRows + p.Filtered + p.Unjoined) * p.ActualLoops
	for _, part := range p.Plans {
		n += part.handled()
	}
	return n
}

// walked are the tables that were read from end to end.
func (p plan) walked() (tables []string) {
	if p.NodeType == "Seq Scan" && p.ActualLoops > 0 {
		tables = append(tables, p.RelationName)
	}
	for _, part := range p.Plans {
		tables = append(tables, part.walked()...)
	}
	return tables
}

// small are the tables that have a row a school or a class, and may be walked.
var small = map[string]bool{"org": true, "term": true, "section": true, "section_term": true, "bar": true, "access_grant": true}

// openBig is a district of 50,000 students, just imported.
func openBig(t *testing.T) (*Store, uuid.UUID) {
	s, district := openTemp(t), uuid.Must(uuid.NewV7())
	err := s.CreateDistrict(t.Context(), roster.District{ID: district, Slug: "big", Settings: roster.DefaultSettings()})
	if err == nil {
		_, err = s.Apply(t.Context(), district, storetest.BigDistrict(100_000), time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, district
}

// scopeOf is the reach of somebody there.
func scopeOf(t *testing.T, s *Store, district uuid.UUID, sourcedID string) roster.Scope {
	t.Helper()
	p, err := s.PersonBySourcedID(t.Context(), district, sourcedID)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := s.Facts(t.Context(), district, []uuid.UUID{p.ID}, time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return facts.Scope(p.ID)
}

// In a district of 50,000 students, what a search reads grows with what it is
// about and not with the district; only who asks for all of it walks its list
// of students.
func TestASearchReadsWhatItIsAbout(t *testing.T) {
	s, district := openBig(t)
	everywhere, teacher := scopeOf(t, s, district, "boss"), scopeOf(t, s, district, "person99997")
	principal := roster.Scope{Orgs: everywhere.Orgs[5:6], Today: everywhere.Today}
	school := principal.Orgs[0]
	both := roster.Scope{Orgs: principal.Orgs, Sections: teacher.Sections, Today: everywhere.Today}
	var listed roster.Scope
	for i := range 40 {
		p, err := s.PersonBySourcedID(t.Context(), district, fmt.Sprint("person", i*7))
		if err != nil {
			t.Fatal(err)
		}
		listed.Students = append(listed.Students, p.ID)
	}
	listed.Today = everywhere.Today
	t.Run("facts", func(t *testing.T) { aPersonIsReadAlone(t, s, district, listed.Students[0], everywhere.Orgs[0]) })
	given := roster.Scope{Sections: teacher.Sections, Students: listed.Students, Today: everywhere.Today}
	const class, named, students, list = 100_000, 150_000, 400_000, 600_000
	for _, who := range []struct {
		name string
		roster.Scope
		most float64
	}{{"a teacher", teacher, class}, {"a principal", principal, students}, {"who is both", both, students}, {"by a list", listed, named}, {"a teacher with a list", given, named}, {"the district", everywhere, list}} {
		for what, want := range map[string]roster.StudentQuery{
			"all": {}, "a letter": {Name: "m"}, "two words": {Name: "mari jo"}, "nobody": {Name: "nobody"}, "a school": {School: school},
			"a course": {Course: "Course 7"}, "a grade of a course": {Course: "Course 7", Grade: "09", Name: "m"},
		} {
			t.Run(who.name+"/"+what, func(t *testing.T) { asks(t, s, district, who.Scope, want, who.most) })
		}
	}
}

// aPersonIsReadAlone looks at the plans of what is read about one person, where
// the district has given access to roles.
func aPersonIsReadAlone(t *testing.T, s *Store, district, person, org uuid.UUID) {
	for _, role := range []roster.Role{roster.Aide, roster.Teacher, roster.TeacherWithoutClasses} {
		g := roster.Grant{ID: uuid.New(), Role: role, RoleOrg: org, Org: org, Reason: "x", By: "x"}
		if err := s.Grant(t.Context(), district, g, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	err := s.read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		for of, query := range map[string]string{
			"family": selectFamily, "guardianships": selectGuardianships, "bars": selectBarsOf, "grants": selectGrantsOf, "seats": selectSeats,
		} {
			p := explained(t, tx, query, district, []uuid.UUID{person})
			for _, table := range p.walked() {
				if !small[table] {
					t.Errorf("%s: walks %s", of, table)
				}
			}
			if n := p.handled(); n > 2000 {
				t.Errorf("%s: takes %.0f rows into the hand", of, n)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// asks looks at the plans of all that a page asks for a search.
func asks(t *testing.T, s *Store, district uuid.UUID, scope roster.Scope, want roster.StudentQuery, most float64) {
	err := s.read(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		q, err := newSearch(ctx, tx, district, scope)
		if err != nil {
			return err
		}
		wide := q.wide && want.School == uuid.Nil && want.Course == "" && want.Name == ""
		q.lapsed = want.Name == "mari jo"
		q.as(want)
		place := pgx.NamedArgs{"after_name": "a", "after_person": uuid.Nil, "limit": 26, "attended": scope.Sections}
		queries := map[string]string{"page": q.selectPage(), "grades": q.selectGrades(), "schools": selectSchoolChoices(scope), "teachers": selectTeacherChoices}
		if !q.wide {
			queries["sections"] = q.selectSections()
		}
		for of, query := range queries {
			p := explained(t, tx, query, q.given(place)...)
			for _, table := range p.walked() {
				if !small[table] && !(wide && table == "student") {
					t.Errorf("%s: walks %s", of, table)
				}
			}
			if n := p.handled(); n > most {
				t.Errorf("%s: takes %.0f rows into the hand, at most %.0f", of, n, most)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func explained(t *testing.T, tx pgx.Tx, query string, args ...any) plan {
	t.Helper()
	var of []struct{ Plan plan }
	if err := tx.QueryRow(t.Context(), `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) `+query, args...).Scan(&of); err != nil {
		t.Fatal(err)
	}
	return of[0].Plan
}
