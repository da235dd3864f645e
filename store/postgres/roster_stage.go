package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

// The changes of a roster come to the server by COPY, in the words of the
// roster, into temporary tables; from there statements take them into the
// tables, all at once, however many there are. id is that of a record if it is
// new; named tells of the organisations and terms that others name.
const makeStage = `
CREATE TEMP TABLE put_org (sourced_id text COLLATE "C", id uuid, name text, type text, parent text COLLATE "C", gone boolean) ON COMMIT DROP;
CREATE TEMP TABLE named_org (sourced_id text COLLATE "C", id uuid) ON COMMIT DROP;
CREATE TEMP TABLE put_term (sourced_id text COLLATE "C", id uuid, title text, begin_day int, end_day int, gone boolean) ON COMMIT DROP;
CREATE TEMP TABLE named_term (sourced_id text COLLATE "C", id uuid) ON COMMIT DROP;
CREATE TEMP TABLE put_section (sourced_id text COLLATE "C", id uuid, title text, course text, period text, org text COLLATE "C",
	grades text[], terms text[], gone boolean) ON COMMIT DROP;
CREATE TEMP TABLE put_person (sourced_id text COLLATE "C", id uuid, given text, family text, preferred text, email text, address text,
	grades text[], gone boolean, sort_key text, words text, shown text) ON COMMIT DROP;
CREATE TEMP TABLE put_role (person text COLLATE "C", no int, org text COLLATE "C", role text, begin_day int, end_day int,
	role_sourced_id text) ON COMMIT DROP;
CREATE TEMP TABLE put_enrolment (sourced_id text COLLATE "C", person text COLLATE "C", section text COLLATE "C", role text,
	begin_day int, end_day int, gone boolean) ON COMMIT DROP;
CREATE TEMP TABLE removed_enrolment (sourced_id text COLLATE "C") ON COMMIT DROP;
CREATE TEMP TABLE put_tie (guardian text COLLATE "C", student text COLLATE "C", relation text) ON COMMIT DROP;
CREATE TEMP TABLE removed_tie (guardian text COLLATE "C", student text COLLATE "C") ON COMMIT DROP;
CREATE TEMP TABLE ended (guardian uuid, student uuid) ON COMMIT DROP;` + makeTouched

// staging copies lists to the server, one after the other.
type staging struct {
	ctx context.Context
	tx  pgx.Tx
	err error
}

func stage(ctx context.Context, tx pgx.Tx, c roster.Changes) error {
	s := &staging{ctx: ctx, tx: tx}
	_, s.err = tx.Exec(ctx, makeStage)
	s.orgs(c)
	s.terms(c)
	s.sections(c)
	s.people(c)
	s.roles(c)
	s.enrolments(c)
	s.ties(c)
	return s.err
}

// rowsOf sends n rows, and has the server look at them.
func (s *staging) rowsOf(table string, n int, row func(i int) []any, columns ...string) {
	if n == 0 || s.err != nil {
		return
	}
	source := pgx.CopyFromSlice(n, func(i int) ([]any, error) { return row(i), nil })
	if _, err := s.tx.CopyFrom(s.ctx, pgx.Identifier{"pg_temp", table}, columns, source); err != nil {
		s.err = fmt.Errorf("%s: %w", table, err)
		return
	}
	if _, err := s.tx.Exec(s.ctx, `ANALYZE pg_temp.`+table); err != nil {
		s.err = fmt.Errorf("%s: %w", table, err)
	}
}

// newID is an identifier for a record that may be new.
func (s *staging) newID() [16]byte {
	id, err := uuid.NewV7()
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("making an identifier: %w", err)
	}
	return id
}

// named sends the names that are not empty, each once.
func (s *staging) named(table string, all func(name func(string))) {
	var names []string
	seen := map[string]bool{"": true}
	all(func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	})
	s.rowsOf(table, len(names), func(i int) []any { return []any{kept(names[i]), s.newID()} }, "sourced_id", "id")
}

func (s *staging) orgs(c roster.Changes) {
	s.rowsOf("put_org", len(c.PutOrgs), func(i int) []any {
		o := &c.PutOrgs[i]
		return []any{kept(o.SourcedID), s.newID(), kept(o.Name), kept(o.Type), kept(o.Parent), o.Gone}
	}, "sourced_id", "id", "name", "type", "parent", "gone")
	s.named("named_org", func(name func(string)) {
		for i := range c.PutOrgs {
			name(c.PutOrgs[i].Parent)
		}
		for i := range c.PutSections {
			name(c.PutSections[i].Org)
		}
		for i := range c.PutPeople {
			for _, r := range c.PutPeople[i].Roles {
				name(r.Org)
			}
		}
	})
}

func (s *staging) terms(c roster.Changes) {
	s.rowsOf("put_term", len(c.PutTerms), func(i int) []any {
		t := &c.PutTerms[i]
		return []any{kept(t.SourcedID), s.newID(), kept(t.Title), int32(t.Begin), int32(t.End), t.Gone}
	}, "sourced_id", "id", "title", "begin_day", "end_day", "gone")
	s.named("named_term", func(name func(string)) {
		for i := range c.PutSections {
			for _, term := range c.PutSections[i].Terms {
				name(term)
			}
		}
	})
}

func (s *staging) sections(c roster.Changes) {
	s.rowsOf("put_section", len(c.PutSections), func(i int) []any {
		x := &c.PutSections[i]
		return []any{kept(x.SourcedID), s.newID(), kept(x.Title), kept(x.Course), kept(x.Period), kept(x.Org),
			keptList(x.Grades), keptList(x.Terms), x.Gone}
	}, "sourced_id", "id", "title", "course", "period", "org", "grades", "terms", "gone")
}

func (s *staging) people(c roster.Changes) {
	s.rowsOf("put_person", len(c.PutPeople), func(i int) []any {
		p := &c.PutPeople[i]
		name := roster.FoldName(*p)
		return []any{kept(p.SourcedID), s.newID(), kept(p.Given), kept(p.Family), kept(p.Preferred), kept(p.Email),
			kept(roster.ComparableAddress(p.Email)), keptList(p.Grades), p.Gone, name.SortKey, name.Words, name.Shown}
	}, "sourced_id", "id", "given", "family", "preferred", "email", "address", "grades", "gone", "sort_key", "words", "shown")
}

func (s *staging) roles(c roster.Changes) {
	n := 0
	for i := range c.PutPeople {
		n += len(c.PutPeople[i].Roles)
	}
	person, no := 0, -1
	s.rowsOf("put_role", n, func(int) []any {
		for no++; no == len(c.PutPeople[person].Roles); person++ {
			no = 0
		}
		p := &c.PutPeople[person]
		r := &p.Roles[no]
		return []any{kept(p.SourcedID), int32(no), kept(r.Org), kept(string(r.Role)), int32(r.Begin), int32(r.End), kept(r.SourcedID)}
	}, "person", "no", "org", "role", "begin_day", "end_day", "role_sourced_id")
}

func (s *staging) enrolments(c roster.Changes) {
	s.rowsOf("put_enrolment", len(c.PutEnrolments), func(i int) []any {
		e := &c.PutEnrolments[i]
		return []any{kept(e.SourcedID), kept(e.Person), kept(e.Section), kept(string(e.Role)), int32(e.Begin), int32(e.End), e.Gone}
	}, "sourced_id", "person", "section", "role", "begin_day", "end_day", "gone")
	s.rowsOf("removed_enrolment", len(c.RemoveEnrolments), func(i int) []any {
		return []any{kept(c.RemoveEnrolments[i])}
	}, "sourced_id")
}

func (s *staging) ties(c roster.Changes) {
	s.rowsOf("put_tie", len(c.PutGuardianships), func(i int) []any {
		g := &c.PutGuardianships[i]
		return []any{kept(g.Guardian), kept(g.Student), kept(string(g.Relation))}
	}, "guardian", "student", "relation")
	s.rowsOf("removed_tie", len(c.RemoveGuardianships), func(i int) []any {
		g := &c.RemoveGuardianships[i]
		return []any{kept(g.Guardian), kept(g.Student)}
	}, "guardian", "student")
}
