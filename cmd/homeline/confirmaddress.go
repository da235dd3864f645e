package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

type confirmAddress struct {
	chosenDistrict
	Address string `arg:"" help:"The e-mail address that several people share."`
	Person  string `help:"sourcedId of the person whose it is." required:"" placeholder:"SOURCED_ID"`
}

// Run says that a shared address is one person's.
func (a confirmAddress) Run(ctx context.Context, c console) error {
	return a.withPerson(ctx, a.Person, func(school control.School, d roster.District, person roster.Person) error {
		err := school.ConfirmHolder(ctx, d.ID, a.Address, person.ID)
		if errors.Is(err, roster.ErrNoPerson) {
			return fmt.Errorf("%s (%s) does not have the address %s in the roster, or is no longer there", person.Name(), a.Person, a.Address)
		}
		if err != nil {
			return err
		}
		c.printf("%s now signs in as %s, and as nobody else.\n", a.Address, person.Name())
		return nil
	})
}
