package identity

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/batch"
	"github.com/homeline/homeline/hub/roster"
)

// How long things last.
const (
	LinkLife = 30 * time.Minute
	// SessionIdle is how long a session that nobody uses lasts. Using it extends
	// it, at most once in extendEvery.
	SessionIdle = 30 * 24 * time.Hour
	// CommandSession is how long a session made by a command lasts unless it
	// says otherwise. It is never extended.
	CommandSession = 12 * time.Hour

	// ExpiredKept is for how long it is known of an expired session that it was one.
	ExpiredKept = 7 * 24 * time.Hour

	extendEvery   = 24 * time.Hour
	storePatience = 10 * time.Second // for one look-up of those who come
)

// LinkPath is where sign-in links lead, below the public URL: the secret
// follows it. A GET there shows a button, its POST uses the link up.
const LinkPath = "/sign-in/"

// Mailer brings mails to their addresses. It may take as long as its context
// lets it.
type Mailer interface {
	MailSignIn(ctx context.Context, m Mail) error
	MailAddress(ctx context.Context, m AddressMail) error
}

// Mail is what a sign-in mail says.
type Mail struct {
	To       string
	Language string // BCP 47
	// LanguageUnknown reports that nothing says in which language the readers of
	// the address read: the email is in every language.
	LanguageUnknown bool
	District        string // its name: where an address is known in several, each mails
	// Link is empty where the address is shared by people of whom the district
	// has not confirmed one (R28): then the mail says so.
	Link string
	Life time.Duration
}

// Options are what a Service needs beside its neighbours. The zero value of a
// limit stands for its default.
type Options struct {
	PublicURL *url.URL // links begin with it, never with what a request said
	Now       func() time.Time
	Log       *slog.Logger

	// ByAddress limits sign-in requests for one address (default 5 at once,
	// then one in 3 minutes), ByClient those of one client (default 60 at once,
	// then one in 2 seconds: a whole school comes from one address).
	ByAddress, ByClient Limit
	// ByPerson limits the changes of address that somebody asks for (default 3
	// at once, then one in 20 minutes); ByAddress counts them too.
	ByPerson Limit
	// Queue is how many requests may wait for their mail (default 1,000),
	// Workers how many mails are on their way at a time (default 4).
	Queue, Workers int
}

// Limit is a token bucket.
type Limit struct {
	Burst int
	Every time.Duration
}

// Service signs people in and out.
type Service struct {
	store  Store
	people roster.Store
	mailer Mailer
	events hub.Events
	opts   Options

	byAddress, byClient, byPerson *Limits

	errands chan errand
	signIns *batch.Reader[struct{}, string, SignIn] // those that are valid or were so lately, by the session's id
}

// New is a service whose mails are sent while [Service.Run] runs.
func New(store Store, people roster.Store, mailer Mailer, events hub.Events, opts Options) *Service {
	opts = opts.withDefaults()
	s := &Service{
		store: store, people: people, mailer: mailer, events: events, opts: opts,
		byAddress: NewLimits(opts.ByAddress, opts.Now),
		byClient:  NewLimits(opts.ByClient, opts.Now),
		byPerson:  NewLimits(opts.ByPerson, opts.Now),
		errands:   make(chan errand, opts.Queue),
	}
	s.signIns = batch.NewReader(storePatience, func(ctx context.Context, _ struct{}, ids []string) (map[string]SignIn, error) {
		return validSignIns(ctx, store, ids, s.now().Add(-ExpiredKept))
	})
	return s
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.ByAddress == (Limit{}) {
		o.ByAddress = Limit{Burst: 5, Every: 3 * time.Minute}
	}
	if o.ByClient == (Limit{}) {
		o.ByClient = Limit{Burst: 60, Every: 2 * time.Second}
	}
	if o.ByPerson == (Limit{}) {
		o.ByPerson = Limit{Burst: 3, Every: 20 * time.Minute}
	}
	if o.Queue == 0 {
		o.Queue = 1000
	}
	if o.Workers == 0 {
		o.Workers = 4
	}
	return o
}

func (l Limit) bucket() *rate.Limiter { return rate.NewLimiter(rate.Every(l.Every), l.Burst) }

// now is in UTC and whole microseconds, as everything stored is.
func (s *Service) now() time.Time { return s.opts.Now().UTC().Truncate(time.Microsecond) }

func (s *Service) linkURL(path, secret string) string {
	return strings.TrimSuffix(s.opts.PublicURL.String(), "/") + path + secret
}
