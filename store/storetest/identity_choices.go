package storetest

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

var choiceTests = []identityTest{
	{"what a person prefers survives imports", preferencesSurviveImports},
	{"the language that the district knows of a family survives imports and choices", homeLanguagesSurviveImportsAndChoices},
	{"an address that was chosen is theirs, and the roster's is not", aChosenAddressIsTheirs},
	{"no import undoes an address that was chosen", noImportUndoesAChosenAddress},
	{"a choice that was taken back leaves the roster's address of now", aChoiceIsTakenBack},
	{"who may be confirmed for an address goes by who has it", aChosenAddressIsConfirmed},
	{"an address of somebody of another district is not chosen", noAddressOfAnotherDistrict},
	{"a change of address is found as it was saved, until it expires", aChangeIsFound},
	{"a change of address is used once, with all others of its person", aChangeIsUsedOnce},
	{"of many who use a change of address at once, one has chosen", oneOfManyHasChosen},
	{"a change of address ends with who asked for it", aChangeEndsWithItsPerson},
	{"one is mailed to the address that was chosen", oneIsMailedWhereOneChose},
	{"an address that was confirmed by a link is no longer bad", aConfirmedAddressIsFine},
}

func preferencesSurviveImports(d desk) {
	ana := d.id("ana")
	if p := given(d.Preferences(d.Context(), d.district, ana))(d.T); p != (identity.Preferences{}) {
		d.Errorf("before anything was chosen: %+v", p)
	}
	for _, want := range []identity.Preferences{
		{Language: "en"},
		{Mail: identity.MailOff},
		{Quiet: &roster.Quiet{}},
		{Language: "es", TimeZone: "America/Denver", Mail: identity.MailDaily, DailyAt: 17, Quiet: &roster.Quiet{From: "21:30", Until: "07:00"}},
	} {
		must(d.T, d.SavePreferences(d.Context(), d.district, ana, want))
		leave(d.T, d, d.district, "ana")
		apply(d.T, d, d.district, schoolChanges())
		if p := given(d.Preferences(d.Context(), d.district, ana))(d.T); !reflect.DeepEqual(p, want) {
			d.Errorf("after she left and returned: %+v, want %+v", p, want)
		}
	}
	if err := d.SavePreferences(d.Context(), d.district, newID(), identity.Preferences{}); !errors.Is(err, roster.ErrNoPerson) {
		d.Errorf("choices of an unknown person: %v", err)
	}
}

func homeLanguagesSurviveImportsAndChoices(d desk) {
	ana := d.id("ana")
	unknown := given(d.SaveHomeLanguages(d.Context(), d.district, []identity.HomeLanguage{
		{SourcedID: "ana", Language: "vi"}, {SourcedID: "stranger", Language: "es"},
	}))(d.T)
	if !slices.Equal(unknown, []string{"stranger"}) {
		d.Errorf("unknown are %q, want stranger", unknown)
	}
	must(d.T, d.SavePreferences(d.Context(), d.district, ana, identity.Preferences{Language: "es"}))
	leave(d.T, d, d.district, "ana")
	apply(d.T, d, d.district, schoolChanges())
	want := identity.Preferences{Language: "es", HomeLanguage: "vi"}
	if p := given(d.Preferences(d.Context(), d.district, ana))(d.T); p != want {
		d.Errorf("got %+v, want %+v", p, want)
	}
	for _, language := range []string{"ar", ""} {
		given(d.SaveHomeLanguages(d.Context(), d.district, []identity.HomeLanguage{{SourcedID: "ana", Language: language}}))(d.T)
		want.HomeLanguage = language
		if p := given(d.Preferences(d.Context(), d.district, ana))(d.T); p != want {
			d.Errorf("got %+v, want %+v", p, want)
		}
	}
	if unknown := given(d.SaveHomeLanguages(d.Context(), newID(), []identity.HomeLanguage{{SourcedID: "ana", Language: "es"}}))(d.T); len(unknown) != 1 {
		d.Errorf("by another district: unknown are %q, want ana", unknown)
	}
}

func (d desk) choose(sourcedID, email string) {
	d.Helper()
	must(d.T, d.ChooseAddress(d.Context(), d.district, d.id(sourcedID), email, schoolNow))
}

// holds holds where an address is that of these people.
func (d desk) holds(address string, sourcedIDs ...string) {
	d.Helper()
	want, got := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, id := range sourcedIDs {
		want[d.id(id)] = true
	}
	for _, h := range given(d.HoldersIn(d.Context(), d.district, address))(d.T) {
		got[h.Person] = true
	}
	if !reflect.DeepEqual(got, want) {
		d.Errorf("%s is held by %d, wanted are %q", address, len(got), sourcedIDs)
	}
}

func aChosenAddressIsTheirs(d desk) {
	if email := given(d.ChosenAddress(d.Context(), d.district, d.id("kim")))(d.T); email != "" {
		d.Errorf("before anything was chosen: %q", email)
	}
	d.choose("kim", "Kim@New.example")
	if email := given(d.ChosenAddress(d.Context(), d.district, d.id("kim")))(d.T); email != "Kim@New.example" {
		d.Errorf("chosen is %q", email)
	}
	d.holds("kim@example.org")
	d.holds("kim@new.example", "kim")
	d.choose("kim", "ruiz@example.org")
	d.holds("ruiz@example.org", "ana", "marco", "kim")
	d.session("s", "kim", "ruiz@example.org")
	if got := d.signIns("s")["s"].Holders; len(got) != 3 {
		d.Errorf("a sign-in has %d holders", len(got))
	}
	if who := person(d.T, d, d.district, "kim"); who.Email != "kim@example.org" {
		d.Errorf("the roster says %q", who.Email)
	}
}

func noImportUndoesAChosenAddress(d desk) {
	d.choose("kim", "kim@new.example")
	moved := schoolChanges()
	for i, p := range moved.PutPeople {
		if p.SourcedID == "kim" {
			moved.PutPeople[i].Email = "kim@moved.example"
		}
	}
	leave(d.T, d, d.district, "kim")
	d.holds("kim@new.example")
	for _, changes := range []roster.Changes{schoolChanges(), moved} {
		apply(d.T, d, d.district, changes)
		d.holds("kim@new.example", "kim")
		d.holds("kim@example.org")
		d.holds("kim@moved.example")
	}
	if again := given(d.State(d.Context(), d.district))(d.T); len(again.People) == 0 {
		d.Error("the roster is empty")
	}
}

func aChoiceIsTakenBack(d desk) {
	d.choose("kim", "kim@new.example")
	d.choose("kim", " ")
	d.holds("kim@new.example")
	d.holds("kim@example.org", "kim")
	if email := given(d.ChosenAddress(d.Context(), d.district, d.id("kim")))(d.T); email != "" {
		d.Errorf("chosen is still %q", email)
	}
	d.choose("kim", "")
}

func aChosenAddressIsConfirmed(d desk) {
	d.choose("kim", "ruiz@example.org")
	must(d.T, d.ConfirmHolder(d.Context(), d.district, "ruiz@example.org", d.id("kim")))
	if err := d.ConfirmHolder(d.Context(), d.district, "kim@example.org", d.id("kim")); !errors.Is(err, roster.ErrNoPerson) {
		d.Errorf("confirmed for an address that is theirs no longer: %v", err)
	}
}

func noAddressOfAnotherDistrict(d desk) {
	home := newDistrict(d.T, d, "home").ID
	kim := d.id("kim")
	d.choose("kim", "kim@new.example")
	for says, err := range map[string]error{
		"ChooseAddress": d.ChooseAddress(d.Context(), home, kim, "x@example.org", schoolNow),
		"of nobody":     d.ChooseAddress(d.Context(), d.district, newID(), "x@example.org", schoolNow),
		"SaveAddressChange": d.SaveAddressChange(d.Context(), identity.AddressChange{
			Hash: [32]byte{7}, District: home, Person: kim, Email: "x@example.org", ExpiresAt: schoolNow.Add(hour)}),
	} {
		if !errors.Is(err, roster.ErrNoPerson) {
			d.Errorf("%s: %v", says, err)
		}
	}
	if email := given(d.ChosenAddress(d.Context(), home, kim))(d.T); email != "" {
		d.Errorf("another district finds %q", email)
	}
}

// change is one that is kept, for an hour.
func (d desk) change(secret byte, sourcedID, email string) identity.AddressChange {
	d.Helper()
	c := identity.AddressChange{Hash: [32]byte{secret}, District: d.district, Person: d.id(sourcedID), Email: email, ExpiresAt: schoolNow.Add(hour)}
	must(d.T, d.SaveAddressChange(d.Context(), c))
	return c
}

func (d desk) changeIsGone(secret byte, now time.Time) {
	d.Helper()
	if _, err := d.AddressChange(d.Context(), [32]byte{secret}, now); !errors.Is(err, identity.ErrNoLink) {
		d.Errorf("looked for: %v", err)
	}
	if _, err := d.UseAddressChange(d.Context(), [32]byte{secret}, now); !errors.Is(err, identity.ErrNoLink) {
		d.Errorf("used: %v", err)
	}
}

func aChangeIsFound(d desk) {
	want := d.change(1, "kim", "Kim@New.example")
	if got := given(d.AddressChange(d.Context(), want.Hash, schoolNow))(d.T); got != want {
		d.Errorf("got %+v, want %+v", got, want)
	}
	d.changeIsGone(1, want.ExpiresAt)
	d.changeIsGone(2, schoolNow)
	d.holds("kim@example.org", "kim")
	must(d.T, d.Sweep(d.Context(), schoolNow.Add(hour-time.Microsecond)))
	given(d.AddressChange(d.Context(), want.Hash, schoolNow))(d.T)
	must(d.T, d.Sweep(d.Context(), schoolNow.Add(hour)))
	d.changeIsGone(1, schoolNow)
}

func aChangeIsUsedOnce(d desk) {
	want := d.change(1, "kim", "Kim@New.example")
	d.change(2, "kim", "kim@other.example")
	d.change(3, "teal", "teal@new.example")
	if got := given(d.UseAddressChange(d.Context(), want.Hash, schoolNow))(d.T); got != want {
		d.Errorf("got %+v, want %+v", got, want)
	}
	d.holds("kim@new.example", "kim")
	d.changeIsGone(1, schoolNow)
	d.changeIsGone(2, schoolNow)
	given(d.AddressChange(d.Context(), [32]byte{3}, schoolNow))(d.T)
}

func oneOfManyHasChosen(d desk) {
	for secret := range byte(4) {
		d.change(secret, "kim", "kim@new.example")
	}
	used := make([]bool, 8)
	var wg sync.WaitGroup
	for i := range used {
		wg.Go(func() {
			_, err := d.UseAddressChange(d.Context(), [32]byte{byte(i % 4)}, schoolNow)
			used[i] = err == nil
			if err != nil && !errors.Is(err, identity.ErrNoLink) {
				d.Error(err)
			}
		})
	}
	wg.Wait()
	count := 0
	for _, one := range used {
		if one {
			count++
		}
	}
	if count != 1 {
		d.Errorf("%d have chosen", count)
	}
}

func aChangeEndsWithItsPerson(d desk) {
	d.change(1, "kim", "kim@new.example")
	d.change(2, "teal", "teal@new.example")
	must(d.T, d.EndSessions(d.Context(), d.district, d.id("kim")))
	d.changeIsGone(1, schoolNow)
	leave(d.T, d, d.district, "teal")
	d.changeIsGone(2, schoolNow)
	if err := d.SaveAddressChange(d.Context(), identity.AddressChange{
		Hash: [32]byte{3}, District: d.district, Person: d.id("teal"), Email: "teal@new.example", ExpiresAt: schoolNow.Add(hour)}); !errors.Is(err, roster.ErrNoPerson) {
		d.Errorf("a change of who is gone: %v", err)
	}
}

func (d desk) mailedTo(sourcedID string) notify.Address {
	d.Helper()
	list := given(d.Addresses(d.Context(), d.district, []uuid.UUID{d.id(sourcedID)}))(d.T)
	if len(list) != 1 || list[0].Person != d.id(sourcedID) {
		d.Fatalf("addresses are %+v", list)
	}
	return list[0].Address
}

func oneIsMailedWhereOneChose(d desk) {
	must(d.T, d.MarkAddress(d.Context(), d.district, "kim@example.org", notify.AddressBounced, schoolNow))
	d.choose("kim", "Kim@New.example")
	if got := d.mailedTo("kim"); got != (notify.Address{Email: "Kim@New.example"}) {
		d.Errorf("mailed to %+v", got)
	}
	d.choose("kim", "")
	if got := d.mailedTo("kim"); got != (notify.Address{Email: "kim@example.org", State: notify.AddressBounced, Since: schoolNow}) {
		d.Errorf("mailed to %+v", got)
	}
}

func aConfirmedAddressIsFine(d desk) {
	must(d.T, d.MarkAddress(d.Context(), d.district, "kim@new.example", notify.AddressBounced, schoolNow))
	d.choose("kim", "Kim@New.example")
	if got := d.mailedTo("kim"); got.State != notify.AddressBounced {
		d.Errorf("mailed to %+v", got)
	}
	c := d.change(1, "kim", "KIM@new.example")
	given(d.UseAddressChange(d.Context(), c.Hash, schoolNow.Add(time.Minute)))(d.T)
	if got := d.mailedTo("kim"); got != (notify.Address{Email: "KIM@new.example"}) {
		d.Errorf("mailed to %+v", got)
	}
}
