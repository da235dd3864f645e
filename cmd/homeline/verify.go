package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/sqlite"
)

type verify struct {
	dataFolder
	File string `help:"Check this database file, a backup say, instead of the one in the data folder." type:"path" placeholder:"FILE"`
}

// Run checks everything and prints each finding; exit status 1 where there is any.
func (v verify) Run(ctx context.Context, c console) error {
	path := v.File
	if path == "" {
		path = v.database()
		if v.absent() {
			return v.errAbsent()
		}
	}
	db, err := sqlite.OpenReadOnly(ctx, path) // also beside a running server
	if err != nil {
		return err
	}
	summary, err := db.Verify(ctx, uuid.Nil, func(f sqlite.Finding) { c.printf("%s\n", f) })
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	c.printf("Looked at %s, %s and %s.\n", counted(summary.Conversations, "conversation"), counted(summary.Messages, "message"), boxes(summary.Inboxes))
	if summary.Findings > 0 {
		return fmt.Errorf("%s: somebody or something changed the file", counted(summary.Findings, "finding"))
	}
	c.printf("Every message is as it was sent, and every count is right.\n")
	return nil
}

func boxes(n int) string {
	if n == 1 {
		return "1 inbox"
	}
	return fmt.Sprintf("%d inboxes", n)
}
