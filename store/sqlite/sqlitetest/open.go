// Package sqlitetest opens stores for tests in copies of one file, so that not
// every test makes the tables anew: with the race detector that takes longer
// than most of them.
package sqlitetest

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Open opens a store without a district at the path, as sqlite.Open, which it is
// given, does, and closes it when the test ends.
func Open[S io.Closer](t testing.TB, path string, open func(ctx context.Context, path string) (S, error)) S {
	t.Helper()
	file, err := empty.bytes(func(path string) (io.Closer, error) { return open(context.Background(), path) })
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := open(t.Context(), path)
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

// empty is what all begin with.
var empty template

type template struct {
	once sync.Once
	file []byte
	err  error
}

func (e *template) bytes(open func(path string) (io.Closer, error)) ([]byte, error) {
	e.once.Do(func() { e.file, e.err = made(open) })
	return e.file, e.err
}

func made(open func(path string) (io.Closer, error)) ([]byte, error) {
	dir, err := os.MkdirTemp("", "homeline-empty-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "homeline.db")
	s, err := open(path)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}
