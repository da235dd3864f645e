package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

// linesShown is how many lines of a passage are printed; --report writes all.
const linesShown = 20

// passage is a part of a report: a heading, and a line for each case.
type passage struct {
	heading string
	lines   []string
	quiet   bool // the lines are in the report file only
}

func (p passage) write(w io.Writer) {
	fmt.Fprintf(w, "%s: %d\n", p.heading, len(p.lines))
	for _, line := range p.lines {
		fmt.Fprintf(w, "  %s\n", line)
	}
}

// printImpact prints what a plan means for people. An import and its dry run
// print the same.
func (r *importReport) printImpact(plan control.Plan) {
	r.passages = r.passagesOf(plan)
	r.recycled = len(plan.Changes.Recycled)
	for _, p := range r.passages {
		r.printf("%s: %d\n", p.heading, len(p.lines))
		shown := min(len(p.lines), linesShown)
		if p.quiet {
			shown = 0
		}
		for _, line := range p.lines[:shown] {
			r.printf("  %s\n", line)
		}
		if more := len(p.lines) - shown; more > 0 {
			noun := "more line"
			if shown == 0 {
				noun = "line"
			}
			r.printf("  … %s: --report FILE writes all\n", counted(more, noun))
		}
	}
}

// passagesOf are the passages that have something to say.
func (r *importReport) passagesOf(plan control.Plan) []passage {
	impact := &plan.Impact
	var all []passage
	for _, p := range []passage{
		{heading: "sourcedIds that seem to be other people's, refused", lines: r.recycledLines(plan.Changes.Recycled)},
		{heading: "sourcedIds that are other people's from now on", lines: linesOf(plan.Changes.Renames, renameLine)},
		{heading: "What changes of what was there", lines: measuredLines(impact.Measured)},
		{heading: "Addresses that go from one person to another", lines: linesOf(impact.Handovers, handoverLine)},
		{heading: "Addresses that do not open everybody whose they are, until the district confirms one (homeline district confirm-address)", lines: linesOf(impact.Shared, sharedLine)},
		{heading: "Signed out because their address opens them no more", lines: linesOf(impact.SignedOut, signedOutLine)},
		{heading: "People who become inactive", lines: linesOf(impact.Inactive, inactiveLine)},
		{heading: "Guardians whose ties end", lines: linesOf(impact.Ended, endedLine)},
		{heading: "Conversations that are sealed", lines: linesOf(plan.Closings, closingLine)},
		{heading: "Names that become others", lines: linesOf(impact.Renamed, renamedLine)},
		{heading: "Addresses that change", lines: linesOf(impact.Addresses, addressLine)},
		{heading: fmt.Sprintf("Of %d guardians, not enabled (enabledUser is false) and so not here", impact.NotEnabled.Of), lines: linesOf(impact.NotEnabled.Guardians, roster.NameOf), quiet: true},
		{heading: "Active students whom this leaves without any guardian", lines: linesOf(impact.NotEnabled.Students, roster.NameOf), quiet: true},
		{heading: "Active teachers without a class", lines: linesOf(impact.TeachersWithoutClass, roster.NameOf), quiet: true},
		{heading: "Active students without a class", lines: linesOf(impact.StudentsWithoutClass, roster.NameOf), quiet: true},
	} {
		if len(p.lines) > 0 {
			all = append(all, p)
		}
	}
	return all
}

func linesOf[T any](all []T, line func(T) string) []string {
	lines := make([]string, len(all))
	for i, one := range all {
		lines[i] = line(one)
	}
	return lines
}

func (r *importReport) recycledLines(recycled []roster.Recycled) []string {
	return linesOf(recycled, func(c roster.Recycled) string {
		id := c.Before.SourcedID
		return fmt.Sprintf("users.csv line %d (%s): refused: it was %s and is %s: name and address are others. "+
			"--same-person %s if it is the same person, --new-person %s if not",
			r.report.PersonLine(id), id, described(&c.Before), described(&c.Now), id, id)
	})
}

// described is a name with its address.
func described(p *roster.SnapshotPerson) string {
	name := roster.Person{Given: p.Given, Family: p.Family, Preferred: p.Preferred}.Name()
	if p.Email == "" {
		return name + ", without an address"
	}
	return name + ", " + p.Email
}

func renameLine(r roster.Rename) string {
	return fmt.Sprintf("%s: the one before is %s from now on, and inactive", r.From, r.To)
}

func measuredLines(measured []roster.Measured) (lines []string) {
	for _, m := range measured {
		if m.Changes > 0 {
			lines = append(lines, fmt.Sprintf(string(m.Measure), m.Changes, m.Of))
		}
	}
	return lines
}

func handoverLine(h roster.Handover) string {
	line := fmt.Sprintf("%s: from %s to %s", h.Address, strings.Join(linesOf(h.From, roster.NameOf), " and "), roster.NameOf(h.To))
	if h.SignIn {
		line += "; it was used to sign in"
	}
	return line
}

func sharedLine(s roster.SharedAddress) string {
	var all []string
	for _, h := range s.Holders {
		word := "is not opened"
		switch {
		case h.Kept:
			word = "keeps it, having had it first"
		case h.Opens:
			word = "is opened"
		case h.Lost:
			word = "is locked out"
		}
		if h.SignedIn {
			word += ", was signed in"
		}
		all = append(all, fmt.Sprintf("%s %s", roster.NameOf(h.Person), word))
	}
	return s.Address + ": " + strings.Join(all, "; ")
}

func signedOutLine(s roster.SignedOut) string {
	if s.Shared {
		return fmt.Sprintf("%s: %s is that of others too", roster.NameOf(s.Person), s.Address)
	}
	return fmt.Sprintf("%s: %s is theirs no more", roster.NameOf(s.Person), s.Address)
}

func inactiveLine(i roster.Inactive) string {
	var roles []string
	for _, r := range i.Person.Roles {
		if role := string(r.Role); len(roles) == 0 || roles[len(roles)-1] != role {
			roles = append(roles, role)
		}
	}
	line := roster.NameOf(i.Person)
	if len(roles) > 0 {
		line += ", " + strings.Join(roles, " and ")
	}
	if i.SignedIn {
		line += ", is signed out"
	}
	return line
}

func endedLine(e roster.EndedGuardianship) string {
	return fmt.Sprintf("%s loses %s", roster.NameOf(e.Guardian), roster.NameOf(e.Student))
}

func closingLine(c control.Closing) string {
	return fmt.Sprintf("%s: %s, through %s", c.Conversation, c.Guardian, c.Student)
}

func renamedLine(r roster.Renamed) string {
	return fmt.Sprintf("%s was %s", roster.NameOf(r.After), roster.NameOf(r.Before))
}

func addressLine(a roster.AddressChange) string {
	if a.To == "" {
		return fmt.Sprintf("%s has none instead of %s", roster.NameOf(a.Person), a.From)
	}
	return fmt.Sprintf("%s has %s instead of %s", roster.NameOf(a.Person), a.To, a.From)
}
