package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// State is the roster as it was put in.
func (s *Store) State(ctx context.Context, districtID uuid.UUID) (roster.State, error) {
	return call(ctx, s, "State", func() (roster.State, error) {
		d := s.districts[districtID]
		if d == nil {
			return roster.State{}, roster.ErrNoDistrict
		}
		state := roster.State{Version: d.RosterVersion, Snapshot: d.says, Known: d.columns}
		for _, b := range d.bars {
			if !b.EndedAt.IsZero() {
				continue
			}
			state.Bars = append(state.Bars, roster.StateBar{
				Guardian: d.people[b.Guardian].SourcedID, Student: d.people[b.Student].SourcedID, Since: b.Since, Reason: b.Reason,
			})
		}
		return state, nil
	})
}

// Apply implements roster.Store.
func (s *Store) Apply(ctx context.Context, districtID uuid.UUID, c roster.Changes, now time.Time) (roster.Effects, error) {
	return call(ctx, s, "Apply", func() (effects roster.Effects, err error) {
		d := s.districts[districtID]
		switch {
		case d == nil:
			return effects, roster.ErrNoDistrict
		case d.RosterVersion != c.Base:
			return effects, roster.ErrStale
		}
		d.RosterVersion++
		if c.Columns != nil {
			d.columns = c.Columns
		}
		d.rename(c.Renames)
		effects.Out = d.put(c)
		for _, g := range c.RemoveGuardianships {
			if !slices.ContainsFunc(d.says.Guardianships, func(has roster.SnapshotGuardianship) bool {
				return has.Guardian == g.Guardian && has.Student == g.Student
			}) {
				effects.Sealed = append(effects.Sealed, d.sealThrough(hub.Seal{
					At: now, Cause: hub.SealedByRoster,
					Guardian: d.id(roster.KindPerson, g.Guardian), Student: d.id(roster.KindPerson, g.Student),
				})...)
			}
		}
		return effects, nil
	})
}

// put makes changes to what the roster says, and answers who is out.
func (d *district) put(c roster.Changes) (out []uuid.UUID) {
	says := &d.says
	says.Orgs = merge(says.Orgs, c.PutOrgs, func(o roster.SnapshotOrg) string { return o.SourcedID })
	says.Terms = merge(says.Terms, c.PutTerms, func(t roster.SnapshotTerm) string { return t.SourcedID })
	says.Sections = merge(says.Sections, c.PutSections, func(s roster.SnapshotSection) string { return s.SourcedID })
	says.People = merge(says.People, c.PutPeople, func(p roster.SnapshotPerson) string { return p.SourcedID })
	enrolment := func(e roster.SnapshotEnrolment) string { return e.SourcedID }
	says.Enrolments = merge(except(says.Enrolments, c.RemoveEnrolments, enrolment), c.PutEnrolments, enrolment)
	tie := func(g roster.SnapshotGuardianship) [2]string { return [2]string{g.Guardian, g.Student} }
	var ended [][2]string
	for _, g := range c.RemoveGuardianships {
		ended = append(ended, tie(g))
	}
	says.Guardianships = merge(except(says.Guardianships, ended, tie), c.PutGuardianships, tie)
	for _, p := range c.PutPeople {
		id := d.id(roster.KindPerson, p.SourcedID)
		before, had := d.people[id]
		if had && p.Gone && !before.Gone {
			out = append(out, id)
		}
		d.people[id] = d.personOf(p)
	}
	return out
}

// rename makes room for people who come under the sourcedIds of others.
func (d *district) rename(renames []roster.Rename) {
	for _, r := range renames {
		rename := func(id *string) {
			if *id == r.From {
				*id = r.To
			}
		}
		id := d.ids[record{roster.KindPerson, r.From}]
		delete(d.ids, record{roster.KindPerson, r.From})
		d.ids[record{roster.KindPerson, r.To}] = id
		person := d.people[id]
		person.SourcedID = r.To
		d.people[id] = person
		d.says.People, d.says.Enrolments = slices.Clone(d.says.People), slices.Clone(d.says.Enrolments)
		d.says.Guardianships = slices.Clone(d.says.Guardianships)
		for i := range d.says.People {
			rename(&d.says.People[i].SourcedID)
		}
		for i := range d.says.Enrolments {
			rename(&d.says.Enrolments[i].Person)
		}
		for i := range d.says.Guardianships {
			rename(&d.says.Guardianships[i].Guardian)
			rename(&d.says.Guardianships[i].Student)
		}
	}
}

// merge puts records in the place of those of the same key, and new ones behind.
// It makes a list of its own: whoever was given the one before keeps it.
func merge[T any, K comparable](had, put []T, key func(T) K) []T {
	list, at := slices.Clone(had), make(map[K]int, len(had))
	for i, one := range list {
		at[key(one)] = i
	}
	for _, one := range put {
		i, there := at[key(one)]
		if !there {
			at[key(one)] = len(list)
			list = append(list, one)
			continue
		}
		list[i] = one
	}
	return list
}

func except[T any, K comparable](list []T, out []K, key func(T) K) []T {
	return slices.DeleteFunc(slices.Clone(list), func(one T) bool { return slices.Contains(out, key(one)) })
}

// id is the identifier of a record, made where there is none yet; uuid.Nil where
// none is named.
func (d *district) id(kind roster.Kind, sourcedID string) uuid.UUID {
	if sourcedID == "" {
		return uuid.Nil
	}
	r := record{kind, sourcedID}
	if _, there := d.ids[r]; !there {
		d.ids[r] = uuid.Must(uuid.NewV7())
	}
	return d.ids[r]
}
