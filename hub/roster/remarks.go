package roster

import (
	"fmt"
	"slices"
)

// Remarks say of a state, as changes would make it, what an operator would
// otherwise wonder about: of all that is stored then, not of what was delivered.
func Remarks(state State, c Changes, today Date) []string {
	return slices.Concat(remarkPeople(state, c, today), remarkSections(state, c, today))
}

func remarkPeople(state State, c Changes, today Date) (said []string) {
	ended := map[[2]string]bool{}
	for _, g := range c.RemoveGuardianships {
		ended[[2]string{g.Guardian, g.Student}] = true
	}
	tied := map[string]bool{}
	for g := range latest(state.Guardianships, c.PutGuardianships, compareTies) {
		if !ended[[2]string{g.Guardian, g.Student}] {
			tied[g.Student] = true
		}
	}
	here, students, alone, noMail, noRole := 0, 0, 0, 0, 0
	for p := range latest(state.People, c.PutPeople, personTraits.compare) {
		if p.Gone {
			continue
		}
		here++
		if p.HasRole(Student) {
			students++
			if !tied[p.SourcedID] {
				alone++
			}
		}
		if p.Email == "" {
			noMail++
		}
		if !slices.ContainsFunc(p.Roles, func(r SnapshotRole) bool { return r.Holds(today) }) {
			noRole++
		}
	}
	if alone > 0 {
		said = append(said, fmt.Sprintf("%d of %d students have no guardian in the roster.", alone, students))
	}
	if noMail > 0 {
		said = append(said, fmt.Sprintf("%d of %d people have no e-mail address: they cannot sign in by mail, nor be told of messages.", noMail, here))
	}
	if noRole > 0 {
		said = append(said, fmt.Sprintf("%d of %d people hold no role today.", noRole, here))
	}
	return said
}

func remarkSections(state State, c Changes, today Date) (said []string) {
	terms := map[string]Term{}
	for t := range latest(state.Terms, c.PutTerms, termTraits.compare) {
		if !t.Gone {
			terms[t.SourcedID] = Term{Begin: t.Begin, End: t.End}
		}
	}
	sections := map[string]*Section{}
	here, dayless, untitled := 0, 0, 0
	for s := range latest(state.Sections, c.PutSections, sectionTraits.compare) {
		section := &Section{Gone: s.Gone}
		for _, id := range s.Terms {
			if t, ok := terms[id]; ok {
				section.Terms = append(section.Terms, t)
			}
		}
		section.TermsUnknown = len(s.Terms) > 0 && len(section.Terms) == 0
		sections[s.SourcedID] = section
		if s.Gone {
			continue
		}
		here++
		if section.TermsUnknown {
			dayless++
		}
		if s.Course == "" {
			untitled++
		}
	}
	if dayless > 0 {
		said = append(said, fmt.Sprintf("%d of %d sections name terms, and none of them is known: whether they meet today is not known.", dayless, here))
	}
	if untitled > 0 {
		said = append(said, fmt.Sprintf("%d of %d sections have no course: the contact search shows their own titles only.", untitled, here))
	}
	if !anyCurrent(state, c, sections, today) {
		said = append(said, fmt.Sprintf("No enrolment is current on %s: nobody may write to anybody through a section.", today))
	}
	return said
}

// anyCurrent reports whether an enrolment is current, or there is none at all.
func anyCurrent(state State, c Changes, sections map[string]*Section, today Date) bool {
	removed := map[string]bool{}
	for _, id := range c.RemoveEnrolments {
		removed[id] = true
	}
	none := true
	for e := range latest(state.Enrolments, c.PutEnrolments, compareEnrolments) {
		if removed[e.SourcedID] {
			continue
		}
		none = false
		held := Enrolment{Section: sections[e.Section], Begin: e.Begin, End: e.End}
		if _, current := held.Current(today); current {
			return true
		}
	}
	return none
}
