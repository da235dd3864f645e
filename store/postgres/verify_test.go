package postgres

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/storetest"
	"github.com/homeline/homeline/store/verify"
)

// forged is what an owner does to the tables, with all safeguards taken out of
// the way, and what a verification then has to say: of which message (0: of
// none), and with which words.
type forged struct {
	does string
	with string
	seq  int64
	says string
}

// The conversation has five messages, the fourth by the one who reads nothing.
var forgeries = []forged{
	{"changes a text", `UPDATE message SET body = 'I never said that.' WHERE seq = 3`, 3, "not what was sent"},
	{"changes the first text", `UPDATE message SET body = 'Hm.' WHERE seq = 1`, 1, "not what was sent"},
	{"changes the last text", `UPDATE message SET body = 'Hm.' WHERE seq = 5`, 5, "not what was sent"},
	{"changes a sender", `UPDATE message SET sender = (SELECT sender FROM message WHERE seq = 1) WHERE seq = 4`, 4, "sender"},
	{"changes a time", `UPDATE message SET sent_at = sent_at + interval '1 microsecond' WHERE seq = 2`, 2, "time"},
	{"changes a key", `UPDATE message SET key = gen_random_uuid() WHERE seq = 2`, 2, "key"},
	{"changes a hash", `UPDATE message SET hash = sha256('x') WHERE seq = 2`, 2, "not what was sent"},
	{"removes one", `DELETE FROM message WHERE seq = 3`, 3, "it was removed, with those up to 3"},
	{"removes several", `DELETE FROM message WHERE seq IN (2, 3)`, 2, "up to 3"},
	{"removes one and closes the gap", `DELETE FROM message WHERE seq = 3; UPDATE message SET seq = 3 WHERE seq = 4; UPDATE message SET seq = 4 WHERE seq = 5`, 3, "not what was sent"},
	{"cuts the end off", `DELETE FROM message WHERE seq > 3`, 4, "cut off"},
	{"empties the table", `TRUNCATE message`, 1, "cut off"},
	{"cuts the end off and says so", `DELETE FROM message WHERE seq = 5; UPDATE conversation SET last_seq = 4`, 4, "not the last message"},
	{"inserts one at the end", `INSERT INTO message SELECT district, conversation, 6, sender, sent_at, gen_random_uuid(), sha256('x'), 'And I agree.' FROM message WHERE seq = 5`, 6, "inserted"},
	{"changes the subject", `UPDATE conversation SET subject = 'Another'`, 1, "subject"},
	{"changes who began", `UPDATE conversation SET started_by = (SELECT sender FROM message WHERE seq = 4)`, 1, "starter"},
	{"sets a predecessor", `UPDATE conversation SET predecessor = gen_random_uuid()`, 1, "predecessor"},
	{"removes a participant", `DELETE FROM tie WHERE person = (SELECT person FROM participant WHERE no = 2); DELETE FROM participant WHERE no = 2`, 1, "participants"},
	{"puts another in a place", `UPDATE participant SET no = 9 WHERE no = 0`, 1, "participants"},
	{"changes a part", `UPDATE tie SET part = 'staff' WHERE part = 'teacher'`, 1, "ties"},
	{"changes what a tie is", `UPDATE tie SET detail = 'aunt' WHERE part = 'guardian'`, 1, "ties"},
	{"removes a tie", `DELETE FROM tie WHERE part = 'teacher'`, 1, "ties"},
	{"removes the conversation", `DELETE FROM conversation`, 1, "its conversation was removed"},
	{"removes a person", `DELETE FROM person WHERE id = (SELECT person FROM participant WHERE no = 1)`, 0, "name a person that is not there"},
	{"raises a total", `UPDATE inbox SET unread_total = unread_total + 1 WHERE unread_total > 0`, 0, "unread, counted are"},
	{"removes an inbox", `DELETE FROM inbox WHERE unread_total > 0`, 0, "there is no inbox"},
	{"moves a mark", `UPDATE participant SET read_seq = 4 WHERE read_seq = 2`, 0, "counted as read"},
	{"miscounts what was read", `UPDATE participant SET read = read + 1 WHERE read_seq = 2`, 0, "counted as read"},
	{"miscounts what was sent", `UPDATE participant SET own = own + 1 WHERE own = 1`, 0, "counted as theirs"},
	{"mails of what was not sent", `UPDATE participant SET mailed_seq = 6 WHERE own = 1`, 0, "mailed up to number 6"},
	{"moves it in an inbox", `UPDATE participant SET bucket = bucket - 1 WHERE own = 1`, 0, "stands at hour"},
}

// The same with the conversation sealed.
var forgeriesOfSeals = []forged{
	{"breaks it", `DELETE FROM seal`, 0, "its seal was removed"},
	{"changes its reason", `UPDATE seal SET reason = 'As you asked.'`, 0, "not the one that was set"},
	{"changes its time", `UPDATE seal SET at = at + interval '1 second'`, 0, "not the one that was set"},
	{"changes its cause", `UPDATE seal SET cause = 'bar'`, 0, "not the one that was set"},
	{"changes the guardian", `UPDATE seal SET guardian = by`, 0, "not the one that was set"},
	{"has it forgotten", `UPDATE conversation SET seal_hash = NULL`, 0, "its seal was forged"},
	{"cuts the end off and says so", `DELETE FROM message WHERE seq = 5; UPDATE conversation SET last_seq = 4, last_hash = (SELECT hash FROM message WHERE seq = 4)`, 0, "not the one that was set"},
}

// Each is undone by hand: it happens in a transaction that is verified from
// within and rolled back.
func TestVerifyFindsWhatAnOwnerDidToTheTables(t *testing.T) {
	v, c := talkOfFive(t)
	v.unharmed()
	for _, f := range forgeries {
		t.Run(f.does, func(t *testing.T) { f.isFound(t, v, c) })
	}
	v.seal(c)
	v.unharmed()
	for _, f := range forgeriesOfSeals {
		t.Run("of the seal: "+f.does, func(t *testing.T) { f.isFound(t, v, c) })
	}
}

// isFound forges as a superuser within a transaction, whose state a verification
// sees, and takes it back.
func (f forged) isFound(t *testing.T, v *village, c uuid.UUID) {
	all := v.findingsAfter(t, f.with)
	for _, line := range all {
		at := f.seq == 0 || strings.Contains(line, fmt.Sprintf("conversation %s: message %d: ", c, f.seq))
		if at && strings.Contains(line, f.says) {
			return
		}
	}
	t.Errorf("found %q, not %q at %d", all, f.says, f.seq)
}

// findingsAfter are those once all triggers and keys are off and statements have
// done their work, which is then undone. Of these safeguards nothing is said.
func (v *village) findingsAfter(t *testing.T, statements string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), v.Admin+"&search_path=public,pg_temp&timezone=UTC")
	v.Must(err)
	defer conn.Close(t.Context())
	tx, err := conn.Begin(t.Context())
	v.Must(err)
	defer tx.Rollback(t.Context())
	for _, table := range []string{"message", "conversation", "participant", "tie", "seal", "inbox", "person"} {
		statements = `ALTER TABLE ` + table + ` DISABLE TRIGGER ALL; ` + statements
	}
	_, err = tx.Exec(t.Context(), statements)
	v.Must(err)
	inUTC(conn)
	var all []string
	walk := &verification{Walk: verify.New(func(f Finding) { all = append(all, f.String()) }), ctx: t.Context(), tx: tx}
	v.Must(walk.orphans())
	v.Must(walk.Walk.Districts(walk, uuid.Nil))
	return all
}

func TestOneChangeIsOneFinding(t *testing.T) {
	v, _ := talkOfFive(t)
	if got := v.findingsAfter(t, `UPDATE message SET body = 'I never said that.' WHERE seq = 3`); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

func TestVerifyMissesNoSafeguard(t *testing.T) {
	v, _ := talkOfFive(t)
	v.Exec(t, `DROP TRIGGER message_kept ON message`, `ALTER TABLE message DISABLE TRIGGER message_unchanged`,
		`ALTER TABLE seal ENABLE TRIGGER seal_kept`, `ALTER TABLE message DROP CONSTRAINT message_key`,
		`CREATE OR REPLACE FUNCTION refuse_after_seal() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
		`GRANT DELETE ON message TO `+postgrestest.AppRole)
	got := strings.Join(v.findings(), "\n")
	for _, want := range []string{
		"trigger message_kept of message is missing", "trigger message_unchanged of message was changed",
		"trigger seal_kept of seal was changed", "constraint message_key of message is missing",
		"function refuse_after_seal was changed", "privilege DELETE on the table message",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing says %q:\n%s", want, got)
		}
	}
}

func TestTheSafeguardsAreThoseOfTheMigrations(t *testing.T) {
	v := settle(t, 0)
	tx, err := v.s.pool.Begin(t.Context())
	v.Must(err)
	defer tx.Rollback(t.Context())
	have, err := readSafeguards(&verification{ctx: t.Context(), tx: tx})
	v.Must(err)
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(have)) {
		fmt.Fprintf(&lines, "%s: %s\n", name, have[name])
	}
	if lines.String() != migratedSafeguards {
		t.Errorf("safeguards.txt is not what a migrated database has, which is\n%s", lines.String())
	}
}

func TestVerifyLooksAtOneDistrictOrAll(t *testing.T) {
	v, _ := talkOfFive(t)
	other := storetest.Settle(t, v.s, 2)
	other.Talk(other.People...)
	for district, want := range map[uuid.UUID]Summary{
		v.ID:     {Conversations: 1, Messages: 5, Inboxes: 3},
		other.ID: {Conversations: 1, Messages: 1, Inboxes: 2},
		uuid.Nil: {Conversations: 2, Messages: 6, Inboxes: 5},
	} {
		got, err := v.s.Verify(t.Context(), district, func(f Finding) { t.Error(f) })
		if err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
}
