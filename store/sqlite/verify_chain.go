package sqlite

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/inbox"
)

// marks are what the row of a participant says, and what is counted.
type marks struct {
	person                     uuid.UUID
	read, readSeq, own, bucket int64
	countedRead, countedOwn    int64
}

func (d *districtVerification) conversation(id uuid.UUID) error {
	k, err := d.kept(id)
	if err != nil {
		return err
	}
	in, err := d.marks(id)
	if err != nil {
		return err
	}
	n, err := d.chain(k, in)
	if err != nil {
		return err
	}
	for i := range in {
		d.checkMarks(k, &in[i], n)
	}
	d.Conversations++
	return d.checkSeal(k)
}

func (d *districtVerification) marks(id uuid.UUID) ([]marks, error) {
	rows, err := d.tx.QueryContext(d.ctx, `SELECT person, read, read_seq, own, bucket
		FROM participant WHERE district = ?1 AND conversation = ?2 ORDER BY no`, key(d.district), key(id))
	return scanAll(rows, err, func(m *marks) []any {
		return []any{&m.person, &m.read, &m.readSeq, &m.own, &m.bucket}
	})
}

// chain follows the messages of a conversation from its root, counts them for
// its participants, and answers how many there are.
func (d *districtVerification) chain(k kept, in []marks) (count int64, err error) {
	rows, err := d.tx.QueryContext(d.ctx, `SELECT seq, sender, sent_at, key, hash, body
		FROM message WHERE district = ?1 AND conversation = ?2 ORDER BY seq`, key(d.district), key(k.id))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	link := chainLink{districtVerification: d, kept: k, hash: k.root}
	for rows.Next() {
		var m storedMessage
		if err := rows.Scan(&m.Seq, &m.Sender, &m.at, &m.Key, &m.hash, &m.Body); err != nil {
			return 0, err
		}
		link.follow(m.message())
		for i := range in {
			in[i].count(m.Message)
		}
		count++
	}
	link.end()
	d.Messages += int(count)
	return count, rows.Err()
}

func (m *marks) count(letter hub.Message) {
	switch {
	case letter.Sender == m.person:
		m.countedOwn++
	case letter.Seq <= m.readSeq:
		m.countedRead++
	}
}

// chainLink is the message up to which a chain has been followed.
type chainLink struct {
	*districtVerification
	kept
	seq  int64
	hash [32]byte
}

func (l *chainLink) follow(m hub.Message) {
	gap := m.Seq - l.seq - 1
	switch {
	case m.Seq > l.lastSeq:
		l.found(m.Seq, "it was inserted: the last message of the conversation is number %d", l.lastSeq)
	case gap > 0:
		l.found(l.seq+1, "it was removed, with those up to %d", m.Seq-1)
	case hub.ChainHash(l.hash, m) == m.Hash:
	case m.Seq == 1:
		l.found(1, "it is not what was sent: it was changed, or what the conversation began with: "+
			"its subject, starter, time, predecessor, participants or their ties")
	default:
		l.found(m.Seq, "it is not what was sent after message %d: its text, sender, time or key was changed, "+
			"or those of that message together with its hash", l.seq)
	}
	// The chain goes on from the hash that is stored, so that one change is one finding.
	l.seq, l.hash = m.Seq, m.Hash
}

func (l *chainLink) end() {
	switch {
	case l.seq < l.lastSeq:
		l.found(l.seq+1, "it was cut off, with all up to the last, number %d", l.lastSeq)
	case l.seq == l.lastSeq && l.hash != l.kept.hash:
		l.found(l.seq, "it is not the last message that was sent: its hash is not the one that the conversation has")
	}
}

func (l *chainLink) found(seq int64, what string, args ...any) {
	l.report(Finding{District: l.district, Conversation: l.id, Seq: seq, What: fmt.Sprintf(what, args...)})
}

// checkMarks compares what a participant's row says with what was counted.
func (d *districtVerification) checkMarks(k kept, m *marks, messages int64) {
	found := func(what string, args ...any) {
		d.report(Finding{District: d.district, Conversation: k.id, Person: m.person, What: fmt.Sprintf(what, args...)})
	}
	if m.own != m.countedOwn {
		found("%d messages are counted as theirs, there are %d", m.own, m.countedOwn)
	}
	if m.read != m.countedRead {
		found("%d messages of others are counted as read, there are %d up to number %d", m.read, m.countedRead, m.readSeq)
	}
	if want := inbox.Bucket(k.lastAt); m.bucket != want {
		found("it stands at hour %d of the inbox, its last message is of hour %d", m.bucket, want)
	}
	d.unread[m.person] += messages - m.countedOwn - m.countedRead
}
