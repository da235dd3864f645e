package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// ErrInUse: the file is open already, in this process or another. Two writers
// would each serve their own people and not hear of the other's commits.
var ErrInUse = errors.New("the database is in use")

// opened are the files open in this process. The operating system's lock alone
// would say the same, but not where the other one is.
var opened sync.Map

// fileLock holds a database for this process through a lock on path.lock. The
// database file itself cannot be locked so: SQLite's own locks are on it.
type fileLock struct {
	path string
	file *flock.Flock // nil where it is open only to be read
}

func lockFile(path string) (*fileLock, error) {
	path, err := canonical(path)
	if err != nil {
		return nil, err
	}
	lock, err := lockInProcess(path)
	if err != nil {
		return nil, err
	}
	lock.file = flock.New(path+".lock", flock.SetPermissions(0o600))
	locked, err := lock.file.TryLock()
	switch {
	case err != nil:
		err = fmt.Errorf("lock %s.lock: %w", path, err)
	case !locked:
		err = fmt.Errorf("open %s: %w by another process (it holds %s.lock): stop that one first", path, ErrInUse, path)
	default:
		return lock, nil
	}
	return nil, errors.Join(err, lock.release())
}

// lockInProcess takes a file, by its canonical path, for one opening of it in
// this process.
func lockInProcess(path string) (*fileLock, error) {
	if _, taken := opened.LoadOrStore(path, true); taken {
		return nil, fmt.Errorf("open %s: %w by this process: open it once and share it", path, ErrInUse)
	}
	return &fileLock{path: path}, nil
}

// release leaves the lock file where it is: removing it would let a third
// process lock a new one while a second waits for the old.
func (l *fileLock) release() error {
	opened.Delete(l.path)
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// canonical is one name for a file however it is reached; the file itself need
// not exist.
func canonical(path string) (string, error) {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved
	} else if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(folder, filepath.Base(path))
	} else {
		return "", fmt.Errorf("open %s: %w", path, err)
	}
	return filepath.Abs(path)
}
