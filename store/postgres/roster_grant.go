package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

const (
	grantColumns = `g.id, g.person, g.role, g.role_org, g.org, g.section, g.students, g.reason, g.by, g.until, g.made_at, g.ended_at, g.ended_by`

	selectGrants = `SELECT ` + grantColumns + ` FROM access_grant g WHERE g.district = $1 ORDER BY g.made_at, g.id`
	// selectGrantsOf are those to people, and to roles that one of them has at all.
	selectGrantsOf = family + `SELECT ` + grantColumns + ` FROM wanted w JOIN access_grant g ON g.district = $1 AND g.person = w.id AND g.ended_at IS NULL
		UNION ALL SELECT ` + grantColumns + ` FROM access_grant g
		WHERE g.district = $1 AND g.person IS NULL AND g.ended_at IS NULL AND EXISTS (
			SELECT FROM wanted w JOIN person_role r ON r.district = $1 AND r.person = w.id
				AND r.role = CASE g.role WHEN 'teacherWithoutClasses' THEN 'teacher' ELSE g.role END)
		ORDER BY 11, 1`
	insertGrant = `INSERT INTO access_grant (district, id, person, role, role_org, org, section, students, reason, by, until, made_at, ended_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '')`
	endGrant = `UPDATE access_grant SET ended_at = $3, ended_by = $4 WHERE district = $1 AND id = $2 AND ended_at IS NULL`
	// selectMissing says what of a grant the district does not have.
	selectMissing = `SELECT
		(SELECT count(*) FROM person WHERE district = $1 AND id = ANY ($2)) < cardinality($2::uuid[]),
		(SELECT count(*) FROM org WHERE district = $1 AND known AND id = ANY ($3)) < cardinality($3::uuid[]),
		(SELECT count(*) FROM section WHERE district = $1 AND id = ANY ($4)) < cardinality($4::uuid[])`
)

// Grant implements roster.Grants.
func (s *Store) Grant(ctx context.Context, district uuid.UUID, g roster.Grant, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := changeDistrict(ctx, tx, district); err != nil {
			return err
		}
		if err := checkGrant(ctx, tx, district, g); err != nil {
			return err
		}
		students := make([]string, len(g.Students))
		for i, id := range g.Students {
			students[i] = id.String()
		}
		_, err := tx.Exec(ctx, insertGrant, district, g.ID, orNull(g.Person), string(g.Role), orNull(g.RoleOrg),
			orNull(g.Org), orNull(g.Section), students, kept(g.Reason), kept(g.By), g.Until, now)
		return err
	})
	return wrap("grant", err)
}

// checkGrant refuses what the district does not have.
func checkGrant(ctx context.Context, tx pgx.Tx, district uuid.UUID, g roster.Grant) error {
	named := func(ids ...uuid.UUID) []uuid.UUID {
		all := []uuid.UUID{}
		for _, id := range ids {
			if id != uuid.Nil {
				all = append(all, id)
			}
		}
		return roster.Distinct(all)
	}
	var noPerson, noOrg, noSection bool
	err := tx.QueryRow(ctx, selectMissing, district,
		named(append([]uuid.UUID{g.Person}, g.Students...)...), named(g.RoleOrg, g.Org), named(g.Section)).
		Scan(&noPerson, &noOrg, &noSection)
	switch {
	case err != nil:
		return err
	case noPerson:
		return roster.ErrNoPerson
	case noOrg:
		return roster.ErrNoOrg
	case noSection:
		return roster.ErrNoSection
	}
	return nil
}

// Revoke implements roster.Grants.
func (s *Store) Revoke(ctx context.Context, district, grant uuid.UUID, by string, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := changeDistrict(ctx, tx, district)
		if errors.Is(err, roster.ErrNoDistrict) {
			return roster.ErrNoGrant
		}
		if err != nil {
			return err
		}
		done, err := tx.Exec(ctx, endGrant, district, grant, now, kept(by))
		if err == nil && done.RowsAffected() == 0 {
			return roster.ErrNoGrant
		}
		return err
	})
	return wrap("revoke", err)
}

// Grants implements roster.Grants.
func (s *Store) Grants(ctx context.Context, district uuid.UUID) (grants []roster.Grant, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		grants = nil
		rows, err := q.Query(ctx, selectGrants, district)
		if err != nil {
			return err
		}
		defer rows.Close()
		return readGrants(rows, &grants)
	})
	return grants, wrap("grants", err)
}

func readGrants(rows pgx.Rows, into *[]roster.Grant) error {
	for rows.Next() {
		var g roster.Grant
		var person, roleOrg, org, section uuid.NullUUID
		var students []uuid.UUID
		var ended *time.Time
		err := rows.Scan(&g.ID, &person, text(&g.Role), &roleOrg, &org, &section, &students, text(&g.Reason), text(&g.By), &g.Until,
			&g.MadeAt, &ended, text(&g.EndedBy))
		if err != nil {
			return err
		}
		g.Person, g.RoleOrg, g.Org, g.Section = person.UUID, roleOrg.UUID, org.UUID, section.UUID
		if len(students) > 0 {
			g.Students = students
		}
		g.MadeAt, g.EndedAt = g.MadeAt.UTC(), endOf(ended)
		*into = append(*into, g)
	}
	return rows.Err()
}

// entries are what the two kinds are called.
var entries = map[roster.Kind]string{
	roster.KindOrg:     `SELECT id, sourced_id, name, '', gone FROM org WHERE district = $1 AND known AND `,
	roster.KindSection: `SELECT id, sourced_id, title, period, gone FROM section WHERE district = $1 AND `,
}

// Entries implements roster.Grants.
func (s *Store) Entries(ctx context.Context, district uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) ([]roster.Entry, error) {
	if entries[kind] == "" {
		return nil, fmt.Errorf("entries: there are none of kind %q", kind)
	}
	type named struct {
		roster.Entry
		period string
	}
	rows, err := list(ctx, s, func(n *named) []any {
		return []any{&n.ID, text(&n.SourcedID), text(&n.Name), text(&n.period), &n.Gone}
	}, entries[kind]+`(id = ANY ($2::uuid[]) OR sourced_id = ANY ($3::text[])) ORDER BY sourced_id`, district, ids, keptList(sourcedIDs))
	found := make([]roster.Entry, len(rows))
	for i, n := range rows {
		found[i] = n.Entry
		found[i].Name = roster.SectionName(n.Name, n.period)
	}
	return found, wrap("entries", err)
}
