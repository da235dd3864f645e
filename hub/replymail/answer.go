package replymail

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// answer says why a reply was not taken, once. Of one address that is said a few times
// a day; then once an hour for all of them, so that nothing is lost in silence.
func (s *Service) answer(ctx context.Context, r reply, why Why) (Outcome, error) {
	if mute(r.Header) {
		return Dropped, nil
	}
	a, err := s.address(ctx, r)
	if err != nil {
		return "", err
	}
	a.ID, a.Why = "answer."+r.key.String(), why
	fresh, err := s.counted(ctx, r, r.key, MaxAnswers)
	if err == nil && !fresh {
		// It was answered before, or there were too many before it.
		if fresh, err = s.counted(ctx, r, r.key, mostAnswers); err == nil && fresh {
			hour := s.now().Truncate(time.Hour).Format(time.RFC3339)
			all := uuid.NewSHA1(keys, []byte("answers "+r.own+hour))
			a.ID, a.Again = "answer."+all.String(), true
			fresh, err = s.counted(ctx, r, all, mostAnswers)
		}
	}
	if err != nil || !fresh {
		return Dropped, err
	}
	return s.mailed(ctx, r, a)
}

// answerOnce is answer for a reason that holds for many replies at once: said once in
// ten minutes.
func (s *Service) answerOnce(ctx context.Context, r reply, why Why) (Outcome, error) {
	r.key = uuid.NewSHA1(keys, []byte(string(why)+" "+r.own+s.now().Truncate(10*time.Minute).Format(time.RFC3339)))
	return s.answer(ctx, r, why)
}

// counted notes an answer before it is sent: one that is lost is better than one that
// goes round. It is false for one that was noted before, and beyond the limit.
func (s *Service) counted(ctx context.Context, r reply, key uuid.UUID, limit int) (bool, error) {
	now := s.now()
	return s.store.Answering(ctx, Answering{District: r.actor.District, Key: key, Address: r.own, At: now}, limit, now.Add(-24*time.Hour))
}

func (s *Service) mailed(ctx context.Context, r reply, a Answer) (Outcome, error) {
	if err := s.mailer.MailAnswer(ctx, a); err != nil {
		s.Log.Error("replies by mail: an answer was not sent", "district", r.actor.District, "why", a.Why, "err", err)
		return Dropped, nil
	}
	return Answered, nil
}

// tellOfFiles says that a reply was posted without the files that came with it.
func (s *Service) tellOfFiles(ctx context.Context, r reply) error {
	r.key = uuid.NewSHA1(r.key, []byte("files"))
	_, err := s.answer(ctx, r, WhyFiles)
	return err
}

// crowded reports whether so many replies of a person were posted just now that a
// program must have written them: two that answer each other never end.
func (s *Service) crowded(ctx context.Context, r reply) (bool, error) {
	now := s.now()
	a := Answering{
		District: r.actor.District, Key: uuid.NewSHA1(r.key, []byte("posted")), Address: "posted " + r.actor.Person.String(), At: now,
	}
	fresh, err := s.store.Answering(ctx, a, MaxPosted, now.Add(-PostedWithin))
	if err != nil || fresh {
		return false, err
	}
	// One that came before is posted once, by its key; of further ones each is counted,
	// so that it has to be quiet for a while.
	return s.store.Answering(ctx, a, math.MaxInt32, now.Add(-PostedWithin))
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
	if r.conversation == uuid.Nil {
		a.Conversation = Inbox
	}
	if tag := preferences.ReadingLanguage(); tag != "" {
		a.Language = tag
	}
	if from := roster.ComparableAddress(r.From); from != r.own {
		a.From = r.From
	}
	if id := r.Header.Get("Message-Id"); repeatable.MatchString(id) {
		a.InReplyTo = id
	}
	return a, nil
}

// repeatable is a Message-ID that may stand in a header of ours.
var repeatable = regexp.MustCompile(`^<[!-;=?-~]{1,250}>$`)
