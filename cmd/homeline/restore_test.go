package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// backUp makes a backup of a file, as docs/operating.md says.
func backUp(t *testing.T, data string) (backup string) {
	t.Helper()
	backup = filepath.Join(t.TempDir(), "backup.db")
	inFile(t, filepath.Join(data, "homeline.db"), `VACUUM INTO '`+backup+`'`)
	return backup
}

func inFile(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestARestoredBackupIsShownByClientsThatHaveSeenMore(t *testing.T) {
	s := startServe(t, lincoln(t))
	c := s.write()
	before := s.token("rosa")
	o := &outsider{t: t, at: s, token: before, conversation: c}
	o.until(1, "How is he?")
	backup := backUp(t, s.data)
	ana := s.token("ana")
	lost := []string{"How is he?"}
	for i := range 10 {
		lost = append(lost, fmt.Sprint("Lost ", i))
		s.says(ana, c, lost[i+1])
	}
	o.until(11, lost...)
	epoch := o.epoch
	s.stop(os.Interrupt)
	o.ws = nil

	run(t, "restore", backup, "--data", s.data).expect(t, 0, "Restored "+backup, "1 conversation, 1 message", "kept as "+filepath.Join(s.data, "homeline.db.before-"), "Everybody signs in again")
	s = startServe(t, s.data)
	for _, token := range []string{before, ana} {
		if status, answer := s.call(http.MethodGet, "/api/v1/unread", token, "", ""); status != http.StatusUnauthorized {
			t.Errorf("a token of before: %d %s", status, answer)
		}
	}
	ana = s.token("ana")
	want := []string{"How is he?"}
	for i := range 5 {
		want = append(want, fmt.Sprint("New ", i))
		s.says(ana, c, want[i+1])
	}
	o.at, o.token = s, s.token("rosa")
	o.until(6, want...)
	if o.epoch == epoch {
		t.Error("the restored school is told as the one before")
	}
	if status, answer := s.call(http.MethodGet, "/api/v1/unread", o.token, "", ""); status != http.StatusOK || !strings.Contains(answer, `"epoch":"`+o.epoch+`"`) || !strings.Contains(answer, fmt.Sprintf(`"unread":%d`, o.unread)) {
		t.Errorf("the API says %d %s", status, answer)
	}
	s.says(ana, c, "The last.")
	o.until(7, append(want, "The last.")...)
	s.stop(os.Interrupt)
}

func TestARestoreKeepsWhatWasThere(t *testing.T) {
	data := written(t)
	backup := backUp(t, data)
	s := startServe(t, data)
	s.write()
	s.stop(os.Interrupt)
	run(t, "verify", "--data", data).expect(t, 0, "2 conversations, 3 messages")
	run(t, "restore", backup, "--data", data).expect(t, 0)
	run(t, "verify", "--data", data).expect(t, 0, "1 conversation, 2 messages", "Every message is as it was sent")
	kept, err := filepath.Glob(filepath.Join(data, "homeline.db.before-*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept are %q, %v", kept, err)
	}
	run(t, "verify", "--file", kept[0]).expect(t, 0, "2 conversations, 3 messages", "Every message is as it was sent")
	again := folder(t)
	run(t, "restore", kept[0], "--data", again).expect(t, 0)
	run(t, "verify", "--data", again).expect(t, 0, "2 conversations, 3 messages")

	empty := folder(t)
	run(t, "restore", backup, "--data", empty).expect(t, 0)
	run(t, "verify", "--data", empty).expect(t, 0, "1 conversation, 2 messages")
	entries, err := os.ReadDir(empty)
	for _, e := range entries {
		if name := e.Name(); name != "homeline.db" && name != "homeline.db.lock" && !strings.HasSuffix(name, "-shm") && !strings.HasSuffix(name, "-wal") {
			t.Errorf("it has left %s", name)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func TestARestoreThatCannotBeIsRefusedInWordsAndChangesNothing(t *testing.T) {
	data := written(t)
	backup, path := backUp(t, data), filepath.Join(data, "homeline.db")
	refused := func(file string, words ...string) {
		t.Helper()
		run(t, "restore", file, "--data", data).expect(t, statusFailed, append(words, "nothing was restored")...)
	}
	write := func(path, content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		write(path+suffix, "left")
		refused(backup, path+suffix+" is left of the database that was here", "start and stop the server once")
		os.Remove(path + suffix)
		write(backup+suffix, "left")
		refused(backup, "beside the backup lies "+backup+suffix, "VACUUM INTO")
		os.Remove(backup + suffix)
	}
	refused(path, "is the database itself")
	refused(filepath.Join(data, "none.db"), "no such file")
	refused(data, "is no file")
	other := filepath.Join(t.TempDir(), "other.db")
	write(other, "")
	refused(other, "not a file of Homeline")
	write(other, strings.Repeat("no database at all ", 1000))
	refused(other, "not a file of Homeline")

	changed := backUp(t, data)
	inFile(t, changed, `DROP TRIGGER message_unchanged`)
	inFile(t, changed, `UPDATE message SET body = 'Badly.' WHERE seq = 2`)
	refused(changed, "somebody or something changed what was sent", "--allow-findings", "trigger message_unchanged is missing")

	s := startServe(t, data)
	refused(backup, "a server runs on "+data, "stop it first")
	s.stop(os.Interrupt)
	run(t, "verify", "--data", data).expect(t, 0, "1 conversation, 2 messages", "Every message is as it was sent")
	run(t, "restore", changed, "--allow-findings", "--data", data).expect(t, 0)
	run(t, "verify", "--data", data).expect(t, statusFailed, "message_unchanged")
	run(t, "restore", "--data", data).expect(t, statusFailed, "homeline restore FILE")
	runWith(t, []string{"DATABASE_URL=postgres://x@127.0.0.1:1/x"}, "restore", backup, "--data", data).expect(t, statusFailed, "pg_restore", "without a file")
}

func TestARestoreInPostgreSQLEndsAllSignInsOfRunningNodesToo(t *testing.T) {
	all := sharing(t).withSchool()
	s := all.serve()
	c := s.write()
	ana := s.token("ana")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	rosa := s.dial(ctx, "rosa")
	all.run("restore").expect(t, 0, "Ended:", "Everybody signs in again")
	for {
		if _, _, err := rosa.Read(ctx); err != nil {
			if ctx.Err() != nil {
				t.Error("the connection stays open")
			}
			break
		}
	}
	if status, answer := s.call(http.MethodGet, "/api/v1/unread", ana, "", ""); status != http.StatusUnauthorized {
		t.Errorf("a token of before: %d %s", status, answer)
	}
	s.says(s.token("ana"), c, "After it.")
	s.stop(os.Interrupt)
}

// An asynchronous standby lacks what its primary committed last. What was
// acknowledged is lost with it; what pages show is right all the same.
func TestAfterAFailoverThatLostCommitsClientsShowWhatThereIs(t *testing.T) {
	primary := postgrestest.Start(t, postgrestest.Options{Settings: map[string]string{"synchronous_commit": "on"}})
	d := primary.Database(t)
	at := postgrestest.NewAddress(t, primary)
	all := shared{t, []string{"DATABASE_URL=" + d.By(at.String()).URL}}.withSchool()
	s := all.serve()
	c := s.write()
	ana := s.token("ana")
	o := &outsider{t: t, at: s, token: s.token("rosa"), conversation: c}
	standby := primary.Standby(t)
	s.says(ana, c, "Two.")
	o.until(2, "How is he?", "Two.")
	standby.Applied(t, primary)
	standby.Unfollow(t)
	for _, body := range []string{"Lost three.", "Lost four.", "Lost five."} {
		s.says(ana, c, body)
	}
	o.until(5, "How is he?", "Two.", "Lost three.", "Lost four.", "Lost five.")
	epoch := o.epoch

	primary.Kill(t)
	standby.Promote(t)
	at.Point(standby)
	want := []string{"How is he?", "Two.", "New three.", "New four.", "New five.", "New six."}
	for _, body := range want[2:] {
		s.says(ana, c, body)
	}
	o.until(6, want...)
	if o.epoch == epoch {
		t.Error("the promoted standby is told as the primary before")
	}
	all.run("verify").expect(t, 0, "1 conversation, 6 messages")
	s.stop(os.Interrupt)
}

func TestACopyHasAnEpochOfItsOwn(t *testing.T) {
	s := startServe(t, lincoln(t))
	c := s.write()
	o := &outsider{t: t, at: s, token: s.token("rosa"), conversation: c}
	o.until(1, "How is he?")
	epoch, db := o.epoch, postgrestest.Open(t)
	s.stop(os.Interrupt)
	run(t, "copy", "--data", s.data, "--to", db.Owner).expect(t, 0)
	node := startWith(t, folder(t), []string{"DATABASE_URL=" + db.URL}, "serve", "--listen", "127.0.0.1:0", "--drain-window", "0s")
	node.says(node.token("ana"), c, "Over there.")
	o.at, o.ws = node, nil
	o.until(2, "How is he?", "Over there.") // still signed in
	if o.epoch == epoch {
		t.Error("the copy is told as its source")
	}
	node.stop(os.Interrupt)
}
