package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/sqlite"
	check "github.com/homeline/homeline/store/verify"
)

type verify struct {
	installation
	File string `help:"Check this SQLite file, a backup say, instead of the database in use." type:"path" placeholder:"FILE"`
}

// verifier is a database that can be looked through.
type verifier interface {
	Verify(ctx context.Context, district uuid.UUID, report func(check.Finding)) (check.Summary, error)
	Close() error
}

// Run checks everything and prints each finding; exit status 1 where there is any.
func (v verify) Run(ctx context.Context, c console) error {
	db, err := v.open(ctx)
	if err != nil {
		return err
	}
	summary, err := db.Verify(ctx, uuid.Nil, func(f check.Finding) { c.printf("%s\n", f) })
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	c.printf("Looked at %s, %s and %s.\n", counted(summary.Conversations, "conversation"), counted(summary.Messages, "message"), boxes(summary.Inboxes))
	if summary.Findings > 0 {
		return fmt.Errorf("%s: somebody or something changed the database", counted(summary.Findings, "finding"))
	}
	c.printf("Every message is as it was sent, and every count is right.\n")
	return nil
}

// open opens what is to be checked, also beside running nodes.
func (v verify) open(ctx context.Context) (verifier, error) {
	switch {
	case v.File != "":
		return sqlite.OpenReadOnly(ctx, v.File)
	case v.DatabaseURL != "":
		return v.openPostgres(ctx, slog.New(slog.DiscardHandler))
	case v.absent():
		return nil, v.errAbsent()
	}
	return sqlite.OpenReadOnly(ctx, v.database())
}

func boxes(n int) string {
	if n == 1 {
		return "1 inbox"
	}
	return fmt.Sprintf("%d inboxes", n)
}
