package sqlite

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/inbox"
)

const (
	insertMessage = `
INSERT INTO message (district, conversation, seq, sender, sent_at, key, hash, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	updateConversation = `
UPDATE conversation SET last_seq = ?3, last_at = ?4, last_hash = ?5 WHERE district = ?1 AND id = ?2`
	updateOwn = `
UPDATE participant SET own = own + 1 WHERE district = ?1 AND conversation = ?2 AND person = ?3`
	updateBuckets = `
UPDATE participant SET bucket = ?3 WHERE district = ?1 AND conversation = ?2`
)

// appendMessage adds a message after the last one and counts it for everybody.
func (s *Store) appendMessage(ctx context.Context, tx *sql.Tx, p hub.Post, st state) (hub.Receipt, error) {
	at := max(micros(p.Now), st.lastAt) // the clocks of those who send differ
	m := hub.Message{
		Conversation: p.Conversation, Seq: st.lastSeq + 1, Sender: p.Sender,
		SentAt: instant(at), Body: p.Body, Key: p.Key,
	}
	m.Hash = hub.ChainHash(st.lastHash, m)
	d, c, who := key(p.District), key(p.Conversation), key(p.Sender)

	run := batch{ctx: ctx, tx: tx, statements: s.writes}
	run.exec(insertMessage, d, c, m.Seq, who, at, key(m.Key), m.Hash[:], m.Body)
	run.exec(updateConversation, d, c, m.Seq, at, m.Hash[:])
	run.exec(updateOwn, d, c, who)
	if inbox.Bucket(at) != inbox.Bucket(st.lastAt) {
		run.exec(updateBuckets, d, c, inbox.Bucket(at))
	}
	run.exec(bumpInboxes, d, c, who, 1)
	run.exec(makeNotices, d, c, who, micros(m.SentAt.Add(st.settings.MailDelay())))
	if run.err != nil {
		return hub.Receipt{}, run.err
	}
	audience, err := audience(ctx, tx, s.writes, p.District, p.Conversation)
	return hub.Receipt{Message: m, SenderName: st.name, SenderPart: st.part, Audience: audience}, err
}

// bumpInboxes raises the version of the inbox of everybody in a conversation,
// and the unread total of all but one. Those who are gone are counted on: they
// find what was theirs when they return (R24).
const bumpInboxes = `
INSERT INTO inbox (district, person, version, unread_total)
SELECT district, person, 1, CASE person WHEN ?3 THEN 0 ELSE ?4 END
FROM participant WHERE district = ?1 AND conversation = ?2
ON CONFLICT (district, person) DO UPDATE
SET version = version + 1, unread_total = unread_total + excluded.unread_total`

// makeNotices has everybody but one due at an instant. Who is due before that
// already is only looked up.
const makeNotices = `
INSERT INTO notice (district, person, due_at)
SELECT q.district, q.person, ?4 FROM participant q
WHERE q.district = ?1 AND q.conversation = ?2 AND q.person <> ?3
  AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.district = q.district AND n.person = q.person AND n.due_at <= ?4)
ON CONFLICT (district, person) DO UPDATE SET due_at = excluded.due_at`

const selectAudience = `
SELECT q.person, i.version, i.unread_total, c.last_seq - q.own - q.read
FROM participant q
JOIN conversation c ON c.district = q.district AND c.id = q.conversation
JOIN person p ON p.district = q.district AND p.id = q.person AND NOT p.gone
JOIN inbox i ON i.district = q.district AND i.person = q.person
WHERE q.district = ?1 AND q.conversation = ?2
ORDER BY q.no`

// audience are those in a conversation to whom something may be delivered.
func audience(ctx context.Context, tx *sql.Tx, prepared statements, district, conversation uuid.UUID) ([]hub.Told, error) {
	rows, err := prepared.query(ctx, tx, selectAudience, key(district), key(conversation))
	return scanAll(rows, err, func(t *hub.Told) []any {
		return []any{&t.Person, &t.Version, &t.Unread, &t.Here}
	})
}

// batch runs statements one after the other until one fails.
type batch struct {
	ctx        context.Context
	tx         *sql.Tx
	statements statements
	err        error
}

func (b *batch) exec(text string, args ...any) {
	if b.err == nil {
		b.err = b.statements.exec(b.ctx, b.tx, text, args...)
	}
}
