//go:build linux

package postgres

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/disktest"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

func TestADatabaseWhoseDiskIsFullIsNotReadyUntilThereIsRoom(t *testing.T) {
	if os.Geteuid() != 0 { // then no disk can be filled: PostgreSQL runs in no namespace whose root we are
		v := settle(t, 2)
		v.s.full.Store(true)
		if err := v.s.Ready(t.Context()); err != nil || v.s.full.Load() {
			t.Errorf("with room: %v", err)
		}
		return
	}
	folder := disktest.Small(t, 64<<20)
	v := settleIn(t, postgrestest.Shared(t).DatabaseIn(t, folder), 2)
	c := v.Talk(v.People...)
	becomesReady(t, v.s)
	free := disktest.Fill(t, folder)
	letter, err := v.sendUntilRefused(c)
	if !isCode(err, diskFull) || hub.CodeOf(err) != hub.CodeBusy {
		t.Errorf("a send without room: %v", err)
	}
	var storage *hub.StorageError
	for range 3 {
		if err := v.s.Ready(t.Context()); !errors.As(err, &storage) || !strings.Contains(storage.Why, "the disk of the database is full") {
			t.Errorf("without room: %v", err)
		}
	}
	if _, err := v.Inbox(t.Context(), v.ID, v.People[1], hub.InboxQuery{}); err != nil {
		t.Errorf("reading without room: %v", err)
	}
	free()
	becomesReady(t, v.s)
	if r, err := v.Post(t.Context(), letter); err != nil || r.Repeated {
		t.Errorf("sent again: %+v, %v", r, err)
	}
	v.unharmed()
}

// sendUntilRefused sends until something is wrong, and gives that letter.
func (v *village) sendUntilRefused(c uuid.UUID) (hub.Post, error) {
	v.T.Helper()
	for range 10_000 {
		letter := v.Letter(c, v.People[0])
		letter.Body = strings.Repeat(uuid.NewString(), 250)
		if _, err := v.Post(v.T.Context(), letter); err != nil {
			return letter, err
		}
	}
	v.T.Fatal("the disk does not become full")
	return hub.Post{}, nil
}
