package replymail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// keys is the name space of the idempotency keys of replies by mail.
var keys = uuid.MustParse("6f6d0b5c-52ad-4be6-9d0f-3a2b1a6f8f11")

// reply is an incoming mail of which it is known whose it would be.
type reply struct {
	Incoming
	actor        hub.Actor
	conversation uuid.UUID
	key          uuid.UUID
	own          string // where the person is mailed to
	silent       bool   // the mail cannot be replied to
}

// Offered says whether an address is one that we made, so that a mail to it is
// worth reading.
func (s *Service) Offered(recipient string) bool {
	_, _, err := s.Parse(recipient)
	return err == nil
}

// Letter returns what the mail said that an address is of, as far as it can be read
// again; ok is false where there is none any more.
func (s *Service) Letter(ctx context.Context, recipient string) (l notify.Letter, ok bool, err error) {
	mail, _, err := s.Parse(recipient)
	if err != nil {
		return notify.Letter{}, false, nil
	}
	m, err := s.store.MailOf(ctx, mail)
	if errors.Is(err, notify.ErrNoMail) {
		return notify.Letter{}, false, nil
	}
	if err != nil {
		return notify.Letter{}, false, fmt.Errorf("the mail that is answered: %w", err)
	}
	var standing notify.Standing
	if standing.District, err = s.store.District(ctx, m.District); err != nil {
		return notify.Letter{}, false, fmt.Errorf("district: %w", err)
	}
	if standing.Preferences, err = s.store.Preferences(ctx, m.District, m.Person); err != nil {
		return notify.Letter{}, false, fmt.Errorf("preferences: %w", err)
	}
	l, err = notify.Recall(ctx, s.store, m, standing)
	if hub.Failed(err) {
		return notify.Letter{}, false, err
	}
	return l, err == nil, nil // an error of a rule: the person is gone, say
}

// Receive takes a mail that came in. However often the same comes, it is stored,
// held or answered once. An error means that it has to be brought again.
func (s *Service) Receive(ctx context.Context, in Incoming) (Outcome, error) {
	outcome, err := s.receive(ctx, in)
	if err != nil {
		return "", fmt.Errorf("reply by mail: %w", err)
	}
	s.counts[outcome].Add(1)
	return outcome, nil
}

func (s *Service) receive(ctx context.Context, in Incoming) (Outcome, error) {
	mail, expires, err := s.Parse(in.Recipient)
	if err != nil || in.From == "" && !in.FromUnclear || in.Identity == "" || automatic(in, s.MailDomain) {
		return Dropped, nil
	}
	r, ok, err := s.whose(ctx, in, mail)
	switch {
	case err != nil:
		return "", err
	case !ok: // a mail of long ago: who is vouched for is known without it
		return s.told(ctx, in, WhyExpired)
	}
	why, err := s.refused(ctx, r, expires)
	elsewhere := roster.ComparableAddress(in.From) != r.own
	vouched := !elsewhere && in.Vouched
	if err == nil && why == "" && !vouched {
		why, err = s.futile(ctx, r)
	}
	switch {
	case err != nil:
		return "", err
	case why == WhyOut && elsewhere: // nobody writes to who is gone for a stranger's sake
		return Dropped, nil
	case why != "": // the person learns it, wherever it came from, and nobody else
		return s.answer(ctx, r, why)
	case !vouched:
		return s.hold(ctx, r, DoubtSender)
	case away(in):
		return s.hold(ctx, r, DoubtAutomatic)
	}
	return s.post(ctx, r)
}

// Stray takes a mail that came to the address that mails come from, which nobody
// reads: whoever is known to have written it is told so.
func (s *Service) Stray(ctx context.Context, in Incoming) (Outcome, error) {
	outcome, err := s.told(ctx, in, WhyStray)
	if err != nil {
		return "", fmt.Errorf("mail to the sender of mails: %w", err)
	}
	s.counts[outcome].Add(1)
	return outcome, nil
}

// told answers whoever is known to have written a mail that is of nobody's address.
func (s *Service) told(ctx context.Context, in Incoming, why Why) (Outcome, error) {
	own := roster.ComparableAddress(in.From)
	if own == "" || !in.Vouched || in.Identity == "" || automatic(in, s.MailDomain) {
		return Dropped, nil
	}
	holders, err := s.store.Holders(ctx, own)
	if err != nil || len(holders) == 0 {
		return Dropped, err
	}
	who := holders[0]
	return s.answer(ctx, reply{
		Incoming: in, actor: hub.Actor{District: who.District, Person: who.Person}, own: own,
		key: uuid.NewSHA1(keys, slices.Concat(who.Person[:], []byte("stray "+in.Identity))),
	}, why)
}

// whose finds out whom a mail's address is of, and what it answers. ok is false
// where nobody can answer it.
func (s *Service) whose(ctx context.Context, in Incoming, mail uuid.UUID) (r reply, ok bool, err error) {
	m, err := s.store.MailOf(ctx, mail)
	if errors.Is(err, notify.ErrNoMail) {
		return reply{}, false, nil
	}
	if err != nil {
		return reply{}, false, err
	}
	own, err := s.ownAddress(ctx, m.District, m.Person)
	if err != nil || own == "" {
		return reply{}, false, err
	}
	r = reply{Incoming: in, actor: hub.Actor{District: m.District, Person: m.Person}, own: own, silent: s.Silent(in.Recipient)}
	if len(m.Parts) == 1 {
		r.conversation = m.Parts[0].Conversation
	}
	r.silent = r.silent || len(m.Parts) != 1
	r.key = uuid.NewSHA1(keys, slices.Concat(m.Person[:], r.conversation[:], []byte(in.Identity)))
	return r, true, nil
}

// ownAddress is where a person is mailed to, empty where that is nowhere.
func (s *Service) ownAddress(ctx context.Context, district, person uuid.UUID) (string, error) {
	addresses, err := s.store.Addresses(ctx, district, []uuid.UUID{person})
	if err != nil || len(addresses) == 0 {
		return "", err
	}
	return roster.ComparableAddress(addresses[0].Email), nil
}

// refused says why a reply cannot be taken, before it is tried or held.
func (s *Service) refused(ctx context.Context, r reply, expires time.Time) (Why, error) {
	switch text := strings.TrimSpace(r.Text); {
	case r.silent:
		return WhySilent, nil
	case !s.now().Before(expires):
		return WhyExpired, nil
	case r.Unreadable:
		return WhyUnreadable, nil
	case !shows(text) && r.Attachments > 0:
		return WhyAttachments, nil
	case !shows(text):
		return WhyEmpty, nil
	case utf8.RuneCountInString(text) > hub.MaxBody, r.Cut:
		return WhyTooLong, nil
	}
	holders, err := s.store.HoldersIn(ctx, r.actor.District, r.own)
	if err != nil {
		return "", err
	}
	// Who is gone holds nothing: that is for the hub to say.
	if len(holders) > 1 && !identity.Opens(holders, r.actor.Person) {
		return WhyShared, nil
	}
	return "", nil
}

// shows reports whether a text has anything to be seen in it.
func shows(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// futile says why it is of no use to hold a reply: what the hub would say once
// somebody has confirmed it.
func (s *Service) futile(ctx context.Context, r reply) (Why, error) {
	district, err := s.store.District(ctx, r.actor.District)
	if err != nil {
		return "", fmt.Errorf("district: %w", err)
	}
	holders, err := s.store.HoldersIn(ctx, r.actor.District, r.own)
	switch {
	case err != nil:
		return "", err
	case !slices.ContainsFunc(holders, func(h identity.Holder) bool { return h.Person == r.actor.Person }): // who is gone holds nothing
		return WhyOut, nil
	case !district.Enabled:
		return WhyOff, nil
	}
	return "", nil
}

// post is the reply itself. The hub's own key makes it once.
func (s *Service) post(ctx context.Context, r reply) (Outcome, error) {
	switch crowded, err := s.crowded(ctx, r); {
	case err != nil:
		return "", err
	case crowded:
		return s.answerOnce(ctx, r, WhyCrowded)
	}
	receipt, err := s.hub.Reply(ctx, r.actor, r.conversation, r.key, r.Text)
	switch {
	case err == nil && r.Attachments > 0: // told once, also if the mail comes again
		if err := s.tellOfFiles(ctx, r); err != nil {
			return "", err
		}
		fallthrough
	case err == nil && !receipt.Repeated:
		if receipt.Repeated {
			return Repeated, nil
		}
		return Stored, nil
	case err == nil, hub.CodeOf(err) == hub.CodeKeyReused: // no two mails have one name
		return Repeated, nil
	}
	if why := whyOf(err); why != "" {
		return s.answer(ctx, r, why)
	}
	return "", err
}

// whyOf is the reason behind a refusal of the hub, empty where trying again may
// help.
func whyOf(err error) Why {
	switch hub.CodeOf(err) {
	case hub.CodeTooLong:
		return WhyTooLong
	case hub.CodeRequired:
		return WhyEmpty
	case hub.CodeSealed:
		return WhySealed
	case hub.CodeMessagingOff:
		return WhyOff
	case hub.CodeOut, hub.CodeNotFound:
		return WhyOut
	}
	return ""
}
