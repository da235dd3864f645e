package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/homeline/homeline/store/copying"
	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/store/sqlite"
	check "github.com/homeline/homeline/store/verify"
	"github.com/homeline/homeline/transport/control"
)

type copyTool struct {
	dataFolder
	File          string `help:"Copy this SQLite file, a backup say, instead of the data folder's." type:"path" placeholder:"FILE"`
	To            string `help:"PostgreSQL, empty but for its tables, as the role that ran homeline migrate." placeholder:"URL" env:"HOMELINE_MIGRATE_DATABASE_URL,DATABASE_URL"`
	Check         bool   `help:"Copy nothing: compare what was copied with the file."`
	AllowFindings bool   `help:"Copy also what verify finds wrong, as it is."`
}

// Validate says what is missing on the command line.
func (t copyTool) Validate() error {
	if t.To == "" {
		return errors.New("no database is named: set HOMELINE_MIGRATE_DATABASE_URL, or --to, as the role that ran homeline migrate")
	}
	return nil
}

// Run copies a school from SQLite to PostgreSQL, all of it or nothing.
func (t copyTool) Run(ctx context.Context, c console) error {
	from, err := t.source(ctx)
	if err != nil {
		return err
	}
	defer from.Close()
	begin, do, done := postgres.OpenFilling, copying.Copy, "Copied"
	if t.Check {
		begin, do, done = postgres.OpenFilled, copying.Compare, "Compared"
	}
	to, err := begin(ctx, t.To)
	if err != nil {
		return t.notDone(err)
	}
	defer to.Close()
	began := time.Now()
	shown := newProgress(c)
	report, err := do(ctx, from, to, copying.Options{
		Progress: shown.showCopy, AllowFindings: t.AllowFindings,
		Finding: func(f check.Finding) {
			shown.clear()
			c.printf("%s\n", f)
		},
	})
	shown.clear()
	if err != nil {
		return t.notDone(err)
	}
	printCopied(c, done, report, time.Since(began))
	return nil
}

// source is the file, which no server serves from meanwhile.
func (t copyTool) source(ctx context.Context) (*sqlite.ReadOnly, error) {
	path := t.File
	if path == "" {
		if t.absent() {
			return nil, fmt.Errorf("there is no school in %s to copy: name its folder with --data, or a backup with --file", t.Data)
		}
		path = t.database()
	}
	from, err := sqlite.OpenHeld(ctx, path)
	if !errors.Is(err, sqlite.ErrInUse) || t.File != "" {
		return from, err
	}
	if server, dialled := control.Dial(ctx, t.socket()); dialled == nil {
		return nil, errors.Join(fmt.Errorf("a server runs on %s: stop it first, so that nothing is written while it is copied", t.Data), server.Close())
	}
	return nil, err
}

// notDone says what failed, and whether anything is there.
func (t copyTool) notDone(err error) error {
	switch {
	case errors.Is(err, copying.ErrUncertain):
		return fmt.Errorf("%w; homeline copy --check says it", err)
	case t.Check:
		return err
	case errors.Is(err, copying.ErrNotEmpty):
		return fmt.Errorf("%w; homeline copy --check compares it with the file", err)
	case errors.Is(err, copying.ErrFindings):
		return fmt.Errorf("%w: nothing was copied; --allow-findings copies it as it is", err)
	case errors.Is(err, context.Canceled):
		return errors.New("interrupted: nothing was copied")
	}
	if errors.Is(err, postgres.ErrNotOwner) {
		return fmt.Errorf("nothing was copied: %w, in HOMELINE_MIGRATE_DATABASE_URL or --to", err)
	}
	var unfit *copying.UnfitError
	if errors.As(err, &unfit) {
		return err
	}
	return fmt.Errorf("nothing was copied: %w", err)
}
