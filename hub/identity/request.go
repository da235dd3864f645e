package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// request is a sign-in that was asked for and accepted.
type request struct{ address, next string }

// RequestLink accepts that somebody at address wants to sign in, and land on
// next. Everything that depends on whether the address is known happens later,
// in a worker: neither the answer nor how long it took says it.
//
// It returns *hub.Error: CodeRateLimited where too much was asked for this
// address or by this client; CodeBusy where too many mails wait already; and
// CodeRequired, CodeInvalid or CodeTooLong for the field address.
func (s *Service) RequestLink(ctx context.Context, address, next, clientIP string) error {
	address, err := CleanAddress(address)
	if err != nil {
		return err
	}
	if !s.byClient.Allow(clientKey(clientIP)) || !s.byAddress.Allow(address) {
		return &hub.Error{Code: hub.CodeRateLimited}
	}
	r := request{address: address, next: LocalPath(next)}
	return s.send(ctx, errand{"sign-in", func(ctx context.Context) error { return s.attend(ctx, r) }})
}

// attend mails one request.
func (s *Service) attend(ctx context.Context, r request) error {
	holders, err := s.store.Holders(ctx, r.address)
	if err != nil {
		return fmt.Errorf("finding who has the address: %w", err)
	}
	var errs []error
	for _, group := range byDistrict(holders) {
		if err := s.mail(ctx, r, group); err != nil {
			errs = append(errs, fmt.Errorf("district %s: %w", group[0].District, err))
		}
	}
	return errors.Join(errs...)
}

// mail sends the mail of one district to its holders of the address.
func (s *Service) mail(ctx context.Context, r request, holders []Holder) error {
	district, err := s.people.District(ctx, holders[0].District)
	if err != nil {
		return fmt.Errorf("district: %w", err)
	}
	m := Mail{To: r.address, District: district.Name, Life: LinkLife}
	open := openable(holders)
	var known bool
	if m.Language, known, err = s.languageOf(ctx, open, district.Settings.Language); err != nil {
		return err
	}
	m.LanguageUnknown = !known
	if len(open) > 0 {
		if m.Link, err = s.newLink(ctx, district.ID, r); err != nil {
			return err
		}
	}
	return s.mailer.MailSignIn(ctx, m)
}

func (s *Service) newLink(ctx context.Context, district uuid.UUID, r request) (string, error) {
	secret := newSecret()
	hash, _ := hashSecret(secret)
	link := Link{Hash: hash, District: district, Address: r.address, Next: r.next, ExpiresAt: s.now().Add(LinkLife)}
	if err := s.store.SaveLink(ctx, link); err != nil {
		return "", fmt.Errorf("saving the link: %w", err)
	}
	return s.linkURL(LinkPath, secret), nil
}

// languageOf returns the language that all of the people read: one email is read
// by the whole household. If they read several, or if nothing is known of the
// language of a family, it returns the fallback and false. Staff of whom nothing
// is known read the fallback.
func (s *Service) languageOf(ctx context.Context, people []Holder, fallback string) (tag string, known bool, err error) {
	known = true
	for _, h := range people {
		p, err := s.store.Preferences(ctx, h.District, h.Person)
		if err != nil {
			return "", false, fmt.Errorf("preferences: %w", err)
		}
		reads := p.ReadingLanguage()
		if reads == "" && h.Staff {
			reads = fallback
		}
		if reads == "" || tag != "" && tag != reads {
			return fallback, false, nil
		}
		tag = reads
	}
	return cmp.Or(tag, fallback), true, nil
}
