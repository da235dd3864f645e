package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/homeline/homeline/hub"
)

type resetAddress struct {
	chosenDistrict
	Person string `arg:"" help:"sourcedId of the person."`
}

// Run has somebody be reached where the roster says.
func (a resetAddress) Run(ctx context.Context, c console) error {
	school, closer, err := a.school(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	d, err := a.find(ctx, school)
	if err != nil {
		return err
	}
	person, err := school.PersonBySourcedID(ctx, d.ID, a.Person)
	if err != nil {
		return fmt.Errorf("person %s: %w", a.Person, err)
	}
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
}
