package control

import (
	"fmt"
	"slices"
	"strings"

	"github.com/homeline/homeline/hub/roster"
)

// nameGuardians lists the guardians who would lose a student or go themselves.
func (p *Plan) nameGuardians(state roster.State) {
	ended := p.Changes.RemoveGuardianships
	p.MoreEnded = max(0, len(ended)-reachShown)
	for _, tie := range ended[:len(ended)-p.MoreEnded] {
		p.Ended = append(p.Ended, fmt.Sprintf("%s loses %s", whoIs(state, tie.Guardian), whoIs(state, tie.Student)))
	}
	for _, person := range p.Changes.PutPeople {
		if !person.Gone || !isGuardian(person) {
			continue
		}
		if len(p.Left) == reachShown {
			p.MoreLeft++
			continue
		}
		p.Left = append(p.Left, whoIs(state, person.SourcedID))
	}
}

func isGuardian(p roster.SnapshotPerson) bool {
	return slices.ContainsFunc(p.Roles, func(r roster.SnapshotRole) bool { return r.Role.GuardianLike() })
}

// whoIs names somebody of a state, whose people are in order.
func whoIs(state roster.State, sourcedID string) string {
	at, known := slices.BinarySearchFunc(state.People, sourcedID, func(p roster.SnapshotPerson, id string) int {
		return strings.Compare(p.SourcedID, id)
	})
	if !known {
		return sourcedID
	}
	p := state.People[at]
	return fmt.Sprintf("%s (%s)", roster.Person{Given: p.Given, Family: p.Family, Preferred: p.Preferred}.Name(), sourcedID)
}
