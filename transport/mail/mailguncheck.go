package mail

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/mailgun/mailgun-go/v4"
)

// Check asks for the domain and for its events: a key that only sends cannot
// read them, and what became of a mail in doubt would never be known.
func (g *Mailgun) Check(ctx context.Context) error {
	domain := g.client.Domain()
	eventsCtx, seen := observe(ctx)
	events := g.client.ListEvents(&mailgun.ListEventOptions{Begin: time.Now().Add(-time.Minute), ForceAscending: true, Limit: 1,
		Filter: map[string]string{"event": eventsOfFate}})
	var page []mailgun.Event
	if events.Next(eventsCtx, &page); events.Err() != nil {
		switch int(seen.status.Load()) {
		case http.StatusUnauthorized, http.StatusForbidden:
			return fmt.Errorf("%s; a sending key does not do: it reads no events", configuration(int(seen.status.Load()), domain, g.region))
		case 0:
			return fmt.Errorf("Mailgun was not reached: %w: let this machine open HTTPS connections to %s", bare(events.Err()), g.client.APIBase())
		}
		return seen.unasked(events.Err(), domain, g.region)
	}
	domainCtx, seen := observe(ctx)
	known, err := g.client.GetDomain(domainCtx, domain)
	switch status := int(seen.status.Load()); {
	case err != nil && status == 0:
		return fmt.Errorf("Mailgun was not reached: %w: try again", bare(err))
	case err != nil:
		return fmt.Errorf("%s: %s", configuration(status, domain, g.region), said(err))
	case known.Domain.State == "unverified":
		return fmt.Errorf("Mailgun has not verified %s: add the DNS records that its control panel shows, then verify it there", domain)
	case known.Domain.State != "active":
		return fmt.Errorf("%s is switched off at Mailgun: ask its support why", domain)
	}
	return nil
}
