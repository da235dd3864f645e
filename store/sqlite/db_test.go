package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFileIsOpenOnlyOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "same.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, link} {
		if _, err := Open(t.Context(), p); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "by this process") {
			t.Errorf("opening %s a second time: %v", p, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), path)
	if err != nil {
		t.Fatalf("after closing: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
