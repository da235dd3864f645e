package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Person implements roster.Store.
func (s *Store) Person(ctx context.Context, district, person uuid.UUID) (roster.Person, error) {
	return s.person(ctx, selectPeople, district, []uuid.UUID{person})
}

// PersonBySourcedID implements roster.Store.
func (s *Store) PersonBySourcedID(ctx context.Context, district uuid.UUID, sourcedID string) (roster.Person, error) {
	return s.person(ctx, selectBySourcedID, district, kept(sourcedID))
}

func (s *Store) person(ctx context.Context, query string, args ...any) (p roster.Person, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		people, err := readPeople(q.Query(ctx, query, args...))
		if err != nil {
			return err
		}
		if len(people) == 0 {
			return roster.ErrNoPerson
		}
		p = people[0]
		return nil
	})
	return p, err
}

// People implements roster.Store.
func (s *Store) People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) (people []roster.Person, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		people, err = readPeople(q.Query(ctx, selectPeople, district, ids))
		return err
	})
	return people, wrap("people", err)
}

// People come with their roles, a row each; those of a person stand together.
const (
	personFrom = `SELECT p.id, p.sourced_id, p.given, p.family, p.preferred, p.email, p.grades, p.gone,
			r.role IS NOT NULL, r.org, r.role, coalesce(r.begin_day, 0), coalesce(r.end_day, 0)
		FROM person p LEFT JOIN person_role r ON r.district = p.district AND r.person = p.id `
	selectPeople      = personFrom + `WHERE p.district = $1 AND p.id = ANY ($2) ORDER BY p.id, r.no`
	selectBySourcedID = personFrom + `WHERE p.district = $1 AND p.sourced_id = $2 ORDER BY p.id, r.no`
)

func readPeople(rows pgx.Rows, err error) ([]roster.Person, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var people []roster.Person
	for rows.Next() {
		var p roster.Person
		var grades []string
		var held roster.RoleAt
		var holds bool
		var org uuid.NullUUID
		err := rows.Scan(&p.ID, text(&p.SourcedID), text(&p.Given), text(&p.Family), text(&p.Preferred), text(&p.Email), &grades, &p.Gone,
			&holds, &org, text(&held.Role), &held.Begin, &held.End)
		if err != nil {
			return nil, err
		}
		if n := len(people); n == 0 || people[n-1].ID != p.ID {
			p.Grades = plainList(grades)
			people = append(people, p)
		}
		if held.Org = org.UUID; holds {
			last := &people[len(people)-1]
			last.Roles = append(last.Roles, held)
		}
	}
	return people, rows.Err()
}

// FindPeople implements roster.Store: those in whose names the text is found,
// without regard to case and accents.
func (s *Store) FindPeople(ctx context.Context, district uuid.UUID, name, after string, limit int) (people []roster.Person, next string, err error) {
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		people, next, err = findPeopleTx(ctx, tx, district, name, after, roster.PageSize(limit))
		return err
	})
	return people, next, wrap("find people", err)
}

// selectByName walks the names in their order, up to a page.
const selectByName = `SELECT sort_key, id FROM person
	WHERE district = $1 AND (sort_key, id) > ($2, $3) AND words LIKE ALL ($4)
	ORDER BY sort_key, id LIMIT $5`

func findPeopleTx(ctx context.Context, tx pgx.Tx, district uuid.UUID, name, after string, limit int) ([]roster.Person, string, error) {
	at, err := placeOf(after)
	if err != nil {
		return nil, "", err
	}
	parts := []string{} // of letters and digits: none means anything to LIKE
	for part := range strings.FieldsSeq(roster.Fold(name)) {
		parts = append(parts, "%"+part+"%")
	}
	rows, err := tx.Query(ctx, selectByName, district, at.SortKey, at.Person, parts, limit+1)
	found, err := scanAll(rows, err, func(p *roster.Place) []any { return []any{&p.SortKey, &p.Person} })
	if err != nil {
		return nil, "", err
	}
	ids, next := roster.PageOf(found, limit)
	people, err := readPeople(tx.Query(ctx, selectPeople, district, ids))
	slices.SortFunc(people, func(a, b roster.Person) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return people, next, err
}

// placeOf is where a page begins.
func placeOf(after string) (roster.Place, error) {
	at, ok := roster.ParsePlace(after)
	if !ok {
		return at, &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	at.SortKey = kept(at.SortKey)
	return at, nil
}
