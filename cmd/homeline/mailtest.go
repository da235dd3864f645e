package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/mail"
)

type mailTest struct {
	dataFolder
	mailSettings
	Address string `arg:"" help:"Where to send it."`
}

// testPatience bounds the whole attempt.
const testPatience = time.Minute

// Run checks the settings without sending, and then sends.
func (m mailTest) Run(ctx context.Context, c console) error {
	if err := foreignMail(); err != nil {
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
	from := m.from(&url.URL{Host: "localhost"})
	name, err := provider.Deliver(ctx, mail.Message{
		From: from, To: m.Address, Subject: "A mail from Homeline, to try its settings",
		Text: "If you can read this, mail leaves as it should.\n",
		ID:   "test." + uuid.NewString() + "@" + "homeline", Date: time.Now(),
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
	})
	if err != nil {
		return fmt.Errorf("the settings are right, but the mail was not taken: %w", err)
	}
	c.printf("Taken (%s). Look whether it arrives, and whether as spam: %s\n", name, from)
	return nil
}
