package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

// Facts implements roster.Store.
func (s *Store) Facts(ctx context.Context, district uuid.UUID, people []uuid.UUID, now time.Time) (f roster.Facts, err error) {
	err = s.readAll(ctx, func(b *pgx.Batch) {
		f = noFacts()
		queueFacts(b, &f, district, people, now)
	})
	if err != nil {
		return roster.Facts{}, fmt.Errorf("facts: %w", err)
	}
	return f, nil
}

// family are those asked for, the students of whom are guardians, and the
// guardians of whom are students.
const family = `WITH asked AS (SELECT unnest($2::uuid[]) AS id),
	wanted AS MATERIALIZED (
		SELECT id FROM asked
		UNION SELECT g.student FROM asked a JOIN guardianship g ON g.district = $1 AND g.guardian = a.id
		UNION SELECT g.guardian FROM asked a JOIN guardianship g ON g.district = $1 AND g.student = a.id) `

const (
	selectOrgs = `SELECT o.id, o.sourced_id, o.name, o.type, p.id FROM org o
		LEFT JOIN org p ON p.district = o.district AND p.id = o.parent AND p.known AND NOT p.gone
		WHERE o.district = $1 AND o.known AND NOT o.gone`
	selectFamily        = family + personFrom + `JOIN wanted w ON w.id = p.id WHERE p.district = $1 ORDER BY p.id, r.no`
	selectGuardianships = family + `SELECT g.guardian, g.student, g.relation FROM wanted w JOIN guardianship g ON g.district = $1 AND g.student = w.id
		UNION SELECT g.guardian, g.student, g.relation FROM wanted w JOIN guardianship g ON g.district = $1 AND g.guardian = w.id
		ORDER BY 2, 1`
	selectBarsOf = family + `SELECT ` + barColumns + ` FROM wanted w JOIN bar b ON b.district = $1 AND b.student = w.id AND b.ended_at IS NULL
		UNION SELECT ` + barColumns + ` FROM wanted w JOIN bar b ON b.district = $1 AND b.guardian = w.id AND b.ended_at IS NULL
		ORDER BY 3, 2`
	selectSeats = family + `SELECT e.person, e.role, e.begin_day, e.end_day, ` + sectionColumns + `
		FROM wanted w JOIN enrolment e ON e.district = $1 AND e.person = w.id
		JOIN section c ON c.district = e.district AND c.id = e.section ` + termsOfSection + `
		ORDER BY e.person, e.sourced_id`

	// A section comes with its terms as two lists, and which of them the roster
	// knows as a third.
	sectionColumns = `c.id, c.title, c.course, c.period, c.org, c.gone, m.known, m.begins, m.ends`
	termsOfSection = `LEFT JOIN LATERAL (
		SELECT array_agg(t.known AND NOT t.gone ORDER BY st.no) AS known, array_agg(t.begin_day ORDER BY st.no) AS begins, array_agg(t.end_day ORDER BY st.no) AS ends
		FROM section_term st JOIN term t ON t.district = st.district AND t.id = st.term
		WHERE st.district = c.district AND st.section = c.id) m ON true`
)

func factsTx(ctx context.Context, tx pgx.Tx, district uuid.UUID, people []uuid.UUID, now time.Time) (roster.Facts, error) {
	f := noFacts()
	var all pgx.Batch
	queueFacts(&all, &f, district, people, now)
	if err := tx.SendBatch(ctx, &all).Close(); err != nil {
		return roster.Facts{}, fmt.Errorf("facts: %w", err)
	}
	return f, nil
}

func noFacts() roster.Facts {
	return roster.Facts{Orgs: map[uuid.UUID]roster.Org{}, People: map[uuid.UUID]roster.PersonFacts{}}
}

// queueFacts asks for everything at once, for one person as for a thousand. The
// district comes first: what holds today depends on its day.
func queueFacts(all *pgx.Batch, f *roster.Facts, district uuid.UUID, people []uuid.UUID, now time.Time) {
	all.Queue(selectDistrict+` WHERE id = $1`, district).Query(func(rows pgx.Rows) (err error) {
		f.District, err = oneDistrict(rows, nil)
		f.Today = f.District.Today(now)
		return err
	})
	all.Queue(selectOrgs, district).Query(func(rows pgx.Rows) error { return readOrgs(rows, f) })
	all.Queue(selectFamily, district, people).Query(func(rows pgx.Rows) error {
		found, err := readPeople(rows, nil)
		for _, p := range found {
			f.People[p.ID] = roster.PersonFacts{Person: p}
		}
		return err
	})
	all.Queue(selectGuardianships, district, people).Query(func(rows pgx.Rows) error { return readTies(rows, f.WithTie) })
	all.Queue(selectBarsOf, district, people).Query(func(rows pgx.Rows) error { return readBars(rows, f.WithBar) })
	all.Queue(selectGrantsOf, district, people).Query(func(rows pgx.Rows) error { return readGrants(rows, &f.Grants) })
	all.Queue(selectSeats, district, people).Query(func(rows pgx.Rows) error { return readSeats(rows, f.WithEnrolment) })
}

func readOrgs(rows pgx.Rows, f *roster.Facts) error {
	for rows.Next() {
		var o roster.Org
		var parent uuid.NullUUID
		if err := rows.Scan(&o.ID, text(&o.SourcedID), text(&o.Name), text(&o.Type), &parent); err != nil {
			return err
		}
		o.Parent = parent.UUID
		f.Orgs[o.ID] = o
	}
	return rows.Err()
}

func readTies(rows pgx.Rows, take func(roster.Guardianship)) error {
	for rows.Next() {
		var g roster.Guardianship
		if err := rows.Scan(&g.Guardian, &g.Student, text(&g.Relation)); err != nil {
			return err
		}
		take(g)
	}
	return rows.Err()
}

// readSeats reads enrolments with their sections; those of one section share it.
func readSeats(rows pgx.Rows, take func(roster.Enrolment)) error {
	sections := map[uuid.UUID]*roster.Section{}
	for rows.Next() {
		var e roster.Enrolment
		var c roster.Section
		var org uuid.NullUUID
		var known []bool
		var begins, ends []roster.Date
		err := rows.Scan(&e.Person, text(&e.Role), &e.Begin, &e.End,
			&c.ID, text(&c.Title), text(&c.Course), text(&c.Period), &org, &c.Gone, &known, &begins, &ends)
		if err != nil {
			return err
		}
		if sections[c.ID] == nil {
			c.Org = org.UUID
			for i, k := range known {
				c.NamesTerm(roster.Term{Begin: begins[i], End: ends[i]}, k)
			}
			sections[c.ID] = &c
		}
		e.Section = sections[c.ID]
		take(e)
	}
	return rows.Err()
}
