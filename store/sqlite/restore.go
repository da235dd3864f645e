package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
)

// RestoreOptions are how a backup is restored.
type RestoreOptions struct {
	Finding func(Finding) // told of what a verification of the backup finds
	// AllowFindings restores what a verification finds wrong, as it is.
	AllowFindings bool
	Now           time.Time
}

// Restored is what was put in place.
type Restored struct {
	Verified Summary
	Ended    identity.Ended
	Kept     string // where the database is that was in its place; empty if there was none
}

// ErrFindings: a backup is not what was sent.
var ErrFindings = errors.New("somebody or something changed what was sent")

// Restore puts a backup in place of the database at a path, from which nothing may
// serve: checked, with the tables of this program, an epoch of its own, and
// without the sessions and links of its day. What was there is kept beside it. If
// it fails, everything is as it was.
func Restore(ctx context.Context, backup, path string, o RestoreOptions) (done Restored, err error) {
	lock, err := lockFile(path)
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	if err := mayReplace(backup, lock.path); err != nil {
		return Restored{}, err
	}
	fresh := lock.path + ".restoring"
	defer removeAll(fresh)
	removeAll(fresh)
	if err := copyFile(ctx, backup, fresh); err != nil {
		return Restored{}, fmt.Errorf("copy %s: %w", backup, err)
	}
	if done, err = prepareBackup(ctx, fresh, o); err != nil {
		return done, fmt.Errorf("%s: %w", backup, err)
	}
	if done.Kept, err = keepAside(ctx, lock.path, o.Now); err != nil {
		return done, err
	}
	for _, empty := range []string{"-wal", "-shm"} {
		_ = os.Remove(lock.path + empty)
	}
	if err := os.Rename(fresh, lock.path); err != nil {
		return done, err
	}
	return done, syncFile(filepath.Dir(lock.path))
}

// mayReplace refuses what would mix two databases. SQLite reads a -wal that lies
// beside a file as a part of it.
func mayReplace(backup, path string) error {
	from, err := os.Stat(backup)
	if err != nil {
		return fmt.Errorf("the backup: %w", err)
	}
	if !from.Mode().IsRegular() {
		return fmt.Errorf("the backup %s is no file", backup)
	}
	if there, err := os.Stat(path); err == nil && os.SameFile(from, there) {
		return fmt.Errorf("the backup %s is the database itself", backup)
	}
	if left := leftover(backup); left != "" {
		return fmt.Errorf("beside the backup lies %s: it is a copy of a database in use, and may lack what was written last; make backups with VACUUM INTO, which gives one whole file", left)
	}
	if left := leftover(path); left != "" {
		return fmt.Errorf("%s is left of the database that was here, and would be mixed into the restored one: if %s is still that database, start and stop the server once, so that it takes everything in; then, or if it is not, move %s away and run this again", left, path, left)
	}
	return nil
}

// leftover returns the file beside a database in which something may be that the
// database lacks. An empty -wal, with its -shm, is all that looking leaves.
func leftover(path string) string {
	wal, err := os.Stat(path + "-wal")
	switch {
	case err == nil && wal.Size() > 0:
		return path + "-wal"
	case err != nil && exists(path+"-shm"):
		return path + "-shm"
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// prepareBackup makes of a copy of a backup what can serve.
func prepareBackup(ctx context.Context, path string, o RestoreOptions) (done Restored, err error) {
	if err := isOurs(ctx, path); err != nil {
		return done, err
	}
	s, err := Open(ctx, path)
	if err != nil {
		return done, err
	}
	defer func() {
		if err = errors.Join(err, s.Close()); err == nil && exists(path+"-wal") {
			err = errors.New("it could not be closed as one whole file")
		}
	}()
	report := o.Finding
	if report == nil {
		report = func(Finding) {}
	}
	if done.Verified, err = s.Verify(ctx, uuid.Nil, report); err != nil {
		return done, err
	}
	if done.Verified.Findings > 0 && !o.AllowFindings {
		return done, ErrFindings
	}
	epoch, err := s.Epoch(ctx)
	if err == nil {
		_, err = s.RenewEpoch(ctx, epoch)
	}
	if err == nil {
		done.Ended, err = s.EndAll(ctx)
	}
	return done, err
}

// isOurs refuses what is no database of Homeline: opening it would make one of it.
func isOurs(ctx context.Context, path string) error {
	pool, err := openPool(ctx, path, inspecting, 1)
	if err != nil {
		return fmt.Errorf("this is not a file of Homeline: %w", err)
	}
	var version int64
	err = pool.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&version)
	if err != nil {
		err = fmt.Errorf("this is not a file of Homeline: %w", err)
	}
	return errors.Join(err, pool.Close())
}

// keepAside gives what is at a path a second name, so that at no moment nothing is
// there.
func keepAside(ctx context.Context, path string, now time.Time) (kept string, err error) {
	if !exists(path) {
		return "", nil
	}
	kept = path + ".before-" + now.UTC().Format("20060102T150405Z")
	err = os.Link(path, kept)
	if err != nil { // not all file systems can
		err = copyFile(ctx, path, kept)
	}
	if err != nil {
		return "", fmt.Errorf("keep the database that is there: %w", err)
	}
	return kept, nil
}

// copyFile makes a file that only its owner may read, and that is on the disk.
func copyFile(ctx context.Context, from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			_ = os.Remove(to)
		}
	}()
	for {
		switch _, err := io.CopyN(out, in, 16<<20); {
		case errors.Is(err, io.EOF):
			return out.Sync()
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
}

// syncFile has the names in a folder, or what a file holds, on the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removeAll(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		_ = os.Remove(path + suffix)
	}
}
