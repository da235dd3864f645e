package oneroster

import (
	"fmt"

	"github.com/homeline/homeline/hub/roster"
)

// agentRef is one identifier in the agentSourcedIds of a person.
type agentRef struct {
	person, agent string
	line          int32
}

// tie makes guardianships of the agentSourcedIds, which stand on the student's
// row or on the guardian's and sometimes name a teacher. A tie has a student at
// one end and, at the other, somebody who is a guardian, parent or relative
// today.
func (r *reading) tie() error {
	s, _ := specOf(usersFile)
	t := &table{reading: r, spec: s, kinds: []roster.Kind{roster.KindGuardianship}}
	seen := map[roster.SnapshotGuardianship]bool{}
	for _, ref := range r.agents {
		t.row = &record{line: int(ref.line), lastLine: int(ref.line)}
		g, ok := t.tieOf(ref)
		if key := (roster.SnapshotGuardianship{Guardian: g.Guardian, Student: g.Student}); ok && !seen[key] {
			seen[key] = true
			r.ties = append(r.ties, g)
		}
	}
	r.agents = nil
	if r.rolesFrom == "" {
		r.whole[roster.KindGuardianship] = false
	}
	return nil
}

// tieOf is the tie that a reference means; ok is false where it means none.
func (t *table) tieOf(ref agentRef) (_ roster.SnapshotGuardianship, ok bool) {
	person, ok := t.people.find([]byte(ref.person))
	if !ok {
		return roster.SnapshotGuardianship{}, false // the row was refused, and is named for that
	}
	agent, ok := t.people.find([]byte(ref.agent))
	switch {
	case !ok:
		return t.tieToMissing(person, ref)
	case person == agent:
		t.mend(ref.person, "its agentSourcedIds name itself: not tied")
		return roster.SnapshotGuardianship{}, false
	case t.rolesUnknown(person) || t.rolesUnknown(agent):
		t.markUnknown(roster.KindGuardianship, person.SourcedID)
		t.markUnknown(roster.KindGuardianship, agent.SourcedID)
		t.mend(ref.person, fmt.Sprintf("whether %s is a guardian is not known: not tied, and no tie ends", quote([]byte(ref.agent))))
		return roster.SnapshotGuardianship{}, false
	}
	if relation, ok := t.guardianRole(agent); ok && holds(person, roster.Student) {
		return roster.SnapshotGuardianship{Guardian: agent.SourcedID, Student: person.SourcedID, Relation: relation}, true
	}
	if relation, ok := t.guardianRole(person); ok && holds(agent, roster.Student) {
		return roster.SnapshotGuardianship{Guardian: person.SourcedID, Student: agent.SourcedID, Relation: relation}, true
	}
	t.mend(ref.person, fmt.Sprintf("its agentSourcedIds name %s: of the two (%s, %s) none is a student with the other as guardian today: not tied",
		quote([]byte(ref.agent)), roleOf(person), roleOf(agent)))
	return roster.SnapshotGuardianship{}, false
}

// tieToMissing is for an agent that is not among the people read. From a
// guardian's row in a delta file it is believed; else nothing is known.
func (t *table) tieToMissing(person *roster.SnapshotPerson, ref agentRef) (_ roster.SnapshotGuardianship, ok bool) {
	g := roster.SnapshotGuardianship{}
	relation, guardian := t.guardianRole(person)
	switch {
	case t.people.isRefused([]byte(ref.agent)):
		t.mend(ref.person, fmt.Sprintf("its agentSourcedIds name %s, whose row was refused (line %d): not tied, and no tie ends",
			quote([]byte(ref.agent)), t.people.line(ref.agent)))
	case t.bulk(usersFile):
		t.mend(ref.person, fmt.Sprintf("its agentSourcedIds name %s, who is not in the file: not tied", quote([]byte(ref.agent))))
	case guardian:
		return roster.SnapshotGuardianship{Guardian: person.SourcedID, Student: ref.agent, Relation: relation}, true
	default:
		t.markUnknown(roster.KindGuardianship, person.SourcedID)
		t.mend(ref.person, fmt.Sprintf("its agentSourcedIds name %s, who is not in this part of the roster: not tied, and no tie ends", quote([]byte(ref.agent))))
	}
	return g, false
}

// guardianRole is the role by which somebody is a guardian today.
func (t *table) guardianRole(p *roster.SnapshotPerson) (roster.Role, bool) {
	for _, held := range p.Roles {
		begun := held.Begin == roster.NoDate || held.Begin <= t.opts.Today
		ended := held.End != roster.NoDate && held.End <= t.opts.Today
		if held.Role.GuardianLike() && begun && !ended {
			return held.Role, true
		}
	}
	return "", false
}

// rolesUnknown says whether not all roles of somebody are known.
func (r *reading) rolesUnknown(p *roster.SnapshotPerson) bool {
	return r.rolesFrom == "" || r.unknown[roster.KindRole][p.SourcedID]
}

func holds(p *roster.SnapshotPerson, role roster.Role) bool {
	for _, held := range p.Roles {
		if held.Role == role {
			return true
		}
	}
	return false
}

// roleOf names the first role of somebody, for a reason.
func roleOf(p *roster.SnapshotPerson) string {
	if len(p.Roles) == 0 {
		return "no role"
	}
	return string(p.Roles[0].Role)
}
