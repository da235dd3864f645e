package memory

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Seal implements hub.Store.
func (s *Store) Seal(ctx context.Context, districtID, conversation uuid.UUID, seal hub.Seal, unseen func(roster.Facts) bool) (hub.SealReceipt, error) {
	return call(ctx, s, "Seal", func() (hub.SealReceipt, error) {
		d := s.districts[districtID]
		if d == nil || d.conversations[conversation] == nil {
			return hub.SealReceipt{}, hub.ErrNotFound
		}
		c := d.conversations[conversation]
		me := c.member(seal.By)
		staff := me != nil && me.staff() || unseen != nil && unseen(d.facts([]uuid.UUID{seal.By}, seal.At))
		switch {
		case me == nil && !staff:
			return hub.SealReceipt{}, hub.ErrNotFound
		case d.gone(seal.By):
			return hub.SealReceipt{}, &hub.Error{Code: hub.CodeOut}
		case !staff:
			return hub.SealReceipt{}, &hub.Error{Code: hub.CodeNotAllowed}
		case c.Seal != nil:
			return hub.SealReceipt{}, &hub.Error{Code: hub.CodeSealed}
		}
		audience := d.seal(c, seal)
		return hub.SealReceipt{Seal: *c.Seal, Audience: audience}, nil
	})
}

// seal seals a conversation that is open, not before its last message.
func (d *district) seal(c *conversation, seal hub.Seal) []hub.Told {
	seal.At = stored(seal.At)
	seal = seal.NotBefore(c.LastAt)
	c.Seal = &seal
	for _, m := range c.members {
		d.head(m.person).Version++
	}
	return d.audience(c)
}

// sealThrough seals what a guardian is in through a student, whose tie has ended
// (R26). The seal names the two.
func (d *district) sealThrough(seal hub.Seal) []roster.Sealed {
	var all []roster.Sealed
	for _, c := range d.conversations {
		m := c.member(seal.Guardian)
		if c.Seal != nil || m == nil || !slices.ContainsFunc(m.ties, func(t roster.Tie) bool {
			return t.Part == roster.AsGuardian && t.Student == seal.Student
		}) {
			continue
		}
		sealed := roster.Sealed{Conversation: c.ID}
		for _, told := range d.seal(c, seal) {
			sealed.At = c.Seal.At
			sealed.Heads = append(sealed.Heads, told.Head)
			sealed.Here = append(sealed.Here, told.Here)
		}
		all = append(all, sealed)
	}
	return all
}
