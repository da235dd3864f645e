package identity

import (
	"context"
	"fmt"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// CheckAddressChange says what a link would change, without using it up.
// ErrNoLink for the unknown, the used and the too old, ErrAddressTaken where the
// address has become that of others meanwhile.
func (s *Service) CheckAddressChange(ctx context.Context, secret string) (AddressChange, error) {
	hash, ok := hashSecret(secret)
	if !ok {
		return AddressChange{}, ErrNoLink
	}
	c, err := s.store.AddressChange(ctx, hash, s.now())
	if err != nil {
		return AddressChange{}, err
	}
	m, err := s.mover(ctx, c.District, c.Person)
	if err != nil {
		return AddressChange{}, err
	}
	return c, s.free(ctx, m, c.Email)
}

// UseAddressChange uses a link up: from now on its address is the person's, for
// signing in as for mail. An address that is the roster's is no choice: it goes
// where the roster goes.
//
// Sessions that were opened with the address that was theirs end. Where the link
// is used in one of them, there is a new one for it: else token is empty.
func (s *Service) UseAddressChange(ctx context.Context, secret string, in Session) (token string, session Session, err error) {
	c, err := s.CheckAddressChange(ctx, secret)
	if err != nil {
		return "", Session{}, err
	}
	m, err := s.mover(ctx, c.District, c.Person)
	if err != nil {
		return "", Session{}, err
	}
	if c, err = s.store.UseAddressChange(ctx, c.Hash, s.now()); err != nil {
		return "", Session{}, err
	}
	if c.Email == roster.ComparableAddress(m.person.Email) {
		if err := s.store.ChooseAddress(ctx, c.District, c.Person, "", s.now()); err != nil {
			return "", Session{}, fmt.Errorf("the roster's address: %w", err)
		}
	}
	s.say(ctx, m)
	if in.District != c.District || in.Person != c.Person {
		return "", Session{}, nil
	}
	in.Fixed = false
	return s.moveSession(ctx, in, c.Email)
}

// UseRosterAddress takes back what the session's person chose. ErrAddressTaken
// where the roster's address would not open all whose it is; hub.ErrNotFound
// where there is nothing to take back, or the roster has none. The session goes
// on under the token, or where that is empty as it is.
func (s *Service) UseRosterAddress(ctx context.Context, session Session) (token string, next Session, err error) {
	m, err := s.mover(ctx, session.District, session.Person)
	if err != nil {
		return "", Session{}, err
	}
	if m.chosen == "" || m.person.Email == "" {
		return "", Session{}, hub.ErrNotFound
	}
	if err := s.free(ctx, m, roster.ComparableAddress(m.person.Email)); err != nil {
		return "", Session{}, err
	}
	if err := s.store.ChooseAddress(ctx, session.District, session.Person, "", s.now()); err != nil {
		return "", Session{}, fmt.Errorf("the roster's address: %w", err)
	}
	s.say(ctx, m)
	session.Fixed = true // they have not shown that they read what comes there
	return s.moveSession(ctx, session, roster.ComparableAddress(m.person.Email))
}

// say tells the address that was somebody's. It is not worth failing for.
func (s *Service) say(ctx context.Context, m mover) {
	err := s.send(ctx, errand{"change of address", func(ctx context.Context) error {
		return s.mailAddress(ctx, m, AddressMail{Kind: AddressLeft, To: m.address()})
	}})
	if err != nil {
		s.opts.Log.Error("change of address: no word to the one before", "err", err)
	}
}

// moveSession opens a new session with an address in place of one that has ended
// with another. One that a command made has none, and goes on.
func (s *Service) moveSession(ctx context.Context, old Session, address string) (token string, session Session, err error) {
	if old.Address == "" {
		return "", old, nil
	}
	token, session = s.newSession(old.District, old.Person)
	session.Address, session.Fixed, session.ExpiresAt = address, old.Fixed, session.CreatedAt.Add(SessionIdle)
	if err := s.store.SaveSession(ctx, session); err != nil {
		return "", Session{}, fmt.Errorf("saving the session: %w", err)
	}
	return token, session, s.SignOut(ctx, old)
}
