package sample

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/store/sqlite"
)

// The letters go through the hub, which refuses what the rules do not allow.
func TestTheLettersKeepTheRulesOnEveryDay(t *testing.T) {
	for _, day := range days {
		now := day.Time().Add(16 * time.Hour)
		store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "sample.db"))
		if err != nil {
			t.Fatal(err)
		}
		if err := Found(t.Context(), store, now); err != nil {
			t.Errorf("%s: %v", day, err)
		}
		if day == days[0] {
			letters(t, store, now)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
}

// letters holds what one sees first in the demo.
func letters(t *testing.T, store *sqlite.Store, now time.Time) {
	districts, err := store.Districts(t.Context())
	if err != nil || len(districts) != 1 {
		t.Fatal(len(districts), err)
	}
	w := writer{store: store, district: districts[0].ID, now: now}
	for id, want := range map[string]struct{ letters, unread int }{
		"ana-ruiz": {2, 2}, "marco-ruiz": {1, 3}, "priya-nair": {1, 0}, "daniel-brooks": {1, 0}, "wei-chen": {5, 1},
		"grace-okafor": {4, 2}, "chidi-okafor": {2, 5}, "tobias-falk": {0, 0},
	} {
		who, err := w.actor(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		page, err := at(store, now).Inbox(t.Context(), who, hub.InboxQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Rows) != want.letters || page.Head.Unread != int64(want.unread) {
			t.Errorf("%s has %d conversations and %d unread, want %+v", id, len(page.Rows), page.Head.Unread, want)
		}
	}
	who, err := w.actor(t.Context(), bounces)
	if err != nil {
		t.Fatal(err)
	}
	reached, err := store.Addresses(t.Context(), who.District, []uuid.UUID{who.Person})
	if err != nil || len(reached) != 1 || reached[0].State != notify.AddressBounced {
		t.Errorf("whose mails come back is reached at %+v, %v", reached, err)
	}
}
