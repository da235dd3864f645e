package copying

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/homeline/homeline/store/postgres"
)

// target is the transaction that is filled.
type target struct {
	ctx context.Context
	*postgres.Filling
}

// ErrNotEmpty: something is in the database already.
var ErrNotEmpty = errors.New("the database is not empty")

// mustBeEmpty is about what is a school's. A node that has served from an empty
// database has made keys there: nothing was signed with them, and the copy brings
// those of the file.
func (t target) mustBeEmpty() error {
	var full []string
	for _, one := range append([]table{{name: "student_word"}}, tables...) {
		var some bool
		if err := t.QueryRow(t.ctx, `SELECT EXISTS (SELECT FROM public.`+one.name+`)`).Scan(&some); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		if some && one.name != "secret" {
			full = append(full, one.name)
		}
	}
	if len(full) > 0 {
		return fmt.Errorf("%w: there are rows in %s", ErrNotEmpty, strings.Join(full, ", "))
	}
	return nil
}

// fill copies a table and has the server look at it, so that what comes after
// is planned for what is there.
func (t target) fill(s source, one table, p *progress) error {
	rows, err := s.rows(one)
	if err != nil {
		return err
	}
	defer rows.Close()
	if one.name == "secret" {
		if _, err := t.Exec(t.ctx, `DELETE FROM public.secret`); err != nil {
			return fmt.Errorf("secret: %w", err)
		}
	}
	_, err = t.CopyFrom(t.ctx, pgx.Identifier{"public", one.name}, one.names(), &feed{sourceRows: rows, progress: p})
	if err == nil {
		_, err = t.Exec(t.ctx, `ANALYZE public.`+one.name)
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Where != "" {
		err = fmt.Errorf("%w (%s)", err, refused.Where)
	}
	if err != nil {
		return fmt.Errorf("copying %s: %w", one.name, err)
	}
	return nil
}

// feed is the rows of a table as COPY takes them.
type feed struct {
	*sourceRows
	progress *progress
}

// Values implements pgx.CopyFromSource.
func (f *feed) Values() ([]any, error) {
	var wrong error
	row, err := f.values(func(u Unfit) { wrong = &UnfitError{Values: []Unfit{u}} })
	if err = errors.Join(err, wrong); err != nil {
		return nil, err
	}
	for i, c := range f.table.columns {
		row[i] = c.kind.give(row[i])
	}
	f.progress.row()
	return row, nil
}

// list works the tables of students out, district by district.
func (t target) list() error {
	rows, err := t.Query(t.ctx, `SELECT id FROM public.district ORDER BY id`)
	if err != nil {
		return err
	}
	districts, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	if err := t.ListStudents(t.ctx, districts); err != nil {
		return err
	}
	_, err = t.Exec(t.ctx, `ANALYZE public.student, public.student_word`)
	return err
}

// sum reads a table back.
func (t target) sum(one table, p *progress) (sum, error) {
	into, values := make([]any, len(one.columns)), make([]func() any, len(one.columns))
	for i, c := range one.columns {
		into[i], values[i] = c.kind.read()
	}
	rows, err := t.Query(t.ctx, one.selectPostgres())
	if err != nil {
		return sum{}, fmt.Errorf("reading %s back: %w", one.name, err)
	}
	var all summing
	row := make([]any, len(values))
	_, err = pgx.ForEachRow(rows, into, func() error {
		for i, value := range values {
			row[i] = value()
		}
		all.take(row)
		p.row()
		return nil
	})
	if err != nil {
		return sum{}, fmt.Errorf("reading %s back: %w", one.name, err)
	}
	return all.sum, nil
}
