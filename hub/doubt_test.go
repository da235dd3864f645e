package hub_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/memory"
)

// Trying again answers what was stored without telling anybody, so that what was
// committed without an answer has to be looked for.
func TestWhatMayHaveBeenCommittedIsToldOfAsADoubt(t *testing.T) {
	s := openSchool(t)
	talk := s.begin("Chen", s.to("Ana", "Leo"))
	chen := s.is("Chen")
	for name, c := range map[string]struct {
		answer error
		doubts int
	}{
		"the answer was lost":    {errors.Join(&hub.Error{Code: hub.CodeBusy}, memory.ErrLost), 1},
		"nobody knows":           {errors.New("broken pipe"), 1},
		"the store has refused":  {&hub.Error{Code: hub.CodeSealed}, 0},
		"the store has answered": {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			events := &heard{}
			h := hub.New(losing{s.store, c.answer}, s.store, events, time.Now)
			_, _ = h.Reply(t.Context(), chen, talk, uuid.New(), "Dear Ana")
			doubts := 0
			for _, e := range events.all() {
				if e.Doubt() && e.District == chen.District {
					doubts++
				}
			}
			if doubts != c.doubts {
				t.Errorf("%d doubts of %+v", doubts, events.all())
			}
		})
	}
}

// Somebody else may have written in between: told with the inboxes as they are
// then, the letter would stand in the place of theirs.
func TestWhatWasFoundLateIsToldOfAsADoubt(t *testing.T) {
	s := openSchool(t)
	talk := s.begin("Chen", s.to("Ana", "Leo"))
	events := &heard{}
	h := hub.New(late{s.store}, s.store, events, time.Now)
	if _, err := h.Reply(t.Context(), s.is("Chen"), talk, uuid.New(), "Dear Ana"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.MarkRead(t.Context(), s.is("Ana"), talk, 2); err != nil {
		t.Fatal(err)
	}
	all := events.all()
	if len(all) != 2 || !all[0].Doubt() || !all[1].Doubt() || len(all[0].Audience)+len(all[1].Audience) != 0 {
		t.Errorf("told are %+v", all)
	}
}

// late finds what an earlier attempt has stored.
type late struct{ hub.Store }

func (l late) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	r, err := l.Store.Post(ctx, p)
	r.Late, r.Audience = true, nil
	return r, err
}

func (l late) MarkRead(ctx context.Context, district, conversation, person uuid.UUID, upTo int64) (hub.ReadReceipt, error) {
	r, err := l.Store.MarkRead(ctx, district, conversation, person, upTo)
	r.Late = true
	return r, err
}

// losing stores, and answers what it is told to.
type losing struct {
	hub.Store
	answer error
}

func (l losing) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	r, err := l.Store.Post(ctx, p)
	return r, errors.Join(err, l.answer)
}
