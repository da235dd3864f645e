package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const callPost = `
SELECT status, conversation, seq, sent_at, hash, body, given, family, preferred, part, people, versions, totals, heres
FROM post($1, $2, $3, $4, $5, $6, $7)`

// Post is one call of a function that locks, judges and stores, and one round
// trip.
func (s *Store) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	var receipt hub.Receipt
	err := s.call(ctx, func(ctx context.Context, q queryer, maybe bool) error {
		var err error
		receipt, err = post(ctx, q, p, maybe)
		return err
	})
	if err != nil {
		return hub.Receipt{}, fmt.Errorf("post: %w", err)
	}
	return receipt, nil
}

// post stores a message or says why not. Where an earlier attempt may have
// stored it, what is found by its key is the answer to it, as new: nobody has
// told of it yet.
func post(ctx context.Context, q queryer, p hub.Post, maybe bool) (hub.Receipt, error) {
	answer, err := callPostWith(ctx, q, p)
	if err != nil {
		return hub.Receipt{}, err
	}
	receipt, err := answer.receipt(p)
	if err != nil || !receipt.Repeated || !maybe {
		return receipt, err
	}
	return anew(ctx, q, p.District, receipt)
}

// anew is the receipt of a message that was stored already, as if it were new:
// with what its conversation tells everybody now.
func anew(ctx context.Context, q queryer, district uuid.UUID, r hub.Receipt) (hub.Receipt, error) {
	var err error
	r.Repeated = false
	r.Audience, err = audience(ctx, q, district, r.Conversation)
	return r, err
}

// posted is what the function answers.
type posted struct {
	status       string
	conversation *uuid.UUID
	seq          *int64
	sentAt       *time.Time
	hash         []byte
	body         string
	name         roster.Person
	part         *roster.Part
	raised
}

// raised are the inboxes that a commit has raised, in the order of the people.
type raised struct {
	people                  []uuid.UUID
	versions, totals, heres []int64
}

func callPostWith(ctx context.Context, q queryer, p hub.Post) (posted, error) {
	var a posted
	body := kept(p.Body)
	var plain []byte // only where it is not the same
	if body != p.Body {
		plain = []byte(p.Body)
	}
	err := q.QueryRow(ctx, callPost, p.District, p.Conversation, p.Sender, p.Key, body, plain, p.Now).Scan(
		&a.status, &a.conversation, &a.seq, &a.sentAt, &a.hash, text(&a.body),
		text(&a.name.Given), text(&a.name.Family), text(&a.name.Preferred), &a.part,
		&a.people, &a.versions, &a.totals, &a.heres)
	return a, err
}

const (
	stored   = "stored"
	repeated = "repeated"
)

// receipt is what the answer says to who posted p.
func (a posted) receipt(p hub.Post) (hub.Receipt, error) {
	switch a.status {
	case stored:
		r := a.message(p, p.Body)
		r.Audience = a.audience()
		return r, nil
	case repeated:
		before := a.message(p, a.body)
		before.Repeated = true
		if before.Conversation != p.Conversation || before.Body != p.Body {
			return hub.Receipt{}, &hub.Error{Code: hub.CodeKeyReused, Field: "key", Stored: []hub.Receipt{before}}
		}
		return before, nil
	}
	return hub.Receipt{}, &hub.Error{Code: hub.Code(a.status)}
}

func (a posted) message(p hub.Post, body string) hub.Receipt {
	return hub.Receipt{
		Message: hub.Message{
			Conversation: *a.conversation, Seq: *a.seq, Sender: p.Sender, SentAt: *a.sentAt, Body: body, Key: p.Key,
			Hash: [32]byte(a.hash),
		},
		SenderName: a.name.Name(), SenderPart: *a.part,
	}
}

// audience are those who are told, with what their inbox says.
func (r raised) audience() []hub.Told {
	told := make([]hub.Told, len(r.people))
	for i, person := range r.people {
		told[i] = hub.Told{Head: hub.Head{Person: person, Version: r.versions[i], Unread: r.totals[i]}, Here: r.heres[i]}
	}
	return told
}

const selectAudience = `
SELECT q.person, i.version, i.unread_total, c.last_seq - q.own - q.read
FROM participant q
JOIN conversation c ON c.district = q.district AND c.id = q.conversation
JOIN person p ON p.district = q.district AND p.id = q.person AND NOT p.gone
JOIN inbox i ON i.district = q.district AND i.person = q.person
WHERE q.district = $1 AND q.conversation = $2
ORDER BY q.no`

// audience are those in a conversation to whom something may be delivered.
func audience(ctx context.Context, q queryer, district, conversation uuid.UUID) ([]hub.Told, error) {
	rows, err := q.Query(ctx, selectAudience, district, conversation)
	return scanAll(rows, err, func(t *hub.Told) []any {
		return []any{&t.Person, &t.Version, &t.Unread, &t.Here}
	})
}
