package main

import (
	"context"
	"fmt"
	"time"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

type token struct {
	chosenDistrict
	Person string        `help:"sourcedId of the person." required:"" placeholder:"SOURCED_ID"`
	For    time.Duration `help:"How long it is good for." default:"12h"`
}

// maxToken is the longest that a token may be good for.
const maxToken = 365 * 24 * time.Hour

// Run makes a token and prints it alone, so that a script can take it.
func (t token) Run(ctx context.Context, c console) error {
	if t.For < time.Second || t.For > maxToken {
		return fmt.Errorf("--for: from 1s to %s, not %s", maxToken, t.For)
	}
	return t.withPerson(ctx, t.Person, func(school control.School, d roster.District, person roster.Person) error {
		secret, session, err := school.Issue(ctx, d.ID, person.ID, t.For)
		if err != nil {
			return fmt.Errorf("person %s: %w", t.Person, err)
		}
		c.notef("Whoever has this token is %s until %s.\n", person.Name(), session.ExpiresAt.Local().Format("2006-01-02 15:04:05 MST (-07:00)"))
		c.printf("%s\n", secret)
		return nil
	})
}
