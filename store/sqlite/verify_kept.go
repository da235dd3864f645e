package sqlite

import (
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// kept is what is stored of a conversation beside its messages.
type kept struct {
	id       uuid.UUID
	lastSeq  int64
	lastAt   int64
	hash     [32]byte // of the last message
	root     [32]byte // of what it began with, as it is now
	sealHash []byte   // nil where the row does not know of a seal
}

func (d *districtVerification) kept(id uuid.UUID) (kept, error) {
	k := kept{id: id}
	begun := hub.NewConversation{ID: id}
	var starter uuid.UUID
	var started int64
	var hash []byte
	err := d.tx.QueryRowContext(d.ctx, `SELECT subject, started_by, started_at, predecessor, last_seq, last_at, last_hash, seal_hash
		FROM conversation WHERE district = ?1 AND id = ?2`, key(d.district), key(id)).
		Scan(&begun.Subject, &starter, &started, &begun.Predecessor, &k.lastSeq, &k.lastAt, &hash, &k.sealHash)
	if err != nil {
		return k, err
	}
	if begun.Participants, err = d.begunWith(id); err != nil {
		return k, err
	}
	copy(k.hash[:], hash)
	k.root = hub.ChainRoot(d.district, starter, instant(started), begun)
	return k, nil
}

// begunWith are the participants in their order, with their ties in theirs.
func (d *districtVerification) begunWith(id uuid.UUID) ([]hub.NewParticipant, error) {
	type stored struct {
		person, student uuid.UUID
		part            *roster.Part // nil where there is no tie
		detail          *string
	}
	rows, err := d.tx.QueryContext(d.ctx, `SELECT q.person, t.part, t.student, t.detail
		FROM participant q LEFT JOIN tie t ON t.district = q.district AND t.conversation = q.conversation AND t.person = q.person
		WHERE q.district = ?1 AND q.conversation = ?2 ORDER BY q.no, q.person, t.no`, key(d.district), key(id))
	list, err := scanAll(rows, err, func(s *stored) []any { return []any{&s.person, &s.part, &s.student, &s.detail} })
	if err != nil {
		return nil, err
	}
	var in []hub.NewParticipant
	for _, s := range list {
		if n := len(in); n == 0 || in[n-1].Person != s.person {
			in = append(in, hub.NewParticipant{Person: s.person})
		}
		if s.part != nil {
			p := &in[len(in)-1]
			p.Ties = append(p.Ties, roster.Tie{Person: s.person, Part: *s.part, Student: s.student, Detail: *s.detail})
		}
	}
	return in, nil
}

// checkSeal holds the seal of a conversation against the hash that its row kept.
func (d *districtVerification) checkSeal(k kept) error {
	seal, err := readSeal(d.ctx, d.tx, nil, d.district, k.id)
	if err != nil {
		return err
	}
	found := func(what string) { d.report(Finding{District: d.district, Conversation: k.id, What: what}) }
	switch {
	case seal == nil && k.sealHash != nil:
		found("it was sealed: its seal was removed")
	case seal != nil && k.sealHash == nil:
		found("its seal was forged: nobody has sealed it")
	case seal != nil && hub.ChainSeal(d.district, k.id, k.lastSeq, k.hash, *seal) != [32]byte(k.sealHash):
		found("its seal is not the one that was set: it was changed, or a message was added or removed since")
	}
	return nil
}
