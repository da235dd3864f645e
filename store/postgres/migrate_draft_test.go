package postgres

import (
	"database/sql"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"

	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// draftsOfBefore are the draft of a new message and that of a reply, as they
// were kept while there was one of each.
const draftsOfBefore = `
INSERT INTO draft SELECT district, id, 'compose', convert_to('Dear' || sourced_id, 'UTF8'), now() FROM person;
INSERT INTO draft SELECT district, id, 'reply:1', 'Yes', now() FROM person WHERE sourced_id = '1'`

func TestTheOneDraftOfBeforeBecomesOneOfSeveral(t *testing.T) {
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
	_, err = db.ExecContext(t.Context(), sentBeforeMail+";"+draftsOfBefore)
	must(err)
	_, err = Migrate(t.Context(), MigrateOptions{URL: d.Owner, AppRole: postgrestest.AppRole})
	must(err)
	s := openURL(t, d.URL)
	seen := map[string]bool{}
	for no, want := range map[byte]string{1: "Dear1", 2: "Dear2"} {
		all, err := s.Drafts(t.Context(), uuid.UUID{15: 0xd}, uuid.UUID{15: no}, true)
		must(err)
		for _, draft := range all {
			typed, isNew := strings.CutPrefix(draft.Slot, "compose:")
			if !isNew {
				continue
			}
			id, err := uuid.Parse(typed)
			if err != nil || id.String() != typed || seen[typed] || string(draft.Content) != want {
				t.Errorf("the draft of %d is %q with %q: %v", no, draft.Slot, draft.Content, err)
			}
			seen[typed] = true
		}
	}
	if reply, err := s.Draft(t.Context(), uuid.UUID{15: 0xd}, uuid.UUID{15: 1}, "reply:1"); err != nil || string(reply) != "Yes" || len(seen) != 2 {
		t.Errorf("the reply is %q, %v; %d drafts", reply, err, len(seen))
	}
}
