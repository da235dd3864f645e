package memory

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Person implements roster.Store.
func (s *Store) Person(ctx context.Context, districtID, person uuid.UUID) (roster.Person, error) {
	return s.findPerson(ctx, "Person", districtID, func(*district) uuid.UUID { return person })
}

// PersonBySourcedID implements roster.Store.
func (s *Store) PersonBySourcedID(ctx context.Context, districtID uuid.UUID, sourcedID string) (roster.Person, error) {
	return s.findPerson(ctx, "PersonBySourcedID", districtID, func(d *district) uuid.UUID {
		return d.ids[record{roster.KindPerson, sourcedID}]
	})
}

// People implements roster.Store.
func (s *Store) People(ctx context.Context, districtID uuid.UUID, ids []uuid.UUID) ([]roster.Person, error) {
	return call(ctx, s, "People", func() (people []roster.Person, err error) {
		for _, id := range ids {
			if d := s.districts[districtID]; d != nil && d.people[id].ID != uuid.Nil {
				people = append(people, d.people[id])
			}
		}
		return people, nil
	})
}

func (s *Store) findPerson(ctx context.Context, method string, districtID uuid.UUID, who func(*district) uuid.UUID) (roster.Person, error) {
	return call(ctx, s, method, func() (roster.Person, error) {
		d := s.districts[districtID]
		if d == nil {
			return roster.Person{}, roster.ErrNoPerson
		}
		p, known := d.people[who(d)]
		if !known {
			return roster.Person{}, roster.ErrNoPerson
		}
		return p, nil
	})
}

// gone says whether somebody is no longer on the roster.
func (d *district) gone(person uuid.UUID) bool { return d.people[person].Gone }

// personOf is somebody as the roster says they are.
func (d *district) personOf(p roster.SnapshotPerson) roster.Person {
	person := roster.Person{
		ID: d.id(roster.KindPerson, p.SourcedID), SourcedID: p.SourcedID, Given: p.Given, Family: p.Family,
		Preferred: p.Preferred, Email: p.Email, Grades: p.Grades, Gone: p.Gone,
	}
	for _, r := range p.Roles {
		person.Roles = append(person.Roles, roster.RoleAt{
			Org: d.id(roster.KindOrg, r.Org), Role: r.Role, Begin: r.Begin, End: r.End,
		})
	}
	return person
}
