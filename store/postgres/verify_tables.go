package postgres

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// migratedSafeguards are those of a newly migrated database; a test holds that.
//
//go:embed safeguards.txt
var migratedSafeguards string

// selectSafeguards are the triggers, keys, checks and functions that keep what
// is kept, each with its text.
const selectSafeguards = `
SELECT format('trigger %s of %s', tgname, tgrelid::regclass), tgenabled::text || ' ' || pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT format('constraint %s of %s', conname, conrelid::regclass), pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f', 'c')
UNION ALL
SELECT format('function %s', proname), md5(prosecdef::text || coalesce(proconfig::text, '') || prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1`

// safeguards finds what keeps messages as they are and is not as the migrations
// made it.
func (v *verification) safeguards() error {
	have, err := readSafeguards(v)
	if err != nil {
		return err
	}
	want := map[string]string{}
	for line := range strings.Lines(migratedSafeguards) {
		name, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		want[name] = text
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch got, ok := have[name]; {
		case !ok:
			v.Report(Finding{What: fmt.Sprintf("the %s is missing: nothing keeps its rows as they are", name)})
		case got != want[name]:
			v.Report(Finding{What: fmt.Sprintf("the %s was changed or switched off", name)})
		}
	}
	return nil
}

func readSafeguards(v *verification) (map[string]string, error) {
	type safeguard struct{ name, text string }
	rows, err := v.tx.Query(v.ctx, selectSafeguards)
	list, err := scanAll(rows, err, func(s *safeguard) []any { return []any{&s.name, &s.text} })
	all := make(map[string]string, len(list))
	for _, s := range list {
		all[s.name] = s.text
	}
	return all, err
}

const selectPrivileges = `
SELECT t, p FROM unnest(ARRAY['message', 'conversation', 'participant', 'tie', 'seal', 'bar', 'access_grant']) AS t,
                 unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS p
WHERE has_table_privilege(current_user, 'public.' || t, p) ORDER BY t, p`

// privileges finds those that the program's role should not have.
func (v *verification) privileges() error {
	type privilege struct{ table, what string }
	rows, err := v.tx.Query(v.ctx, selectPrivileges)
	list, err := scanAll(rows, err, func(p *privilege) []any { return []any{&p.table, &p.what} })
	for _, p := range list {
		v.Report(Finding{What: fmt.Sprintf("the program's role has the privilege %s on the table %s", p.what, p.table)})
	}
	return err
}

const selectOrphans = `
SELECT district, conversation, min(seq) FROM message m
WHERE NOT EXISTS (SELECT FROM conversation c WHERE c.district = m.district AND c.id = m.conversation)
GROUP BY district, conversation ORDER BY district, conversation`

// orphans finds messages whose conversation is not there, and other rows that
// name what is not there: who may switch triggers off switches keys off too.
func (v *verification) orphans() error {
	type orphan struct {
		district, conversation uuid.UUID
		seq                    int64
	}
	rows, err := v.tx.Query(v.ctx, selectOrphans)
	all, err := scanAll(rows, err, func(o *orphan) []any { return []any{&o.district, &o.conversation, &o.seq} })
	if err != nil {
		return err
	}
	for _, o := range all {
		v.Report(Finding{District: o.district, Conversation: o.conversation, Seq: o.seq, What: "its conversation was removed"})
	}
	return v.dangling()
}

const selectForeignKeys = `
SELECT conrelid::regclass::text, confrelid::regclass::text,
       (SELECT array_agg(attname::text ORDER BY n) FROM unnest(conkey) WITH ORDINALITY AS k (num, n)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = num),
       (SELECT array_agg(attname::text ORDER BY n) FROM unnest(confkey) WITH ORDINALITY AS k (num, n)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = num)
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2, conname`

// dangling counts, for each foreign key, the rows that name nothing.
func (v *verification) dangling() error {
	type key struct {
		table, parent string
		columns, of   []string
	}
	rows, err := v.tx.Query(v.ctx, selectForeignKeys)
	keys, err := scanAll(rows, err, func(k *key) []any { return []any{&k.table, &k.parent, &k.columns, &k.of} })
	if err != nil {
		return err
	}
	for _, k := range keys {
		var named, same []string
		for i := range k.columns {
			column := "c." + pgx.Identifier{k.columns[i]}.Sanitize()
			named = append(named, column+" IS NOT NULL")
			same = append(same, "p."+pgx.Identifier{k.of[i]}.Sanitize()+" = "+column)
		}
		var n int64
		err := v.tx.QueryRow(v.ctx, fmt.Sprintf(`SELECT count(*) FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)`,
			k.table, strings.Join(named, " AND "), k.parent, strings.Join(same, " AND "))).Scan(&n)
		if err != nil {
			return err
		}
		if n > 0 {
			v.Report(Finding{What: fmt.Sprintf("%d rows of the table %s name a %s that is not there", n, k.table, k.parent)})
		}
	}
	return nil
}
