package memory

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Start implements hub.Store.
func (s *Store) Start(ctx context.Context, r hub.Start, plan func(roster.Facts) ([]hub.NewConversation, error)) (hub.Started, error) {
	return call(ctx, s, "Start", func() (hub.Started, error) {
		d := s.districts[r.District]
		if d == nil {
			return hub.Started{}, hub.ErrNotFound
		}
		if before := d.started[usedKey{r.Sender, r.Key}]; before != nil {
			return d.repeat(before, r)
		}
		list, err := plan(d.facts(r.About, r.Now))
		if err != nil {
			return hub.Started{}, err
		}
		for _, c := range list {
			if err := d.check(r, c); err != nil {
				return hub.Started{}, err
			}
		}
		kept, answer := &started{fingerprint: r.Fingerprint}, hub.Started{}
		d.started[usedKey{r.Sender, r.Key}] = kept
		for _, c := range list {
			kept.keys = append(kept.keys, c.Key)
			answer.Receipts = append(answer.Receipts, d.open(r, c))
		}
		return answer, nil
	})
}

func (d *district) repeat(before *started, r hub.Start) (hub.Started, error) {
	answer := hub.Started{Repeated: true}
	for _, key := range before.keys {
		receipt, _ := d.sentWith(r.Sender, key)
		answer.Receipts = append(answer.Receipts, receipt)
	}
	if before.fingerprint != r.Fingerprint {
		return hub.Started{}, keyReused(answer.Receipts...)
	}
	return answer, nil
}

// check says why a planned conversation cannot be stored.
func (d *district) check(r hub.Start, c hub.NewConversation) error {
	if used, ok := d.sentWith(r.Sender, c.Key); ok {
		return keyReused(used)
	}
	if c.Predecessor != uuid.Nil {
		before := d.conversations[c.Predecessor]
		switch {
		case before == nil || before.member(r.Sender) == nil:
			return hub.ErrNotFound
		case before.Seal == nil:
			return &hub.Error{Code: hub.CodeInvalid, Field: "continues"}
		}
	}
	with := false
	for _, p := range c.Participants {
		if _, known := d.people[p.Person]; !known {
			return hub.ErrNotFound
		}
		with = with || p.Person == r.Sender
	}
	if !with {
		return hub.ErrNotFound
	}
	return d.refuse(r.Sender)
}

// open stores a conversation with its first message.
func (d *district) open(r hub.Start, n hub.NewConversation) hub.Receipt {
	c := &conversation{hash: hub.ChainRoot(r.District, r.Sender, r.Now, n)}
	c.ID, c.Subject, c.StartedBy, c.Predecessor = n.ID, n.Subject, r.Sender, n.Predecessor
	c.StartedAt = stored(r.Now)
	for _, p := range n.Participants {
		c.members = append(c.members, &member{person: p.Person, ties: p.Ties})
	}
	d.conversations[c.ID] = c
	return d.add(c, c.member(r.Sender), n.Key, n.Body, r.Now)
}

// StartedWith implements hub.Store.
func (s *Store) StartedWith(ctx context.Context, districtID, sender, key uuid.UUID) ([]uuid.UUID, error) {
	return call(ctx, s, "StartedWith", func() (list []uuid.UUID, err error) {
		d := s.districts[districtID]
		if d == nil || d.started[usedKey{sender, key}] == nil {
			return nil, nil
		}
		for _, first := range d.started[usedKey{sender, key}].keys {
			receipt, _ := d.sentWith(sender, first)
			list = append(list, receipt.Conversation)
		}
		return list, nil
	})
}
