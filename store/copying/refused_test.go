package copying

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/verify"
)

// empty holds where nothing at all is in the tables.
func empty(t *testing.T, d postgrestest.Database) {
	t.Helper()
	to, err := postgres.OpenFilled(t.Context(), d.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if err := (target{t.Context(), to}).mustBeEmpty(); err != nil {
		t.Error(err)
	}
}

// Each is one value that PostgreSQL cannot hold, and how it has to be named.
var unfits = map[string]struct{ does, says string }{
	"NUL in a word of the program": {`UPDATE person SET sort_key = 'a' || char(0) WHERE sourced_id = 'leo'`, "person, district "},
	"what is not UTF-8":            {`UPDATE draft SET slot = CAST(x'61ff' AS TEXT) WHERE length(content) > 0`, "slot: it is not UTF-8"},
	"a short identifier":           {`UPDATE conversation SET predecessor = x'0102' WHERE predecessor IS NOT NULL`, "predecessor: it has 2 bytes, an identifier 16"},
	"a flag that is neither":       {`UPDATE session SET fixed = 2 WHERE id = 'two'`, `session, id "two": fixed: 2 is neither 0 nor 1`},
	"a day of the far future":      {`UPDATE term SET "end" = 3000000000 WHERE sourced_id = 'year'`, "end_day: 3000000000 is too far"},
	"an instant before all":        {`UPDATE session SET created_at = -9000000000000000000 WHERE id = 'one'`, "created_at: -9000000000000000000 is too far"},
	"settings that are no JSON":    {`UPDATE district SET settings = '{' WHERE slug = 'lincoln'`, "settings: it is no JSON"},
	"settings with NUL":            {`UPDATE district SET settings = '{"a":"\u0000"}' WHERE slug = 'lincoln'`, "settings: it holds NUL"},
	"grades that are no list":      {`UPDATE section SET grades = '{}' WHERE sourced_id = 'algebra'`, "grades: it is no list"},
}

func TestWhatPostgreSQLCannotHoldIsNamedBeforeAnythingIsCopied(t *testing.T) {
	d := postgrestest.Open(t)
	sound := newSchool(t)
	sound.close()
	for name, unfit := range unfits {
		t.Run(name, func(t *testing.T) {
			s := sound.again(t)
			s.tamper(`PRAGMA foreign_keys = OFF`, `DROP TRIGGER conversation_unchanged`, unfit.does)
			_, err := s.copyTo(d, Options{Progress: func(p Progress) {
				if p.Doing != "looking through" {
					t.Errorf("%s %s", p.Doing, p.Table)
				}
			}})
			var e *UnfitError
			if !errors.As(err, &e) || len(e.Values) != 1 || !strings.Contains(err.Error(), unfit.says) {
				t.Errorf("refused with %v, which does not say %q", err, unfit.says)
			}
		})
	}
	empty(t, d)
}

func TestADatabaseThatIsNotEmptyIsRefused(t *testing.T) {
	s := newSchool(t)
	s.close()
	d := postgrestest.Open(t)
	_, err := s.copyTo(d, Options{})
	s.must(err)
	if _, err := s.copyTo(d, Options{}); !errors.Is(err, ErrNotEmpty) || !strings.Contains(err.Error(), "message") {
		t.Errorf("copied twice: %v", err)
	}
	if _, err := s.compareWith(d); err != nil {
		t.Errorf("afterwards it is another: %v", err)
	}
}

func TestADatabaseThatCannotBeFilledSaysWhy(t *testing.T) {
	without, d := postgrestest.Shared(t).Empty(t), postgrestest.Open(t)
	var schema *postgres.SchemaError
	if _, err := postgres.OpenFilling(t.Context(), without.Owner); !errors.As(err, &schema) || schema.Have != 0 {
		t.Errorf("without tables: %v", err)
	}
	if _, err := postgres.OpenFilling(t.Context(), d.URL); !errors.Is(err, postgres.ErrNotOwner) {
		t.Errorf("as the program's role: %v", err)
	}
	d.Exec(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
	if _, err := postgres.OpenFilling(t.Context(), d.Owner); !errors.As(err, &schema) || schema.Have != 999 {
		t.Errorf("with newer tables: %v", err)
	}
}

func TestAFileThatIsServedFromIsNotCopied(t *testing.T) {
	s := newSchool(t)
	if _, err := sqlite.OpenHeld(t.Context(), s.path); !errors.Is(err, sqlite.ErrInUse) {
		t.Errorf("opened: %v", err)
	}
	s.close()
	held, err := sqlite.OpenHeld(t.Context(), s.path)
	s.must(err)
	defer held.Close()
	if _, err := sqlite.Open(t.Context(), s.path); !errors.Is(err, sqlite.ErrInUse) {
		t.Errorf("served meanwhile: %v", err)
	}
}

func TestWhatVerifyFindsIsCopiedOnlyWhereThatIsAskedFor(t *testing.T) {
	s := newSchool(t)
	s.close()
	s.tamper(`UPDATE inbox SET unread_total = unread_total + 1 WHERE unread_total = (SELECT max(unread_total) FROM inbox)`,
		`DROP TRIGGER message_unchanged`, `UPDATE message SET body = 'I never said that.' WHERE seq = 3`)
	d := postgrestest.Open(t)
	var found []string
	o := Options{Finding: func(f verify.Finding) { found = append(found, f.String()) }}
	_, err := s.copyTo(d, o)
	if !errors.Is(err, ErrFindings) || !strings.Contains(strings.Join(found, "\n"), "message 3: it is not what was sent") {
		t.Errorf("%v, found were %q", err, found)
	}
	empty(t, d)
	o.AllowFindings = true
	report, err := s.copyTo(d, o)
	if err != nil || report.Verified.Findings < 2 {
		t.Errorf("%+v, %v", report.Verified, err)
	}
}

// Each is one thing that is not as it was copied; the triggers are away.
var changes = map[string]string{
	"message":    `UPDATE message SET body = body || ' ' WHERE seq = 2`,
	"session":    `UPDATE session SET expires_at = expires_at + interval '1 microsecond' WHERE id = 'one'`,
	"draft":      `UPDATE draft SET content = '\x00' WHERE content = ''`,
	"section":    `UPDATE section SET grades = array_remove(grades, '') WHERE sourced_id = 'algebra'`,
	"org":        `UPDATE org SET parent = NULL WHERE sourced_id = 'high'`,
	"district":   `UPDATE district SET settings = settings || '{"recipient_limit": 18}'`,
	"enrolment":  `DELETE FROM enrolment WHERE sourced_id = 'e1'`,
	"student":    `DELETE FROM student`,
	"started":    `UPDATE started SET no = no + 1`,
	"inbox":      `UPDATE inbox SET version = version + 1`,
	"person":     `UPDATE person SET gone = true WHERE sourced_id = 'leo'`,
	"secret":     `UPDATE secret SET value = sha256(value)`,
	"mail":       `UPDATE mail SET called_at = NULL WHERE state = 'sent'`,
	"held_reply": `UPDATE held_reply SET told = true`,
	"preference": `INSERT INTO preference (district, person, language, time_zone) SELECT district, id, '', '' FROM person WHERE sourced_id = 'leo'`,
}

func TestACopyThatIsNotTheSameIsFound(t *testing.T) {
	s := newSchool(t)
	s.close()
	d := postgrestest.Open(t)
	_, err := s.copyTo(d, Options{})
	s.must(err)
	for table, change := range changes {
		t.Run(table, func(t *testing.T) {
			_, err := s.through(postgres.OpenFilling, func(ctx context.Context, from *sqlite.ReadOnly, to *postgres.Filling, o Options) (Report, error) {
				_, err := to.Exec(ctx, `ALTER TABLE message DISABLE TRIGGER message_unchanged; `+change)
				s.must(err)
				return Compare(ctx, from, to, o)
			}, d.Admin, Options{})
			if !errors.Is(err, ErrDiffers) || !strings.Contains(err.Error(), ": "+table+" has") {
				t.Errorf("found is %v", err)
			}
		})
	}
}

// The tables and columns of both databases are what this package knows of them.
func TestNoColumnIsLeftOut(t *testing.T) {
	s := newSchool(t)
	s.close()
	d := postgrestest.Open(t)
	known := map[string]bool{}
	for _, table := range tables {
		for _, c := range table.columns {
			known[table.name+"."+c.name] = true
		}
	}
	conn, err := pgx.Connect(t.Context(), d.Owner)
	s.must(err)
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT IN ('student_word', 'history', 'node', 'goose_db_version')`)
	s.must(err)
	have, err := pgx.CollectRows(rows, pgx.RowTo[string])
	s.must(err)
	for _, name := range have {
		if !known[name] {
			t.Errorf("%s of PostgreSQL is not copied", name)
		}
	}
	if len(have) != len(known) {
		t.Errorf("PostgreSQL has %d columns, known are %d", len(have), len(known))
	}
	if more := s.unknown(known); len(more) > 0 {
		t.Errorf("of the file are not copied: %s", strings.Join(more, ", "))
	}
}

// unknown are the columns of the file that nobody copies: but for the epoch, of
// which a copy has its own, other orders of the enrolments and the words of students, which are worked out.
func (s *school) unknown(known map[string]bool) (more []string) {
	s.t.Helper()
	from, err := sqlite.OpenHeld(s.t.Context(), s.path)
	s.must(err)
	defer from.Close()
	s.must(from.View(s.t.Context(), func(tx *sql.Tx) error {
		rows, err := tx.Query(`SELECT m.name || '.' || CASE c.name WHEN 'begin' THEN 'begin_day' WHEN 'end' THEN 'end_day' ELSE c.name END
			FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
			AND m.name NOT IN ('goose_db_version', 'history', 'sqlite_sequence', 'section_roll', 'enrolment_key')
			AND (m.name, c.name) NOT IN (SELECT 'student', 'words')`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			if !known[name] {
				more = append(more, name)
			}
		}
		return rows.Err()
	}))
	return more
}
