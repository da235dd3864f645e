package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/homeline/homeline/cmd/homeline/sample"
	"github.com/homeline/homeline/store/sqlite"
)

// demoFolder is a data folder that the demo made: in it anybody may be anybody,
// so it must be no other.
type demoFolder struct{ dataFolder }

const (
	// demoMark is the file by which the demo knows its own folders.
	demoMark = "THIS-IS-A-DEMO.txt"
	demoText = "homeline demo made this folder. Nothing in it is real, and whoever opens it may be anybody. Delete it to begin anew.\n"
	// unfinished begins the names of folders in which a school is being made.
	unfinished = ".making-"
)

// own marks a new or empty folder as the demo's, and refuses one that is not.
func (f demoFolder) own() error {
	if _, err := os.Stat(filepath.Join(f.Data, demoMark)); err == nil {
		return nil
	}
	entries, err := os.ReadDir(f.Data)
	switch {
	case err == nil && len(entries) > 0:
		return fmt.Errorf("the folder %s was not made by the demo, which opens no other: name another with --data, or serve it with `homeline serve`", f.Data)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the demo's folder: %w", err)
	}
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return fmt.Errorf("the demo's folder: %w", err)
	}
	if err := os.WriteFile(filepath.Join(f.Data, demoMark), []byte(demoText), 0o600); err != nil {
		return fmt.Errorf("the demo's folder: %w", err)
	}
	return nil
}

// make makes the school where there is none yet, and says how long it took. It
// is there whole or not at all: it is made aside and moved into place.
func (f demoFolder) make(ctx context.Context) (time.Duration, error) {
	if f.made() {
		return 0, nil
	}
	begun := time.Now()
	aside, err := os.MkdirTemp(f.Data, unfinished)
	if err != nil {
		return 0, fmt.Errorf("the demo's folder: %w", err)
	}
	defer os.RemoveAll(aside)
	file := filepath.Join(aside, filepath.Base(f.database()))
	if err := found(ctx, file); err != nil {
		return 0, fmt.Errorf("making the sample school: %w", err)
	}
	if f.made() {
		return 0, nil // another demo was faster
	}
	if err := os.Rename(file, f.database()); err != nil {
		return 0, fmt.Errorf("the demo's folder: %w", err)
	}
	return time.Since(begun), nil
}

func (f demoFolder) made() bool {
	_, err := os.Stat(f.database())
	return err == nil
}

func found(ctx context.Context, file string) error {
	store, err := sqlite.Open(ctx, file)
	if err != nil {
		return err
	}
	return errors.Join(sample.Found(ctx, store, time.Now()), store.Close())
}

// sweep removes what demos left that were killed while they made the school.
// Only who holds the finished one may: nobody makes another beside it.
func (f demoFolder) sweep() {
	left, err := filepath.Glob(filepath.Join(f.Data, unfinished+"*"))
	if err != nil {
		return
	}
	for _, folder := range left {
		os.RemoveAll(folder)
	}
}
