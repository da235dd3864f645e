package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
)

// mailroom is how mails leave a node, and where it hears what became of them.
type mailroom struct {
	provider mail.Provider
	signIn   *mail.SignIn
	worker   *notify.Worker
	webhooks http.Handler // nil where no provider calls
	secret   []byte       // of links in mails
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
	})
	if err != nil {
		return nil, err
	}
	p.worker = notify.New(o.wrapMail(notify.Options{Store: s, Letters: s, Mailer: notices, Now: now, Log: o.log}))
	if o.MailgunDomain != "" {
		p.webhooks, err = mail.NewWebhooks(mail.WebhookOptions{
			SigningKey: o.MailgunSigningKey, Reports: s, Now: now, Log: o.log,
		})
	}
	return p, err
}

// routes are where providers call.
func (p *mailroom) routes(mux *http.ServeMux) {
	if p.webhooks != nil {
		mux.Handle("POST /hooks/mailgun/events", p.webhooks)
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
