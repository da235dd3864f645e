package oneroster

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/homeline/homeline/hub/roster"
)

// agentRef is one identifier in the agentSourcedIds of a person.
type agentRef struct {
	person int32 // position in people; -1 where the row was refused
	line   int32
	agent  string
}

// tie makes guardianships of the agentSourcedIds, which stand on the student's
// row or on the guardian's and sometimes name a teacher. A tie has a student at
// one end and, at the other, somebody who is a guardian, parent or relative
// today.
func (r *reading) tie() error {
	s, _ := specOf(usersFile)
	t := &table{reading: r, spec: s, kinds: []roster.Kind{roster.KindGuardianship}}
	r.ties = slices.Grow(r.ties, len(r.agents))
	for _, ref := range r.agents {
		if ref.person < 0 || r.people.lines[ref.person] == dropped {
			continue // named where its row was refused
		}
		t.row = &record{line: int(ref.line), lastLine: int(ref.line)}
		if g, ok := t.tieOf(&r.people.list[ref.person], ref.agent); ok {
			r.ties = append(r.ties, g)
		}
	}
	slices.SortFunc(r.ties, func(a, b roster.SnapshotGuardianship) int {
		return cmp.Or(cmp.Compare(a.Guardian, b.Guardian), cmp.Compare(a.Student, b.Student))
	})
	r.ties = slices.CompactFunc(r.ties, func(a, b roster.SnapshotGuardianship) bool {
		return a.Guardian == b.Guardian && a.Student == b.Student
	})
	r.agents = nil
	if r.rolesFrom == "" {
		r.whole[roster.KindGuardianship] = false
	}
	return nil
}

// tieOf is the tie that a person's row means by naming an agent; ok is false
// where it means none, or where the store may know better: that is kept for the
// comparison (roster.Snapshot.Named).
func (t *table) tieOf(person *roster.SnapshotPerson, id string) (_ roster.SnapshotGuardianship, ok bool) {
	agent, ok := t.people.find([]byte(id))
	switch {
	case !ok:
		t.missingAgent(person, id)
		return roster.SnapshotGuardianship{}, false
	case person == agent:
		t.mend(person.SourcedID, "its agentSourcedIds name itself: not tied")
		return roster.SnapshotGuardianship{}, false
	}
	if vague(person) || vague(agent) {
		t.name(person, id)
		return roster.SnapshotGuardianship{}, false
	}
	if tie, ok := roster.TieOf(person, agent, t.opts.Today); ok {
		return tie, true
	}
	switch {
	case person.Gone || agent.Gone: // nothing is said of ties that sleep
	case !t.whole[roster.KindRole]:
		t.name(person, id)
	case !t.rolesKnown(person) || !t.rolesKnown(agent):
		t.markUnknown(roster.KindGuardianship, person.SourcedID)
		t.markUnknown(roster.KindGuardianship, agent.SourcedID)
		t.mend(person.SourcedID, fmt.Sprintf("its agentSourcedIds name %q, and not all roles of the two are known: not tied, and no tie ends", id))
	default:
		t.mend(person.SourcedID, t.whyNot(person, agent))
	}
	return roster.SnapshotGuardianship{}, false
}

// name keeps for the comparison whom a person's row names.
func (t *table) name(person *roster.SnapshotPerson, agent string) {
	t.named = append(t.named, roster.SnapshotNamed{Person: person.SourcedID, Agent: agent})
}

// vague reports whether a row about a role of somebody does not say all that
// matters for a tie: the store may have it.
func vague(p *roster.SnapshotPerson) bool {
	return slices.ContainsFunc(p.Roles, func(r roster.SnapshotRole) bool { return r.Silent&^roster.FieldOrg != 0 })
}

// whyNot is why two people whom a row names together are not tied.
func (t *table) whyNot(person, agent *roster.SnapshotPerson) string {
	named := fmt.Sprintf("its agentSourcedIds name %q: ", agent.SourcedID)
	for _, ends := range [][2]*roster.SnapshotPerson{{agent, person}, {person, agent}} {
		for _, held := range ends[0].Roles {
			switch {
			case !held.Role.GuardianLike() || !ends[1].HasRole(roster.Student):
			case held.Begin > t.opts.Today:
				return fmt.Sprintf("%sthe role of %s begins only on %s: not tied yet", named, held.Role, held.Begin)
			default:
				return fmt.Sprintf("%sthe role of %s ended on %s: not tied", named, held.Role, held.End)
			}
		}
	}
	return fmt.Sprintf("%sa tie needs a student and a guardian, these are %s and %s: not tied", named, roleOf(person), roleOf(agent))
}

// missingAgent is for an agent that is not among the people read. If users.csv
// does not hold all people, the store may know them.
func (t *table) missingAgent(person *roster.SnapshotPerson, id string) {
	named := fmt.Sprintf("its agentSourcedIds name %q, ", id)
	switch {
	case t.people.isRefused([]byte(id)):
		t.mend(person.SourcedID, fmt.Sprintf("%swhose row was refused (line %d): not tied, and no tie ends", named, t.people.line(id)))
	case person.Gone:
	case t.whole[roster.KindPerson]:
		t.mend(person.SourcedID, named+"who is not in the file: not tied")
	default:
		t.name(person, id)
	}
}

// rolesKnown reports whether all roles of somebody are in the delivery.
func (r *reading) rolesKnown(p *roster.SnapshotPerson) bool {
	return r.whole[roster.KindRole] && !r.unknown[roster.KindRole][p.SourcedID]
}

// roleOf names the first role of somebody, for a reason.
func roleOf(p *roster.SnapshotPerson) string {
	if len(p.Roles) == 0 {
		return "no role"
	}
	return string(p.Roles[0].Role)
}
