package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/inbound"
)

// mailroom is how mails leave a node, and where it hears what became of them.
type mailroom struct {
	provider mail.Provider
	signIn   *mail.SignIn
	worker   *notify.Worker
	webhooks http.Handler       // nil where no provider calls
	replies  *replymail.Service // nil where mails cannot be answered
	inbound  http.Handler       // where replies come in; nil with replies
	notices  *mail.Notices
	secret   []byte // of links in mails
}

func newMailroom(ctx context.Context, s store, o nodeSettings, catalogue *words.Catalogue, now func() time.Time) (*mailroom, error) {
	provider, err := o.provider(o.dataFolder.outbox(), o.log)
	if err != nil {
		return nil, err
	}
	p := &mailroom{provider: provider}
	if p.signIn, err = mail.NewSignIn(provider, o.from(o.origin), catalogue); err != nil {
		return nil, fmt.Errorf("--mail-from: %w", err)
	}
	if p.secret, err = s.Secret(ctx, "links"); err != nil {
		return nil, fmt.Errorf("the secret of links: %w", err)
	}
	notices, err := mail.NewNotices(mail.NoticeOptions{
		Provider: provider, From: o.from(o.origin), PublicURL: o.origin, Secret: p.secret, Words: catalogue,
		ReplyAddress: o.replyAddress(p.secret), SilentAddress: o.silentAddress(p.secret), UnsubscribeAddress: o.unsubscribeAddress(),
	})
	if err != nil {
		return nil, err
	}
	p.notices = notices
	p.worker = notify.New(o.wrapMail(notify.Options{
		Store: s, Letters: s, Mailer: notices, Now: now, Concurrency: o.MailConcurrency, Log: o.log,
	}))
	if o.MailgunDomain != "" {
		p.webhooks, err = mail.NewWebhooks(mail.WebhookOptions{
			SigningKey: o.MailgunSigningKey, Reports: s, Now: now, Log: o.log,
		})
	}
	return p, err
}

// takeReplies has replies by e-mail land in the hub, where a domain is set that
// they are routed for.
func (p *mailroom) takeReplies(s store, h *hub.Hub, o nodeSettings, catalogue *words.Catalogue, now func() time.Time) error {
	if o.ReplyDomain == "" {
		return nil
	}
	answers, err := mail.NewAnswers(p.provider, o.from(o.origin), o.origin, catalogue, now)
	if err != nil {
		return err
	}
	domain := domainOf(o.from(o.origin))
	if p.replies, err = replymail.New(s, h, answers, replymail.Options{
		Addresses: o.replies(p.secret), MailDomain: domain, Now: now, Log: o.log,
	}); err != nil {
		return fmt.Errorf("HOMELINE_REPLY_DOMAIN: %w", err)
	}
	if p.inbound, err = inbound.New(inbound.Options{
		SigningKey: o.MailgunSigningKey, Replies: p.replies, Tokens: s, Reports: s, LinkSecret: p.secret,
		From: o.from(o.origin), Host: o.origin.Hostname(), Words: catalogue, Forms: p.notices, Now: now, Log: o.log,
	}); err != nil {
		return fmt.Errorf("HOMELINE_REPLY_DOMAIN: %w", err)
	}
	return nil
}

func (o nodeSettings) replies(secret []byte) replymail.Addresses {
	return replymail.Addresses{Secret: secret, Domain: o.ReplyDomain}
}

// replyAddress is where a letter is answered; nil where none can be.
func (o nodeSettings) replyAddress(secret []byte) func(notify.Letter) string {
	if o.ReplyDomain == "" {
		return nil
	}
	return o.replies(secret).Of
}

// silentAddress is where a letter is answered that cannot be replied to; nil where no
// mail comes in.
func (o nodeSettings) silentAddress(secret []byte) func(notify.Letter) string {
	if o.ReplyDomain == "" {
		return nil
	}
	return o.replies(secret).OfSilent
}

// unsubscribeAddress takes mails that unsubscribe; empty where none come in.
func (o nodeSettings) unsubscribeAddress() string {
	if o.ReplyDomain == "" {
		return ""
	}
	return mail.UnsubscribeAddress(o.ReplyDomain)
}

// run works on mails until ctx ends.
func (p *mailroom) run(ctx context.Context) {
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() { p.worker.Run(ctx) })
	if p.replies != nil {
		parts.Go(func() { p.replies.Run(ctx) })
	}
}

// routes are where providers call.
func (p *mailroom) routes(mux *http.ServeMux) {
	if p.webhooks != nil {
		mux.Handle("POST /hooks/mailgun/events", mail.Bounded(p.webhooks))
	}
	if p.inbound != nil {
		replies := mail.Bounded(p.inbound)
		mux.Handle("POST "+inbound.Path, replies)
		mux.Handle("POST "+inbound.ParsedPath, replies)
	}
}

// poked has the worker look again when a letter was sent.
func (p *mailroom) poked(e hub.Events) hub.Events { return poking{e, p.worker} }

type poking struct {
	hub.Events
	worker *notify.Worker
}

func (p poking) Publish(ctx context.Context, e hub.Event) {
	if e.Message != nil || e.Doubt() {
		p.worker.Poke()
	}
	p.Events.Publish(ctx, e)
}
