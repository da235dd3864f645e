package oneroster

import (
	"fmt"
	"strings"

	"github.com/homeline/homeline/hub/roster"
)

// remark says about the whole what an operator would otherwise wonder about.
func (r *reading) remark(s roster.Snapshot) {
	say := func(format string, args ...any) {
		r.report.Remarks = append(r.report.Remarks, fmt.Sprintf(format, args...))
	}
	var absent []string
	for _, f := range r.report.Files {
		if f.Mode == Absent {
			absent = append(absent, f.Name)
		}
	}
	if len(absent) > 0 {
		say("Not in the delivery, so that nothing follows about what they would hold: %s.", strings.Join(absent, ", "))
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
		if len(p.Roles) == 0 {
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
		say("%d of %d people hold no role: they take part in nothing.", noRole, here)
	}
}

func (r *reading) remarkSections(s roster.Snapshot, say func(string, ...any)) {
	sections := make(map[string]*roster.Section, len(s.Sections))
	dayless, untitled := 0, 0
	for i := range s.Sections {
		section, ok := r.withTerms(&s.Sections[i])
		if !ok {
			dayless++
		}
		if s.Sections[i].Course == "" {
			untitled++
		}
		if !s.Sections[i].Gone {
			sections[s.Sections[i].SourcedID] = section
		}
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
		section, ok := sections[e.Section]
		if !ok || e.Gone {
			continue
		}
		if _, current := (roster.Enrolment{Section: section, Begin: e.Begin, End: e.End}).Current(r.opts.Today); current {
			return
		}
	}
	say("No enrolment is current on %s: nobody may write to anybody through a section.", r.opts.Today)
}

// withTerms is a section with the days of its terms; ok is false where it names
// terms and none of them is known: it has no days then.
func (r *reading) withTerms(s *roster.SnapshotSection) (_ *roster.Section, ok bool) {
	section := &roster.Section{}
	for _, id := range s.Terms {
		if t, ok := r.terms.find([]byte(id)); ok && !t.Gone {
			section.Terms = append(section.Terms, roster.Term{Begin: t.Begin, End: t.End})
		}
	}
	if len(s.Terms) > 0 && len(section.Terms) == 0 {
		section.Terms = []roster.Term{{Begin: r.opts.Today, End: r.opts.Today}}
		return section, false
	}
	return section, true
}
