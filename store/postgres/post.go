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
// stored it, what is found by its key is the answer to it: nobody has told of it
// yet.
func post(ctx context.Context, q queryer, p hub.Post, maybe bool) (hub.Receipt, error) {
	answer, err := callPostWith(ctx, q, p)
	if err != nil {
		return hub.Receipt{}, err
	}
	receipt, err := answer.receipt(p)
	if receipt.Repeated && maybe {
		receipt.Repeated, receipt.Late = false, true
	}
	return receipt, err
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
