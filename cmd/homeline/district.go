package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

// chosenDistrict is a flag of commands that work on one district.
type chosenDistrict struct {
	installation
	District string `help:"Short name of the district; not needed where there is only one." placeholder:"SLUG" env:"HOMELINE_DISTRICT"`
}

// find is the district that was named, or the only one.
func (c chosenDistrict) find(ctx context.Context, s control.School) (roster.District, error) {
	return findDistrict(ctx, s, c.District)
}

// open opens the school and finds the district. The caller closes what it got.
func (c chosenDistrict) open(ctx context.Context) (control.School, roster.District, io.Closer, error) {
	school, closer, err := c.school(ctx)
	if err != nil {
		return nil, roster.District{}, nil, err
	}
	d, err := c.find(ctx, school)
	if err != nil {
		closer.Close()
		return nil, roster.District{}, nil, err
	}
	return school, d, closer, nil
}

// withPerson opens the school and finds somebody of the district by their
// sourcedId, for do.
func (c chosenDistrict) withPerson(ctx context.Context, sourcedID string, do func(control.School, roster.District, roster.Person) error) error {
	school, d, closer, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	person, err := school.PersonBySourcedID(ctx, d.ID, sourcedID)
	if err != nil {
		return fmt.Errorf("person %s: %w", sourcedID, err)
	}
	return do(school, d, person)
}

func findDistrict(ctx context.Context, s control.School, slug string) (roster.District, error) {
	all, err := s.Districts(ctx)
	if err != nil {
		return roster.District{}, fmt.Errorf("reading the districts: %w", err)
	}
	var names []string
	for _, d := range all {
		if d.Slug == slug || slug == "" && len(all) == 1 {
			return d, nil
		}
		names = append(names, d.Slug)
	}
	switch {
	case len(all) == 0:
		return roster.District{}, errors.New("there is no district yet: make one with `homeline district create SLUG --name NAME`")
	case slug == "":
		return roster.District{}, fmt.Errorf("which district? Name it with --district: %s", strings.Join(names, ", "))
	}
	return roster.District{}, fmt.Errorf("%w as %q; there is %s", roster.ErrNoDistrict, slug, strings.Join(names, ", "))
}

// districts are the commands about districts.
type districts struct {
	List           districtList    `cmd:"" help:"List the districts and their settings."`
	Create         districtCreate  `cmd:"" help:"Create a district. Messaging is off until it is enabled."`
	Enable         districtEnable  `cmd:"" help:"Switch messaging on."`
	Disable        districtDisable `cmd:"" help:"Switch messaging off: what was written is read, nothing is sent."`
	Set            districtSet     `cmd:"" help:"Change a district's name and settings."`
	ConfirmAddress confirmAddress  `cmd:"" help:"Say whose a shared e-mail address is."`
	ResetAddress   resetAddress    `cmd:"" help:"Take back the e-mail address that somebody chose, and sign them out everywhere."`
}
