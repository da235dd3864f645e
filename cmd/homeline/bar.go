package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

// rosterTools are the commands about what the district decides over the roster.
type rosterTools struct {
	Bar   barAdd    `cmd:"" help:"Keep a guardian from a student, by court order say. Conversations that they are in through the student are sealed."`
	Unbar barRemove `cmd:"" help:"End a bar. What it sealed stays sealed, and it stays in the list of all."`
	Bars  barList   `cmd:"" help:"List the bars that hold, or all that there ever were."`

	Languages rosterLanguages `cmd:"" help:"Set the languages that families read, from a CSV file. No import undoes it."`
}

// pair are the two people of a bar.
type pair struct {
	Guardian string `help:"sourcedId of the guardian." required:"" placeholder:"SOURCED_ID"`
	Student  string `help:"sourcedId of the student." required:"" placeholder:"SOURCED_ID"`
}

func (p pair) find(ctx context.Context, s control.School, d roster.District) (guardian, student roster.Person, err error) {
	if p.Guardian == p.Student {
		return guardian, student, fmt.Errorf("--guardian and --student are both %s: a bar is between two people", p.Guardian)
	}
	if guardian, err = s.PersonBySourcedID(ctx, d.ID, p.Guardian); err != nil {
		return guardian, student, fmt.Errorf("guardian %s: %w", p.Guardian, err)
	}
	if student, err = s.PersonBySourcedID(ctx, d.ID, p.Student); err != nil {
		return guardian, student, fmt.Errorf("student %s: %w", p.Student, err)
	}
	return guardian, student, nil
}

type barAdd struct {
	chosenDistrict
	author
	pair
	Reason string `help:"Why, for staff only." required:"" placeholder:"TEXT"`
	Order  string `help:"Number of the court order." placeholder:"NUMBER"`
	Since  string `help:"Day of the decision, as 2006-01-02, not after today; default today." placeholder:"DATE"`
	Until  string `help:"First day on which it no longer holds, as 2006-01-02, in the district's time zone; default none." placeholder:"DATE"`
}

// Run keeps a guardian from a student.
func (b barAdd) Run(ctx context.Context, c console) error {
	school, d, closer, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	guardian, student, err := b.pair.find(ctx, school, d)
	if err != nil {
		return err
	}
	bar := roster.Bar{Guardian: guardian.ID, Student: student.ID, Reason: b.Reason, Order: b.Order}
	if bar.Since, err = b.since(d.Today(time.Now())); err != nil {
		return err
	}
	if bar.Until, err = untilDay(b.Until, d.Today(time.Now())); err != nil {
		return err
	}
	if bar.By, err = b.name(); err != nil {
		return err
	}
	tied, err := b.check(ctx, school, d, guardian, student)
	if err != nil {
		return err
	}
	effects, err := school.Bar(ctx, d.ID, bar)
	if err != nil {
		return err
	}
	c.printf("%s is barred from %s since %s%s. Sealed: %s.\n", guardian.Name(), student.Name(), bar.Since, untilInWords(bar.Until),
		counted(len(effects.Sealed), "conversation"))
	if !tied {
		c.printf("%s is not a guardian of %s today; the bar waits until the roster says so.\n", guardian.Name(), student.Name())
	}
	return nil
}

// since is the day that was asked for, today where none was.
func (b barAdd) since(today roster.Date) (roster.Date, error) {
	since, err := roster.ParseDate(b.Since)
	switch {
	case err != nil:
		return roster.NoDate, fmt.Errorf("--since: %w", err)
	case since == roster.NoDate:
		return today, nil
	case since > today:
		return roster.NoDate, fmt.Errorf("--since: %s is not yet: a bar holds from the moment it is made", since)
	}
	return since, nil
}

// check refuses a bar between people who cannot be guardian and student, and
// says whether they are today.
func (b barAdd) check(ctx context.Context, s control.School, d roster.District, guardian, student roster.Person) (tied bool, err error) {
	facts, err := s.Facts(ctx, d.ID, []uuid.UUID{guardian.ID, student.ID}, time.Now())
	if err != nil {
		return false, err
	}
	barring := facts.Barring(guardian.ID, student.ID)
	switch {
	case !barring.Guardian:
		return false, fmt.Errorf("--guardian: %s (%s) is no guardian, parent or relative in the roster", guardian.Name(), b.Guardian)
	case !barring.Student:
		return false, fmt.Errorf("--student: %s (%s) is no student in the roster", student.Name(), b.Student)
	}
	return barring.Tied, nil
}

type barRemove struct {
	chosenDistrict
	author
	pair
}

// Run ends a bar.
func (b barRemove) Run(ctx context.Context, c console) error {
	by, err := b.name()
	if err != nil {
		return err
	}
	school, d, closer, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	guardian, student, err := b.pair.find(ctx, school, d)
	if err != nil {
		return err
	}
	err = school.Unbar(ctx, d.ID, guardian.ID, student.ID, by)
	if errors.Is(err, roster.ErrNoBar) {
		return fmt.Errorf("%s is not barred from %s", guardian.Name(), student.Name())
	}
	if err != nil {
		return err
	}
	c.printf("%s is no longer barred from %s. What was sealed stays sealed.\n", guardian.Name(), student.Name())
	return nil
}

type barList struct {
	chosenDistrict
	All bool `help:"Those that have ended, too."`
}

// Run lists the bars of a district.
func (b barList) Run(ctx context.Context, c console) error {
	school, d, closer, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	all, err := school.Bars(ctx, d.ID)
	if err != nil {
		return err
	}
	today := d.Today(time.Now())
	bars := slices.DeleteFunc(all, func(bar roster.Bar) bool { return !b.All && !bar.Holds(today) })
	people, err := peopleOf(ctx, school, d, bars)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "GUARDIAN\tSTUDENT\tSINCE\tUNTIL\tORDER\tBY\tREASON"+ended(b.All, "ENDED"))
	for _, bar := range bars {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s%s\n", people[bar.Guardian], people[bar.Student], bar.Since, bar.Until, bar.Order, bar.By,
			oneLine(bar.Reason), ended(b.All, endInWords(d, bar.EndedAt, bar.EndedBy)))
	}
	return w.Flush()
}

// peopleOf names the people of bars with their sourcedIds.
func peopleOf(ctx context.Context, s control.School, d roster.District, bars []roster.Bar) (map[uuid.UUID]string, error) {
	var ids []uuid.UUID
	for _, b := range bars {
		ids = append(ids, b.Guardian, b.Student)
	}
	people, err := s.People(ctx, d.ID, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[uuid.UUID]string, len(people))
	for _, p := range people {
		names[p.ID] = fmt.Sprintf("%s (%s)", p.Name(), p.SourcedID)
	}
	return names, nil
}

// counted is "1 conversation", "3 conversations".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
