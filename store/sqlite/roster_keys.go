package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// record is what an import needs to know of a row that the roster names.
type record struct {
	id   uuid.UUID
	gone bool
}

// records finds the rows of one table by sourcedId: all are read at once where
// an import names many of them, else one by one as they are named.
type records struct {
	bulk  *bulk
	table string
	known map[string]record
	whole bool // known holds all that there are
}

// manyNamed is from how many rows on a table is read at once.
const manyNamed = 1000

func (b *bulk) records(table string, named int) (*records, error) {
	r := &records{bulk: b, table: table, known: map[string]record{}, whole: named >= manyNamed}
	if !r.whole {
		return r, nil
	}
	err := each(b.ctx, b.tx, func(row scanner) error {
		var sourcedID string
		var found record
		err := row.Scan(&sourcedID, &found.id, &found.gone)
		r.known[sourcedID] = found
		return err
	}, `SELECT sourced_id, id, gone FROM `+table+` WHERE district = ?`, key(b.district))
	return r, wrap("reading "+table, err)
}

// find returns ok = false for what is not there. The empty sourcedId names nothing.
func (r *records) find(sourcedID string) (found record, ok bool, err error) {
	if sourcedID == "" {
		return found, false, nil
	}
	if found, ok = r.known[sourcedID]; ok || r.whole {
		return found, ok, nil
	}
	row, err := r.bulk.queryRow(`SELECT id, gone FROM `+r.table+` WHERE district = ? AND sourced_id = ?`, key(r.bulk.district), sourcedID)
	if err != nil {
		return found, false, err
	}
	switch err := row.Scan(&found.id, &found.gone); {
	case errors.Is(err, sql.ErrNoRows):
		return found, false, nil
	case err != nil:
		return found, false, fmt.Errorf("looking for %s %q: %w", r.table, sourcedID, err)
	}
	r.known[sourcedID] = found
	return found, true, nil
}

// put is the identifier of a row that is about to be written, a new one where
// there was none, and what was there before.
func (r *records) put(sourcedID string, gone bool) (id uuid.UUID, before record, had bool, err error) {
	before, had, err = r.find(sourcedID)
	if err != nil {
		return id, before, had, err
	}
	id = before.id
	if !had {
		if id, err = uuid.NewV7(); err != nil {
			return id, before, had, fmt.Errorf("making an identifier: %w", err)
		}
	}
	r.known[sourcedID] = record{id: id, gone: gone}
	return id, before, had, nil
}

// reference is the identifier that a row names, NULL where it names none. What
// has not been heard of is made, to be filled in when it comes.
func (r *records) reference(sourcedID string) ([]byte, error) {
	if sourcedID == "" {
		return nil, nil
	}
	id, _, had, err := r.put(sourcedID, false)
	if err == nil && !had {
		err = r.bulk.exec(`INSERT INTO `+r.table+` (district, id, sourced_id, known) VALUES (?, ?, ?, 0)`, key(r.bulk.district), key(id), sourcedID)
	}
	return key(id), err
}

// bulk is a transaction in which few statements are made many times.
type bulk struct {
	ctx      context.Context
	tx       *sql.Tx
	district uuid.UUID
	prepared map[string]*sql.Stmt
}

func newBulk(ctx context.Context, tx *sql.Tx, district uuid.UUID) *bulk {
	return &bulk{ctx: ctx, tx: tx, district: district, prepared: map[string]*sql.Stmt{}}
}

func (b *bulk) exec(query string, args ...any) error {
	stmt, err := b.prepare(query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(context.WithoutCancel(b.ctx), args...)
	return err
}

func (b *bulk) queryRow(query string, args ...any) (*sql.Row, error) {
	stmt, err := b.prepare(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryRowContext(context.WithoutCancel(b.ctx), args...), nil
}

// prepare keeps the statement until the transaction ends. Whether ctx has ended
// is asked here, once a statement: the driver would start a goroutine for each.
func (b *bulk) prepare(query string) (*sql.Stmt, error) {
	if err := b.ctx.Err(); err != nil {
		return nil, err
	}
	if stmt, ok := b.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := b.tx.PrepareContext(b.ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	b.prepared[query] = stmt
	return stmt, nil
}
