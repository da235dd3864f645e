package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/homeline/homeline/hub/roster"
)

type confirmAddress struct {
	chosenDistrict
	Address string `arg:"" help:"The e-mail address that several people share."`
	Person  string `help:"sourcedId of the person whose it is." required:"" placeholder:"SOURCED_ID"`
}

// Run says that a shared address is one person's.
func (a confirmAddress) Run(ctx context.Context, c console) error {
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
	err = school.ConfirmHolder(ctx, d.ID, a.Address, person.ID)
	if errors.Is(err, roster.ErrNoPerson) {
		return fmt.Errorf("%s (%s) does not have the address %s in the roster, or is no longer there", person.Name(), a.Person, a.Address)
	}
	if err != nil {
		return err
	}
	c.printf("%s now signs in as %s, and as nobody else.\n", a.Address, person.Name())
	return nil
}
