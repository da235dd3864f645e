package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// queryer is a transaction or a connection.
type queryer interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

// scanAll reads all rows of a query, each into the fields that of a T.
func scanAll[T any](rows pgx.Rows, err error, fields func(*T) []any) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var t T
		if err := rows.Scan(fields(&t)...); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// orNull is NULL for uuid.Nil.
func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// orNulls is orNull of each.
func orNulls(ids []uuid.UUID) []*uuid.UUID {
	all := make([]*uuid.UUID, len(ids))
	for i, id := range ids {
		all[i] = orNull(id)
	}
	return all
}

// list reads all rows of one query, each into the fields that of a T.
func list[T any](ctx context.Context, s *Store, fields func(*T) []any, query string, args ...any) (all []T, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		rows, err := q.Query(ctx, query, args...)
		all, err = scanAll(rows, err, fields)
		return err
	})
	return all, err
}
