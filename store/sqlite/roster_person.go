package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Person implements roster.Store.
func (s *Store) Person(ctx context.Context, district, person uuid.UUID) (roster.Person, error) {
	people, err := s.People(ctx, district, []uuid.UUID{person})
	return only(people, err)
}

// PersonBySourcedID implements roster.Store.
func (s *Store) PersonBySourcedID(ctx context.Context, district uuid.UUID, sourcedID string) (roster.Person, error) {
	people, err := s.peopleOf(ctx, district, `SELECT id FROM person WHERE district = ? AND sourced_id = ?`, key(district), sourcedID)
	return only(people, err)
}

func only(people []roster.Person, err error) (roster.Person, error) {
	switch {
	case err != nil:
		return roster.Person{}, err
	case len(people) == 0:
		return roster.Person{}, roster.ErrNoPerson
	}
	return people[0], nil
}

// People implements roster.Store.
func (s *Store) People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) (people []roster.Person, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		people, err = peopleTx(ctx, tx, district, ids)
		return err
	})
	return people, err
}

// peopleOf are the people whose ids a query finds.
func (s *Store) peopleOf(ctx context.Context, district uuid.UUID, query string, args ...any) (people []roster.Person, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		ids, err := collect(ctx, tx, scanID, query, args...)
		if err != nil {
			return fmt.Errorf("finding people: %w", err)
		}
		people, err = peopleTx(ctx, tx, district, ids)
		return err
	})
	return people, err
}

func scanID(row scanner) (id uuid.UUID, err error) { return id, row.Scan(&id) }

// peopleTx are those of the ids that exist, in no order, with their roles.
func peopleTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, ids []uuid.UUID) ([]roster.Person, error) {
	set := idSet(ids)
	at := make(map[uuid.UUID]int, len(ids))
	var people []roster.Person
	err := each(ctx, tx, func(row scanner) error {
		p, err := scanPerson(row)
		at[p.ID] = len(people)
		people = append(people, p)
		return err
	}, `SELECT id, sourced_id, given, family, preferred, email, grades, gone FROM person
		WHERE district = ? AND id IN (SELECT unhex(value) FROM json_each(?))`, key(district), set)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	err = each(ctx, tx, func(row scanner) error {
		var person uuid.UUID
		var r roster.RoleAt
		err := row.Scan(&person, &r.Org, &r.Role, &r.Begin, &r.End)
		p := &people[at[person]]
		p.Roles = append(p.Roles, r)
		return err
	}, `SELECT person, org, role, begin, end FROM person_role
		WHERE district = ? AND person IN (SELECT unhex(value) FROM json_each(?)) ORDER BY person, no`, key(district), set)
	return people, wrap("roles", err)
}

func scanPerson(row scanner) (p roster.Person, err error) {
	var grades string
	if err := row.Scan(&p.ID, &p.SourcedID, &p.Given, &p.Family, &p.Preferred, &p.Email, &grades, &p.Gone); err != nil {
		return p, err
	}
	p.Grades, err = parseList(grades)
	return p, err
}
