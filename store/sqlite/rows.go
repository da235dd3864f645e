package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
)

// scanner is a *sql.Row or the current row of *sql.Rows.
type scanner interface{ Scan(into ...any) error }

// collect reads all rows of a query whose result is bounded.
func collect[T any](ctx context.Context, tx *sql.Tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := each(ctx, tx, func(row scanner) error {
		one, err := scan(row)
		all = append(all, one)
		return err
	}, query, args...)
	return all, err
}

// each calls do with every row of a query.
func each(ctx context.Context, tx *sql.Tx, do func(scanner) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	return eachOf(rows, err, do)
}

// scanAll reads all rows that a query answered, each into the fields that of a T.
func scanAll[T any](rows *sql.Rows, err error, fields func(*T) []any) ([]T, error) {
	var all []T
	err = eachOf(rows, err, func(row scanner) error {
		var t T
		err := row.Scan(fields(&t)...)
		all = append(all, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// eachOf calls do with every row that a query answered.
func eachOf(rows *sql.Rows, err error, do func(scanner) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// expectRow is missing where the statement has changed no row.
func expectRow(r sql.Result, missing error) error {
	n, err := r.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return missing
	}
	return nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// A set of identifiers is given to a statement as a JSON list, whatever its
// size: (SELECT unhex(value) FROM json_each(?)).
func idSet(ids []uuid.UUID) string {
	const width = 2*16 + 3
	list := make([]byte, 0, 2+width*len(ids))
	list = append(list, '[')
	for i, id := range ids {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, '"')
		list = hex.AppendEncode(list, id[:])
		list = append(list, '"')
	}
	return string(append(list, ']'))
}

// listText is a list of words as a column holds it.
func listText(words []string) string {
	if len(words) == 0 {
		return "[]"
	}
	text, err := json.Marshal(words)
	if err != nil {
		panic(err) // strings always have a form in JSON
	}
	return string(text)
}

func parseList(text string) (words []string, err error) {
	if text == "[]" {
		return nil, nil
	}
	err = json.Unmarshal([]byte(text), &words)
	return words, err
}
