package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// CheckLink says where a link leads, without using it up: mail scanners open
// links, so that only a POST uses one. ErrNoLink for the unknown, the used and
// the too old.
func (s *Service) CheckLink(ctx context.Context, secret string) (Link, error) {
	hash, ok := hashSecret(secret)
	if !ok {
		return Link{}, ErrNoLink
	}
	return s.store.Link(ctx, hash, s.now())
}

// UseLink uses a link up and returns the token of the session that it opens.
// The session has no person yet where one is to be chosen (R28). ErrNoLink
// also where the address opens nobody any more.
func (s *Service) UseLink(ctx context.Context, secret string) (token string, session Session, err error) {
	link, err := s.CheckLink(ctx, secret)
	if err != nil {
		return "", Session{}, err
	}
	holders, err := s.store.HoldersIn(ctx, link.District, link.Address)
	if err != nil {
		return "", Session{}, fmt.Errorf("holders of the address: %w", err)
	}
	var person uuid.UUID
	switch open := openable(holders); len(open) {
	case 0:
		return "", Session{}, ErrNoLink
	case 1:
		person = open[0].Person
	}
	now := s.now()
	token, session = s.newSession(link.District, person)
	session.Address = link.Address
	session.ExpiresAt = now.Add(SessionIdle)
	switch err := s.store.UseLink(ctx, link.Hash, session, now); {
	case errors.Is(err, roster.ErrNoPerson): // put out since we looked
		return "", Session{}, ErrNoLink
	case err != nil:
		return "", Session{}, err
	}
	return token, session, nil
}
