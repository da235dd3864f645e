package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

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
	for _, w := range who {
		session, err := s.Store.Session(ctx, w.SignIn, s.Now())
		if err == nil && (session.Person != w.Person || session.District != w.District) {
			err = ErrNoSession
		}
		if err == nil {
			err = checkAddress(ctx, s.Store, session)
		}
		switch {
		case errors.Is(err, ErrNoSession):
			ended = append(ended, w.SignIn)
		case err != nil:
			return nil, err
		}
	}
	return ended, nil
}

// checkAddress is ErrNoSession where the address that a session was opened with
// does not open its person any more.
func checkAddress(ctx context.Context, store Store, session Session) error {
	if session.Address == "" {
		return nil
	}
	holders, err := store.HoldersIn(ctx, session.District, session.Address)
	if err != nil {
		return fmt.Errorf("holders of the address: %w", err)
	}
	if session.Person == uuid.Nil && len(openable(holders)) > 0 {
		return nil
	}
	if !opens(holders, session.Person) {
		return ErrNoSession
	}
	return nil
}
