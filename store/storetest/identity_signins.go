package storetest

import (
	"fmt"
	"reflect"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

var signInTests = []identityTest{
	{"the sign-ins of many are the session of each, with who holds its address", signInsAreThoseOfEach},
	{"a session that has ended is left out, the others are not", endedSignInsAreLeftOut},
	{"ten thousand sign-ins are asked for at once", tenThousandSignIns},
}

// signIns are those of the ids, by id.
func (d desk) signIns(ids ...string) map[string]identity.SignIn {
	d.Helper()
	list := given(d.SignIns(d.Context(), ids, schoolNow))(d.T)
	by := make(map[string]identity.SignIn, len(list))
	for _, one := range list {
		by[one.ID] = one
	}
	if len(by) != len(list) {
		d.Errorf("%d sign-ins of %d sessions", len(list), len(by))
	}
	return by
}

func signInsAreThoseOfEach(d desk) {
	abroad := desk{T: d.T, IdentityStore: d.IdentityStore, district: newSchool(d.T, d, "adams").ID}
	apply(d.T, d, d.district, roster.Changes{
		PutPeople:        []roster.SnapshotPerson{{SourcedID: "both", Given: "Bo", Email: "bo@example.org", Roles: as("north", roster.Aide)}},
		PutGuardianships: []roster.SnapshotGuardianship{{Guardian: "both", Student: "leo", Relation: roster.Relative}},
	})
	must(d.T, d.ConfirmHolder(d.Context(), d.district, "ruiz@example.org", d.id("ana")))
	sessions := []identity.Session{
		d.session("ana", "ana", "ruiz@example.org"),
		d.session("marco", "marco", "ruiz@example.org"),
		d.session("choosing", "", "ruiz@example.org"),
		d.session("teal", "teal", "teal@example.org"),
		d.session("eva", "eva", "eva@example.org"),
		d.session("both", "both", "bo@example.org"),
		d.session("command", "kim", ""),
		d.session("of an address that was theirs", "kim", "nobody@example.org"),
		abroad.session("abroad", "ana", "ruiz@example.org"),
	}
	var ids []string
	for _, s := range sessions {
		ids = append(ids, s.ID)
	}
	got := d.signIns(ids...)
	for _, session := range sessions {
		want := identity.SignIn{Session: session}
		if session.Address != "" {
			want.Holders = given(d.HoldersIn(d.Context(), session.District, session.Address))(d.T)
		}
		if !reflect.DeepEqual(got[session.ID], want) {
			d.Errorf("%s:\n got %+v\nwant %+v", session.ID, got[session.ID], want)
		}
	}
}

func endedSignInsAreLeftOut(d desk) {
	for _, name := range []string{"ana", "kim", "eva", "marco"} {
		d.session(name, name, name+"@example.org")
	}
	must(d.T, d.EndSession(d.Context(), "ana"))
	leave(d.T, d, d.district, "kim")
	must(d.T, d.ExtendSession(d.Context(), "eva", schoolNow))
	got := d.signIns("ana", "kim", "eva", "marco", "", "%", "unknown", "marco' OR '1'='1", "marco\x00")
	if _, there := got["marco"]; len(got) != 1 || !there {
		d.Errorf("%+v", got)
	}
	if got := d.signIns(); len(got) != 0 {
		d.Errorf("of no session: %+v", got)
	}
}

func tenThousandSignIns(d desk) {
	d.session("a", "teal", "teal@example.org")
	ids := make([]string, 10_000)
	for i := range ids {
		ids[i] = fmt.Sprint("unknown ", i)
	}
	ids[7_000] = "a"
	if got := d.signIns(ids...); len(got) != 1 || len(got["a"].Holders) != 1 {
		d.Errorf("%+v", got)
	}
}
