package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

const (
	grantColumns = `g.id, g.person, g.role, g.role_org, g.org, g.section, g.students, g.reason, g.by, g.until, g.made_at, g.ended_at, g.ended_by`

	selectGrants = `SELECT ` + grantColumns + ` FROM access_grant g WHERE g.district = ? ORDER BY g.made_at, g.id`
	// selectGrantsOf are those to people, and to roles that one of them has at all.
	// It begins with the people: left to itself, the planner would walk all roles of
	// the district for each grant.
	selectGrantsOf = `WITH wanted (id) AS MATERIALIZED (SELECT unhex(value) FROM json_each(?2))
		SELECT ` + grantColumns + ` FROM wanted w CROSS JOIN access_grant g INDEXED BY access_grant_person ON g.district = ?1 AND g.person = w.id AND g.ended_at IS NULL
		UNION ALL SELECT ` + grantColumns + ` FROM access_grant g INDEXED BY access_grant_person
		WHERE g.district = ?1 AND g.person IS NULL AND g.ended_at IS NULL AND EXISTS (
			SELECT 1 FROM wanted w CROSS JOIN person_role r ON r.district = ?1 AND r.person = w.id
				AND r.role = CASE g.role WHEN 'teacherWithoutClasses' THEN 'teacher' ELSE g.role END)
		ORDER BY 11, 1`
	insertGrant = `INSERT INTO access_grant (district, id, person, role, role_org, org, section, students, reason, by, until, made_at, ended_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`
	endGrant = `UPDATE access_grant SET ended_at = ?3, ended_by = ?4 WHERE district = ?1 AND id = ?2 AND ended_at IS NULL`
)

// Grant implements roster.Grants.
func (s *Store) Grant(ctx context.Context, district uuid.UUID, g roster.Grant, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := checkGrant(ctx, tx, district, g); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertGrant, key(district), key(g.ID), orNull(g.Person), g.Role, orNull(g.RoleOrg),
			orNull(g.Org), orNull(g.Section), listText(idTexts(g.Students)), g.Reason, g.By, g.Until, micros(now))
		if err != nil {
			return err
		}
		return raiseVersion(ctx, tx, district)
	})
	return wrap("grant", err)
}

// checkGrant refuses what the district does not have.
func checkGrant(ctx context.Context, tx *sql.Tx, district uuid.UUID, g roster.Grant) error {
	people := append([]uuid.UUID{}, g.Students...)
	if g.Person != uuid.Nil {
		people = append(people, g.Person)
	}
	if err := allPeople(ctx, tx, district, roster.Distinct(people)); err != nil {
		return err
	}
	for _, named := range []struct {
		id      uuid.UUID
		query   string
		missing error
	}{
		{g.RoleOrg, `SELECT 1 FROM org WHERE district = ? AND id = ? AND known = 1`, roster.ErrNoOrg},
		{g.Org, `SELECT 1 FROM org WHERE district = ? AND id = ? AND known = 1`, roster.ErrNoOrg},
		{g.Section, `SELECT 1 FROM section WHERE district = ? AND id = ?`, roster.ErrNoSection},
	} {
		if named.id == uuid.Nil {
			continue
		}
		var one int
		err := tx.QueryRowContext(ctx, named.query, key(district), key(named.id)).Scan(&one)
		if errors.Is(err, sql.ErrNoRows) {
			return named.missing
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Revoke implements roster.Grants.
func (s *Store) Revoke(ctx context.Context, district, grant uuid.UUID, by string, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, endGrant, key(district), key(grant), micros(now), by)
		if err != nil {
			return err
		}
		if err := expectRow(r, roster.ErrNoGrant); err != nil {
			return err
		}
		return raiseVersion(ctx, tx, district)
	})
	return wrap("revoke", err)
}

// Grants implements roster.Grants.
func (s *Store) Grants(ctx context.Context, district uuid.UUID) (grants []roster.Grant, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		grants, err = collect(ctx, tx, scanGrant, selectGrants, key(district))
		return err
	})
	return grants, wrap("grants", err)
}

func scanGrant(row scanner) (g roster.Grant, err error) {
	var students string
	var made int64
	var ended sql.NullInt64
	err = row.Scan(&g.ID, &g.Person, &g.Role, &g.RoleOrg, &g.Org, &g.Section, &students, &g.Reason, &g.By, &g.Until, &made, &ended, &g.EndedBy)
	if err != nil {
		return g, err
	}
	g.MadeAt = instant(made)
	if ended.Valid {
		g.EndedAt = instant(ended.Int64)
	}
	texts, err := parseList(students)
	for _, text := range texts {
		id, wrong := uuid.Parse(text)
		err = errors.Join(err, wrong)
		g.Students = append(g.Students, id)
	}
	return g, err
}

func idTexts(ids []uuid.UUID) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return texts
}

// entries are what the two kinds are called; both list what is asked for by two
// keys, so that neither walks its table.
var entries = map[roster.Kind]struct{ columns, table, where string }{
	roster.KindOrg:     {`SELECT id, sourced_id, name, '', gone FROM org`, `org`, ` WHERE district = ?1 AND known = 1 AND `},
	roster.KindSection: {`SELECT id, sourced_id, title, period, gone FROM section`, `section`, ` WHERE district = ?1 AND `},
}

func selectEntries(kind roster.Kind) string {
	e := entries[kind]
	return e.columns + e.where + `id IN (SELECT unhex(value) FROM json_each(?2)) UNION ` +
		e.columns + ` INDEXED BY sqlite_autoindex_` + e.table + `_2` + e.where + `sourced_id IN (SELECT value FROM json_each(?3))`
}

// Entries implements roster.Grants.
func (s *Store) Entries(ctx context.Context, district uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) (found []roster.Entry, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		found, err = entriesTx(ctx, tx, district, kind, ids, sourcedIDs)
		return err
	})
	return found, wrap("entries", err)
}

func entriesTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) ([]roster.Entry, error) {
	if entries[kind].table == "" {
		return nil, fmt.Errorf("there are none of kind %q", kind)
	}
	found, err := collect(ctx, tx, func(row scanner) (e roster.Entry, err error) {
		var period string
		err = row.Scan(&e.ID, &e.SourcedID, &e.Name, &period, &e.Gone)
		e.Name = roster.SectionName(e.Name, period)
		return e, err
	}, selectEntries(kind), key(district), idSet(ids), listText(sourcedIDs))
	slices.SortFunc(found, func(a, b roster.Entry) int { return strings.Compare(a.SourcedID, b.SourcedID) })
	return found, err
}
