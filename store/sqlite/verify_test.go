package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// forged is what a stranger with the file does to it, with all safeguards taken
// out of the way, and what a verification then has to say: of which message
// (0: of none), and with which words.
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
	{"changes a time", `UPDATE message SET sent_at = sent_at + 1 WHERE seq = 2`, 2, "time"},
	{"changes a key", `UPDATE message SET key = randomblob(16) WHERE seq = 2`, 2, "key"},
	{"changes a hash", `UPDATE message SET hash = randomblob(32) WHERE seq = 2`, 2, "not what was sent"},
	{"removes one", `DELETE FROM message WHERE seq = 3`, 3, "it was removed, with those up to 3"},
	{"removes the first", `DELETE FROM message WHERE seq = 1`, 1, "removed"},
	{"removes several", `DELETE FROM message WHERE seq IN (2, 3)`, 2, "up to 3"},
	{"removes one and closes the gap", `DELETE FROM message WHERE seq = 3; UPDATE message SET seq = 3 WHERE seq = 4; UPDATE message SET seq = 4 WHERE seq = 5`, 3, "not what was sent"},
	{"cuts the end off", `DELETE FROM message WHERE seq > 3`, 4, "cut off"},
	{"cuts all off", `DELETE FROM message`, 1, "cut off"},
	{"cuts the end off and says so", `DELETE FROM message WHERE seq = 5; UPDATE conversation SET last_seq = 4`, 4, "not the last message"},
	{"inserts one at the end", `INSERT INTO message SELECT district, conversation, 6, sender, sent_at, randomblob(16), randomblob(32), 'And I agree.' FROM message WHERE seq = 5`, 6, "inserted"},
	{"swaps two", `UPDATE message SET seq = 9 WHERE seq = 2; UPDATE message SET seq = 2 WHERE seq = 3; UPDATE message SET seq = 3 WHERE seq = 9`, 2, "not what was sent"},
	{"changes the subject", `UPDATE conversation SET subject = 'Another'`, 1, "subject"},
	{"changes who began", `UPDATE conversation SET started_by = (SELECT sender FROM message WHERE seq = 4)`, 1, "starter"},
	{"sets a predecessor", `UPDATE conversation SET predecessor = randomblob(16)`, 1, "predecessor"},
	{"removes a participant", `DELETE FROM tie WHERE person = (SELECT max(person) FROM participant); DELETE FROM participant WHERE person = (SELECT max(person) FROM participant)`, 1, "participants"},
	{"adds a participant", `INSERT INTO participant SELECT district, conversation, (SELECT id FROM person WHERE id NOT IN (SELECT person FROM participant)), 9, 0, 0, 0, bucket, 0, 0, NULL FROM participant WHERE no = 0`, 1, "participants"},
	{"puts another in a place", `UPDATE participant SET no = 9 WHERE no = 0`, 1, "participants"},
	{"changes a part", `UPDATE tie SET part = 'staff' WHERE part = 'teacher'`, 1, "ties"},
	{"changes through whom", `UPDATE tie SET student = (SELECT min(id) FROM person) WHERE part = 'guardian'`, 1, "ties"},
	{"changes what a tie is", `UPDATE tie SET detail = 'aunt' WHERE part = 'guardian'`, 1, "ties"},
	{"removes a tie", `DELETE FROM tie WHERE part = 'teacher'`, 1, "ties"},
	{"adds a tie", `INSERT INTO tie SELECT district, conversation, person, 1, 'staff', NULL, 'principal' FROM tie WHERE part = 'guardian'`, 1, "ties"},
	{"removes the conversation", `DELETE FROM conversation`, 1, "its conversation was removed"},
	{"raises a total", `UPDATE inbox SET unread_total = unread_total + 1 WHERE unread_total > 0`, 0, "unread, counted are"},
	{"removes an inbox", `DELETE FROM inbox WHERE unread_total > 0`, 0, "there is no inbox"},
	{"moves a mark", `UPDATE participant SET read_seq = 4 WHERE read_seq = 2`, 0, "counted as read"},
	{"miscounts what was read", `UPDATE participant SET read = read + 1 WHERE read_seq = 2`, 0, "counted as read"},
	{"miscounts what was sent", `UPDATE participant SET own = own + 1 WHERE own = 1`, 0, "counted as theirs"},
	{"mails of what was not sent", `UPDATE participant SET mailed_seq = 6 WHERE own = 1`, 0, "mailed up to number 6"},
	{"moves it in an inbox", `UPDATE participant SET bucket = bucket - 1 WHERE own = 1`, 0, "stands at hour"},
}

func TestVerifyFindsWhatAStrangerDidToTheFile(t *testing.T) {
	for _, f := range forgeries {
		t.Run(f.does, func(t *testing.T) {
			v, c := talkOfFive(t)
			f.isFound(v, c)
		})
	}
}

// The same with the conversation sealed.
var forgeriesOfSeals = []forged{
	{"breaks it", `DELETE FROM seal`, 0, "its seal was removed"},
	{"changes its reason", `UPDATE seal SET reason = 'As you asked.'`, 0, "not the one that was set"},
	{"changes its time", `UPDATE seal SET at = at + 1`, 0, "not the one that was set"},
	{"changes who set it", `UPDATE seal SET by = (SELECT max(id) FROM person)`, 0, "not the one that was set"},
	{"changes its cause", `UPDATE seal SET cause = 'bar'`, 0, "not the one that was set"},
	{"changes the reason for staff", `UPDATE seal SET staff_reason = 'Because.'`, 0, "not the one that was set"},
	{"changes the guardian", `UPDATE seal SET guardian = by`, 0, "not the one that was set"},
	{"changes the student", `UPDATE seal SET student = by`, 0, "not the one that was set"},
	{"has it forgotten", `UPDATE conversation SET seal_hash = NULL`, 0, "its seal was forged"},
	{"has it remembered otherwise", `UPDATE conversation SET seal_hash = randomblob(32)`, 0, "not the one that was set"},
	{"cuts the end off and says so", `DELETE FROM message WHERE seq = 5; UPDATE conversation SET last_seq = 4, last_hash = (SELECT hash FROM message WHERE seq = 4)`, 0, "not the one that was set"},
}

func TestVerifyFindsWhatAStrangerDidToASeal(t *testing.T) {
	for _, f := range forgeriesOfSeals {
		t.Run(f.does, func(t *testing.T) {
			v, c := talkOfFive(t)
			_, err := v.Seal(t.Context(), v.id, c, hub.Seal{At: v.now, By: v.people[0], Cause: hub.SealedByStaff, Reason: "Enough."}, nil)
			v.must(err)
			f.isFound(v, c)
		})
	}
	forged := forged{
		with: `INSERT INTO seal SELECT district, id, last_at, started_by, 'staff', 'Enough.', '', NULL, NULL FROM conversation`,
		says: "its seal was forged",
	}
	v, c := talkOfFive(t)
	forged.isFound(v, c)
}

// A seal that is older than the last message is found although its hash is right.
func TestVerifyFindsASealBeforeTheLastMessage(t *testing.T) {
	v, c := talkOfFive(t)
	last := v.now
	r, err := v.Seal(t.Context(), v.id, c, hub.Seal{At: last, By: v.people[0], Cause: hub.SealedByStaff, Reason: "Enough."}, nil)
	v.must(err)
	early := r.Seal
	early.At = early.At.Add(-time.Hour)
	var hash []byte
	v.must(v.reader.QueryRow(`SELECT last_hash FROM conversation WHERE id = ?`, key(c)).Scan(&hash))
	forgedHash := hub.ChainSeal(v.id, c, 5, [32]byte(hash), early)
	forged{
		with: fmt.Sprintf(`UPDATE seal SET at = %d; UPDATE conversation SET seal_hash = x'%x'`, micros(early.At), forgedHash),
		says: "before its last message",
	}.isFound(v, c)
}

func (f forged) isFound(v *village, c uuid.UUID) {
	v.t.Helper()
	v.unharmed()
	forge(v, f.with)
	all := v.findings()
	for _, line := range all {
		at := f.seq == 0 || strings.Contains(line, fmt.Sprintf("conversation %s: message %d: ", c, f.seq))
		if at && strings.Contains(line, f.says) {
			return
		}
	}
	v.t.Errorf("found %q, not %q at %d", all, f.says, f.seq)
}

func TestFindingsAreAlwaysInOneOrder(t *testing.T) {
	v, _ := talkOfFive(t)
	forge(v, `UPDATE message SET body = 'No.'; UPDATE inbox SET unread_total = unread_total + 1`)
	texts, err := triggers(t.Context(), v.writer)
	v.must(err)
	for name := range texts {
		_, err := v.writer.Exec(`DROP TRIGGER ` + name)
		v.must(err)
	}
	first := v.findings()
	for range 5 {
		if again := v.findings(); !slices.Equal(again, first) {
			t.Fatalf("found %q, then %q", first, again)
		}
	}
}

func TestOneChangeIsOneFinding(t *testing.T) {
	v, _ := talkOfFive(t)
	forge(v, `UPDATE message SET body = 'I never said that.' WHERE seq = 3`)
	if got := v.findings(); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

func TestVerifyMissesNoSafeguard(t *testing.T) {
	v, _ := talkOfFive(t)
	_, err := v.writer.Exec(`DROP TRIGGER message_kept;
		DROP TRIGGER message_unchanged; CREATE TRIGGER message_unchanged BEFORE UPDATE ON message BEGIN SELECT 1; END`)
	v.must(err)
	got := strings.Join(v.findings(), "\n")
	if !strings.Contains(got, "message_kept is missing") || !strings.Contains(got, "message_unchanged was changed") {
		t.Error(got)
	}
}

func TestVerifyLooksAtOneDistrictOrAll(t *testing.T) {
	v, _ := talkOfFive(t)
	other := settle(t, v.Store, 2)
	other.talk(other.people...)
	for district, want := range map[uuid.UUID]Summary{
		v.id:     {Conversations: 1, Messages: 5, Inboxes: 3},
		other.id: {Conversations: 1, Messages: 1, Inboxes: 2},
		uuid.Nil: {Conversations: 2, Messages: 6, Inboxes: 5},
	} {
		got, err := v.Verify(t.Context(), district, func(f Finding) { t.Error(f) })
		if err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestAFileIsVerifiedWhileItIsServed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "homeline.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	v := settle(t, s, 2)
	v.talk(v.people...)
	v.must(s.Close())
	said, _ := child(t, "send", path)
	for range 3 {
		said.Scan()
	}
	r, err := OpenReadOnly(t.Context(), path)
	v.must(err)
	got, err := r.Verify(t.Context(), v.id, func(f Finding) { t.Error(f) })
	if err != nil || got.Messages < 4 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := r.pool.Exec(`DELETE FROM draft`); err == nil {
		t.Error("what was opened to be read was written to")
	}
	v.must(r.Close())
	if _, err := OpenReadOnly(t.Context(), path+".no"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestAFileThatNobodyServesIsVerified(t *testing.T) {
	path := filepath.Join(t.TempDir(), "homeline.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	v := settle(t, s, 2)
	v.talk(v.people...)
	if _, err := OpenReadOnly(t.Context(), path); !errors.Is(err, ErrInUse) {
		t.Errorf("open in this process already: %v", err)
	}
	v.must(s.Close())
	r, err := OpenReadOnly(t.Context(), path)
	v.must(err)
	got, err := r.Verify(t.Context(), uuid.Nil, func(f Finding) { t.Error(f) })
	if want := (Summary{Conversations: 1, Messages: 1, Inboxes: 2}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	v.must(r.Close())
}

// talkOfFive is a conversation of five messages, of which one has read two.
func talkOfFive(t *testing.T) (*village, uuid.UUID) {
	v := settle(t, openTemp(t), 4)
	c := v.talk(v.people[:3]...)
	for _, sender := range []int{1, 0, 2, 0} {
		v.post(c, v.people[sender])
	}
	_, err := v.MarkRead(t.Context(), v.id, c, v.people[1], 2)
	v.must(err)
	return v, c
}

// forge does something to the file that no trigger refuses, and puts the
// triggers back.
func forge(v *village, statements string) {
	v.t.Helper()
	ctx := context.Background()
	conn, err := v.writer.Conn(ctx)
	v.must(err)
	defer conn.Close()
	texts, err := triggers(ctx, conn)
	v.must(err)
	for name := range texts {
		_, err := conn.ExecContext(ctx, `DROP TRIGGER `+name)
		v.must(err)
	}
	_, err = conn.ExecContext(ctx, `PRAGMA foreign_keys = OFF`)
	v.must(err)
	for statement := range strings.SplitSeq(statements, ";") {
		_, err := conn.ExecContext(ctx, statement)
		v.must(err)
	}
	for _, text := range texts {
		_, err := conn.ExecContext(ctx, text)
		v.must(err)
	}
}
