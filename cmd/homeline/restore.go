package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/store/sqlite"
	check "github.com/homeline/homeline/store/verify"
	"github.com/homeline/homeline/transport/control"
)

type restore struct {
	installation
	File          string `arg:"" optional:"" type:"path" help:"The backup of a SQLite file. With DATABASE_URL none: restore with the tools of PostgreSQL first."`
	AllowFindings bool   `help:"Restore also what verify finds wrong, as it is."`
}

// Run puts a backup in place, or makes of a database that was restored one with a
// history of its own.
func (r restore) Run(ctx context.Context, c console) error {
	switch {
	case r.DatabaseURL != "" && r.File != "":
		return errors.New("the database is PostgreSQL (DATABASE_URL): restore into it with pg_restore or from a base backup, then run homeline restore without a file; or unset DATABASE_URL")
	case r.DatabaseURL != "":
		return r.inPostgres(ctx, c)
	case r.File == "":
		return errors.New("name the backup: homeline restore FILE")
	}
	return r.inPlace(ctx, c)
}

func (r restore) inPlace(ctx context.Context, c console) error {
	if err := r.prepare(); err != nil {
		return err
	}
	done, err := sqlite.Restore(ctx, r.File, r.database(), sqlite.RestoreOptions{
		Finding: func(f check.Finding) { c.printf("%s\n", f) }, AllowFindings: r.AllowFindings, Now: time.Now(),
	})
	switch {
	case errors.Is(err, sqlite.ErrInUse):
		if server, dialled := control.Dial(ctx, r.socket()); dialled == nil {
			return errors.Join(fmt.Errorf("nothing was restored: a server runs on %s: stop it first", r.Data), server.Close())
		}
		return fmt.Errorf("nothing was restored: %w", err)
	case errors.Is(err, sqlite.ErrFindings):
		return fmt.Errorf("nothing was restored: %w; --allow-findings restores it as it is", err)
	case err != nil:
		return fmt.Errorf("nothing was restored: %w", err)
	}
	c.printf("Restored %s: %s, %s.\n", r.File, counted(done.Verified.Conversations, "conversation"), counted(done.Verified.Messages, "message"))
	if done.Kept != "" {
		c.printf("What was there is kept as %s.\n", done.Kept)
	}
	printEnded(c, done.Ended)
	return nil
}

func (r restore) inPostgres(ctx context.Context, c console) error {
	s, err := r.openPostgres(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	epoch, err := s.Epoch(ctx)
	if err == nil {
		_, err = s.RenewEpoch(ctx, epoch)
	}
	var ended identity.Ended
	if err == nil {
		ended, err = s.EndAll(ctx)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return fmt.Errorf("it is not known what was done, and does no harm to do again: %w", err)
	}
	printEnded(c, ended)
	c.printf("homeline verify checks what was restored.\n")
	return nil
}

func printEnded(c console, e identity.Ended) {
	c.printf("Ended: %s, %s, %s. Everybody signs in again, and programs need new tokens.\n",
		counted(int(e.Sessions), "session"), counted(int(e.Links), "sign-in link"), counted(int(e.AddressChanges), "address change"))
	c.printf("Open pages and programs read everything again.\n")
}
