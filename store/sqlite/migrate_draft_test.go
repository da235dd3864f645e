package sqlite

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
)

// draftsOfBefore are the draft of a new message and that of a reply of one
// person, and another's, as they were kept while there was one of each.
const draftsOfBefore = `
INSERT INTO draft SELECT district, id, 'compose', CAST('Dear' || sourced_id AS BLOB), 1 FROM person;
INSERT INTO draft SELECT district, id, 'reply:1', CAST('Yes' AS BLOB), 2 FROM person WHERE sourced_id = '1'`

func TestTheOneDraftOfBeforeBecomesOneOfSeveral(t *testing.T) {
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
	_, err = db.ExecContext(t.Context(), sentBeforeMail+";"+draftsOfBefore)
	must(err)
	must(db.Close())
	s, err := Open(t.Context(), path)
	must(err)
	defer s.Close()
	seen := map[string]bool{}
	for no, want := range map[byte]string{1: "Dear1", 2: "Dear2"} {
		all, err := s.Drafts(t.Context(), uuid.UUID{15: 0xd}, uuid.UUID{15: no}, true)
		must(err)
		for _, d := range all {
			typed, isNew := strings.CutPrefix(d.Slot, "compose:")
			if !isNew {
				continue
			}
			id, err := uuid.Parse(typed)
			if err != nil || id.String() != typed || seen[typed] || string(d.Content) != want {
				t.Errorf("the draft of %d is %q with %q: %v", no, d.Slot, d.Content, err)
			}
			seen[typed] = true
		}
	}
	if reply, err := s.Draft(t.Context(), uuid.UUID{15: 0xd}, uuid.UUID{15: 1}, "reply:1"); err != nil || string(reply) != "Yes" || len(seen) != 2 {
		t.Errorf("the reply is %q, %v; %d drafts", reply, err, len(seen))
	}
}
