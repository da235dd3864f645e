package identity

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

const (
	// mailTime is how long one request may take, all its mails together.
	mailTime = time.Minute
	// drainTime is how long what was accepted may still take when Run stops.
	drainTime  = 10 * time.Second
	sweepEvery = time.Hour
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
	select {
	case s.requests <- request{address: address, next: LocalPath(next)}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	default:
		return &hub.Error{Code: hub.CodeBusy}
	}
}

// Run sends the mails that were asked for and sweeps up what has expired, until
// ctx ends. Then it sends what was accepted before, for at most ten seconds.
func (s *Service) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for range s.opts.Workers {
		wg.Go(func() { s.work(ctx) })
	}
	wg.Go(func() { s.sweep(ctx) })
	wg.Wait()
}

func (s *Service) work(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case r := <-s.requests:
			// What was accepted is not given up because the server stops.
			s.attend(context.WithoutCancel(ctx), r)
		}
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	for drain.Err() == nil {
		select {
		case r := <-s.requests:
			s.attend(drain, r)
		default:
			return
		}
	}
}

// attend mails one request. A log line names no address: it is somebody's.
func (s *Service) attend(ctx context.Context, r request) {
	ctx, cancel := context.WithTimeout(ctx, mailTime)
	defer cancel()
	holders, err := s.store.Holders(ctx, r.address)
	if err != nil {
		s.opts.Log.Error("sign-in: finding who has the address", "err", err)
		return
	}
	for _, group := range byDistrict(holders) {
		if err := s.mail(ctx, r, group); err != nil {
			s.opts.Log.Error("sign-in: sending the mail", "district", group[0].District, "err", err)
		}
	}
}

// mail sends the mail of one district to its holders of the address.
func (s *Service) mail(ctx context.Context, r request, holders []Holder) error {
	district, err := s.people.District(ctx, holders[0].District)
	if err != nil {
		return fmt.Errorf("district: %w", err)
	}
	m := Mail{To: r.address, District: district.Name, Life: LinkLife}
	open := openable(holders)
	if m.Language, err = s.languageOf(ctx, open, district.Settings.Language); err != nil {
		return err
	}
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
	return s.linkURL(secret), nil
}

// languageOf is the language that all of the people have chosen, else the
// fallback: one mail is read by the whole household.
func (s *Service) languageOf(ctx context.Context, people []Holder, fallback string) (string, error) {
	chosen := ""
	for _, h := range people {
		p, err := s.store.Preferences(ctx, h.District, h.Person)
		if err != nil {
			return "", fmt.Errorf("preferences: %w", err)
		}
		if p.Language == "" || (chosen != "" && chosen != p.Language) {
			return fallback, nil
		}
		chosen = p.Language
	}
	if chosen == "" {
		return fallback, nil
	}
	return chosen, nil
}

func (s *Service) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.store.Sweep(ctx, s.now()); err != nil && !errors.Is(err, context.Canceled) {
			s.opts.Log.Error("sign-in: sweeping up expired sessions and links", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
