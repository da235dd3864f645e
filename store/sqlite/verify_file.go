package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// structure asks SQLite whether the file is whole.
func (v *verification) structure() error {
	rows, err := v.tx.QueryContext(v.ctx, `PRAGMA quick_check(20)`)
	said, err := scanAll(rows, err, func(s *string) []any { return []any{s} })
	if err != nil {
		return err
	}
	for _, s := range said {
		if s != "ok" {
			v.Report(Finding{What: "the file is damaged: " + s})
		}
	}
	return nil
}

// safeguards finds the triggers that keep messages as they are: they must be
// those of the migrations.
func (v *verification) safeguards() error {
	want, err := migratedTriggers(v.ctx)
	if err != nil {
		return err
	}
	have, err := triggers(v.ctx, v.tx)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch got, ok := have[name]; {
		case !ok:
			v.Report(Finding{What: fmt.Sprintf("the trigger %s is missing: nothing keeps its rows as they are", name)})
		case got != want[name]:
			v.Report(Finding{What: fmt.Sprintf("the trigger %s was changed", name)})
		}
	}
	return nil
}

// migratedTriggers are those of a new file.
func migratedTriggers(ctx context.Context) (map[string]string, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	if err := migrate(ctx, db); err != nil {
		return nil, err
	}
	return triggers(ctx, db)
}

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func triggers(ctx context.Context, db queryer) (map[string]string, error) {
	type trigger struct{ name, text string }
	rows, err := db.QueryContext(ctx, `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
	all, err := scanAll(rows, err, func(t *trigger) []any { return []any{&t.name, &t.text} })
	if err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(all))
	for _, t := range all {
		texts[t.name] = t.text
	}
	return texts, nil
}

// orphans finds messages whose conversation is not there, and other rows that
// name what is not there.
func (v *verification) orphans() error {
	type orphan struct {
		district, conversation uuid.UUID
		seq                    int64
	}
	rows, err := v.tx.QueryContext(v.ctx, `SELECT district, conversation, min(seq) FROM message m
		WHERE NOT EXISTS (SELECT 1 FROM conversation c WHERE c.district = m.district AND c.id = m.conversation)
		GROUP BY district, conversation ORDER BY district, conversation`)
	all, err := scanAll(rows, err, func(o *orphan) []any { return []any{&o.district, &o.conversation, &o.seq} })
	if err != nil {
		return err
	}
	for _, o := range all {
		v.Report(Finding{District: o.district, Conversation: o.conversation, Seq: o.seq,
			What: "its conversation was removed"})
	}
	type dangling struct {
		table, parent string
		rows          int
	}
	rows, err = v.tx.QueryContext(v.ctx,
		`SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY "table", parent ORDER BY "table", parent`)
	ends, err := scanAll(rows, err, func(d *dangling) []any { return []any{&d.table, &d.parent, &d.rows} })
	if err != nil {
		return err
	}
	for _, d := range ends {
		v.Report(Finding{What: fmt.Sprintf("%d rows of the table %s name a %s that is not there", d.rows, d.table, d.parent)})
	}
	return nil
}
