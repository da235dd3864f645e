package replymail

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/homeline/homeline/hub"
)

// Mailer brings an answer to its address. It may take as long as its context
// lets it.
type Mailer interface {
	MailAnswer(ctx context.Context, a Answer) error
}

// How much, and for how long.
const (
	// HeldLife is how long a held reply waits to be confirmed.
	HeldLife = 3 * 24 * time.Hour
	// MaxHeld is how many replies of one person may wait.
	MaxHeld = 10
	// MaxAnswers is how many replies of one address are answered one by one in a day.
	// After that one answer an hour says that there were more.
	MaxAnswers = 3
	// MaxPosted is how many replies of one person are posted within PostedWithin:
	// more are a program's.
	MaxPosted    = 5
	PostedWithin = time.Minute

	// mostAnswers bounds what is counted of an address in a day.
	mostAnswers = 500

	// keepAnswers is longer than any provider repeats a mail.
	keepAnswers = 3 * 24 * time.Hour
	sweepEvery  = time.Hour
)

// Options are what a [Service] needs beside its neighbours.
type Options struct {
	Addresses
	// MailDomain is that of the Message-IDs of our own mails.
	MailDomain string
	Now        func() time.Time
	Log        *slog.Logger
}

// Service takes replies that came by e-mail.
type Service struct {
	Options
	store  Store
	hub    *hub.Hub
	mailer Mailer
	counts map[Outcome]*atomic.Int64
}

// New is a service over a store. It refuses options without which any mail would
// be taken, or none.
func New(store Store, h *hub.Hub, mailer Mailer, o Options) (*Service, error) {
	switch {
	case len(o.Secret) < 16:
		return nil, errors.New("replies by mail need a secret of 16 bytes or more")
	case o.Domain == "":
		return nil, errors.New("replies by mail need the domain that they are sent to")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{Options: o, store: store, hub: h, mailer: mailer, counts: map[Outcome]*atomic.Int64{}}
	for _, outcome := range Outcomes() {
		s.counts[outcome] = &atomic.Int64{}
	}
	return s, nil
}

// Run forgets what is over, every so often, until ctx ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		now := s.now()
		if err := s.store.SweepReplies(ctx, now, now.Add(-keepAnswers)); err != nil && ctx.Err() == nil {
			s.Log.Error("replies by mail: forgetting what is over", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Count is how many mails had that outcome on this node.
func (s *Service) Count(o Outcome) int64 { return s.counts[o].Load() }

// now is in UTC and whole microseconds, as everything stored is.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }
