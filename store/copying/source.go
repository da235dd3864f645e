package copying

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Unfit is a value that PostgreSQL cannot hold.
type Unfit struct {
	Table, Key, Column string
	Why                string
}

// UnfitError names what cannot be copied, the first of it.
type UnfitError struct {
	Values []Unfit
	More   int
}

// Error has a line for each.
func (e *UnfitError) Error() string {
	var b strings.Builder
	b.WriteString("PostgreSQL cannot hold what is in the file, nothing was copied:")
	for _, u := range e.Values {
		fmt.Fprintf(&b, "\n%s, %s: %s: %s", u.Table, u.Key, u.Column, u.Why)
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n… and %d more", e.More)
	}
	return b.String()
}

// unfitShown is how many are named.
const unfitShown = 20

func (e *UnfitError) add(u Unfit) {
	if len(e.Values) == unfitShown {
		e.More++
		return
	}
	e.Values = append(e.Values, u)
}

// source is one state of the file.
type source struct {
	ctx context.Context
	tx  *sql.Tx
}

func (s source) rows(t table) (*sourceRows, error) {
	rows, err := s.tx.QueryContext(s.ctx, t.selectSQLite())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.name, err)
	}
	r := &sourceRows{Rows: rows, table: t, held: make([]any, len(t.columns)), into: make([]any, len(t.columns)), row: make([]any, len(t.columns))}
	for i := range r.held {
		r.into[i] = &r.held[i]
	}
	return r, nil
}

// sourceRows are the rows of a table, one after the other.
type sourceRows struct {
	*sql.Rows
	table table
	held  []any // as SQLite has them
	into  []any
	row   []any
}

// values are those of the current row, until the next. unfit is told of those
// that PostgreSQL cannot hold.
func (r *sourceRows) values(unfit func(Unfit)) ([]any, error) {
	if err := r.Scan(r.into...); err != nil {
		return nil, fmt.Errorf("%s: %w", r.table.name, err)
	}
	for i, c := range r.table.columns {
		v, err := c.kind.take(r.held[i])
		if err != nil {
			unfit(Unfit{Table: r.table.name, Key: r.key(), Column: c.name, Why: err.Error()})
		}
		r.row[i] = v
	}
	return r.row, nil
}

// key names the current row.
func (r *sourceRows) key() string {
	named := make([]string, r.table.key)
	for i, c := range r.table.columns[:r.table.key] {
		named[i] = c.name + " " + shown(r.held[i])
	}
	return strings.Join(named, ", ")
}

func shown(v any) string {
	switch v := v.(type) {
	case []byte:
		if len(v) == 16 {
			return uuid.UUID(v).String()
		}
		return fmt.Sprintf("%x", v)
	case string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}

// lookThrough reads everything once: how much there is, and whether all of it
// can be copied.
func (s source) lookThrough(p *progress) (map[string]sum, error) {
	unfit := &UnfitError{}
	sums := make(map[string]sum, len(tables))
	for _, t := range tables {
		p.begin("looking through", t.name, 0)
		one, err := s.sum(t, p, unfit.add)
		if err != nil {
			return nil, err
		}
		sums[t.name] = one
	}
	if len(unfit.Values) > 0 {
		return nil, unfit
	}
	return sums, nil
}

func (s source) sum(t table, p *progress, unfit func(Unfit)) (sum, error) {
	rows, err := s.rows(t)
	if err != nil {
		return sum{}, err
	}
	defer rows.Close()
	var all summing
	for rows.Next() {
		row, err := rows.values(unfit)
		if err != nil {
			return sum{}, err
		}
		all.take(row)
		p.row()
	}
	return all.sum, rows.Err()
}
