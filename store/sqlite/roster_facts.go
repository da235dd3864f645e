package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Facts implements roster.Store.
func (s *Store) Facts(ctx context.Context, district uuid.UUID, people []uuid.UUID, now time.Time) (f roster.Facts, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		f, err = factsTx(ctx, tx, district, people, now)
		return err
	})
	return f, err
}

// factsTx takes as many queries for one person as for a thousand.
func factsTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, people []uuid.UUID, now time.Time) (roster.Facts, error) {
	d, err := districtTx(ctx, tx, district)
	if err != nil {
		return roster.Facts{}, err
	}
	r := &factsReader{ctx: ctx, tx: tx, district: district}
	f := roster.Facts{District: d, Today: d.Today(now)}
	for _, read := range []func(*roster.Facts) error{
		r.orgs, func(f *roster.Facts) error { return r.people(f, people) }, r.ties, r.bars, r.enrolments, r.grants,
	} {
		if err := read(&f); err != nil {
			return roster.Facts{}, fmt.Errorf("facts: %w", err)
		}
	}
	return f, nil
}

// These begin with the people that they are about: left to itself, the planner
// would begin with everybody of the district.
const (
	selectFamily = `WITH asked (id) AS MATERIALIZED (SELECT unhex(value) FROM json_each(?2))
		SELECT id FROM asked
		UNION SELECT g.student FROM asked a CROSS JOIN guardianship g ON g.district = ?1 AND g.guardian = a.id
		UNION SELECT g.guardian FROM asked a CROSS JOIN guardianship g ON g.district = ?1 AND g.student = a.id`
	selectGuardianships = `WITH wanted (id) AS MATERIALIZED (SELECT unhex(value) FROM json_each(?2))
		SELECT g.guardian, g.student, g.relation FROM wanted w CROSS JOIN guardianship g ON g.district = ?1 AND g.student = w.id
		UNION SELECT g.guardian, g.student, g.relation FROM wanted w CROSS JOIN guardianship g ON g.district = ?1 AND g.guardian = w.id
		ORDER BY 2, 1`
	selectBarsOf = `WITH wanted (id) AS MATERIALIZED (SELECT unhex(value) FROM json_each(?2))
		SELECT ` + barColumns + ` FROM wanted w CROSS JOIN bar b INDEXED BY bar_student ON b.district = ?1 AND b.student = w.id AND b.ended_at IS NULL
		UNION SELECT ` + barColumns + ` FROM wanted w CROSS JOIN bar b INDEXED BY bar_guardian ON b.district = ?1 AND b.guardian = w.id AND b.ended_at IS NULL
		ORDER BY 3, 2`
	selectEnrolments = `SELECT person, section, role, begin, end FROM enrolment
		WHERE district = ?1 AND person IN (SELECT unhex(value) FROM json_each(?2))`
)

type factsReader struct {
	ctx      context.Context
	tx       *sql.Tx
	district uuid.UUID
	set      string // of the people, once they are read
}

func (r *factsReader) orgs(f *roster.Facts) error {
	f.Orgs = map[uuid.UUID]roster.Org{}
	return wrap("orgs", each(r.ctx, r.tx, func(row scanner) error {
		var o roster.Org
		err := row.Scan(&o.ID, &o.SourcedID, &o.Name, &o.Type, &o.Parent)
		f.Orgs[o.ID] = o
		return err
	}, `SELECT o.id, o.sourced_id, o.name, o.type, p.id FROM org o
		LEFT JOIN org p ON p.district = o.district AND p.id = o.parent AND p.known = 1 AND p.gone = 0
		WHERE o.district = ? AND o.known = 1 AND o.gone = 0`, key(r.district)))
}

func (r *factsReader) people(f *roster.Facts, asked []uuid.UUID) error {
	ids, err := collect(r.ctx, r.tx, scanID, selectFamily, key(r.district), idSet(asked))
	if err != nil {
		return fmt.Errorf("families: %w", err)
	}
	r.set = idSet(ids)
	people, err := peopleTx(r.ctx, r.tx, r.district, ids)
	if err != nil {
		return err
	}
	f.People = make(map[uuid.UUID]roster.PersonFacts, len(people))
	for _, p := range people {
		f.People[p.ID] = roster.PersonFacts{Person: p}
	}
	return nil
}

func (r *factsReader) ties(f *roster.Facts) error {
	return wrap("guardianships", each(r.ctx, r.tx, func(row scanner) error {
		var g roster.Guardianship
		err := row.Scan(&g.Guardian, &g.Student, &g.Relation)
		f.WithTie(g)
		return err
	}, selectGuardianships, key(r.district), r.set))
}

func (r *factsReader) bars(f *roster.Facts) error {
	return wrap("bars", each(r.ctx, r.tx, func(row scanner) error {
		b, err := scanBar(row)
		f.WithBar(b)
		return err
	}, selectBarsOf, key(r.district), r.set))
}

func (r *factsReader) grants(f *roster.Facts) (err error) {
	f.Grants, err = collect(r.ctx, r.tx, scanGrant, selectGrantsOf, key(r.district), r.set)
	return wrap("grants", err)
}

func (r *factsReader) enrolments(f *roster.Facts) error {
	type row struct {
		roster.Enrolment
		section uuid.UUID
	}
	rows, err := collect(r.ctx, r.tx, func(s scanner) (e row, err error) {
		return e, s.Scan(&e.Person, &e.section, &e.Role, &e.Begin, &e.End)
	}, selectEnrolments, key(r.district), r.set)
	if err != nil {
		return fmt.Errorf("enrolments: %w", err)
	}
	var ids []uuid.UUID
	for _, e := range rows {
		ids = append(ids, e.section)
	}
	sections, err := sectionsTx(r.ctx, r.tx, r.district, ids)
	if err != nil {
		return err
	}
	for _, e := range rows {
		e.Section = sections[e.section]
		f.WithEnrolment(e.Enrolment)
	}
	return nil
}

// sectionsTx are sections with those of their terms that are in the roster.
func sectionsTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]*roster.Section, error) {
	set := idSet(ids)
	sections := make(map[uuid.UUID]*roster.Section, len(ids))
	err := each(ctx, tx, func(row scanner) error {
		s := new(roster.Section)
		err := row.Scan(&s.ID, &s.Title, &s.Course, &s.Period, &s.Org, &s.Gone)
		sections[s.ID] = s
		return err
	}, `SELECT id, title, course, period, org, gone FROM section
		WHERE district = ? AND id IN (SELECT unhex(value) FROM json_each(?))`, key(district), set)
	if err != nil {
		return nil, fmt.Errorf("sections: %w", err)
	}
	err = each(ctx, tx, func(row scanner) error {
		var section uuid.UUID
		var inRoster bool
		var t roster.Term
		err := row.Scan(&section, &inRoster, &t.Begin, &t.End)
		sections[section].NamesTerm(t, inRoster)
		return err
	}, `SELECT st.section, t.known = 1 AND t.gone = 0, t.begin, t.end
		FROM section_term st JOIN term t ON t.district = st.district AND t.id = st.term
		WHERE st.district = ? AND st.section IN (SELECT unhex(value) FROM json_each(?)) ORDER BY st.section, st.no`, key(district), set)
	return sections, wrap("terms of sections", err)
}
