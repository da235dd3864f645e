package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// State implements roster.Store. It is of one moment, its lists in the order in
// which roster.Compare walks them.
func (s *Store) State(ctx context.Context, district uuid.UUID) (state roster.State, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		state, err = stateTx(ctx, tx, district)
		return err
	})
	return state, wrap("roster state", err)
}

func stateTx(ctx context.Context, tx *sql.Tx, district uuid.UUID) (state roster.State, err error) {
	d, err := districtTx(ctx, tx, district)
	if err != nil {
		return state, err
	}
	state.Version = d.RosterVersion
	r := &stateReader{ctx: ctx, tx: tx, district: district, words: map[string]string{}}
	for _, read := range []func(*roster.State) error{
		r.names, r.orgs, r.terms, r.sections, r.people, r.enrolments, r.guardianships, r.bars, r.columns,
	} {
		if err := read(&state); err != nil {
			return roster.State{}, err
		}
	}
	state.Sort()
	return state, nil
}

// stateReader turns identifiers back into sourcedIds. Every sourcedId and role
// is in memory once, however many rows hold it.
type stateReader struct {
	ctx      context.Context
	tx       *sql.Tx
	district uuid.UUID

	sourced map[uuid.UUID]string // of all tables
	words   map[string]string
}

func (r *stateReader) names(*roster.State) error {
	const query = `SELECT id, sourced_id FROM org WHERE district = ?1 UNION ALL SELECT id, sourced_id FROM term WHERE district = ?1
		UNION ALL SELECT id, sourced_id FROM section WHERE district = ?1 UNION ALL SELECT id, sourced_id FROM person WHERE district = ?1`
	r.sourced = map[uuid.UUID]string{}
	return wrap("identifiers", each(r.ctx, r.tx, func(row scanner) error {
		var id uuid.UUID
		var sourcedID string
		err := row.Scan(&id, &sourcedID)
		r.sourced[id] = sourcedID
		return err
	}, query, key(r.district)))
}

func (r *stateReader) role(text []byte) roster.Role {
	role, ok := r.words[string(text)]
	if !ok {
		role = string(text)
		r.words[role] = role
	}
	return roster.Role(role)
}

func (r *stateReader) orgs(state *roster.State) (err error) {
	state.Orgs, err = collect(r.ctx, r.tx, func(row scanner) (o roster.SnapshotOrg, err error) {
		var id, parent uuid.UUID
		err = row.Scan(&id, &o.Name, &o.Type, &parent, &o.Gone)
		o.SourcedID, o.Parent = r.sourced[id], r.sourced[parent]
		return o, err
	}, `SELECT id, name, type, parent, gone FROM org WHERE district = ? AND known = 1`, key(r.district))
	return wrap("orgs", err)
}

func (r *stateReader) terms(state *roster.State) (err error) {
	state.Terms, err = collect(r.ctx, r.tx, func(row scanner) (t roster.SnapshotTerm, err error) {
		return t, row.Scan(&t.SourcedID, &t.Title, &t.Begin, &t.End, &t.Gone)
	}, `SELECT sourced_id, title, begin, end, gone FROM term WHERE district = ? AND known = 1`, key(r.district))
	return wrap("terms", err)
}

func (r *stateReader) sections(state *roster.State) error {
	terms := map[uuid.UUID][]string{}
	err := each(r.ctx, r.tx, func(row scanner) error {
		var section, term uuid.UUID
		err := row.Scan(&section, &term)
		terms[section] = append(terms[section], r.sourced[term])
		return err
	}, `SELECT section, term FROM section_term WHERE district = ? ORDER BY section, no`, key(r.district))
	if err != nil {
		return fmt.Errorf("terms of sections: %w", err)
	}
	state.Sections, err = collect(r.ctx, r.tx, func(row scanner) (s roster.SnapshotSection, err error) {
		var id, org uuid.UUID
		var grades string
		if err := row.Scan(&id, &s.Title, &s.Course, &s.Period, &org, &grades, &s.Gone); err != nil {
			return s, err
		}
		s.SourcedID, s.Org, s.Terms = r.sourced[id], r.sourced[org], terms[id]
		s.Grades, err = parseList(grades)
		return s, err
	}, `SELECT id, title, course, period, org, grades, gone FROM section WHERE district = ?`, key(r.district))
	return wrap("sections", err)
}

// people come with their roles from two queries in the same order.
func (r *stateReader) people(state *roster.State) error {
	at := map[uuid.UUID]int{}
	err := each(r.ctx, r.tx, func(row scanner) error {
		var p roster.SnapshotPerson
		var id uuid.UUID
		var grades string
		if err := row.Scan(&id, &p.Given, &p.Family, &p.Preferred, &p.Email, &grades, &p.Gone); err != nil {
			return err
		}
		var err error
		p.SourcedID = r.sourced[id]
		p.Grades, err = parseList(grades)
		at[id] = len(state.People)
		state.People = append(state.People, p)
		return err
	}, `SELECT id, given, family, preferred, email, grades, gone FROM person WHERE district = ?`, key(r.district))
	if err != nil {
		return fmt.Errorf("people: %w", err)
	}
	return wrap("roles", each(r.ctx, r.tx, func(row scanner) error {
		var person, org uuid.UUID
		var role sql.RawBytes
		var held roster.SnapshotRole
		if err := row.Scan(&person, &org, &role, &held.Begin, &held.End, &held.SourcedID); err != nil {
			return err
		}
		held.Org, held.Role = r.sourced[org], r.role(role)
		p := &state.People[at[person]]
		p.Roles = append(p.Roles, held)
		return nil
	}, `SELECT person, org, role, begin, end, sourced_id FROM person_role WHERE district = ? ORDER BY person, no`, key(r.district)))
}

func (r *stateReader) enrolments(state *roster.State) error {
	var count int
	if err := r.tx.QueryRowContext(r.ctx, `SELECT count(*) FROM enrolment WHERE district = ?`, key(r.district)).Scan(&count); err != nil {
		return fmt.Errorf("counting enrolments: %w", err)
	}
	if count > 0 {
		state.Enrolments = make([]roster.SnapshotEnrolment, 0, count)
	}
	return wrap("enrolments", each(r.ctx, r.tx, func(row scanner) error {
		var e roster.SnapshotEnrolment
		var person, section uuid.UUID
		var role sql.RawBytes
		if err := row.Scan(&e.SourcedID, &person, &section, &role, &e.Begin, &e.End); err != nil {
			return err
		}
		e.Person, e.Section, e.Role = r.sourced[person], r.sourced[section], r.role(role)
		state.Enrolments = append(state.Enrolments, e)
		return nil
	}, `SELECT sourced_id, person, section, role, begin, end FROM enrolment WHERE district = ?`, key(r.district)))
}

func (r *stateReader) guardianships(state *roster.State) (err error) {
	state.Guardianships, err = collect(r.ctx, r.tx, func(row scanner) (g roster.SnapshotGuardianship, err error) {
		var guardian, student uuid.UUID
		var relation sql.RawBytes
		err = row.Scan(&guardian, &student, &relation)
		g.Guardian, g.Student, g.Relation = r.sourced[guardian], r.sourced[student], r.role(relation)
		return g, err
	}, `SELECT guardian, student, relation FROM guardianship WHERE district = ?`, key(r.district))
	return wrap("guardianships", err)
}

func (r *stateReader) bars(state *roster.State) (err error) {
	state.Bars, err = collect(r.ctx, r.tx, func(row scanner) (b roster.StateBar, err error) {
		var guardian, student uuid.UUID
		err = row.Scan(&guardian, &student, &b.Since, &b.Reason)
		b.Guardian, b.Student = r.sourced[guardian], r.sourced[student]
		return b, err
	}, `SELECT guardian, student, since, reason FROM bar WHERE district = ? AND ended_at IS NULL`, key(r.district))
	return wrap("bars", err)
}
