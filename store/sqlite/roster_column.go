package sqlite

import "github.com/homeline/homeline/hub/roster"

const putColumn = `INSERT INTO roster_column (district, file, name, missing) VALUES (?, ?, ?, ?)`

func (r *stateReader) columns(state *roster.State) (err error) {
	state.Known, err = collect(r.ctx, r.tx, func(row scanner) (c roster.Column, err error) {
		return c, row.Scan(&c.File, &c.Name, &c.Missing)
	}, `SELECT file, name, missing FROM roster_column WHERE district = ?`, key(r.district))
	return wrap("columns", err)
}

// putColumns keeps which columns imports had, if that has changed.
func (a *applying) putColumns(c roster.Changes) error {
	if c.Columns == nil {
		return nil
	}
	if err := a.exec(`DELETE FROM roster_column WHERE district = ?`, key(a.district)); err != nil {
		return wrap("columns", err)
	}
	for _, column := range c.Columns {
		if err := a.exec(putColumn, key(a.district), column.File, column.Name, column.Missing); err != nil {
			return wrap("column "+column.Name, err)
		}
	}
	return nil
}
