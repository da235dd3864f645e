package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// AddressChangeLife is how long the link that changes an address can be used.
const AddressChangeLife = time.Hour

// AddressPath is where such links lead, below the public URL: the secret
// follows it. A GET there shows a button, its POST uses the link up.
const AddressPath = "/address/"

// Errors of changing an address.
var (
	// ErrSameAddress: it is theirs already.
	ErrSameAddress = errors.New("this address is theirs already")
	// ErrAddressTaken: had the person it too, it would no longer open all of those
	// whose it is (R28).
	ErrAddressTaken = errors.New("the address is that of others too")
)

// ChosenAddress is what the session's person chose instead of the roster's
// address; empty where they chose none.
func (s *Service) ChosenAddress(ctx context.Context, session Session) (string, error) {
	return s.store.ChosenAddress(ctx, session.District, session.Person)
}

// RequestAddressChange accepts that the session's person wants to be reached at
// another address. A link goes to that, and a word to the one that was theirs.
// Whether it is that of others, who must not be found out so, is said by mail
// only, to whoever reads what comes there.
//
// It returns ErrSameAddress, or a *hub.Error as RequestLink does.
func (s *Service) RequestAddressChange(ctx context.Context, session Session, typed, clientIP string) error {
	address, err := CleanAddress(typed)
	if err != nil {
		return err
	}
	m, err := s.mover(ctx, session.District, session.Person)
	if err != nil {
		return err
	}
	if roster.ComparableAddress(m.address()) == address {
		return ErrSameAddress
	}
	if !s.byClient.Allow(clientKey(clientIP)) || !s.byPerson.Allow(session.Person.String()) || !s.byAddress.Allow(address) {
		return &hub.Error{Code: hub.CodeRateLimited}
	}
	return s.send(ctx, errand{"change of address", func(ctx context.Context) error { return s.offer(ctx, m, address) }})
}

// mover is somebody who changes their address.
type mover struct {
	district uuid.UUID
	person   roster.Person
	chosen   string
}

func (s *Service) mover(ctx context.Context, district, person uuid.UUID) (m mover, err error) {
	m.district = district
	if m.person, err = s.people.Person(ctx, district, person); err != nil {
		return mover{}, fmt.Errorf("person: %w", err)
	}
	if m.chosen, err = s.store.ChosenAddress(ctx, district, person); err != nil {
		return mover{}, fmt.Errorf("chosen address: %w", err)
	}
	return m, nil
}

// address is where they are reached now.
func (m mover) address() string {
	if m.chosen != "" {
		return m.chosen
	}
	return m.person.Email
}

// offer mails the link, or why there is none, and the word.
func (s *Service) offer(ctx context.Context, m mover, address string) error {
	kind, link := AddressConfirm, ""
	switch err := s.free(ctx, m, address); {
	case errors.Is(err, ErrAddressTaken):
		kind = AddressTaken
	case err != nil:
		return err
	default:
		secret := newSecret()
		hash, _ := hashSecret(secret)
		err := s.store.SaveAddressChange(ctx, AddressChange{
			Hash: hash, District: m.district, Person: m.person.ID, Email: address, ExpiresAt: s.now().Add(AddressChangeLife),
		})
		if err != nil {
			return fmt.Errorf("saving the link: %w", err)
		}
		link = s.linkURL(AddressPath, secret)
	}
	return errors.Join(
		s.mailAddress(ctx, m, AddressMail{Kind: kind, To: address, Link: link, Life: AddressChangeLife}),
		s.mailAddress(ctx, m, AddressMail{Kind: AddressAsked, To: m.address(), Life: AddressChangeLife}),
	)
}

// mailAddress sends one mail; none where there is no address.
func (s *Service) mailAddress(ctx context.Context, who mover, m AddressMail) error {
	if m.To == "" {
		return nil
	}
	district, err := s.people.District(ctx, who.district)
	if err != nil {
		return fmt.Errorf("district: %w", err)
	}
	m.District = district.Name
	m.Language, _, err = s.languageOf(ctx, []Holder{{District: who.district, Person: who.person.ID}}, district.Settings.Language)
	if err != nil {
		return err
	}
	return s.mailer.MailAddress(ctx, m)
}

// free says whether all whose address it is could still be opened with it if
// this person had it too; ErrAddressTaken where not.
func (s *Service) free(ctx context.Context, m mover, address string) error {
	holders, err := s.store.HoldersIn(ctx, m.district, address)
	if err != nil {
		return fmt.Errorf("holders of the address: %w", err)
	}
	newcomer := Holder{District: m.district, Person: m.person.ID}
	for _, r := range m.person.Roles {
		newcomer.Take(r.Role)
	}
	if at := slices.IndexFunc(holders, func(h Holder) bool { return h.Person == m.person.ID }); at >= 0 {
		newcomer.Confirmed = holders[at].Confirmed
		holders = slices.Delete(holders, at, at+1)
	}
	holders = append(holders, newcomer)
	if len(openable(holders)) < len(holders) {
		return ErrAddressTaken
	}
	return nil
}
