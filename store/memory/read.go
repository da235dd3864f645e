package memory

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Conversation implements hub.Store.
func (s *Store) Conversation(ctx context.Context, districtID, conversation, person uuid.UUID) (hub.Conversation, error) {
	return call(ctx, s, "Conversation", func() (hub.Conversation, error) {
		d, c, _, err := s.in(districtID, conversation, person)
		if err != nil {
			return hub.Conversation{}, err
		}
		view := c.Conversation
		view.Participants = d.participants(c, person)
		if before := d.conversations[c.Predecessor]; before == nil || before.member(person) == nil {
			view.Predecessor = uuid.Nil
		}
		for _, next := range d.successors(c, person) {
			view.Successors = append(view.Successors, next.ID)
		}
		if c.Seal != nil {
			seal := *c.Seal
			view.Seal = &seal
		}
		return view, nil
	})
}

// successors are those of a conversation that somebody is in.
func (d *district) successors(c *conversation, person uuid.UUID) (next []*conversation) {
	for _, other := range d.conversations {
		if other.Predecessor == c.ID && other.member(person) != nil {
			next = append(next, other)
		}
	}
	slices.SortFunc(next, func(a, b *conversation) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return next
}

// participants are those of a conversation as one of them sees them.
func (d *district) participants(c *conversation, reader uuid.UUID) []hub.Participant {
	list := make([]hub.Participant, len(c.members))
	for i, m := range c.members {
		p := d.people[m.person]
		p.Email, p.Grades, p.Roles = "", nil, nil
		list[i] = hub.Participant{Person: p, Ties: slices.Clone(m.ties)}
		if m.person == reader {
			list[i].Read, list[i].ReadSeq, list[i].Own = m.read, m.readSeq, m.own
		}
	}
	return list
}

// Messages implements hub.Store.
func (s *Store) Messages(ctx context.Context, districtID, conversation, person uuid.UUID, r hub.Range) ([]hub.Message, error) {
	limit, err := r.PageSize()
	if err != nil {
		return nil, err
	}
	return call(ctx, s, "Messages", func() ([]hub.Message, error) {
		_, c, _, err := s.in(districtID, conversation, person)
		if err != nil {
			return nil, err
		}
		from, to := min(r.After, c.LastSeq), c.LastSeq
		if r.Before > 0 {
			to = min(r.Before-1, to)
			from = max(0, to-int64(limit))
		}
		to = min(to, from+int64(limit))
		return within(r, c.messages[from:to]), nil
	})
}

// within ends a page with the message that fills the bytes of a range.
func within(r hub.Range, page []hub.Message) (list []hub.Message) {
	backwards := r.Before > 0
	for size := 0; len(list) < len(page) && (r.Bytes == 0 || size < r.Bytes); {
		m := page[len(list)]
		if backwards {
			m = page[len(page)-1-len(list)]
		}
		list, size = append(list, m), size+len(m.Body)
	}
	if backwards {
		slices.Reverse(list)
	}
	return list
}

// Head implements hub.Store.
func (s *Store) Head(ctx context.Context, districtID, person uuid.UUID) (hub.Head, error) {
	return call(ctx, s, "Head", func() (hub.Head, error) {
		return s.headOf(districtID, person), nil
	})
}

func (s *Store) headOf(districtID, person uuid.UUID) hub.Head {
	if d := s.districts[districtID]; d != nil && d.heads[person] != nil {
		return *d.heads[person]
	}
	return hub.Head{Person: person}
}

// Heads implements hub.Store.
func (s *Store) Heads(ctx context.Context, districtID uuid.UUID, people []uuid.UUID) ([]hub.Head, error) {
	return call(ctx, s, "Heads", func() (heads []hub.Head, err error) {
		for _, id := range people {
			if head := s.headOf(districtID, id); head.Version > 0 {
				heads = append(heads, head)
			}
		}
		return heads, nil
	})
}

// Tails implements hub.Store.
func (s *Store) Tails(ctx context.Context, districtID uuid.UUID, conversations []uuid.UUID) ([]hub.Tail, error) {
	return call(ctx, s, "Tails", func() (tails []hub.Tail, err error) {
		d := s.districts[districtID]
		for _, id := range conversations {
			if d != nil && d.conversations[id] != nil {
				c := d.conversations[id]
				tails = append(tails, hub.Tail{Conversation: id, LastSeq: c.LastSeq, Sealed: c.Seal != nil})
			}
		}
		return tails, nil
	})
}

// Standings implements hub.Store.
func (s *Store) Standings(ctx context.Context, districtID uuid.UUID, seats []hub.Seat) ([]hub.Standing, error) {
	return call(ctx, s, "Standings", func() (standings []hub.Standing, err error) {
		for _, seat := range seats {
			if _, c, m, err := s.in(districtID, seat.Conversation, seat.Person); err == nil {
				standings = append(standings, hub.Standing{
					Seat: seat, LastSeq: c.LastSeq, Sealed: c.Seal != nil, ReadSeq: m.readSeq,
				})
			}
		}
		return standings, nil
	})
}
