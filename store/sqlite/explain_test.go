//go:build linux

package sqlite

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/disktest"
	"github.com/homeline/homeline/store/storetest"
)

func TestAFileOnAReadOnlyMountIsRefusedInWords(t *testing.T) {
	disktest.AsRoot(t, func(t *testing.T) {
		folder := disktest.Small(t, 32<<20)
		path := filepath.Join(folder, "school.db")
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		storetest.Settle(t, s, 2)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		disktest.ReadOnly(t, folder)
		_, err = OpenReadOnly(t.Context(), path)
		for _, words := range []string{path, "nothing can be written into the folder (read-only file system)", "copy school.db", "into a folder that can be written"} {
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("it does not say %q: %v", words, err)
			}
		}
		if _, err = Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "read-only file system") {
			t.Errorf("opened to serve: %v", err)
		}
	})
}

// copyOpen is for a file that is open: what its process has not closed is there as
// after a crash.
func copyOpen(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestABackupBesideAnOldLogIsRefusedInWords(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "now.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	v := storetest.Settle(t, s, 2)
	backup := filepath.Join(folder, "backup.db")
	if _, err := s.writer.ExecContext(t.Context(), `VACUUM INTO ?`, backup); err != nil {
		t.Fatal(err)
	}
	c := v.Talk(v.People...)
	for range 300 {
		letter := v.Letter(c, v.People[0])
		letter.Body = strings.Repeat(uuid.NewString(), 100)
		if _, err := v.Post(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
	}
	for name, open := range map[string]func(path string) error{
		"to serve": func(path string) error {
			s, err := Open(t.Context(), path)
			if err == nil {
				_ = s.Close()
			}
			return err
		},
		"to verify": func(path string) error {
			r, err := OpenReadOnly(t.Context(), path)
			if err == nil {
				_ = r.Close()
			}
			return err
		},
	} {
		restored := filepath.Join(t.TempDir(), "school.db")
		copyOpen(t, backup, restored)
		copyOpen(t, path+"-wal", restored+"-wal")
		err := open(restored)
		if err == nil || !strings.Contains(err.Error(), "school.db does not fit the school.db-wal that lies beside it") || !strings.Contains(err.Error(), "homeline restore") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(restored + "-wal"); err != nil {
			t.Errorf("%s: what was left is gone: %v", name, err)
		}
	}
}

func TestADamagedFileIsCalledSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "school.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "school.db is damaged, or no file of SQLite: restore a backup") {
		t.Errorf("%v", err)
	}
}
