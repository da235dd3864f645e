package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/google/uuid"
)

// epochOf opens a file, asks for its epoch, and closes it.
func epochOf(t *testing.T, path string) uuid.UUID {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	epoch, err := s.Epoch(t.Context())
	if err != nil || epoch.Version() != 4 {
		t.Fatalf("the epoch is %s, %v", epoch, err)
	}
	return epoch
}

func TestAFileKeepsItsEpochAndABackupThatIsOpenedHasAnother(t *testing.T) {
	folder := t.TempDir()
	path, backup := filepath.Join(folder, "homeline.db"), filepath.Join(folder, "backup.db")
	first := epochOf(t, path)
	if again := epochOf(t, path); again != first {
		t.Errorf("opened again, it has %s instead of %s", again, first)
	}
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.writer.ExecContext(t.Context(), `VACUUM INTO ?`, backup)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	restored := epochOf(t, backup)
	if restored == first {
		t.Error("a backup is told as the history that it was made from")
	}
	if again := epochOf(t, backup); again != restored {
		t.Errorf("opened again, the backup has %s instead of %s", again, restored)
	}
	if again := epochOf(t, path); again != first {
		t.Errorf("the file has %s instead of %s since a backup was made", again, first)
	}
}
