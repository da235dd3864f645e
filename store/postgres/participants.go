package postgres

import (
	"context"

	"github.com/google/uuid"

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

// participants are those of several conversations, in two queries whatever
// their number. Of the people it has what they are called and whether they are
// gone; the marks are those of the reader alone.
func participants(ctx context.Context, q queryer, district, reader uuid.UUID, conversations []uuid.UUID) (map[uuid.UUID][]hub.Participant, error) {
	type stored struct {
		hub.Participant
		conversation uuid.UUID
	}
	rows, err := q.Query(ctx, selectParticipants, district, conversations)
	list, err := scanAll(rows, err, func(p *stored) []any {
		who := &p.Person
		return []any{&p.conversation, &who.ID, text(&who.SourcedID), text(&who.Given), text(&who.Family), text(&who.Preferred),
			&who.Gone, &p.Read, &p.ReadSeq, &p.Own}
	})
	if err != nil {
		return nil, err
	}
	ties, err := tiesOf(ctx, q, district, conversations)
	if err != nil {
		return nil, err
	}
	in := make(map[uuid.UUID][]hub.Participant, len(conversations))
	for _, p := range list {
		if p.Person.ID != reader {
			p.Read, p.ReadSeq, p.Own = 0, 0, 0
		}
		p.Ties = ties[hub.Seat{Conversation: p.conversation, Person: p.Person.ID}]
		in[p.conversation] = append(in[p.conversation], p.Participant)
	}
	return in, nil
}

func tiesOf(ctx context.Context, q queryer, district uuid.UUID, conversations []uuid.UUID) (map[hub.Seat][]roster.Tie, error) {
	type stored struct {
		roster.Tie
		conversation uuid.UUID
	}
	rows, err := q.Query(ctx, selectTies, district, conversations)
	list, err := scanAll(rows, err, func(t *stored) []any {
		return []any{&t.conversation, &t.Person, &t.Part, &t.Student, text(&t.Detail)}
	})
	if err != nil {
		return nil, err
	}
	ties := make(map[hub.Seat][]roster.Tie)
	for _, t := range list {
		of := hub.Seat{Conversation: t.conversation, Person: t.Person}
		ties[of] = append(ties[of], t.Tie)
	}
	return ties, nil
}
