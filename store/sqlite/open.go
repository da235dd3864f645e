package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/inbox"
)

const (
	insertConversation = `
INSERT INTO conversation (district, id, subject, started_by, started_at, predecessor, last_seq, last_at, last_hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?5, ?7)`
	insertParticipant = `
INSERT INTO participant (district, conversation, person, no, bucket) VALUES (?1, ?2, ?3, ?4, ?5)`
	insertTie = `
INSERT INTO tie (district, conversation, person, no, part, student, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	insertStarted = `
INSERT INTO started (district, sender, key, no, conversation) VALUES (?1, ?2, ?3, ?4, ?5)`
	deleteContinuation = `
DELETE FROM continuation WHERE district = ?1 AND person = ?2 AND conversation = ?3
AND sealed_at = (SELECT at FROM seal WHERE district = ?1 AND conversation = ?3)`
)

// open stores one conversation of a start with its first message.
func (s *Store) open(ctx context.Context, tx *sql.Tx, r hub.Start, no int, c hub.NewConversation) (hub.Receipt, error) {
	if err := s.keyIsFree(ctx, tx, r, c.Key); err != nil {
		return hub.Receipt{}, err
	}
	if err := s.mayFollow(ctx, tx, r, c.Predecessor); err != nil {
		return hub.Receipt{}, err
	}
	at := micros(r.Now)
	root := hub.ChainRoot(r.District, r.Sender, r.Now, c)
	d, id := key(r.District), key(c.ID)

	run := batch{ctx: ctx, tx: tx, statements: s.writes}
	run.exec(insertConversation, d, id, c.Subject, key(r.Sender), at, orNull(c.Predecessor), root[:])
	for i, p := range c.Participants {
		run.exec(insertParticipant, d, id, key(p.Person), i, inbox.Bucket(at))
		for j, t := range p.Ties {
			run.exec(insertTie, d, id, key(p.Person), j, string(t.Part), orNull(t.Student), t.Detail)
		}
		if c.Predecessor != uuid.Nil {
			run.exec(deleteContinuation, d, key(p.Person), key(c.Predecessor))
		}
	}
	run.exec(insertStarted, d, key(r.Sender), key(r.Key), no, id)
	if run.err != nil {
		return hub.Receipt{}, fmt.Errorf("conversation %s: %w", c.ID, run.err)
	}
	st, err := s.stateFor(ctx, tx, r.District, c.ID, r.Sender)
	if err != nil {
		return hub.Receipt{}, fmt.Errorf("conversation %s: the sender: %w", c.ID, err)
	}
	if err := st.refuse(); err != nil {
		return hub.Receipt{}, err
	}
	return s.appendMessage(ctx, tx, hub.Post{
		District: r.District, Conversation: c.ID, Sender: r.Sender, Key: c.Key, Body: c.Body, Now: r.Now,
	}, st)
}

// keyIsFree refuses a key that the sender has used for a message of its own.
func (s *Store) keyIsFree(ctx context.Context, tx *sql.Tx, r hub.Start, k uuid.UUID) error {
	sent, err := s.sentWith(ctx, tx, r.District, r.Sender, k)
	switch {
	case err == nil:
		return &hub.Error{Code: hub.CodeKeyReused, Field: "key", Stored: []hub.Receipt{sent}}
	case errors.Is(err, sql.ErrNoRows):
		return nil
	}
	return err
}

// mayFollow refuses a predecessor that is not the sender's or not sealed (R25).
func (s *Store) mayFollow(ctx context.Context, tx *sql.Tx, r hub.Start, predecessor uuid.UUID) error {
	if predecessor == uuid.Nil {
		return nil
	}
	st, err := s.stateFor(ctx, tx, r.District, predecessor, r.Sender)
	if err != nil {
		return err
	}
	if !st.sealed {
		return &hub.Error{Code: hub.CodeInvalid, Field: "continues"}
	}
	return nil
}
