package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Bar implements roster.Store.
func (s *Store) Bar(ctx context.Context, districtID uuid.UUID, b roster.Bar, now time.Time) (roster.Effects, error) {
	return call(ctx, s, "Bar", func() (roster.Effects, error) {
		d := s.districts[districtID]
		switch {
		case b.Guardian == b.Student:
			return roster.Effects{}, &hub.Error{Code: hub.CodeInvalid, Field: "student"}
		case d == nil:
			return roster.Effects{}, roster.ErrNoPerson
		}
		for _, id := range []uuid.UUID{b.Guardian, b.Student} {
			if _, known := d.people[id]; !known {
				return roster.Effects{}, roster.ErrNoPerson
			}
		}
		d.endBar(b.Guardian, b.Student, b.By, now)
		b.MadeAt, b.EndedAt, b.EndedBy = stored(now), time.Time{}, ""
		d.bars = append(d.bars, b)
		d.RosterVersion++
		return roster.Effects{Sealed: d.sealThrough(hub.Seal{
			At: now, Cause: hub.SealedByBar, StaffReason: b.Reason, Guardian: b.Guardian, Student: b.Student,
		})}, nil
	})
}

// endBar ends the bar that holds between two people, if one does.
func (d *district) endBar(guardian, student uuid.UUID, by string, now time.Time) (ended bool) {
	d.bars = slices.Clone(d.bars)
	for i := range d.bars {
		if b := &d.bars[i]; b.Guardian == guardian && b.Student == student && b.Holds(d.Today(now)) {
			b.EndedAt, b.EndedBy, ended = stored(now), by, true
		}
	}
	return ended
}

// Unbar implements roster.Store.
func (s *Store) Unbar(ctx context.Context, districtID, guardian, student uuid.UUID, by string, now time.Time) error {
	_, err := call(ctx, s, "Unbar", func() (none struct{}, err error) {
		d := s.districts[districtID]
		if d == nil || !d.endBar(guardian, student, by, now) {
			return none, roster.ErrNoBar
		}
		d.RosterVersion++
		return none, nil
	})
	return err
}

// Bars implements roster.Store.
func (s *Store) Bars(ctx context.Context, districtID uuid.UUID) ([]roster.Bar, error) {
	return call(ctx, s, "Bars", func() ([]roster.Bar, error) {
		if d := s.districts[districtID]; d != nil {
			return slices.Clone(d.bars), nil
		}
		return nil, nil
	})
}
