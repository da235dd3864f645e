package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

type resetAddress struct {
	chosenDistrict
	Person string `arg:"" help:"sourcedId of the person."`
}

// Run has somebody be reached where the roster says.
func (a resetAddress) Run(ctx context.Context, c console) error {
	return a.withPerson(ctx, a.Person, func(school control.School, d roster.District, person roster.Person) error {
		chosen, err := school.ResetAddress(ctx, d.ID, person.ID)
		if errors.Is(err, hub.ErrNotFound) {
			return fmt.Errorf("%s (%s) chose no e-mail address: theirs is the roster's", person.Name(), a.Person)
		}
		if err != nil {
			return err
		}
		c.printf("%s is mailed and signs in at %s, and no longer at %s. All their sessions have ended.\n",
			person.Name(), cmp.Or(person.Email, "no address, since the roster has none"), chosen)
		return nil
	})
}
