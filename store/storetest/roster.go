package storetest

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub/roster"
)

// Roster asks of the stores that open opens, an empty one for each test, what
// roster.Store promises. What happens to conversations is asked by
// [Conversations], what happens to sessions by [Identity].
func Roster(t *testing.T, open func(*testing.T) roster.Store) {
	for _, group := range []struct {
		name  string
		tests []rosterTest
	}{
		{"Districts", districtTests},
		{"Apply", applyTests},
		{"Facts", factsTests},
		{"Bars", barSearchTests},
		{"Grants", grantSearchTests},
		{"Search", searchTests},
		{"Borders", borderTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, one := range group.tests {
				t.Run(one.says, func(t *testing.T) { one.run(t, open(t)) })
			}
		})
	}
}

// rosterTest is one thing that a store is asked.
type rosterTest struct {
	says string
	run  func(*testing.T, roster.Store)
}

// RosterReach holds the searches of a roster.Store against roster.Facts, over
// random districts. It is apart from [Roster] for a store that answers the same
// question in more than one way.
func RosterReach(t *testing.T, store roster.Store) {
	rapid.Check(t, func(rt *rapid.T) {
		r := reach{T: rt, ctx: t.Context(), store: store, facts: randomDistrict(rt, t, store)}
		r.aSearchAgreesWithJudge()
		r.teachersAgreeWithJudge()
		r.aSearchNarrowsAsGoWould()
		r.facetsAgreeWithTheSearch()
	})
}
