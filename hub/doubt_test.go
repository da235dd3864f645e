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

// losing stores, and answers what it is told to.
type losing struct {
	hub.Store
	answer error
}

func (l losing) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	r, err := l.Store.Post(ctx, p)
	return r, errors.Join(err, l.answer)
}
