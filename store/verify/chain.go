package verify

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/inbox"
)

// counted is what the row of a participant says, and what is counted.
type counted struct {
	Mark
	read, own int64
}

func (c *counted) count(m hub.Message) {
	switch {
	case m.Sender == c.Person:
		c.own++
	case m.Seq <= c.ReadSeq:
		c.read++
	}
}

func (d *district) conversation(id uuid.UUID) error {
	c, err := d.src.Conversation(d.id, id)
	if err != nil {
		return err
	}
	in := make([]counted, len(c.Marks))
	for i, mark := range c.Marks {
		in[i].Mark = mark
	}
	messages, err := d.chain(c, in)
	if err != nil {
		return err
	}
	for _, one := range in {
		d.checkMark(c, one, messages)
	}
	d.Walk.Conversations++
	d.checkSeal(c)
	return nil
}

// chain follows the messages of a conversation from its root, counts them for
// its participants, and answers how many there are.
func (d *district) chain(c Conversation, in []counted) (messages int64, err error) {
	link := link{district: d, c: c, hash: hub.ChainRoot(d.id, c.Starter, c.Started, c.Begun)}
	err = d.src.Messages(d.id, c.ID, func(m hub.Message) {
		link.follow(m)
		for i := range in {
			in[i].count(m)
		}
		messages++
	})
	if err != nil {
		return 0, err
	}
	link.end()
	d.Walk.Messages += int(messages)
	return messages, nil
}

// link is the message up to which a chain has been followed.
type link struct {
	*district
	c    Conversation
	seq  int64
	hash [32]byte
}

func (l *link) follow(m hub.Message) {
	gap := m.Seq - l.seq - 1
	switch {
	case m.Seq > l.c.LastSeq:
		l.found(m.Seq, "it was inserted: the last message of the conversation is number %d", l.c.LastSeq)
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

func (l *link) end() {
	switch {
	case l.seq < l.c.LastSeq:
		l.found(l.seq+1, "it was cut off, with all up to the last, number %d", l.c.LastSeq)
	case l.seq == l.c.LastSeq && l.hash != l.c.LastHash:
		l.found(l.seq, "it is not the last message that was sent: its hash is not the one that the conversation has")
	}
}

func (l *link) found(seq int64, what string, args ...any) {
	l.Report(Finding{District: l.id, Conversation: l.c.ID, Seq: seq, What: fmt.Sprintf(what, args...)})
}

// checkMark compares what a participant's row says with what was counted.
func (d *district) checkMark(c Conversation, one counted, messages int64) {
	found := func(what string, args ...any) {
		d.Report(Finding{District: d.id, Conversation: c.ID, Person: one.Person, What: fmt.Sprintf(what, args...)})
	}
	if one.Own != one.own {
		found("%d messages are counted as theirs, there are %d", one.Own, one.own)
	}
	if one.Read != one.read {
		found("%d messages of others are counted as read, there are %d up to number %d", one.Read, one.read, one.ReadSeq)
	}
	if want := inbox.Bucket(c.LastAt.UnixMicro()); one.Bucket != want {
		found("it stands at hour %d of the inbox, its last message is of hour %d", one.Bucket, want)
	}
	if one.Mailed < 0 || one.Mailed > c.LastSeq {
		found("they were mailed up to number %d, its last message is number %d", one.Mailed, c.LastSeq)
	}
	d.unread[one.Person] += messages - one.own - one.read
}

// checkSeal holds the seal of a conversation against the hash that its row kept.
func (d *district) checkSeal(c Conversation) {
	found := func(format string, args ...any) {
		d.Report(Finding{District: d.id, Conversation: c.ID, What: fmt.Sprintf(format, args...)})
	}
	switch {
	case c.Seal == nil && c.SealHash != nil:
		found("it was sealed: its seal was removed")
	case c.Seal != nil && c.SealHash == nil:
		found("its seal was forged: nobody has sealed it")
	case c.Seal != nil && hub.ChainSeal(d.id, c.ID, c.LastSeq, c.LastHash, *c.Seal) != [32]byte(c.SealHash):
		found("its seal is not the one that was set: it was changed, or a message was added or removed since")
	case c.Seal != nil && c.Seal.At.Before(c.LastAt):
		found("it was sealed at %s, before its last message of %s", c.Seal.At.UTC().Format(time.RFC3339Nano), c.LastAt.UTC().Format(time.RFC3339Nano))
	}
}
