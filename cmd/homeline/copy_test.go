package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/sqlite"
)

// written is a school with a letter and its answer, whose server has stopped.
func written(t *testing.T) (data string) {
	t.Helper()
	s := startServe(t, lincoln(t))
	c := s.write()
	path := "/api/v1/conversations/" + c.String() + "/messages"
	if status, answer := s.call(http.MethodPost, path, s.token("rosa"), uuid.NewString(), `{"body":"Well, thank you."}`); status != http.StatusCreated {
		t.Fatalf("sending: %d %s", status, answer)
	}
	s.stop(os.Interrupt)
	return s.data
}

func TestASchoolIsCopiedIntoPostgreSQLAndGoesOnThere(t *testing.T) {
	data, db := written(t), postgrestest.Open(t)
	copied := run(t, "copy", "--data", data, "--to", db.Owner)
	copied.expect(t, 0, "Copied", "a second", "Every message is as it was sent")
	if !regexp.MustCompile(`(?m)^ *message +2$`).MatchString(copied.out) {
		t.Errorf("it does not count two messages:\n%s", copied.out)
	}
	run(t, "copy", "--data", data, "--to", db.Owner).expect(t, statusFailed, "not empty", "--check")
	env := []string{"DATABASE_URL=" + db.URL}
	runWith(t, env, "copy", "--check", "--data", data).expect(t, 0, "Compared", "by number and digest")
	runWith(t, env, "verify", "--data", folder(t)).expect(t, 0, "1 conversation, 2 messages", "Every message is as it was sent")

	s := startWith(t, folder(t), env, "serve", "--listen", "127.0.0.1:0", "--drain-window", "0s")
	s.write()
	s.stop(os.Interrupt)
	runWith(t, env, "copy", "--check", "--data", data).expect(t, statusFailed, "the databases differ", "message has 3 rows, the file 2")
}

func TestASchoolThatIsServedIsNotCopied(t *testing.T) {
	s := startServe(t, lincoln(t))
	db := postgrestest.Open(t)
	run(t, "copy", "--data", s.data, "--to", db.Owner).expect(t, statusFailed, "a server runs on "+s.data, "stop it first")
	run(t, "copy", "--file", filepath.Join(s.data, "homeline.db"), "--to", db.Owner).expect(t, statusFailed, "in use by another process")
	s.stop(os.Interrupt)
	node := startWith(t, folder(t), []string{"DATABASE_URL=" + db.URL}, "serve", "--listen", "127.0.0.1:0", "--drain-window", "0s")
	run(t, "copy", "--data", s.data, "--to", db.Owner).expect(t, statusFailed, "nodes serve from the database")
	node.stop(os.Interrupt)
	run(t, "copy", "--data", s.data, "--to", db.Owner).expect(t, 0)
}

func TestACopySaysWhatIsMissing(t *testing.T) {
	data, db := lincoln(t), postgrestest.Open(t)
	run(t, "copy", "--data", data).expect(t, 80, "--to", "HOMELINE_MIGRATE_DATABASE_URL")
	run(t, "copy", "--data", folder(t), "--to", db.Owner).expect(t, statusFailed, "there is no school in")
	run(t, "copy", "--data", data, "--to", db.URL).expect(t, statusFailed, "does not own the tables", "homeline migrate", "HOMELINE_MIGRATE_DATABASE_URL")
	run(t, "copy", "--data", data, "--to", postgrestest.Shared(t).Empty(t).Owner).expect(t, statusFailed, "run homeline migrate first")
}

// halted is a copy that has come to the second message: somebody else is about
// to write it, and the server has it wait whether that is committed.
func halted(t *testing.T, data string, db postgrestest.Database) (c *exec.Cmd, said *strings.Builder, letGo func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	conn, err := pgx.Connect(ctx, db.Admin)
	if err != nil {
		t.Fatal(err)
	}
	file, err := sqlite.OpenReadOnly(ctx, filepath.Join(data, "homeline.db"))
	if err != nil {
		t.Fatal(err)
	}
	tx := secondMessage(ctx, t, conn, file)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	said = &strings.Builder{}
	c = program(ctx, "copy", "--data", data, "--to", db.Owner)
	c.Stdout, c.Stderr = said, said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	awaitCopies(ctx, t, db, 1)
	return c, said, func() {
		_ = tx.Rollback(context.Background()) // the server may be gone
		_ = conn.Close(context.Background())
	}
}

// secondMessage writes the second message of the file, and does not commit it.
func secondMessage(ctx context.Context, t *testing.T, conn *pgx.Conn, file *sqlite.ReadOnly) pgx.Tx {
	t.Helper()
	var district, conversation, key []byte
	err := file.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRow(`SELECT district, conversation, key FROM message WHERE seq = 2`).Scan(&district, &conversation, &key)
	})
	if err != nil {
		t.Fatal(err)
	}
	tx, err := conn.Begin(ctx)
	if err == nil {
		_, err = tx.Exec(ctx, `SET LOCAL session_replication_role = replica`) // no keys are looked up
	}
	if err == nil {
		_, err = tx.Exec(ctx, `INSERT INTO message (district, conversation, seq, sender, sent_at, key, hash, body)
			VALUES ($1, $2, 2, $3, now(), $3, sha256('x'), '')`, [16]byte(district), [16]byte(conversation), [16]byte(key))
	}
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

// awaitCopies waits until so many copies wait in the middle of a table.
func awaitCopies(ctx context.Context, t *testing.T, db postgrestest.Database, want int) {
	t.Helper()
	conn, err := pgx.Connect(ctx, db.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for {
		var n int
		err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'homeline copy'
			AND ($1 = 0 OR wait_event_type = 'Lock' AND query LIKE 'copy %message%')`, want).Scan(&n)
		switch {
		case err != nil:
			t.Fatal(err)
		case n == want:
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%d copies are under way, not %d", n, want)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestACopyThatIsCutOffLeavesNothingAndStartsAgain(t *testing.T) {
	data := written(t)
	for name, how := range map[string]struct {
		signal syscall.Signal
		says   string
	}{
		"by Ctrl-C": {syscall.SIGINT, "interrupted: nothing was copied"},
		"by kill":   {syscall.SIGKILL, ""},
	} {
		t.Run(name, func(t *testing.T) {
			db := postgrestest.Open(t)
			c, said, letGo := halted(t, data, db)
			if err := c.Process.Signal(how.signal); err != nil {
				t.Fatal(err)
			}
			cutOff(t, c, said, how.says)
			letGo()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			awaitCopies(ctx, t, db, 0)
			startsAgain(t, data, db)
		})
	}
	t.Run("by the server's death", func(t *testing.T) {
		server := postgrestest.Start(t, postgrestest.Options{Durable: true})
		db := server.Database(t)
		c, said, letGo := halted(t, data, db)
		server.Kill(t)
		cutOff(t, c, said, "nothing was copied: copying message")
		letGo()
		server.Restart(t)
		startsAgain(t, data, db)
	})
}

func cutOff(t *testing.T, c *exec.Cmd, said *strings.Builder, words string) {
	t.Helper()
	var ended *exec.ExitError
	if err := c.Wait(); !errors.As(err, &ended) || !strings.Contains(said.String(), words) {
		t.Errorf("the copy ended with %v and said\n%s", err, said)
	}
}

// startsAgain holds where nothing of a copy is there, and another succeeds.
func startsAgain(t *testing.T, data string, db postgrestest.Database) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, table := range []string{"district", "person", "participant", "message"} {
		var n int
		if err := conn.QueryRow(t.Context(), fmt.Sprintf(`SELECT count(*) FROM %s`, table)).Scan(&n); err != nil || n > 0 {
			t.Errorf("there are %d rows in %s: %v", n, table, err)
		}
	}
	run(t, "copy", "--data", data, "--to", db.Owner).expect(t, 0, "Every message is as it was sent")
}

func TestACopySaysThatItsTargetIsNotReached(t *testing.T) {
	r := run(t, "copy", "--data", written(t), "--to", "postgres://homeline:secret@127.0.0.1:1/homeline")
	r.expect(t, statusFailed, "--to: nobody answers at 127.0.0.1:1")
	if strings.Contains(r.err, "DATABASE_URL") || strings.Contains(r.err, "secret") {
		t.Errorf("another setting is named, or the password:\n%s", r.err)
	}
}
