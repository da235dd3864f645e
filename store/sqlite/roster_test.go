package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/storetest"
)

func TestRoster(t *testing.T) {
	storetest.Roster(t, func(t *testing.T) roster.Store { return openTemp(t) })
}

func openTemp(t testing.TB) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "homeline.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
