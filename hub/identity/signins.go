package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/batch"
	"github.com/homeline/homeline/hub/live"
)

// SignIns tells hub/live whose sign-in has ended while their page was open. It
// is apart from [Service], which needs the node that asks it.
type SignIns struct {
	Store Store
	Now   func() time.Time
}

// Ended are the ids of sessions that are unknown, expired, of people who are
// out, no longer those of the person who is connected by them, or of an address
// that does not open that person any more.
func (s SignIns) Ended(ctx context.Context, who []live.Who) ([]string, error) {
	var ended []string
	for some := range slices.Chunk(who, batch.Most) {
		ids := make([]string, len(some))
		for i, w := range some {
			ids[i] = w.SignIn
		}
		valid, err := validSignIns(ctx, s.Store, ids, s.Now())
		if err != nil {
			return nil, err
		}
		for _, w := range some {
			if signIn, is := valid[w.SignIn]; !is || signIn.Person != w.Person || signIn.District != w.District {
				ended = append(ended, w.SignIn)
			}
		}
	}
	return ended, nil
}

// validSignIns are those of the ids that sign somebody in, by id.
func validSignIns(ctx context.Context, store Store, ids []string, now time.Time) (map[string]SignIn, error) {
	list, err := store.SignIns(ctx, ids, now)
	if err != nil {
		return nil, fmt.Errorf("sign-ins: %w", err)
	}
	valid := make(map[string]SignIn, len(list))
	for _, signIn := range list {
		if signIn.opens() {
			valid[signIn.ID] = signIn
		}
	}
	return valid, nil
}

// opens says whether the address that a session was opened with still opens its
// person, or anybody where one is to be chosen (R28).
func (s SignIn) opens() bool {
	switch {
	case s.Address == "":
		return true
	case s.Person == uuid.Nil:
		return len(openable(s.Holders)) > 0
	}
	return Opens(s.Holders, s.Person)
}
