package inbound

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
)

// Path is where Mailgun's route leads, below the public URL. It ends in mime:
// only to such an address does Mailgun post the message as it came in.
const Path = "/hooks/mailgun/inbound/mime"

// ParsedPath is where a route leads whose address was copied without its end.
// Served too, it is answered 503, and said in the log, until the route is mended.
const ParsedPath = "/hooks/mailgun/inbound"

// Tokens are where the tokens of calls are kept: a replymail.Keep.
type Tokens interface {
	Receive(ctx context.Context, token string, digest [32]byte, now time.Time) (bool, error)
}

// Forms are the forms in which a letter may have been sent: mail.Notices has them.
type Forms interface {
	Forms(l notify.Letter) []mail.Message
}

// Reports are where it is kept that somebody wants no mails: a notify.Store.
type Reports interface {
	Report(ctx context.Context, r notify.Report) (repeated bool, err error)
}

// Options say how calls are known to be Mailgun's, and what is done with them.
type Options struct {
	SigningKey string // as mail.MailgunOptions has it, required
	Replies    *replymail.Service
	Tokens     Tokens
	Reports    Reports
	LinkSecret []byte // that mails to mail.UnsubscribeAddress are held against
	// From is the address that mails of ours come from, with or without a name, and
	// Host is that of the pages that they lead to.
	From, Host string
	Words      *words.Catalogue // that they are written with
	Forms      Forms            // nil: what they said is not known
	// LookupTXT asks the DNS; nil: the system's resolver.
	LookupTXT func(ctx context.Context, domain string) ([]string, error)
	Now       func() time.Time // nil: time.Now
	Log       *slog.Logger     // nil: none
}

const (
	// takeTime is how long one mail may take, once it has been read.
	takeTime = 60 * time.Second
	grumble  = time.Minute // between two warnings of one kind
)

// Handler answers the calls of a route. It answers 200 once the mail is dealt
// with, whatever became of it; 406 to what will never be right, which Mailgun
// does not repeat; anything else to what may be right later, which it does for
// 8 h. Its log names nobody.
type Handler struct {
	Options
	key                       []byte
	from                      string // the address alone
	vouch                     voucher
	reading                   *reading
	large                     chan struct{}
	unsigned, ahead, unparsed rate.Sometimes
}

// New refuses an empty key: a signature by it is anybody's.
func New(o Options) (*Handler, error) {
	if o.SigningKey == "" {
		return nil, errors.New("MAILGUN_SIGNING_KEY is empty: it is the HTTP webhook signing key in Mailgun's settings, not the API key")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	from, err := netmail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("the address that mails come from: %w", err)
	}
	return &Handler{
		Options: o, key: []byte(o.SigningKey), from: from.Address, vouch: newVoucher(o.LookupTXT), large: make(chan struct{}, maxLarge),
		reading:  newReading(o.Words, []string{from.Address, o.Host}, from.Name),
		unsigned: rate.Sometimes{Interval: grumble}, ahead: rate.Sometimes{Interval: grumble}, unparsed: rate.Sometimes{Interval: grumble},
	}, nil
}

// ServeHTTP takes one mail.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "mails are posted", http.StatusMethodNotAllowed)
		return
	}
	limit, leave, ok := h.enter(r)
	if !ok {
		http.Error(w, "other large mails are being taken: bring it later", http.StatusTooManyRequests)
		return
	}
	defer leave()
	f, status, err := read(w, r, limit)
	if len(f.mime) <= maxSmall { // its length was not known before
		leave()
	}
	if err == nil {
		ctx, cancel := context.WithTimeout(r.Context(), takeTime)
		defer cancel()
		status, err = h.take(ctx, f)
	}
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	w.WriteHeader(status)
}

// take says what to answer, and why where it is not 200. Its errors are ours to
// word: they hold nothing of the mail.
func (h *Handler) take(ctx context.Context, f form) (int, error) {
	if status, err := h.signed(f.signature); err != nil {
		return status, err
	}
	if f.mime == nil {
		h.unparsed.Do(func() { h.Log.Warn("a route of Mailgun's brings no raw mail: its address must end in " + Path) })
		return http.StatusServiceUnavailable, errors.New("there is no body-mime: the route's address must end in /mime")
	}
	if strings.EqualFold(f.recipient, mail.UnsubscribeAddress(h.Replies.Domain)) {
		return h.unsubscribe(ctx, f)
	}
	stray := strings.EqualFold(strings.TrimSpace(f.recipient), h.from)
	if !stray && !h.Replies.Offered(f.recipient) {
		return http.StatusOK, nil
	}
	digest := sha256.Sum256(append([]byte(f.recipient+"\x00"), f.mime...))
	switch same, err := h.Tokens.Receive(ctx, f.signature.Token, digest, h.Now().UTC().Truncate(time.Microsecond)); {
	case err != nil:
		return h.failed("its token", err)
	case !same:
		return http.StatusNotAcceptable, errors.New("the token came with another mail before")
	}
	f.mime = mended(f.mime)
	m, err := parse(f.mime)
	if err != nil {
		return h.malformed()
	}
	in, err := h.incoming(ctx, f, m)
	if err != nil {
		return h.failed("what it answers", err)
	}
	receive := h.Replies.Receive
	if stray {
		receive = h.Replies.Stray
	}
	outcome, err := receive(ctx, in)
	if err != nil {
		return h.failed("the reply", err)
	}
	h.Log.Info("a reply by mail", "outcome", outcome, "vouched", in.Vouched)
	return http.StatusOK, nil
}

// incoming is the mail as the hub is told of it.
func (h *Handler) incoming(ctx context.Context, f form, m message) (replymail.Incoming, error) {
	said, err := h.said(ctx, f.recipient)
	if err != nil {
		return replymail.Incoming{}, err
	}
	in := replymail.Incoming{
		Recipient: f.recipient, From: m.from, FromUnclear: m.unclear, ReturnPath: f.sender, Identity: m.id, Subject: m.subject, Header: m.header,
		Attachments: m.attachments, Unreadable: m.unreadable, Cut: m.cut, Text: withoutPictures(h.reading.of(said...).visible(m.text)),
	}
	if in.Text == "" && strings.TrimSpace(m.text) != "" && picture.MatchString(strings.TrimSpace(m.text)) {
		in.Attachments = max(1, in.Attachments) // a picture in the text, and nothing else
	}
	v := h.vouch.examine(ctx, f.mime, m, f.recipient, h.Replies.MadeAt(f.recipient))
	in.Vouched = v.vouched
	if !v.identified || in.Identity == "" {
		in.Identity = m.identity()
	}
	return in, nil
}

// said is what the mail said that is answered, in each form in which it may have
// been sent.
func (h *Handler) said(ctx context.Context, recipient string) (texts []string, err error) {
	if h.Forms == nil {
		return nil, nil
	}
	letter, ok, err := h.Replies.Letter(ctx, recipient)
	if err != nil || !ok {
		return nil, err
	}
	for _, m := range h.Forms.Forms(letter) {
		if !slices.Contains(texts, m.Text) {
			texts = append(texts, m.Text, textOf(m.HTML))
		}
	}
	return texts, nil
}

func (h *Handler) signed(s mail.Signature) (int, error) {
	at, err := s.Time()
	if err != nil {
		return http.StatusNotAcceptable, err
	}
	if !s.SignedBy(h.key) {
		h.unsigned.Do(func() {
			h.Log.Warn("a mail that was brought is not signed with MAILGUN_SIGNING_KEY: if Mailgun shows them as failing, copy its HTTP webhook signing key again")
		})
		return http.StatusUnauthorized, errors.New("the signature is wrong")
	}
	switch age := h.Now().Sub(at); {
	case age > mail.WebhookAge:
		return http.StatusNotAcceptable, fmt.Errorf("the call is older than %s", mail.WebhookAge)
	case age < -mail.WebhookAhead:
		h.ahead.Do(func() {
			h.Log.Warn("a mail was brought from the future: the clock of this machine is behind", "by", -age)
		})
		return http.StatusServiceUnavailable, errors.New("the call is from the future")
	}
	return http.StatusOK, nil
}

func (h *Handler) malformed() (int, error) {
	h.unparsed.Do(func() { h.Log.Warn("a reply by mail could not be read: its header is malformed") })
	return http.StatusNotAcceptable, errors.New("the mail is malformed")
}

func (h *Handler) failed(what string, err error) (int, error) {
	h.Log.Error("a mail that was brought could not be kept", "what", what, "err", err)
	return http.StatusServiceUnavailable, errors.New("it could not be kept now")
}
