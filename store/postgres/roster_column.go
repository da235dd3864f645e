package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

func (r *stateReader) columns() error {
	var c roster.Column
	return r.each("columns", `SELECT file, name, missing FROM roster_column WHERE district = $1`,
		[]any{text(&c.File), text(&c.Name), &c.Missing}, func() { r.state.Known = append(r.state.Known, c) })
}

// putColumns keeps which columns imports had, if that has changed.
func putColumns(ctx context.Context, tx pgx.Tx, district uuid.UUID, c roster.Changes) error {
	if c.Columns == nil {
		return nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM roster_column WHERE district = $1`, district); err != nil {
		return wrap("columns", err)
	}
	files, names, missing := make([]string, len(c.Columns)), make([]string, len(c.Columns)), make([]bool, len(c.Columns))
	for i, column := range c.Columns {
		files[i], names[i], missing[i] = kept(column.File), kept(column.Name), column.Missing
	}
	_, err := tx.Exec(ctx, `INSERT INTO roster_column (district, file, name, missing)
		SELECT $1, n.file, n.name, n.missing FROM unnest($2::text[], $3::text[], $4::bool[]) AS n (file, name, missing)`,
		district, files, names, missing)
	return wrap("columns", err)
}
