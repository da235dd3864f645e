package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Facts implements roster.Store.
func (s *Store) Facts(ctx context.Context, districtID uuid.UUID, people []uuid.UUID, now time.Time) (roster.Facts, error) {
	return call(ctx, s, "Facts", func() (roster.Facts, error) {
		d := s.districts[districtID]
		if d == nil {
			return roster.Facts{}, roster.ErrNoDistrict
		}
		return d.facts(people, now), nil
	})
}

// facts are those of the people and their families.
func (d *district) facts(asked []uuid.UUID, now time.Time) roster.Facts {
	f := roster.Facts{
		District: d.District, Today: d.Today(now), Orgs: d.orgs(), People: map[uuid.UUID]roster.PersonFacts{},
	}
	ties := d.guardianships()
	people := slices.Clone(asked)
	for _, g := range ties {
		if slices.Contains(asked, g.Guardian) {
			people = append(people, g.Student)
		}
		if slices.Contains(asked, g.Student) {
			people = append(people, g.Guardian)
		}
	}
	for _, id := range people {
		if p, known := d.people[id]; known {
			f.People[id] = roster.PersonFacts{Person: p}
		}
	}
	for _, g := range ties {
		change(f, g.Student, func(p *roster.PersonFacts) { p.Guardians = append(p.Guardians, g) })
		change(f, g.Guardian, func(p *roster.PersonFacts) { p.Students = append(p.Students, g) })
	}
	for _, b := range d.bars {
		f.WithBar(b)
	}
	f.Grants = d.grantsOf(f.People)
	sections := d.sections()
	for _, e := range d.says.Enrolments {
		enrolment := roster.Enrolment{
			Person: d.id(roster.KindPerson, e.Person), Section: sections[e.Section], Role: e.Role, Begin: e.Begin, End: e.End,
		}
		change(f, enrolment.Person, func(p *roster.PersonFacts) { p.Enrolments = append(p.Enrolments, enrolment) })
	}
	return f
}

// change changes the facts of a person who is among them.
func change(f roster.Facts, person uuid.UUID, do func(*roster.PersonFacts)) {
	if p, known := f.People[person]; known {
		do(&p)
		f.People[person] = p
	}
}

func (d *district) guardianships() (ties []roster.Guardianship) {
	for _, g := range d.says.Guardianships {
		ties = append(ties, roster.Guardianship{
			Guardian: d.id(roster.KindPerson, g.Guardian), Student: d.id(roster.KindPerson, g.Student), Relation: g.Relation,
		})
	}
	return ties
}

// orgs are those that are not gone.
func (d *district) orgs() map[uuid.UUID]roster.Org {
	known := map[string]bool{}
	for _, o := range d.says.Orgs {
		known[o.SourcedID] = !o.Gone
	}
	orgs := map[uuid.UUID]roster.Org{}
	for _, o := range d.says.Orgs {
		if o.Gone {
			continue
		}
		org := roster.Org{ID: d.id(roster.KindOrg, o.SourcedID), SourcedID: o.SourcedID, Name: o.Name, Type: o.Type}
		if known[o.Parent] {
			org.Parent = d.id(roster.KindOrg, o.Parent)
		}
		orgs[org.ID] = org
	}
	return orgs
}

// sections are all, with those of their terms that are in the roster.
func (d *district) sections() map[string]*roster.Section {
	terms := map[string]roster.Term{}
	for _, t := range d.says.Terms {
		if !t.Gone {
			terms[t.SourcedID] = roster.Term{Begin: t.Begin, End: t.End}
		}
	}
	sections := map[string]*roster.Section{}
	for _, row := range d.says.Sections {
		s := &roster.Section{
			ID: d.id(roster.KindSection, row.SourcedID), Title: row.Title, Course: row.Course, Period: row.Period,
			Org: d.id(roster.KindOrg, row.Org), Gone: row.Gone,
		}
		for _, sourcedID := range row.Terms {
			if t, known := terms[sourcedID]; known {
				s.Terms = append(s.Terms, t)
			}
		}
		s.TermsUnknown = len(row.Terms) > 0 && len(s.Terms) == 0
		sections[row.SourcedID] = s
	}
	return sections
}
