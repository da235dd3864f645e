package sqlite

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
)

// sentBeforeMail is a conversation of two, as it was kept before there was mail.
const sentBeforeMail = `
INSERT INTO district VALUES (unhex('0000000000000000000000000000000d'), 'old', 'Old', 1, '{"time_zone": "UTC"}', 0);
INSERT INTO person SELECT unhex('0000000000000000000000000000000d'), unhex('0000000000000000000000000000000' || value), value, 'Villager', value, '', value || '@example.org', value || '@example.org', '[]', 0, value, '', ''
FROM json_each('[1, 2]');
INSERT INTO preference (district, person, language, time_zone) SELECT district, id, 'es', '' FROM person WHERE sourced_id = '2';
INSERT INTO conversation SELECT district, unhex('0000000000000000000000000000000c'), 'trip', id, 1, NULL, 1, 1, zeroblob(32), NULL FROM person WHERE sourced_id = '1';
INSERT INTO participant (district, conversation, person, no, own, bucket)
SELECT district, unhex('0000000000000000000000000000000c'), id, CAST(sourced_id AS INTEGER), sourced_id = '1', 0 FROM person;
INSERT INTO message SELECT district, unhex('0000000000000000000000000000000c'), 1, id, 1, randomblob(16), zeroblob(32), 'Before.' FROM person WHERE sourced_id = '1';
INSERT INTO inbox SELECT district, id, 1, sourced_id = '2' FROM person`

func TestAFileOfBeforeThereWasMailIsMigrated(t *testing.T) {
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
	_, err = p.UpTo(t.Context(), 2)
	must(err)
	_, err = db.ExecContext(t.Context(), sentBeforeMail)
	must(err)
	must(db.Close())
	s, err := Open(t.Context(), path)
	must(err)
	defer s.Close()
	d, first, second := uuid.UUID{15: 0xd}, uuid.UUID{15: 1}, uuid.UUID{15: 2}
	if got, err := s.Preferences(t.Context(), d, second); err != nil || got != (identity.Preferences{Language: "es"}) {
		t.Errorf("preferences are %+v, %v", got, err)
	}
	if epoch, err := s.Epoch(t.Context()); err != nil || epoch == uuid.Nil {
		t.Errorf("the epoch is %s, %v", epoch, err)
	}
	if next, err := s.Next(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("what was sent before is due %v, %v", next, err)
	}
	now := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
	r, err := s.Post(t.Context(), hub.Post{District: d, Conversation: uuid.UUID{15: 0xc}, Sender: first, Key: uuid.New(), Body: "After.", Now: now})
	if err != nil || r.Seq != 2 {
		t.Errorf("sent is %+v, %v", r, err)
	}
	got, err := s.Claim(t.Context(), now.Add(15*time.Minute), 10, time.Minute, notify.Judge)
	if err != nil || len(got.Mails) != 1 || got.Mails[0].Person != second || got.Mails[0].Parts[0].UpTo != 2 {
		t.Errorf("claimed are %+v, %v", got, err)
	}
}
