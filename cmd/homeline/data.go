package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/transport/control"
)

// dataFolder is where a school is kept; all commands know it.
type dataFolder struct {
	Data string `help:"The folder that holds everything." type:"path" default:"homeline-data" env:"HOMELINE_DATA"`
}

func (d dataFolder) database() string { return filepath.Join(d.Data, "homeline.db") }
func (d dataFolder) socket() string   { return filepath.Join(d.Data, "control.sock") }
func (d dataFolder) outbox() string   { return filepath.Join(d.Data, "outbox") }

// school is the school of the folder: through the server that runs there, or
// else opened for as long as the command takes.
func (d dataFolder) school(ctx context.Context) (control.School, io.Closer, error) {
	if err := foreignDatabase(); err != nil {
		return nil, nil, err
	}
	client, err := control.Dial(ctx, d.socket())
	if err == nil {
		return client, client, nil
	}
	if !errors.Is(err, control.ErrNoServer) {
		return nil, nil, err
	}
	if d.absent() {
		return nil, nil, d.errAbsent()
	}
	return d.open(ctx)
}

// absent says whether there is no school in the folder.
func (d dataFolder) absent() bool {
	_, err := os.Stat(d.database())
	return errors.Is(err, os.ErrNotExist)
}

func (d dataFolder) errAbsent() error {
	return fmt.Errorf("there is no school in %s: make one with `homeline district create`, or name another folder with --data", d.Data)
}

// prepare makes the folder where there is none, and takes from everybody but its
// owner what a restored copy may have given them.
func (d dataFolder) prepare() error {
	if err := os.MkdirAll(d.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		path := d.database() + suffix
		info, err := os.Stat(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = os.Chmod(path, 0o600)
		}
		if err != nil {
			return fmt.Errorf("keeping the database to its owner: %w", err)
		}
	}
	return nil
}

// open opens the school in this process; nobody else may have it open.
func (d dataFolder) open(ctx context.Context) (control.School, io.Closer, error) {
	if err := d.prepare(); err != nil {
		return nil, nil, err
	}
	store, err := sqlite.Open(ctx, d.database())
	if err != nil {
		return nil, nil, err
	}
	// No page is open where no server runs: nobody hears of anything.
	return control.Local{
		Hub:     hub.New(store, store, unheard{}, time.Now),
		Store:   store,
		Service: identity.New(store, store, nil, unheard{}, identity.Options{}),
	}, store, nil
}

// unheard are events of a school without open pages.
type unheard struct{}

func (unheard) Publish(context.Context, hub.Event) {}

// foreignDatabase refuses what this version cannot do, rather than to leave it
// unsaid that the data is elsewhere.
func foreignDatabase() error {
	for _, name := range []string{"DATABASE_URL", "REDIS_URL"} {
		if os.Getenv(name) != "" {
			return fmt.Errorf("%s is set, but this version keeps everything in SQLite in the data folder, on one node: unset it", name)
		}
	}
	return nil
}

// schoolOrNew is school, in a folder that may still have to be made.
func (d dataFolder) schoolOrNew(ctx context.Context) (control.School, io.Closer, error) {
	if d.absent() {
		return d.open(ctx)
	}
	return d.school(ctx)
}
