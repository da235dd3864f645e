package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

// accessTools are the commands about access that the district gives beyond the
// roster (R3).
type accessTools struct {
	Grant  accessGrant  `cmd:"" help:"Give a person, or everyone with a role at a school, access to a school, a class or a list of students."`
	Revoke accessRevoke `cmd:"" help:"End a grant. It stays in the list of all."`
	List   accessList   `cmd:"" help:"List the grants that hold, or all that there ever were."`
}

type accessGrant struct {
	chosenDistrict
	author
	Person   string   `help:"sourcedId of the person of staff who gets access." placeholder:"SOURCED_ID"`
	Role     string   `help:"Or the role of those who get it: aide, proctor, counselor, teacher …, or teacher-without-classes for a teacher who is enrolled in no class (a nurse, say). With --at." placeholder:"ROLE"`
	At       string   `help:"sourcedId of the school, or of the district, at which, or below which, they hold the role." placeholder:"SOURCED_ID"`
	School   string   `help:"What they get access to: sourcedId of a school, or of the district with all its schools." placeholder:"SOURCED_ID"`
	Class    string   `help:"Or sourcedId of a class." placeholder:"SOURCED_ID"`
	Students []string `help:"Or sourcedIds of students, with commas between them." placeholder:"SOURCED_ID,…"`
	Reason   string   `help:"Why." required:"" placeholder:"TEXT"`
	Until    string   `help:"First day on which it no longer holds, as 2006-01-02, in the district's time zone; default none." placeholder:"DATE"`
}

// Run gives access.
func (a accessGrant) Run(ctx context.Context, c console) error {
	if err := a.check(); err != nil {
		return err
	}
	school, d, closer, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	g, err := a.grant(ctx, school, d)
	if err != nil {
		return err
	}
	if g, err = school.Grant(ctx, d.ID, g); err != nil {
		return err
	}
	names, err := namesOf(ctx, school, d, []roster.Grant{g})
	if err != nil {
		return err
	}
	c.printf("%s may write to %s, and to their guardians%s.\nTake it back with: homeline access revoke %s\n",
		names.to(g), names.students(g), untilInWords(g.Until), g.ID)
	return nil
}

// check says which flags are missing, or too many.
func (a accessGrant) check() error {
	targets := 0
	for _, named := range []bool{a.School != "", a.Class != "", len(a.Students) > 0} {
		if named {
			targets++
		}
	}
	switch {
	case a.Person == "" && a.Role == "":
		return errors.New("--person or --role: name who gets access")
	case a.Person != "" && a.Role != "":
		return errors.New("--person and --role: a grant is to one person, or to a role")
	case a.Role != "" && a.At == "":
		return errors.New("--at: name the school at which they hold the role, or the district for all its schools")
	case a.Role == "" && a.At != "":
		return errors.New("--at: it goes with --role")
	case targets == 0:
		return errors.New("--school, --class or --students: name what they get access to")
	case targets > 1:
		return errors.New("--school, --class and --students: a grant is for one of them; make several")
	case len(a.Students) > roster.MaxGrantStudents:
		return fmt.Errorf("--students: %d are more than %d: give access to a class or a school, or make several grants", len(a.Students), roster.MaxGrantStudents)
	}
	return nil
}

// grant finds what the flags name.
func (a accessGrant) grant(ctx context.Context, s control.School, d roster.District) (g roster.Grant, err error) {
	g.Reason = a.Reason
	if g.By, err = a.name(); err != nil {
		return g, err
	}
	if g.Until, err = untilDay(a.Until, d.Today(time.Now())); err != nil {
		return g, err
	}
	if a.Role != "" {
		if g.Role, err = grantable(a.Role); err != nil {
			return g, err
		}
		if g.RoleOrg, err = findEntry(ctx, s, d, roster.KindOrg, "--at", a.At); err != nil {
			return g, err
		}
	} else if g.Person, err = a.staff(ctx, s, d); err != nil {
		return g, err
	}
	switch {
	case a.School != "":
		g.Org, err = findEntry(ctx, s, d, roster.KindOrg, "--school", a.School)
	case a.Class != "":
		g.Section, err = findEntry(ctx, s, d, roster.KindSection, "--class", a.Class)
	default:
		g.Students, err = a.listed(ctx, s, d)
	}
	return g, err
}

// staff is the person of --person, who must hold a role of staff: nobody else
// starts a conversation as one.
func (a accessGrant) staff(ctx context.Context, s control.School, d roster.District) (uuid.UUID, error) {
	p, err := s.PersonBySourcedID(ctx, d.ID, a.Person)
	switch {
	case err != nil:
		return uuid.Nil, fmt.Errorf("--person %s: %w", a.Person, err)
	case !p.Staff():
		return uuid.Nil, fmt.Errorf("--person: %s (%s) holds no role of staff in the roster", p.Name(), a.Person)
	}
	return p.ID, nil
}

func (a accessGrant) listed(ctx context.Context, s control.School, d roster.District) (students []uuid.UUID, err error) {
	for _, sourcedID := range a.Students {
		p, err := s.PersonBySourcedID(ctx, d.ID, strings.TrimSpace(sourcedID))
		if err != nil {
			return nil, fmt.Errorf("--students %s: %w", sourcedID, err)
		}
		students = append(students, p.ID)
	}
	facts, err := s.Facts(ctx, d.ID, students, time.Now())
	if err != nil {
		return nil, err
	}
	for _, id := range students {
		if p := facts.People[id]; !facts.Barring(uuid.Nil, id).Student {
			return nil, fmt.Errorf("--students: %s (%s) is no student in the roster", p.Name(), p.SourcedID)
		}
	}
	return students, nil
}

// findEntry is an organization or a class that is in the roster.
func findEntry(ctx context.Context, s control.School, d roster.District, kind roster.Kind, flag, sourcedID string) (uuid.UUID, error) {
	noun, missing := "school or district", roster.ErrNoOrg
	if kind == roster.KindSection {
		noun, missing = "class", roster.ErrNoSection
	}
	found, err := s.Entries(ctx, d.ID, kind, nil, []string{sourcedID})
	switch {
	case err != nil:
		return uuid.Nil, err
	case len(found) == 0:
		return uuid.Nil, fmt.Errorf("%s %s: %w: name a %s by its sourcedId", flag, sourcedID, missing, noun)
	case found[0].Gone:
		return uuid.Nil, fmt.Errorf("%s %s: %s is no longer in the roster", flag, sourcedID, found[0].Name)
	}
	return found[0].ID, nil
}

// grantable reads a role as people type it: District-Administrator.
func grantable(typed string) (roster.Role, error) {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "-", "")) }
	var names []string
	for _, r := range append(roster.StaffRoles(), roster.TeacherWithoutClasses) {
		if plain(string(r)) == plain(typed) {
			return r, nil
		}
		names = append(names, roleName(r))
	}
	return "", fmt.Errorf("--role %s: not a role of staff: %s", typed, strings.Join(names, ", "))
}

// roleName is a role as a flag has it.
func roleName(r roster.Role) string {
	if r == roster.TeacherWithoutClasses {
		return "teacher-without-classes"
	}
	return string(r)
}

type accessRevoke struct {
	chosenDistrict
	author
	Grant uuid.UUID `arg:"" help:"The grant, as \"homeline access list\" has it."`
}

// Run ends a grant.
func (a accessRevoke) Run(ctx context.Context, c console) error {
	by, err := a.name()
	if err != nil {
		return err
	}
	school, d, closer, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	err = school.Revoke(ctx, d.ID, a.Grant, by)
	if errors.Is(err, roster.ErrNoGrant) {
		return fmt.Errorf("%s is no grant of %s, or it has been revoked before: see homeline access list --all", a.Grant, d.Slug)
	}
	if err != nil {
		return err
	}
	c.printf("Grant %s is revoked. Conversations that it led to go on.\n", a.Grant)
	return nil
}
