package sqlite

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"

	"github.com/homeline/homeline/hub/roster"
)

// What the program's own connection is refused of what a district decided.
var refusedOfDecisions = map[string]string{
	`DELETE FROM bar`:                   "never removed",
	`DELETE FROM access_grant`:          "never removed",
	`UPDATE bar SET reason = 'Another'`: "only ends",
	`UPDATE bar SET reason = 'Another', ended_at = 1 WHERE ended_at IS NULL`:       "only ends",
	`UPDATE bar SET until = 1, ended_at = 1 WHERE ended_at IS NULL`:                "only ends",
	`UPDATE bar SET ended_at = NULL WHERE ended_at IS NOT NULL`:                    "only ends",
	`UPDATE bar SET ended_at = 1 WHERE ended_at IS NOT NULL`:                       "only ends",
	`UPDATE bar SET ended_by = 'Another' WHERE ended_at IS NOT NULL`:               "only ends",
	`INSERT OR REPLACE INTO bar SELECT * FROM bar`:                                 "never replaced",
	`UPDATE access_grant SET person = NULL, ended_at = 1 WHERE ended_at IS NULL`:   "only ends",
	`UPDATE access_grant SET students = '[]', ended_at = 1 WHERE ended_at IS NULL`: "only ends",
	`UPDATE access_grant SET ended_at = NULL`:                                      "only ends",
	`UPDATE access_grant SET by = 'Another'`:                                       "only ends",
	`INSERT OR REPLACE INTO access_grant SELECT * FROM access_grant`:               "never replaced",
}

func TestTheDatabaseItselfKeepsWhatTheDistrictDecided(t *testing.T) {
	v := settle(t, openTemp(t), 3)
	for i, by := range []string{"Dana", "Hall"} {
		_, err := v.Bar(t.Context(), v.id, roster.Bar{ID: uuid.New(), Guardian: v.people[0], Student: v.people[1], Since: 1, Reason: "Order", By: by}, v.now)
		v.must(err)
		g := roster.Grant{ID: uuid.New(), Person: v.people[2], Students: v.people[1:2], Reason: "Clinic", By: by}
		v.must(v.Grant(t.Context(), v.id, g, v.now))
		if i == 0 {
			v.must(v.Revoke(t.Context(), v.id, g.ID, by, v.now))
		}
	}
	decided := func() string {
		var all []string
		for _, query := range []string{
			`SELECT hex(id) || reason || by || coalesce(ended_at, '-') || ended_by FROM bar`,
			`SELECT hex(id) || hex(person) || students || by || coalesce(ended_at, '-') || ended_by FROM access_grant`,
		} {
			rows, err := v.reader.Query(query)
			lines, err := scanAll(rows, err, func(s *string) []any { return []any{s} })
			v.must(err)
			all = append(all, lines...)
		}
		return strings.Join(all, "\n")
	}
	before := decided()
	for statement, want := range refusedOfDecisions {
		if _, err := v.writer.Exec(statement); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if after := decided(); after != before || strings.Count(before, "\n") != 3 {
		t.Errorf("the tables were\n%s\nand are\n%s", before, after)
	}
	v.unharmed()
}

// decidedBefore is a bar as it was kept before it had an author and a history.
const decidedBefore = `
INSERT INTO district VALUES (unhex('0000000000000000000000000000000d'), 'old', 'Old', 1, '{"time_zone": "UTC"}', 0);
INSERT INTO person SELECT unhex('0000000000000000000000000000000d'), unhex('0000000000000000000000000000000' || value), value, 'Villager', value, '', '', '', '[]', 0, value, '', ''
FROM json_each('[1, 2]');
INSERT INTO bar VALUES (unhex('0000000000000000000000000000000d'), unhex('00000000000000000000000000000001'), unhex('00000000000000000000000000000002'), 20000, 'Order 17/26')`

func TestBarsOfBeforeThereWasAHistoryAreMigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "homeline.db")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", path)
	must(err)
	db.SetMaxOpenConns(1)
	p, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("migrations"))
	must(err)
	_, err = p.UpTo(t.Context(), 4)
	must(err)
	_, err = db.ExecContext(t.Context(), decidedBefore)
	must(err)
	must(db.Close())
	s, err := Open(t.Context(), path)
	must(err)
	defer s.Close()
	d, guardian, student := uuid.UUID{15: 0xd}, uuid.UUID{15: 1}, uuid.UUID{15: 2}
	bars, err := s.Bars(t.Context(), d)
	must(err)
	want := roster.Bar{Guardian: guardian, Student: student, Since: 20000, Reason: "Order 17/26", MadeAt: roster.Date(20000).Time()}
	if len(bars) == 1 {
		want.ID = bars[0].ID
	}
	if len(bars) != 1 || bars[0] != want || want.ID == uuid.Nil {
		t.Errorf("it became %+v, want %+v", bars, want)
	}
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	must(s.Unbar(t.Context(), d, guardian, student, "Dana", now))
	if bars, err := s.Bars(t.Context(), d); err != nil || len(bars) != 1 || !bars[0].EndedAt.Equal(now) || bars[0].EndedBy != "Dana" {
		t.Errorf("lifted it is %+v, %v", bars, err)
	}
}
