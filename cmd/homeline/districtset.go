package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// settings are the flags for what a district decides. What is not given stays.
type settings struct {
	Name            *string `help:"Name that people read." placeholder:"NAME"`
	TimeZone        *string `help:"IANA time zone, such as America/Chicago." placeholder:"ZONE"`
	Language        *string `help:"Language of people who chose none: en or es." placeholder:"TAG"`
	RecipientLimit  *int    `help:"How many recipients a conversation may have, 1 to 500." placeholder:"N"`
	GuardiansAlways *bool   `help:"Make guardians recipients wherever a student is one." negatable:""`
	StudentsFrom    *string `help:"Lowest grade whose students are written to: IT (infants), PR (preschool), PK (pre-kindergarten), TK (transitional kindergarten), K or KG (kindergarten), 1 to 13, PS (after school); empty for all." placeholder:"GRADE"`
	MailDelay       *int    `help:"Minutes after which somebody who stays unread gets an e-mail, 1 to 10080." placeholder:"MINUTES"`
	MailReveals     *string `help:"How much of a message an e-mail may say: neutral, names, subject or full." placeholder:"LEVEL"`
	QuietFrom       *string `help:"When quiet hours begin, in which nobody is sent an e-mail, as 21:00; empty, with --quiet-until, for none." placeholder:"HH:MM"`
	QuietUntil      *string `help:"When quiet hours end, as 07:00." placeholder:"HH:MM"`
}

// change puts what was given into d, and checks the whole.
func (s settings) change(d *roster.District) error {
	put(&d.Name, s.Name)
	put(&d.Settings.TimeZone, s.TimeZone)
	put(&d.Settings.Language, s.Language)
	put(&d.Settings.RecipientLimit, s.RecipientLimit)
	put(&d.Settings.GuardiansAlways, s.GuardiansAlways)
	if s.StudentsFrom != nil {
		d.Settings.StudentsFrom = gradeCode(*s.StudentsFrom)
	}
	put(&d.Settings.MailDelayMinutes, s.MailDelay)
	if s.MailReveals != nil {
		d.Settings.MailReveals = roster.Reveals(*s.MailReveals)
	}
	put(&d.Settings.Quiet.From, s.QuietFrom)
	put(&d.Settings.Quiet.Until, s.QuietUntil)
	return asTyped(errors.Join(d.Check(), checkLanguage(d.Settings.Language)))
}

// gradeCode is the code of a grade as people type it.
func gradeCode(typed string) string {
	code := strings.ToUpper(strings.TrimSpace(typed))
	switch {
	case code == "K":
		return "KG"
	case len(code) == 1:
		return "0" + code
	}
	return code
}

// asTyped names a setting that cannot be as the command line does.
func asTyped(err error) error {
	var wrong *roster.SettingError
	switch {
	case !errors.As(err, &wrong):
		return err
	case wrong.Setting == "slug":
		return fmt.Errorf("SLUG: %s", wrong.Reason)
	case wrong.Setting == "students_from":
		return errors.New("--students-from: a grade such as K, 1 or 12 (--help lists them), or empty for all")
	case wrong.Setting == "mail_delay_minutes":
		return fmt.Errorf("--mail-delay: %s minutes", wrong.Reason)
	}
	return fmt.Errorf("--%s: %s", strings.ReplaceAll(wrong.Setting, "_", "-"), wrong.Reason)
}

func put[T any](to *T, given *T) {
	if given != nil {
		*to = *given
	}
}

func checkLanguage(tag string) error {
	catalogue, err := words.Load()
	if err != nil {
		return err
	}
	if catalogue.Has(tag) {
		return nil
	}
	var tags []string
	for _, l := range catalogue.Languages() {
		tags = append(tags, l.Tag)
	}
	return &roster.SettingError{Setting: "language", Reason: "there are words in " + strings.Join(tags, " and ")}
}

type districtCreate struct {
	installation
	settings
	Slug string `arg:"" help:"Short name for commands: lower-case letters, digits, hyphens."`
}

// Run creates a district, and its data folder where there is none.
func (n districtCreate) Run(ctx context.Context, c console) error {
	d := roster.District{ID: uuid.Must(uuid.NewV7()), Slug: n.Slug, Name: n.Slug, Settings: roster.DefaultSettings()}
	if err := n.change(&d); err != nil {
		return err
	}
	school, closer, err := n.schoolOrNew(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	if err := school.CreateDistrict(ctx, d); err != nil {
		return fmt.Errorf("district %s: %w", d.Slug, err)
	}
	c.printf("Created %s (%s). Messaging is off. Next: homeline import PATH --district %s, then homeline district enable %s\n", d.Slug, d.Name, d.Slug, d.Slug)
	return nil
}

type districtSet struct {
	installation
	settings
	Slug string `arg:"" optional:"" help:"Short name of the district; not needed where there is only one."`
}

// Run changes a district.
func (s districtSet) Run(ctx context.Context, c console) error {
	d, err := s.edit(ctx, s.Slug, s.change)
	if err != nil {
		return err
	}
	c.printf("%s (%s): %s\n", d.Slug, d.Name, settingsLine(d.Settings))
	return nil
}

type districtEnable struct {
	installation
	Slug string `arg:"" optional:"" help:"Short name of the district; not needed where there is only one."`
}

// Run switches messaging on.
func (e districtEnable) Run(ctx context.Context, c console) error {
	d, err := e.edit(ctx, e.Slug, func(d *roster.District) error { d.Enabled = true; return nil })
	if err != nil {
		return err
	}
	c.printf("Messaging is on in %s.\n", d.Slug)
	return nil
}

type districtDisable struct {
	installation
	Slug string `arg:"" optional:"" help:"Short name of the district; not needed where there is only one."`
}

// Run switches messaging off.
func (e districtDisable) Run(ctx context.Context, c console) error {
	d, err := e.edit(ctx, e.Slug, func(d *roster.District) error { d.Enabled = false; return nil })
	if err != nil {
		return err
	}
	c.printf("Messaging is off in %s: what was written can be read, nothing is sent.\n", d.Slug)
	return nil
}

// edit changes one district, keeps it and returns it as it is kept: nothing is
// said of it before that.
func (i installation) edit(ctx context.Context, slug string, change func(*roster.District) error) (roster.District, error) {
	school, closer, err := i.school(ctx)
	if err != nil {
		return roster.District{}, err
	}
	defer closer.Close()
	district, err := findDistrict(ctx, school, slug)
	if err != nil {
		return roster.District{}, err
	}
	if err := change(&district); err != nil {
		return roster.District{}, err
	}
	return district, school.SaveDistrict(ctx, district)
}
