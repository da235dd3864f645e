package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/homeline/homeline/hub"
)

// Codes of refusals by the server,
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	undefinedTable  = "42P01"
	noFunction      = "42883"
	noPermission    = "42501"
	notSupported    = "0A000"
	foreignKey      = "23503"
	uniqueKey       = "23505"
	notText         = "22021" // a NUL, or no UTF-8
	serialisation   = "40001"
	deadlock        = "40P01"
	lockTimeout     = "55P03"
	queryCanceled   = "57014"
	readOnly        = "25006"
	diskFull        = "53100"
	idleTransaction = "25P03"
)

// notFound is the answer to what a query for one row has not found.
func notFound(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return hub.ErrNotFound
	}
	return err
}

// notFoundBy is the answer where a row names another that is not there.
func notFoundBy(err error) error {
	if isCode(err, foreignKey) {
		return hub.ErrNotFound
	}
	return err
}

// failure makes of an error that trying again may mend, and that certainly
// stored nothing or will be found by its key, one with [hub.CodeBusy]. The cause
// stays in it for the log.
func failure(err error) error {
	switch {
	case err == nil, hub.CodeOf(err) != "":
		return err
	case isCode(err, notText):
		return fmt.Errorf("%w: %w", &hub.Error{Code: hub.CodeInvalid, Field: "body"}, err)
	case again(err), lost(err), short(err), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", &hub.Error{Code: hub.CodeBusy}, err)
	}
	return err
}

// again says whether the server gave a transaction up that may succeed when it
// is done once more, maybe at another server. Nothing of it was stored.
func again(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == serialisation || e.Code == deadlock || e.Code == readOnly)
}

// lost says whether there is no connection, or no longer. What was sent over it
// may have been done.
func lost(err error) bool {
	if err == nil {
		return false
	}
	var e *pgconn.PgError
	if errors.As(err, &e) {
		// Class 08 is of connections, 57P of a server that stops or starts.
		return strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "57P") || e.Code == idleTransaction
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, os.ErrDeadlineExceeded)
}

// short says whether the server lacks something that others may give back:
// time, locks, connections, memory, room on its disk.
func short(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case lockTimeout, queryCanceled:
		return true
	}
	return strings.HasPrefix(e.Code, "53") || strings.HasPrefix(e.Code, "58")
}
