package sqlite

import (
	"database/sql"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// A search may walk the list of students of its district, in its order, and no
// other table: what is named SCAN in a plan has no end that the district sets.
// Lists that a statement is given, or has just found, are scanned, of course.
var mayScan = regexp.MustCompile(`^SCAN (json_each|CONSTANT ROW|asked|wanted|w|a|found|\(subquery)\b`)

func TestNoSearchScansATable(t *testing.T) {
	s, district := openTemp(t), uuid.New()
	scopes := map[string]roster.Scope{
		"a teacher":     {Sections: []uuid.UUID{uuid.New()}, Except: []uuid.UUID{uuid.New()}},
		"a principal":   {Orgs: []uuid.UUID{uuid.New()}},
		"both":          {Orgs: []uuid.UUID{uuid.New()}, Sections: []uuid.UUID{uuid.New()}},
		"the district":  {Orgs: []uuid.UUID{uuid.New()}},
		"who is nobody": {},
		"by a grant":    {Students: []uuid.UUID{uuid.New()}},
		"by all":        {Orgs: []uuid.UUID{uuid.New()}, Sections: []uuid.UUID{uuid.New()}, Students: []uuid.UUID{uuid.New()}},
	}
	queries := map[string]roster.StudentQuery{
		"all":       {},
		"by name":   {Name: "ana ruiz"},
		"at school": {School: uuid.New(), Grade: "09"},
		"in course": {Course: "Algebra"},
		"by all":    {School: uuid.New(), Grade: "09", Course: "Algebra", Section: uuid.New(), Teacher: uuid.New(), Name: "a"},
	}
	for who, scope := range scopes {
		for what, want := range queries {
			err := s.read(t.Context(), func(tx *sql.Tx) error {
				q, err := newSearch(t.Context(), tx, district, scope)
				if err != nil {
					return err
				}
				if who == "the district" {
					q.where, q.wide = nil, true
					q.and(reached(scope, true, true))
				}
				q.lapsed = true // which asks for the most
				q.as(want)
				checkPlan(t, tx, who+" asks for "+what+": count", `SELECT count(*)`+q.from(""), q.args...)
				checkPlan(t, tx, who+" asks for "+what+": page", `SELECT s.sort_key, s.person`+q.from("")+` AND (s.sort_key, s.person) > ('a', x'00') ORDER BY s.sort_key, s.person LIMIT 26`, q.args...)
				checkPlan(t, tx, who+" asks for "+what+": schools", selectSchoolChoices(scope), q.args...)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestNothingAboutAPersonScansATable(t *testing.T) {
	s := openTemp(t)
	named := []any{
		sql.Named("district", key(uuid.New())), sql.Named("today", roster.DateOf(time.Now())), sql.Named("people", idSet([]uuid.UUID{uuid.New()})),
		sql.Named("sections", "[]"), sql.Named("attended", "[]"), sql.Named("staff", "[]"), sql.Named("teaching", "[]"),
	}
	plain := []any{key(uuid.New()), idSet([]uuid.UUID{uuid.New()})}
	err := s.read(t.Context(), func(tx *sql.Tx) error {
		for _, query := range []string{selectAttended, selectTaught, selectBarredFrom, selectSchools, selectTeacherChoices} {
			checkPlan(t, tx, query, query, named...)
		}
		for _, query := range []string{selectFamily, selectGuardianships, selectBarsOf, selectEnrolments, selectGrantsOf, selectHolders} {
			checkPlan(t, tx, query, query, plain...)
		}
		for _, kind := range []roster.Kind{roster.KindOrg, roster.KindSection} {
			checkPlan(t, tx, "entries", selectEntries(kind), key(uuid.New()), "[]", "[]")
		}
		checkPlan(t, tx, "session", selectSession, "id")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkPlan(t *testing.T, tx *sql.Tx, what, query string, args ...any) {
	t.Helper()
	err := each(t.Context(), tx, func(row scanner) error {
		var id, parent, unused int
		var detail string
		err := row.Scan(&id, &parent, &unused, &detail)
		if strings.HasPrefix(detail, "SCAN") && !mayScan.MatchString(detail) {
			t.Errorf("%s: %s", what, detail)
		}
		return err
	}, `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// What is asked about people costs as much in a large district as in a small one.
func TestNothingAboutAPersonWalksTheirDistrict(t *testing.T) {
	s := openTemp(t)
	for _, query := range []string{
		selectFamily, selectGuardianships, selectBarsOf, selectGrantsOf, selectEnrolments,
		selectEntries(roster.KindOrg), selectEntries(roster.KindSection),
	} {
		for _, step := range planOf(t, s, query) {
			if strings.HasSuffix(step, "(district=?)") {
				t.Errorf("%s\nwalks a district: %s", query, step)
			}
		}
	}
}
