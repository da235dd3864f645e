package postgres

import (
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver
	"github.com/pressly/goose/v3"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/storetest"
)

// sentBeforeMail is a conversation of two, as it was kept before there was mail.
const sentBeforeMail = `
INSERT INTO district VALUES ('00000000-0000-0000-0000-00000000000d', 'old', 'Old', true, '{"time_zone": "UTC"}', 0);
INSERT INTO person (district, id, sourced_id, given, family, preferred, email, address, grades, gone, sort_key, words, shown)
SELECT '00000000-0000-0000-0000-00000000000d', ('00000000-0000-0000-0000-00000000000' || n)::uuid, n, 'Villager', n, '', n || '@example.org', n || '@example.org', '{}', false, n, '', ''
FROM generate_series(1, 2) n;
INSERT INTO preference (district, person, language, time_zone)
SELECT district, id, 'es', '' FROM person WHERE sourced_id = '2';
INSERT INTO conversation (district, id, subject, started_by, started_at, last_seq, last_at, last_hash)
VALUES ('00000000-0000-0000-0000-00000000000d', '00000000-0000-0000-0000-00000000000c', 'trip', '00000000-0000-0000-0000-000000000001', '2026-03-02', 0, '2026-03-02', sha256(''));
INSERT INTO participant (district, conversation, person, no, bucket)
SELECT district, '00000000-0000-0000-0000-00000000000c', id, sourced_id::int, extract(epoch FROM timestamptz '2026-03-02') / 3600 FROM person;
INSERT INTO inbox SELECT district, id, 0, 0 FROM person;
SELECT post('00000000-0000-0000-0000-00000000000d', '00000000-0000-0000-0000-00000000000c', '00000000-0000-0000-0000-000000000001',
	gen_random_uuid(), 'Before.', NULL, '2026-03-02')`

func TestTablesOfBeforeThereWasMailAreMigrated(t *testing.T) {
	d := postgrestest.Shared(t).Empty(t)
	db, err := sql.Open("pgx", d.Owner)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"))
	must(err)
	_, err = p.UpTo(t.Context(), 3)
	must(err)
	_, err = db.ExecContext(t.Context(), sentBeforeMail)
	must(err)
	done, err := Migrate(t.Context(), MigrateOptions{URL: d.Owner, AppRole: postgrestest.AppRole})
	if err != nil || done.From != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	s := openURL(t, d.URL)
	v := &village{Village: &storetest.Village{Store: s, T: t, ID: uuid.UUID{15: 0xd}, Now: time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)}, s: s, Database: d}
	first, second := uuid.UUID{15: 1}, uuid.UUID{15: 2}
	if got, err := s.Preferences(t.Context(), v.ID, second); err != nil || got != (identity.Preferences{Language: "es"}) {
		t.Errorf("preferences are %+v, %v", got, err)
	}
	s.epochIn(t)
	if next, err := s.Next(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("what was sent before is due %v, %v", next, err)
	}
	r, err := s.Post(t.Context(), hub.Post{District: v.ID, Conversation: uuid.UUID{15: 0xc}, Sender: first, Key: uuid.New(), Body: "After.", Now: v.Now})
	if err != nil || r.Seq != 2 {
		t.Errorf("sent is %+v, %v", r, err)
	}
	if got := v.claim(v.due()).Mails; len(got) != 1 || got[0].Person != second || got[0].Parts[0].UpTo != 2 {
		t.Errorf("claimed are %+v", got)
	}
}
