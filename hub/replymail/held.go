package replymail

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// HeldPath is where a held reply is confirmed, below the public URL: the secret
// follows it. A GET shows the text, its POST sends it.
const HeldPath = "/held-replies/"

const holding = "homeline held reply\x00"

// hold keeps a reply until its person confirms it, and mails them, at their own
// address wherever it came from.
func (s *Service) hold(ctx context.Context, r reply, doubt Doubt) (Outcome, error) {
	from := cmp.Or(r.From, strings.Trim(r.ReturnPath, "<> ")) // whoever brought it, where nothing else is known
	secret := s.HeldSecret(r.actor.District, r.key, r.own)
	h := HeldReply{
		District: r.actor.District, Key: r.key, Hash: sha256.Sum256([]byte(secret)), Person: r.actor.Person,
		Conversation: r.conversation, From: from, Text: r.Text, ExpiresAt: s.now().Add(HeldLife),
	}
	told, err := s.store.Hold(ctx, h, MaxHeld)
	switch {
	case errors.Is(err, ErrTooMany):
		return s.answer(ctx, r, WhyWaiting)
	case err != nil:
		return "", err
	case told:
		return Repeated, nil
	}
	a, err := s.address(ctx, r)
	if err != nil {
		return "", err
	}
	a.ID, a.Confirm, a.Until = "held."+r.key.String(), HeldPath+secret, h.ExpiresAt
	a.Doubt, a.From, a.Files = doubt, from, r.Attachments > 0
	if err := s.mailer.MailAnswer(ctx, a); err != nil {
		return "", fmt.Errorf("the mail about a held reply: %w", err)
	}
	return Held, s.store.Told(ctx, h.District, h.Key)
}

// HeldSecret is the secret of a held reply's link, of the address that it is mailed
// to. It is worked out, so that a mail that may have been sent twice leads to the
// same place.
func (s *Service) HeldSecret(district, key uuid.UUID, address string) string {
	mac := hmac.New(sha256.New, s.Secret)
	mac.Write([]byte(holding))
	mac.Write(district[:])
	mac.Write(key[:])
	mac.Write([]byte(address))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// HeldReply finds the reply that a link leads to, without sending it: mail
// scanners open links. ErrNoReply for the unknown, for what waited too long, and
// where the link went to an address that is not the person's any more: who still
// reads what came there says nothing for them.
func (s *Service) HeldReply(ctx context.Context, secret string) (HeldReply, error) {
	if len(secret) != base64.RawURLEncoding.EncodedLen(sha256.Size) {
		return HeldReply{}, ErrNoReply
	}
	h, err := s.store.HeldReply(ctx, sha256.Sum256([]byte(secret)), s.now())
	if err != nil {
		return HeldReply{}, err
	}
	switch own, err := s.ownAddress(ctx, h.District, h.Person); {
	case err != nil:
		return HeldReply{}, err
	case s.HeldSecret(h.District, h.Key, own) != secret: // it is known, so time tells nothing
		return HeldReply{}, ErrNoReply
	}
	return h, nil
}

// Confirm sends a held reply, once however often it is confirmed. Its errors are
// ErrNoReply and those of hub.Hub.Reply.
func (s *Service) Confirm(ctx context.Context, secret string) (HeldReply, error) {
	h, err := s.HeldReply(ctx, secret)
	if err != nil || h.Confirmed {
		return h, err
	}
	if _, err := s.hub.Reply(ctx, hub.Actor{District: h.District, Person: h.Person}, h.Conversation, h.Key, h.Text); err != nil {
		return h, err
	}
	return h, s.store.Confirmed(ctx, h.District, h.Key)
}
