//go:build linux

package sqlite

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/disktest"
	"github.com/homeline/homeline/store/storetest"
)

// onSmallDisk is a village whose file has little room to grow.
func onSmallDisk(t *testing.T) (v *storetest.Village, s *Store, folder string) {
	t.Helper()
	folder = disktest.Small(t, 32<<20)
	s, err := Open(t.Context(), filepath.Join(folder, "school.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return storetest.Settle(t, s, 2), s, folder
}

// sendUntilFull sends until a letter finds no room, and gives that one.
func sendUntilFull(t *testing.T, v *storetest.Village, c uuid.UUID) hub.Post {
	t.Helper()
	for range 10_000 {
		letter := v.Letter(c, v.People[0])
		letter.Body = strings.Repeat("No room. ", 1000)
		_, err := v.Post(t.Context(), letter)
		if err != nil {
			if hub.CodeOf(err) != hub.CodeBusy {
				t.Errorf("a send on a full disk: %v", err)
			}
			return letter
		}
	}
	t.Fatal("the disk does not become full")
	return hub.Post{}
}

func TestAFullDiskIsNotReadyAndComesBackWithTheRoom(t *testing.T) {
	disktest.AsRoot(t, func(t *testing.T) {
		v, s, folder := onSmallDisk(t)
		if err := s.Ready(t.Context()); err != nil {
			t.Errorf("with room: %v", err)
		}
		c := v.Talk(v.People...)
		free := disktest.Fill(t, folder)
		letter := sendUntilFull(t, v, c)
		var storage *hub.StorageError
		for range 3 {
			if err := s.Ready(t.Context()); !errors.As(err, &storage) || !strings.Contains(storage.Why, "the disk is full") {
				t.Errorf("without room: %v", err)
			}
		}
		if _, err := v.Inbox(t.Context(), v.ID, v.People[1], hub.InboxQuery{}); err != nil {
			t.Errorf("reading without room: %v", err)
		}
		free()
		if err := s.Ready(t.Context()); err != nil {
			t.Errorf("with room again: %v", err)
		}
		if r, err := v.Post(t.Context(), letter); err != nil || r.Repeated {
			t.Errorf("sent again: %+v, %v", r, err)
		}
	})
}

func TestAFullDiskIsNoticedBeforeAnythingIsSent(t *testing.T) {
	disktest.AsRoot(t, func(t *testing.T) {
		_, s, folder := onSmallDisk(t)
		free := disktest.Fill(t, folder)
		var storage *hub.StorageError
		// Until the log that is there already is used up, things are stored.
		for range 2000 {
			if err := s.Ready(t.Context()); errors.As(err, &storage) {
				free()
				return
			}
		}
		t.Error("it stays ready")
	})
}
