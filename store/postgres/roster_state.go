package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

// State implements roster.Store. It is of one moment, its lists in the order in
// which roster.Compare walks them.
func (s *Store) State(ctx context.Context, district uuid.UUID) (state roster.State, err error) {
	err = s.writeWithin(ctx, importTime, func(ctx context.Context, tx pgx.Tx) error { // for the time that it gives
		_, err := tx.Exec(ctx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`)
		if err == nil {
			state, err = stateTx(ctx, tx, district)
		}
		return err
	})
	return state, wrap("roster state", err)
}

func stateTx(ctx context.Context, tx pgx.Tx, district uuid.UUID) (state roster.State, err error) {
	d, err := districtTx(ctx, tx, district)
	if err != nil {
		return state, err
	}
	state.Version = d.RosterVersion
	r := &stateReader{ctx: ctx, tx: tx, district: district, state: &state, sourced: map[uuid.UUID]string{}, words: map[string]string{}}
	for _, read := range []func() error{
		r.names, r.orgs, r.terms, r.sections, r.people, r.enrolments, r.guardianships, r.bars, r.columns,
	} {
		if err := read(); err != nil {
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
	tx       pgx.Tx
	district uuid.UUID
	state    *roster.State

	sourced map[uuid.UUID]string // of all tables
	words   map[string]string
}

// each reads the rows of a query about the district, of which into says where
// their columns go, and calls take after each.
func (r *stateReader) each(what, query string, into []any, take func()) error {
	rows, err := r.tx.Query(r.ctx, query, pgx.QueryExecModeCacheDescribe, r.district)
	if err == nil {
		_, err = pgx.ForEachRow(rows, into, func() error { take(); return nil })
	}
	return wrap(what, err)
}

func (r *stateReader) names() error {
	var id uuid.UUID
	var sourcedID string
	const query = `SELECT id, sourced_id FROM org WHERE district = $1 UNION ALL SELECT id, sourced_id FROM term WHERE district = $1
		UNION ALL SELECT id, sourced_id FROM section WHERE district = $1 UNION ALL SELECT id, sourced_id FROM person WHERE district = $1`
	return r.each("identifiers", query, []any{&id, text(&sourcedID)}, func() { r.sourced[id] = sourcedID })
}

func (r *stateReader) role(column []byte) roster.Role {
	role, ok := r.words[string(column)]
	if !ok {
		role = plain(string(column))
		r.words[string(column)] = role
	}
	return roster.Role(role)
}

func (r *stateReader) orgs() error {
	var o roster.SnapshotOrg
	var id uuid.UUID
	var parent uuid.NullUUID
	return r.each("orgs", `SELECT id, name, type, parent, gone FROM org WHERE district = $1 AND known`,
		[]any{&id, text(&o.Name), text(&o.Type), &parent, &o.Gone}, func() {
			o.SourcedID, o.Parent = r.sourced[id], r.sourced[parent.UUID]
			r.state.Orgs = append(r.state.Orgs, o)
		})
}

func (r *stateReader) terms() error {
	var t roster.SnapshotTerm
	return r.each("terms", `SELECT sourced_id, title, begin_day, end_day, gone FROM term WHERE district = $1 AND known`,
		[]any{text(&t.SourcedID), text(&t.Title), &t.Begin, &t.End, &t.Gone}, func() { r.state.Terms = append(r.state.Terms, t) })
}

func (r *stateReader) sections() error {
	var section, term uuid.UUID
	terms := map[uuid.UUID][]string{}
	err := r.each("terms of sections", `SELECT section, term FROM section_term WHERE district = $1 ORDER BY section, no`,
		[]any{&section, &term}, func() { terms[section] = append(terms[section], r.sourced[term]) })
	if err != nil {
		return err
	}
	var c roster.SnapshotSection
	var org uuid.NullUUID
	var grades []string
	return r.each("sections", `SELECT id, title, course, period, org, grades, gone FROM section WHERE district = $1`,
		[]any{&section, text(&c.Title), text(&c.Course), text(&c.Period), &org, &grades, &c.Gone}, func() {
			c.SourcedID, c.Org, c.Terms, c.Grades = r.sourced[section], r.sourced[org.UUID], terms[section], plainList(grades)
			r.state.Sections = append(r.state.Sections, c)
		})
}

// people come with their roles from two queries.
func (r *stateReader) people() error {
	var id uuid.UUID
	var p roster.SnapshotPerson
	var grades []string
	at := map[uuid.UUID]int{}
	err := r.each("people", `SELECT id, given, family, preferred, email, grades, gone FROM person WHERE district = $1`,
		[]any{&id, text(&p.Given), text(&p.Family), text(&p.Preferred), text(&p.Email), &grades, &p.Gone}, func() {
			p.SourcedID, p.Grades, at[id] = r.sourced[id], plainList(grades), len(r.state.People)
			r.state.People = append(r.state.People, p)
		})
	if err != nil {
		return err
	}
	var org uuid.NullUUID
	var role []byte
	var held roster.SnapshotRole
	return r.each("roles", `SELECT person, org, role, begin_day, end_day, sourced_id FROM person_role WHERE district = $1 ORDER BY person, no`,
		[]any{&id, &org, &role, &held.Begin, &held.End, text(&held.SourcedID)}, func() {
			held.Org, held.Role = r.sourced[org.UUID], r.role(role)
			p := &r.state.People[at[id]]
			p.Roles = append(p.Roles, held)
		})
}

func (r *stateReader) enrolments() error {
	var count int
	if err := r.tx.QueryRow(r.ctx, `SELECT count(*) FROM enrolment WHERE district = $1`, r.district).Scan(&count); err != nil {
		return fmt.Errorf("counting enrolments: %w", err)
	}
	if count > 0 {
		r.state.Enrolments = make([]roster.SnapshotEnrolment, 0, count)
	}
	var e roster.SnapshotEnrolment
	var person, section uuid.UUID
	var role []byte
	return r.each("enrolments", `SELECT sourced_id, person, section, role, begin_day, end_day FROM enrolment WHERE district = $1`,
		[]any{text(&e.SourcedID), &person, &section, &role, &e.Begin, &e.End}, func() {
			e.Person, e.Section, e.Role = r.sourced[person], r.sourced[section], r.role(role)
			r.state.Enrolments = append(r.state.Enrolments, e)
		})
}

func (r *stateReader) guardianships() error {
	var guardian, student uuid.UUID
	var relation []byte
	return r.each("guardianships", `SELECT guardian, student, relation FROM guardianship WHERE district = $1`,
		[]any{&guardian, &student, &relation}, func() {
			r.state.Guardianships = append(r.state.Guardianships, roster.SnapshotGuardianship{
				Guardian: r.sourced[guardian], Student: r.sourced[student], Relation: r.role(relation),
			})
		})
}

func (r *stateReader) bars() error {
	var guardian, student uuid.UUID
	var b roster.StateBar
	return r.each("bars", `SELECT guardian, student, since, reason FROM bar WHERE district = $1 AND ended_at IS NULL`,
		[]any{&guardian, &student, &b.Since, text(&b.Reason)}, func() {
			b.Guardian, b.Student = r.sourced[guardian], r.sourced[student]
			r.state.Bars = append(r.state.Bars, b)
		})
}
