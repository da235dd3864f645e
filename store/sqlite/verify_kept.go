package sqlite

import (
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/verify"
)

// Conversations implements verify.Source.
func (v *verification) Conversations(district, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	return v.ids(`SELECT id FROM conversation WHERE district = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
		key(district), key(after), limit)
}

// Conversation implements verify.Source.
func (v *verification) Conversation(district, id uuid.UUID) (verify.Conversation, error) {
	c := verify.Conversation{ID: id, Begun: hub.NewConversation{ID: id}}
	var started, last int64
	var hash []byte
	err := v.tx.QueryRowContext(v.ctx, `SELECT subject, started_by, started_at, predecessor, last_seq, last_at, last_hash, seal_hash
		FROM conversation WHERE district = ?1 AND id = ?2`, key(district), key(id)).
		Scan(&c.Begun.Subject, &c.Starter, &started, &c.Begun.Predecessor, &c.LastSeq, &last, &hash, &c.SealHash)
	if err != nil {
		return c, err
	}
	c.Started, c.LastAt = instant(started), instant(last)
	copy(c.LastHash[:], hash)
	if c.Begun.Participants, err = v.begunWith(district, id); err != nil {
		return c, err
	}
	if c.Marks, err = v.marks(district, id); err != nil {
		return c, err
	}
	c.Seal, err = readSeal(v.ctx, v.tx, nil, district, id)
	return c, err
}

// begunWith are the participants in their order, with their ties in theirs.
func (v *verification) begunWith(district, id uuid.UUID) ([]hub.NewParticipant, error) {
	rows, err := v.tx.QueryContext(v.ctx, `SELECT q.person, t.part, t.student, t.detail
		FROM participant q LEFT JOIN tie t ON t.district = q.district AND t.conversation = q.conversation AND t.person = q.person
		WHERE q.district = ?1 AND q.conversation = ?2 ORDER BY q.no, q.person, t.no`, key(district), key(id))
	list, err := scanAll(rows, err, func(t *verify.BegunTie) []any { return []any{&t.Person, &t.Part, &t.Student, &t.Detail} })
	return verify.Begun(list), err
}

func (v *verification) marks(district, id uuid.UUID) ([]verify.Mark, error) {
	rows, err := v.tx.QueryContext(v.ctx, `SELECT person, read, read_seq, own, bucket, mailed_seq
		FROM participant WHERE district = ?1 AND conversation = ?2 ORDER BY no`, key(district), key(id))
	return scanAll(rows, err, func(m *verify.Mark) []any {
		return []any{&m.Person, &m.Read, &m.ReadSeq, &m.Own, &m.Bucket, &m.Mailed}
	})
}

// Messages implements verify.Source.
func (v *verification) Messages(district, conversation uuid.UUID, do func(hub.Message)) error {
	rows, err := v.tx.QueryContext(v.ctx, `SELECT seq, sender, sent_at, key, hash, body
		FROM message WHERE district = ?1 AND conversation = ?2 ORDER BY seq`, key(district), key(conversation))
	return eachOf(rows, err, func(row scanner) error {
		var m storedMessage
		if err := row.Scan(&m.Seq, &m.Sender, &m.at, &m.Key, &m.hash, &m.Body); err != nil {
			return err
		}
		do(m.message())
		return nil
	})
}

// Inboxes implements verify.Source.
func (v *verification) Inboxes(district uuid.UUID) ([]roster.Head, error) {
	rows, err := v.tx.QueryContext(v.ctx, `SELECT person, version, unread_total FROM inbox WHERE district = ?1 ORDER BY person`, key(district))
	return scanAll(rows, err, func(h *roster.Head) []any { return []any{&h.Person, &h.Version, &h.Unread} })
}
