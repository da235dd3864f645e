package browsertest

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/homeline/homeline/store/sqlite"
)

// backUp makes a backup as one makes it beside a running server. What it gives
// back stops the server, puts the backup in place by hand, and starts again.
func (s *school) backUp() (restore func()) {
	s.t.Helper()
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	backup := filepath.Join(s.t.TempDir(), "backup.db")
	db, err := sql.Open("sqlite", s.path)
	must(err)
	_, err = db.ExecContext(s.t.Context(), `VACUUM INTO ?`, backup)
	must(err)
	must(db.Close())
	return func() {
		s.t.Helper()
		s.stop()
		must(s.store.Close())
		content, err := os.ReadFile(backup)
		must(err)
		must(os.WriteFile(s.path, content, 0o600))
		s.store, err = sqlite.Open(s.t.Context(), s.path)
		must(err)
		s.t.Cleanup(func() { _ = s.store.Close() }) // before it is missed
		s.start()
	}
}

// shows waits until the letters on the page are these, in order.
func (w *window) shows(bodies ...string) {
	w.t.Helper()
	w.until("the letters that the server has", `(() => {
		const shown = [...document.querySelectorAll("[data-letters] [data-seq]")];
		const bodies = shown.map((l) => l.querySelector("[data-slot=body]").textContent);
		return JSON.stringify(bodies) === JSON.stringify(%s) && shown.every((l, i) => Number(l.dataset.seq) === i + 1);
	})()`, bodies)
}

func TestAfterARestoredBackupOpenPagesShowWhatTheServerHasWithoutReloading(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	reading := s.window("ana", how{})
	inbox := s.window("ana", how{width: 360, height: 700})
	for w, path := range map[*window]string{reading: "/conversations/" + conversation.String(), inbox: "/inbox"} {
		w.expectsOutage()
		w.open(path)
	}
	reading.unread(0)
	restore := s.backUp()
	for i := range 10 {
		s.reply("ortiz", conversation, fmt.Sprint("Lost ", i))
	}
	lost := s.letter("chen", "Lab coats", "Please bring one.", s.to("ana", "leo"))
	inbox.sees("Lab coats")
	reading.until("all ten letters", `document.querySelectorAll("[data-letters] [data-seq]").length === 11`)
	reading.fill("Your reply", "What I am writing.")
	stayed, inboxStayed := reading.stay(), inbox.stay()

	restore()
	for _, body := range []string{"New one.", "New two."} {
		s.reply("ortiz", conversation, body)
	}
	reading.shows("We go on Friday.", "New one.", "New two.")
	inbox.misses("Lab coats")
	reading.until("what was being written", `document.querySelector("#body").value === "What I am writing."`)
	s.reply("ortiz", conversation, "New three.")
	want := []string{"We go on Friday.", "New one.", "New two.", "New three."}
	reading.shows(want...)
	if got := s.bodies("ana", conversation); !slices.Equal(got, want) {
		t.Errorf("letters: %q", got)
	}
	s.letter("chen", "Microscopes", "They are here.", s.to("ana", "leo"))
	inbox.sees("Microscopes")
	reading.unread(1)
	inbox.unread(1)
	stayed()
	inboxStayed()
	if _, err := s.store.Conversation(t.Context(), s.district.ID, lost, s.person("ana").ID); err == nil {
		t.Error("the conversation that was lost is there")
	}
}
