package postgres

import (
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver
	"github.com/pressly/goose/v3"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// What is refused of what a district decided, to the program and to everybody.
var (
	decisionsRefusedToTheProgram = map[string]string{
		`DELETE FROM bar`:                            "permission denied",
		`TRUNCATE bar`:                               "permission denied",
		`UPDATE bar SET reason = 'Another'`:          "permission denied",
		`UPDATE bar SET until = 1, ended_at = now()`: "permission denied",
		`UPDATE bar SET ended_at = NULL`:             "only ends",
		`UPDATE bar SET ended_by = 'Another'`:        "only ends",
		`DELETE FROM access_grant`:                   "permission denied",
		`UPDATE access_grant SET person = NULL`:      "permission denied",
		`UPDATE access_grant SET ended_at = NULL`:    "only ends",
		`INSERT INTO bar SELECT * FROM bar ON CONFLICT (district, id) DO UPDATE SET reason = 'Another'`: "permission denied",
	}
	decisionsRefusedToEverybody = map[string]string{
		`DELETE FROM bar`: "never removed",
		`TRUNCATE bar`:    "never removed",
		`UPDATE bar SET reason = 'Another', ended_at = now() WHERE ended_at IS NULL`: "only ends",
		`UPDATE bar SET ended_at = now() WHERE ended_at IS NOT NULL`:                 "only ends",
		`DELETE FROM access_grant`: "never removed",
		`TRUNCATE access_grant`:    "never removed",
		`UPDATE access_grant SET org = NULL, students = '{}', ended_at = now() WHERE ended_at IS NULL`: "only ends",
		`UPDATE access_grant SET ended_at = NULL WHERE ended_at IS NOT NULL`:                           "only ends",
	}
)

func TestTheDatabaseItselfKeepsWhatTheDistrictDecided(t *testing.T) {
	v := settle(t, 3)
	for i, by := range []string{"Dana", "Hall"} {
		_, err := v.s.Bar(t.Context(), v.ID, roster.Bar{ID: uuid.New(), Guardian: v.People[0], Student: v.People[1], Since: 1, Reason: "Order", By: by}, v.Now)
		v.Must(err)
		g := roster.Grant{ID: uuid.New(), Person: v.People[2], Students: v.People[1:2], Reason: "Clinic", By: by}
		v.Must(v.s.Grant(t.Context(), v.ID, g, v.Now))
		if i == 0 {
			v.Must(v.s.Revoke(t.Context(), v.ID, g.ID, by, v.Now))
		}
	}
	decided := func() string {
		rows, err := v.s.pool.Query(t.Context(), `SELECT b::text FROM bar b UNION ALL SELECT g::text FROM access_grant g ORDER BY 1`)
		lines, err := scanAll(rows, err, func(s *string) []any { return []any{s} })
		v.Must(err)
		return strings.Join(lines, "\n")
	}
	before := decided()
	program, owner, super := v.as(v.URL), v.as(v.Owner), v.as(v.Admin)
	for statement, want := range decisionsRefusedToTheProgram {
		refuses(t, program, statement, want)
	}
	for statement, want := range decisionsRefusedToEverybody {
		refuses(t, owner, statement, want)
		refuses(t, super, `SET session_replication_role = replica; `+statement, want)
	}
	if after := decided(); after != before || strings.Count(before, "\n") != 3 {
		t.Errorf("the tables were\n%s\nand are\n%s", before, after)
	}
	v.unharmed()
}

// decidedBefore is a bar as it was kept before it had an author and a history.
const decidedBefore = `
INSERT INTO district VALUES ('00000000-0000-0000-0000-00000000000d', 'old', 'Old', true, '{"time_zone": "UTC"}', 0);
INSERT INTO person (district, id, sourced_id, given, family, preferred, email, address, grades, gone, sort_key, words, shown)
SELECT '00000000-0000-0000-0000-00000000000d', ('00000000-0000-0000-0000-00000000000' || n)::uuid, n, 'Villager', n, '', '', '', '{}', false, n, '', ''
FROM generate_series(1, 2) n;
INSERT INTO bar VALUES ('00000000-0000-0000-0000-00000000000d', '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', 20000, 'Order 17/26')`

func TestBarsOfBeforeThereWasAHistoryAreMigrated(t *testing.T) {
	d := postgrestest.Shared(t).Empty(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("pgx", d.Owner)
	must(err)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"))
	must(err)
	_, err = p.UpTo(t.Context(), 5)
	must(err)
	_, err = db.ExecContext(t.Context(), decidedBefore)
	must(err)
	_, err = Migrate(t.Context(), MigrateOptions{URL: d.Owner, AppRole: postgrestest.AppRole})
	must(err)
	s := openURL(t, d.URL)
	district, guardian, student := uuid.UUID{15: 0xd}, uuid.UUID{15: 1}, uuid.UUID{15: 2}
	bars, err := s.Bars(t.Context(), district)
	must(err)
	want := roster.Bar{Guardian: guardian, Student: student, Since: 20000, Reason: "Order 17/26", MadeAt: roster.Date(20000).Time()}
	if len(bars) == 1 {
		want.ID = bars[0].ID
	}
	if len(bars) != 1 || bars[0] != want || want.ID == uuid.Nil {
		t.Errorf("it became %+v, want %+v", bars, want)
	}
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	must(s.Unbar(t.Context(), district, guardian, student, "Dana", now))
	if bars, err := s.Bars(t.Context(), district); err != nil || len(bars) != 1 || !bars[0].EndedAt.Equal(now) || bars[0].EndedBy != "Dana" {
		t.Errorf("lifted it is %+v, %v", bars, err)
	}
}
