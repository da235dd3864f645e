package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/google/uuid"
)

// ReadOnly is a file opened to be looked at: beside another process that serves
// from it, or held so that none does.
type ReadOnly struct {
	pool *sql.DB
	lock *fileLock
}

// OpenReadOnly opens an existing file without changing or locking it. Its
// tables must be of this program's version.
func OpenReadOnly(ctx context.Context, path string) (*ReadOnly, error) {
	return openReadOnly(ctx, path, lockInProcess)
}

// OpenHeld is OpenReadOnly of a file that stays as it is until it is closed:
// nothing may serve from it, see [ErrInUse], nor begin to.
func OpenHeld(ctx context.Context, path string) (*ReadOnly, error) {
	return openReadOnly(ctx, path, lockFile)
}

func openReadOnly(ctx context.Context, path string, take func(path string) (*fileLock, error)) (*ReadOnly, error) {
	path, err := canonical(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open %s: there is no such file", path)
	}
	lock, err := take(path)
	if err != nil {
		return nil, err
	}
	pool, err := openPool(ctx, path, inspecting, 1)
	if err == nil {
		if err = checkVersion(ctx, pool); err == nil {
			return &ReadOnly{pool: pool, lock: lock}, nil
		}
		err = errors.Join(err, pool.Close())
	}
	return nil, errors.Join(fmt.Errorf("open %s to read: %w", path, explain(path, err)), lock.release())
}

// View runs do over one state of the file.
func (r *ReadOnly) View(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := r.pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return readFailure(ctx, err)
	}
	defer tx.Rollback()
	return do(tx)
}

// Verify is as [Store.Verify].
func (r *ReadOnly) Verify(ctx context.Context, district uuid.UUID, report func(Finding)) (Summary, error) {
	return verifyFile(ctx, r.pool, district, report)
}

// Close closes the file.
func (r *ReadOnly) Close() error { return errors.Join(r.pool.Close(), r.lock.release()) }
