package storetest

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

var holderTests = []identityTest{
	{"an address is found however it is written", anAddressIsFound},
	{"a holder is described by roles, enrolments and ties", aHolderIsDescribed},
	{"nobody who is gone holds an address", nobodyGoneHolds},
	{"a shared address is confirmed for one person", anAddressIsConfirmedForOne},
	{"an empty address is nobody's", anEmptyAddressIsNobodys},
	{"each district has its own holders", eachDistrictHasItsHolders},
}

func anAddressIsFound(d desk) {
	for _, written := range []string{"teal@example.org", " Teal@Example.ORG\n"} {
		holders := given(d.HoldersIn(d.Context(), d.district, written))(d.T)
		if len(holders) != 1 || holders[0].Person != d.id("teal") {
			d.Errorf("%q is held by %+v", written, holders)
		}
	}
	for _, pattern := range []string{"%", "teal@%", "teal_example.org", "teal@example.org' OR 1=1 --"} {
		if holders := given(d.HoldersIn(d.Context(), d.district, pattern))(d.T); len(holders) != 0 {
			d.Errorf("%q is held by %+v", pattern, holders)
		}
	}
}

func aHolderIsDescribed(d desk) {
	apply(d.T, d, d.district, roster.Changes{
		PutPeople:        []roster.SnapshotPerson{{SourcedID: "both", Given: "Bo", Email: "bo@example.org", Roles: as("north", roster.Aide)}},
		PutGuardianships: []roster.SnapshotGuardianship{{Guardian: "both", Student: "leo", Relation: roster.Relative}},
	})
	for address, want := range map[string]identity.Holder{
		"teal@example.org": {Person: d.id("teal"), Staff: true},
		"eva@example.org":  {Person: d.id("eva"), Student: true},
		"kim@example.org":  {Person: d.id("kim"), Guardian: true},
		"bo@example.org":   {Person: d.id("both"), Staff: true, Guardian: true},
	} {
		want.District = d.district
		if got := given(d.HoldersIn(d.Context(), d.district, address))(d.T); len(got) != 1 || got[0] != want {
			d.Errorf("%s: got %+v, want %+v", address, got, want)
		}
	}
}

func nobodyGoneHolds(d desk) {
	leave(d.T, d, d.district, "kim")
	if holders := given(d.Holders(d.Context(), "kim@example.org"))(d.T); len(holders) != 0 {
		d.Errorf("who is gone holds the address: %+v", holders)
	}
}

func anAddressIsConfirmedForOne(d desk) {
	confirmed := func() (who []uuid.UUID) {
		for _, h := range given(d.HoldersIn(d.Context(), d.district, "ruiz@example.org"))(d.T) {
			if h.Confirmed {
				who = append(who, h.Person)
			}
		}
		return who
	}
	for _, name := range []string{"ana", "marco"} {
		must(d.T, d.ConfirmHolder(d.Context(), d.district, "Ruiz@example.org", d.id(name)))
		if who := confirmed(); len(who) != 1 || who[0] != d.id(name) {
			d.Errorf("after confirming %s: %v", name, who)
		}
	}
	apply(d.T, d, d.district, schoolChanges())
	if who := confirmed(); len(who) != 1 {
		d.Errorf("an import undid the confirmation: %v", who)
	}
	if err := d.ConfirmHolder(d.Context(), d.district, "ruiz@example.org", d.id("kim")); !errors.Is(err, roster.ErrNoPerson) {
		d.Errorf("confirming somebody who does not have it: %v", err)
	}
}

func anEmptyAddressIsNobodys(d desk) {
	for _, empty := range []string{"", "  "} {
		if holders := given(d.Holders(d.Context(), empty))(d.T); len(holders) != 0 {
			d.Errorf("%q is held by %+v", empty, holders)
		}
	}
}

func eachDistrictHasItsHolders(d desk) {
	other := newSchool(d.T, d, "adams")
	holders := given(d.Holders(d.Context(), "kim@example.org"))(d.T)
	if len(holders) != 2 || holders[0].District != other.ID || holders[1].District != d.district {
		d.Errorf("holders in both districts, by slug: %+v", holders)
	}
	if holders := given(d.HoldersIn(d.Context(), other.ID, "kim@example.org"))(d.T); len(holders) != 1 || holders[0].Person == d.id("kim") {
		d.Errorf("holders in the other: %+v", holders)
	}
}

// leave makes people of the school gone.
func leave(t *testing.T, s AccessStore, district uuid.UUID, sourcedIDs ...string) roster.Effects {
	t.Helper()
	var c roster.Changes
	for _, p := range schoolChanges().PutPeople {
		for _, id := range sourcedIDs {
			if p.SourcedID == id {
				p.Gone = true
				c.PutPeople = append(c.PutPeople, p)
			}
		}
	}
	return apply(t, s, district, c)
}
