package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

func (s *Service) newSession(district, person uuid.UUID) (token string, session Session) {
	token = newSecret()
	id, _ := sessionID(token)
	return token, Session{ID: id, District: district, Person: person, CreatedAt: s.now()}
}

// Authenticate is the session that a token opens, extended where it was made by
// a link and is in use. A session ends with its address: where the roster gave
// the address to others, or it opens nobody any more, this is ErrNoSession, as
// it is for the unknown and those of people who are out (R24); it is ErrExpired
// for the expired.
func (s *Service) Authenticate(ctx context.Context, token string) (Session, error) {
	id, ok := sessionID(token)
	if !ok {
		return Session{}, ErrNoSession
	}
	session, err := s.Lookup(ctx, id)
	if err != nil {
		return Session{}, err
	}
	if session.Address == "" {
		return session, nil
	}
	if until := s.now().Add(SessionIdle); until.Sub(session.ExpiresAt) >= extendEvery {
		if err := s.store.ExtendSession(ctx, id, until); err != nil {
			return Session{}, fmt.Errorf("extending the session: %w", err)
		}
		session.ExpiresAt = until
	}
	return session, nil
}

// Lookup returns a session by its id, without extending it, with the errors of
// Authenticate. Those that are asked for at the same time are looked up together.
func (s *Service) Lookup(ctx context.Context, id string) (Session, error) {
	signIn, valid, err := s.signIns.Read(ctx, struct{}{}, id)
	switch {
	case err != nil:
		return Session{}, err
	case !valid:
		return Session{}, ErrNoSession
	case !signIn.ExpiresAt.After(s.now()):
		return Session{}, ErrExpired
	}
	return signIn.Session, nil
}

// Issue makes a session without a mail, for whoever runs the server: a token
// for an integrator, or a person of the demo. It lasts ttl, CommandSession
// where that is 0, and is not extended. A person who is out gets CodeOut.
func (s *Service) Issue(ctx context.Context, district, person uuid.UUID, ttl time.Duration) (token string, session Session, err error) {
	p, err := s.people.Person(ctx, district, person)
	if err != nil {
		return "", Session{}, err
	}
	if p.Gone {
		return "", Session{}, &hub.Error{Code: hub.CodeOut}
	}
	if ttl == 0 {
		ttl = CommandSession
	}
	token, session = s.newSession(district, person)
	session.ExpiresAt = session.CreatedAt.Add(ttl)
	if err := s.store.SaveSession(ctx, session); err != nil {
		return "", Session{}, fmt.Errorf("saving the session: %w", err)
	}
	return token, session, nil
}

// SignOut ends one session, and closes its open pages.
func (s *Service) SignOut(ctx context.Context, session Session) error {
	if err := s.store.EndSession(ctx, session.ID); err != nil {
		return fmt.Errorf("ending the session: %w", err)
	}
	s.publishOut(ctx, session, session.ID)
	return nil
}

// SignOutEverywhere ends all of the person's sessions and links, and closes
// their open pages. Nobody who shares their address changes over to them without
// another mail.
func (s *Service) SignOutEverywhere(ctx context.Context, session Session) error {
	if session.Person == uuid.Nil {
		return s.SignOut(ctx, session)
	}
	if err := s.store.EndSessions(ctx, session.District, session.Person); err != nil {
		return fmt.Errorf("ending the sessions: %w", err)
	}
	s.publishOut(ctx, session, "")
	return nil
}

// publishOut closes the open pages of the session, or where it is empty all of
// the person's.
func (s *Service) publishOut(ctx context.Context, session Session, id string) {
	if session.Person == uuid.Nil {
		return // nobody yet: such a session opens no socket
	}
	s.events.Publish(ctx, hub.Event{
		District: session.District,
		Out:      &hub.Out{People: []uuid.UUID{session.Person}, Session: id, Why: hub.OutSignedOut},
	})
}

// ConfirmHolder says for the district that a shared address is this person's
// (R28). ErrNoPerson where they do not hold it.
func (s *Service) ConfirmHolder(ctx context.Context, district uuid.UUID, address string, person uuid.UUID) error {
	address, err := CleanAddress(address)
	if err != nil {
		return err
	}
	holders, err := s.store.HoldersIn(ctx, district, address)
	if err != nil {
		return fmt.Errorf("holders of the address: %w", err)
	}
	for _, h := range holders {
		if h.Person == person {
			return s.store.ConfirmHolder(ctx, district, address, person)
		}
	}
	return fmt.Errorf("this address is not theirs in the roster: %w", roster.ErrNoPerson)
}
