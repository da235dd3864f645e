package replymail

import (
	"context"
	"fmt"
	"regexp"
	"time"
)

// answer says why a reply was not taken, once.
func (s *Service) answer(ctx context.Context, r reply, why Why) (Outcome, error) {
	if mute(r.Header) {
		return Dropped, nil
	}
	a, err := s.address(ctx, r)
	if err != nil {
		return "", err
	}
	// Noted first: an answer that is lost is better than one that goes round.
	now := s.now()
	fresh, err := s.store.Answering(ctx, Answering{
		District: r.actor.District, Key: r.key, Address: r.own, At: now,
	}, MaxAnswers, now.Add(-24*time.Hour))
	if err != nil || !fresh {
		return Dropped, err
	}
	a.ID, a.Why = "answer."+r.key.String(), why
	if err := s.mailer.MailAnswer(ctx, a); err != nil {
		s.Log.Error("replies by mail: an answer was not sent", "district", r.actor.District, "why", why, "err", err)
		return Dropped, nil
	}
	return Answered, nil
}

// address is an answer to the person who replied, without what it says.
func (s *Service) address(ctx context.Context, r reply) (Answer, error) {
	district, err := s.store.District(ctx, r.actor.District)
	if err != nil {
		return Answer{}, fmt.Errorf("district: %w", err)
	}
	preferences, err := s.store.Preferences(ctx, r.actor.District, r.actor.Person)
	if err != nil {
		return Answer{}, fmt.Errorf("preferences: %w", err)
	}
	a := Answer{
		To: r.own, Language: district.Settings.Language, District: district.Name,
		Conversation: "/conversations/" + r.conversation.String(),
	}
	if tag := preferences.ReadingLanguage(); tag != "" {
		a.Language = tag
	}
	if id := r.Header.Get("Message-Id"); repeatable.MatchString(id) {
		a.InReplyTo = id
	}
	return a, nil
}

// repeatable is a Message-ID that may stand in a header of ours.
var repeatable = regexp.MustCompile(`^<[!-;=?-~]{1,250}>$`)
