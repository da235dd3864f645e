package oneroster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/homeline/homeline/hub/roster"
)

const othersShown = 20

// remark says about the whole what an operator would otherwise wonder about.
func (r *reading) remark(s roster.Snapshot) {
	say := func(format string, args ...any) {
		r.report.Remarks = append(r.report.Remarks, fmt.Sprintf(format, args...))
	}
	var absent []string
	for _, f := range r.report.Files {
		if f.Mode == Absent && !(f.Name == rolesFile && r.rolesFrom == usersFile) {
			absent = append(absent, f.Name)
		}
	}
	if len(absent) > 0 {
		say("Not in the delivery, so that nothing follows about what they would hold: %s.", strings.Join(absent, ", "))
	}
	if others := r.source.others; len(others) > 0 {
		shown := others[:min(len(others), othersShown)]
		say("Files that are not read: %s%s.", strings.Join(shown, ", "), map[bool]string{true: " …"}[len(others) > len(shown)])
	}
	if r.rolesFrom == "" && len(s.People) > 0 {
		say("There is neither a roles.csv nor a column role in users.csv: nobody's roles are known, nobody is tied to anybody.")
	}
	r.remarkPeople(s, say)
	r.remarkSections(s, say)
}

func (r *reading) remarkPeople(s roster.Snapshot, say func(string, ...any)) {
	tied := map[string]bool{}
	for _, g := range s.Guardianships {
		tied[g.Student] = true
	}
	here, students, alone, noMail, noRole := 0, 0, 0, 0, 0
	for i := range s.People {
		p := &s.People[i]
		if p.Gone {
			continue
		}
		here++
		if holds(p, roster.Student) {
			students++
			if !tied[p.SourcedID] {
				alone++
			}
		}
		if p.Email == "" {
			noMail++
		}
		if !slices.ContainsFunc(p.Roles, func(held roster.SnapshotRole) bool { return holdsOn(held, r.opts.Today) }) {
			noRole++
		}
	}
	if alone > 0 {
		say("%d of %d students have no guardian in the roster.", alone, students)
	}
	if noMail > 0 {
		say("%d of %d people have no e-mail address: they cannot sign in by mail, nor be told of messages.", noMail, here)
	}
	if noRole > 0 && r.rolesFrom != "" {
		say("%d of %d people hold no role today.", noRole, here)
	}
}

func (r *reading) remarkSections(s roster.Snapshot, say func(string, ...any)) {
	terms := make(map[string]roster.Term, len(s.Terms))
	for _, t := range s.Terms {
		if !t.Gone {
			terms[t.SourcedID] = roster.Term{Begin: t.Begin, End: t.End}
		}
	}
	sections := make(map[string]*roster.Section, len(s.Sections))
	dayless, untitled := 0, 0
	for i := range s.Sections {
		section := &roster.Section{Gone: s.Sections[i].Gone}
		for _, id := range s.Sections[i].Terms {
			if t, ok := terms[id]; ok {
				section.Terms = append(section.Terms, t)
			}
		}
		if section.TermsUnknown = len(s.Sections[i].Terms) > 0 && len(section.Terms) == 0; section.TermsUnknown {
			dayless++
		}
		if s.Sections[i].Course == "" {
			untitled++
		}
		sections[s.Sections[i].SourcedID] = section
	}
	if dayless > 0 {
		say("%d of %d sections name terms, and none of them is in the files: whether they meet today is not known.", dayless, len(s.Sections))
	}
	if untitled > 0 {
		say("%d of %d sections have no course in courses.csv: the contact search shows their own titles only.", untitled, len(s.Sections))
	}
	if len(s.Enrolments) == 0 {
		return
	}
	for i := range s.Enrolments {
		e := &s.Enrolments[i]
		held := roster.Enrolment{Section: sections[e.Section], Begin: e.Begin, End: e.End}
		if _, current := held.Current(r.opts.Today); current && !e.Gone {
			return
		}
	}
	say("No enrolment is current on %s: nobody may write to anybody through a section.", r.opts.Today)
}
