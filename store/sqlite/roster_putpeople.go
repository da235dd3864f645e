package sqlite

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

const (
	putPerson = `INSERT INTO person (district, id, sourced_id, given, family, preferred, email, address, grades, gone, sort_key, words, shown)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (district, id) DO UPDATE SET given = excluded.given, family = excluded.family,
			preferred = excluded.preferred, email = excluded.email,
			address = coalesce((SELECT c.address FROM chosen_address c WHERE c.district = person.district AND c.person = person.id), excluded.address),
			grades = excluded.grades, gone = excluded.gone, sort_key = excluded.sort_key, words = excluded.words, shown = excluded.shown`
	putRole = `INSERT INTO person_role (district, person, no, org, role, begin, end, sourced_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
)

func (a *applying) putPeople(c roster.Changes) error {
	for _, p := range c.PutPeople {
		if err := a.putPerson(p); err != nil {
			return fmt.Errorf("person %q: %w", p.SourcedID, err)
		}
	}
	return nil
}

func (a *applying) putPerson(p roster.SnapshotPerson) error {
	id, before, had, err := a.people.put(p.SourcedID, p.Gone)
	if err != nil {
		return err
	}
	name := roster.FoldName(p)
	err = a.exec(putPerson, key(a.district), key(id), p.SourcedID, p.Given, p.Family, p.Preferred, p.Email, roster.ComparableAddress(p.Email),
		listText(p.Grades), p.Gone, name.SortKey, name.Words, name.Shown)
	if err != nil {
		return err
	}
	if had {
		if err := a.exec(`DELETE FROM person_role WHERE district = ? AND person = ?`, key(a.district), key(id)); err != nil {
			return err
		}
	}
	a.touch(id)
	if had && p.Gone && !before.gone {
		a.out = append(a.out, id)
	}
	return a.putRoles(id, p.Roles)
}

func (a *applying) putRoles(person uuid.UUID, roles []roster.SnapshotRole) error {
	for no, r := range roles {
		org, err := a.orgs.reference(r.Org)
		if err == nil {
			err = a.exec(putRole, key(a.district), key(person), no, org, string(r.Role), r.Begin, r.End, r.SourcedID)
		}
		if err != nil {
			return fmt.Errorf("role %q at %q: %w", r.Role, r.Org, err)
		}
	}
	return nil
}
