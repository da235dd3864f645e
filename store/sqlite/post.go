package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Post is one immediate transaction: what is judged in it holds when it commits.
func (s *Store) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	var receipt hub.Receipt
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		receipt, err = s.post(ctx, tx, p)
		return err
	})
	if err != nil {
		return hub.Receipt{}, fmt.Errorf("post: %w", err)
	}
	return receipt, nil
}

func (s *Store) post(ctx context.Context, tx *sql.Tx, p hub.Post) (hub.Receipt, error) {
	before, err := s.sentWith(ctx, tx, p.District, p.Sender, p.Key)
	switch {
	case err == nil && before.Conversation == p.Conversation && before.Body == p.Body:
		return before, nil
	case err == nil:
		return hub.Receipt{}, &hub.Error{Code: hub.CodeKeyReused, Field: "key", Stored: []hub.Receipt{before}}
	case !errors.Is(err, sql.ErrNoRows):
		return hub.Receipt{}, err
	}
	state, err := s.stateFor(ctx, tx, p.District, p.Conversation, p.Sender)
	if err != nil {
		return hub.Receipt{}, err
	}
	if err := state.refuse(); err != nil {
		return hub.Receipt{}, err
	}
	return s.appendMessage(ctx, tx, p, state)
}

const selectByKey = `
SELECT m.conversation, m.seq, m.sent_at, m.body, m.hash, p.given, p.family, p.preferred,
       coalesce((SELECT part FROM tie t WHERE t.district = m.district AND t.conversation = m.conversation
                 AND t.person = m.sender ORDER BY no LIMIT 1), '')
FROM message m JOIN person p ON p.district = m.district AND p.id = m.sender
WHERE m.district = ?1 AND m.sender = ?2 AND m.key = ?3`

// sentWith is what the sender sent with that key, or sql.ErrNoRows.
func (s *Store) sentWith(ctx context.Context, tx *sql.Tx, district, sender, k uuid.UUID) (hub.Receipt, error) {
	r := hub.Receipt{Message: hub.Message{Sender: sender, Key: k}, Repeated: true}
	var at int64
	var hash []byte
	var name roster.Person
	err := s.writes.queryRow(ctx, tx, selectByKey, key(district), key(sender), key(k)).Scan(
		&r.Conversation, &r.Seq, &at, &r.Body, &hash, &name.Given, &name.Family, &name.Preferred, &r.SenderPart)
	if err != nil {
		return hub.Receipt{}, err
	}
	r.SentAt, r.SenderName = instant(at), name.Name()
	copy(r.Hash[:], hash)
	return r, nil
}

// state is a conversation as one who wants to write to it finds it.
type state struct {
	lastSeq, lastAt int64
	lastHash        [32]byte
	sealed, off     bool
	gone            bool
	name            string
	part            roster.Part
	settings        roster.Settings // with the delay of mails alone
}

func (s state) refuse() error {
	switch {
	case s.off:
		return &hub.Error{Code: hub.CodeMessagingOff}
	case s.gone:
		return &hub.Error{Code: hub.CodeOut}
	case s.sealed:
		return &hub.Error{Code: hub.CodeSealed}
	}
	return nil
}

const selectState = `
SELECT c.last_seq, c.last_at, c.last_hash, NOT d.enabled, coalesce(d.settings ->> 'mail_delay_minutes', 0), p.gone, p.given, p.family, p.preferred,
       EXISTS (SELECT 1 FROM seal WHERE district = c.district AND conversation = c.id),
       coalesce((SELECT part FROM tie t WHERE t.district = q.district AND t.conversation = q.conversation
                 AND t.person = q.person ORDER BY no LIMIT 1), '')
FROM participant q
JOIN conversation c ON c.district = q.district AND c.id = q.conversation
JOIN person p ON p.district = q.district AND p.id = q.person
JOIN district d ON d.id = q.district
WHERE q.district = ?1 AND q.conversation = ?2 AND q.person = ?3`

func (s *Store) stateFor(ctx context.Context, tx *sql.Tx, district, conversation, person uuid.UUID) (state, error) {
	var st state
	var hash []byte
	var p roster.Person
	err := s.writes.queryRow(ctx, tx, selectState, key(district), key(conversation), key(person)).Scan(
		&st.lastSeq, &st.lastAt, &hash, &st.off, &st.settings.MailDelayMinutes, &st.gone, &p.Given, &p.Family, &p.Preferred, &st.sealed, &st.part)
	if errors.Is(err, sql.ErrNoRows) {
		return state{}, hub.ErrNotFound
	}
	if err != nil {
		return state{}, err
	}
	st.name = p.Name()
	copy(st.lastHash[:], hash)
	return st, nil
}
