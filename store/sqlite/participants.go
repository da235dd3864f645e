package sqlite

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const (
	selectParticipants = `
SELECT q.conversation, p.id, p.sourced_id, p.given, p.family, p.preferred, p.gone, q.read, q.read_seq, q.own
FROM json_each(?2) e
CROSS JOIN participant q ON q.district = ?1 AND q.conversation = unhex(e.value)
JOIN person p ON p.district = q.district AND p.id = q.person
ORDER BY q.conversation, q.no`
	selectTies = `
SELECT t.conversation, t.person, t.part, t.student, t.detail
FROM json_each(?2) e
CROSS JOIN tie t ON t.district = ?1 AND t.conversation = unhex(e.value)
ORDER BY t.conversation, t.person, t.no`
)

// participants are those of several conversations, in two queries whatever
// their number. Of the people it has what they are called and whether they are
// gone; the marks are those of the reader alone.
func (s *Store) participants(ctx context.Context, tx *sql.Tx, district, reader uuid.UUID, conversations []uuid.UUID) (map[uuid.UUID][]hub.Participant, error) {
	type stored struct {
		hub.Participant
		conversation uuid.UUID
	}
	ids := idSet(conversations)
	rows, err := s.reads.query(ctx, tx, selectParticipants, key(district), ids)
	list, err := scanAll(rows, err, func(p *stored) []any {
		who := &p.Person
		return []any{&p.conversation, &who.ID, &who.SourcedID, &who.Given, &who.Family, &who.Preferred, &who.Gone,
			&p.Read, &p.ReadSeq, &p.Own}
	})
	if err != nil {
		return nil, err
	}
	ties, err := s.ties(ctx, tx, district, ids)
	if err != nil {
		return nil, err
	}
	in := make(map[uuid.UUID][]hub.Participant, len(conversations))
	for _, p := range list {
		if p.Person.ID != reader {
			p.Read, p.ReadSeq, p.Own = 0, 0, 0
		}
		p.Ties = ties[tieOf{p.conversation, p.Person.ID}]
		in[p.conversation] = append(in[p.conversation], p.Participant)
	}
	return in, nil
}

type tieOf struct{ conversation, person uuid.UUID }

func (s *Store) ties(ctx context.Context, tx *sql.Tx, district uuid.UUID, ids string) (map[tieOf][]roster.Tie, error) {
	type stored struct {
		roster.Tie
		conversation uuid.UUID
	}
	rows, err := s.reads.query(ctx, tx, selectTies, key(district), ids)
	list, err := scanAll(rows, err, func(t *stored) []any {
		return []any{&t.conversation, &t.Person, &t.Part, &t.Student, &t.Detail}
	})
	if err != nil {
		return nil, err
	}
	ties := make(map[tieOf][]roster.Tie)
	for _, t := range list {
		of := tieOf{t.conversation, t.Person}
		ties[of] = append(ties[of], t.Tie)
	}
	return ties, nil
}
