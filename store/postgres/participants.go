package postgres

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const (
	selectParticipants = `
SELECT q.conversation, p.id, p.sourced_id, p.given, p.family, p.preferred, p.gone, q.read, q.read_seq, q.own
FROM participant q JOIN person p ON p.district = q.district AND p.id = q.person
WHERE q.district = $1 AND q.conversation = ANY ($2)
ORDER BY q.conversation, q.no`
	selectTies = `
SELECT conversation, person, part, student, detail FROM tie
WHERE district = $1 AND conversation = ANY ($2)
ORDER BY conversation, person, no`
)

// participants are those of several conversations. Of the people it has what
// they are called and whether they are gone.
type participants struct {
	all  []participant
	ties []tie
}

type participant struct {
	hub.Participant
	conversation uuid.UUID
}

type tie struct {
	roster.Tie
	conversation uuid.UUID
}

// queue asks for them in two queries, whatever their number.
func (p *participants) queue(b *pgx.Batch, district uuid.UUID, conversations []uuid.UUID) {
	b.Queue(selectParticipants, district, conversations).Query(func(rows pgx.Rows) (err error) {
		p.all, err = scanAll(rows, nil, func(p *participant) []any {
			who := &p.Person
			return []any{&p.conversation, &who.ID, text(&who.SourcedID), text(&who.Given), text(&who.Family), text(&who.Preferred),
				&who.Gone, &p.Read, &p.ReadSeq, &p.Own}
		})
		return err
	})
	b.Queue(selectTies, district, conversations).Query(func(rows pgx.Rows) (err error) {
		p.ties, err = scanAll(rows, nil, func(t *tie) []any {
			return []any{&t.conversation, &t.Person, &t.Part, &t.Student, text(&t.Detail)}
		})
		return err
	})
}

// shownTo are they by conversation, with the marks of the reader alone.
func (p *participants) shownTo(reader uuid.UUID) map[uuid.UUID][]hub.Participant {
	ties := map[hub.Seat][]roster.Tie{}
	for _, t := range p.ties {
		of := hub.Seat{Conversation: t.conversation, Person: t.Person}
		ties[of] = append(ties[of], t.Tie)
	}
	in := map[uuid.UUID][]hub.Participant{}
	for _, one := range p.all {
		if one.Person.ID != reader {
			one.Read, one.ReadSeq, one.Own = 0, 0, 0
		}
		one.Ties = ties[hub.Seat{Conversation: one.conversation, Person: one.Person.ID}]
		in[one.conversation] = append(in[one.conversation], one.Participant)
	}
	return in
}
