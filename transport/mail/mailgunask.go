package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/mailgun/mailgun-go/v4"

	"github.com/homeline/homeline/hub/notify"
)

const (
	// eventsKept is how long Mailgun keeps events on every plan (a day on the
	// free one), less an hour for clocks that differ.
	eventsKept = 23 * time.Hour
	eventsPage = 300
	maxPages   = 10
	// eventsOfFate say that Mailgun has a message. The client fails at events it
	// does not know, so that only these are asked for.
	eventsOfFate = "accepted OR delivered OR failed OR rejected"
)

// Ask looks for events of the message. One that Mailgun rejected afterwards was
// not taken. Where there is none and the call is older than events are kept on
// every plan, nobody knows.
//
// The address is not looked at: a Message-ID is of one mail to one person, and
// what went to an address they had before is not to be sent again.
func (g *Mailgun) Ask(ctx context.Context, messageID, _ string, called time.Time) (notify.Fate, error) {
	ctx, seen := observe(ctx)
	events := g.client.ListEvents(&mailgun.ListEventOptions{
		// A mail may have been called more than once, all within a day.
		Begin:          called.Add(-24 * time.Hour),
		ForceAscending: true,
		Limit:          eventsPage,
		Filter:         map[string]string{"message-id": messageID, "event": eventsOfFate},
	})
	rejected := false
	var page []mailgun.Event
	for range maxPages {
		if !events.Next(ctx, &page) {
			break
		}
		for _, e := range page {
			if e.GetName() != "rejected" {
				return notify.FateTaken, nil
			}
			rejected = true
		}
		if err := g.sameHost(events.Paging.Next); err != nil {
			return "", err
		}
	}
	switch {
	case events.Err() != nil:
		return "", seen.unasked(events.Err(), g.client.Domain(), g.region)
	case !rejected && time.Since(called) > eventsKept:
		return notify.FateUnknowable, nil
	}
	return notify.FateNotTaken, nil
}

// sameHost keeps the key from going where an answer says that the next page is.
func (g *Mailgun) sameHost(next string) error {
	base, err := url.Parse(g.client.APIBase())
	if err != nil {
		return err
	}
	if u, err := url.Parse(next); err != nil || u.Scheme != base.Scheme || u.Host != base.Host {
		return errors.New("the next page of Mailgun's events is on another host")
	}
	return nil
}

// unasked is why events could not be read.
func (a *answer) unasked(err error, domain, region string) error {
	const unread = "events of Mailgun could not be read"
	switch status := int(a.status.Load()); {
	case status == 0:
		return fmt.Errorf("%s: %w", unread, bare(err))
	case status < 300: // the client's error quotes them
		return errors.New(unread + ": the answer was cut off, or holds none")
	default:
		return fmt.Errorf("%s: %s: %s", unread, configuration(status, domain, region), said(err))
	}
}
