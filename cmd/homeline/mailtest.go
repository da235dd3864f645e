package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/mail"
)

type mailTest struct {
	dataFolder
	mailSettings
	PublicURL *url.URL `name:"public-url" help:"As serve has it: mails come from its host where no sender is set." env:"HOMELINE_PUBLIC_URL"`
	Address   string   `arg:"" help:"Where to send it."`
}

// testPatience bounds the whole attempt.
const testPatience = time.Minute

// Run checks the settings without sending, and then sends.
func (m mailTest) Run(ctx context.Context, c console) error {
	if err := m.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, testPatience)
	defer cancel()
	provider, err := m.provider(m.outbox(), slog.New(slog.NewTextHandler(c.err, nil)))
	if err != nil {
		return err
	}
	if err := provider.Check(ctx); err != nil {
		return err
	}
	message := m.message(time.Now())
	name, err := provider.Deliver(ctx, message)
	if err != nil {
		return fmt.Errorf("the provider lets us in, but %w", err)
	}
	if box, into := provider.(*mail.Outbox); into {
		c.printf("Put into %s: nothing is sent while neither MAILGUN_DOMAIN nor HOMELINE_SMTP_URL is set.\n", filepath.Join(box.Dir(), name))
		return nil
	}
	c.printf("Taken, from %s. See whether it arrives, and not among spam.\n", message.From)
	return nil
}

func (m mailTest) message(now time.Time) mail.Message {
	from := m.sender(m.PublicURL)
	return mail.Message{
		From: from, To: m.Address, Subject: "A mail from Homeline, to try its settings",
		Text: "If you can read this, mail leaves as it should.\n",
		ID:   "test." + uuid.NewString() + "@" + domainOf(from), Date: now,
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
	}
}
