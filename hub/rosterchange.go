package hub

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// ApplyRoster makes the changes of an import: who is gone is out (R24), the
// conversations of ties that ended are sealed (R26), and open pages hear of it.
func (h *Hub) ApplyRoster(ctx context.Context, district uuid.UUID, c roster.Changes) (roster.Effects, error) {
	now := h.now()
	effects, err := h.roster.Apply(ctx, district, c, now)
	if err != nil {
		h.doubt(ctx, district, err)
		return roster.Effects{}, fmt.Errorf("apply roster: %w", err)
	}
	h.publishEffects(ctx, district, effects, Seal{Cause: SealedByRoster})
	return effects, nil
}

// Bar keeps a guardian from a student (R26), until a day if it names one, seals
// what they are in together through that student, and tells open pages.
func (h *Hub) Bar(ctx context.Context, district uuid.UUID, b roster.Bar) (roster.Effects, error) {
	if b.Guardian == b.Student {
		return roster.Effects{}, &Error{Code: CodeInvalid, Field: "student"}
	}
	var err error
	if b.Reason, err = paragraphs("reason", b.Reason, MaxReason); err != nil {
		return roster.Effects{}, err
	}
	if b.By, err = line("by", b.By, MaxAuthor); err != nil {
		return roster.Effects{}, err
	}
	if b.Order != "" { // not every decision has a number
		if b.Order, err = line("order", b.Order, MaxAuthor); err != nil {
			return roster.Effects{}, err
		}
	}
	now := h.now()
	d, err := h.roster.District(ctx, district)
	if err != nil {
		return roster.Effects{}, fmt.Errorf("bar: %w", err)
	}
	if b.Since > d.Today(now) {
		return roster.Effects{}, &Error{Code: CodeInvalid, Field: "since"} // it would hold from now on all the same
	}
	if b.Until != roster.NoDate && b.Until <= d.Today(now) {
		return roster.Effects{}, &Error{Code: CodeInvalid, Field: "until"} // it would never hold
	}
	b.ID = uuid.Must(uuid.NewV7())
	effects, err := h.roster.Bar(ctx, district, b, now)
	if err != nil {
		h.doubt(ctx, district, err)
		return roster.Effects{}, fmt.Errorf("bar: %w", err)
	}
	h.publishEffects(ctx, district, effects, Seal{Cause: SealedByBar, StaffReason: b.Reason})
	return effects, nil
}

// Unbar ends a bar, whose row stays. What it sealed stays sealed.
func (h *Hub) Unbar(ctx context.Context, district, guardian, student uuid.UUID, by string) error {
	by, err := line("by", by, MaxAuthor)
	if err != nil {
		return err
	}
	return h.roster.Unbar(ctx, district, guardian, student, by, h.now())
}

func (h *Hub) publishEffects(ctx context.Context, district uuid.UUID, effects roster.Effects, seal Seal) {
	for _, sealed := range effects.Sealed {
		audience := make([]Told, len(sealed.Heads))
		for i, head := range sealed.Heads {
			audience[i] = Told{Head: head, Here: sealed.Here[i]}
		}
		own := seal
		own.At = sealed.At
		h.publish(ctx, Event{
			District: district, Conversation: sealed.Conversation, Audience: audience, Seal: &own,
		})
	}
	if len(effects.Out) > 0 {
		h.publish(ctx, Event{District: district, Out: &Out{People: effects.Out, Why: OutGone}})
	}
}
