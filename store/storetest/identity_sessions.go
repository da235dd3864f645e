package storetest

import (
	"errors"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

var sessionTests = []identityTest{
	{"a session is found as it was saved, until it expires", aSessionIsFound},
	{"a session is extended", aSessionIsExtended},
	{"one session ends, the others stay", oneSessionEnds},
	{"all sessions of a person end with their links", allSessionsEnd},
	{"all sessions of all districts end with all links", everySessionEnds},
	{"who signs out everywhere is no longer changed over to", nobodyChangesOverToWhoSignedOut},
	{"the person of a session is chosen, within its district", thePersonIsChosen},
	{"no method finds another district's people", noSignInCrossesTheBorder},
}

func aSessionIsFound(d desk) {
	for _, want := range []identity.Session{d.session("a", "ana", "ruiz@example.org"), d.session("b", "", "ruiz@example.org"), d.session("c", "pia", "")} {
		got := given(d.Session(d.Context(), want.ID, schoolNow))(d.T)
		if !reflect.DeepEqual(got, want) {
			d.Errorf("got %+v, want %+v", got, want)
		}
		if _, err := d.Session(d.Context(), want.ID, want.ExpiresAt); !errors.Is(err, identity.ErrNoSession) {
			d.Errorf("expired: %v", err)
		}
	}
	for _, unknown := range []string{"", "A", "%", "a' OR '1'='1", "a\x00"} {
		if _, err := d.Session(d.Context(), unknown, schoolNow); !errors.Is(err, identity.ErrNoSession) {
			d.Errorf("session %q: %v", unknown, err)
		}
	}
}

func aSessionIsExtended(d desk) {
	s := d.session("a", "ana", "")
	must(d.T, d.ExtendSession(d.Context(), "a", s.ExpiresAt.Add(time.Minute)))
	given(d.Session(d.Context(), "a", s.ExpiresAt))(d.T)
	if err := d.ExtendSession(d.Context(), "unknown", s.ExpiresAt); !errors.Is(err, identity.ErrNoSession) {
		d.Errorf("extending what is not there: %v", err)
	}
}

// ended says whether a session has ended.
func (d desk) ended(id string) bool {
	d.Helper()
	_, err := d.Session(d.Context(), id, schoolNow)
	if err != nil && !errors.Is(err, identity.ErrNoSession) {
		d.Fatal(err)
	}
	return err != nil
}

func oneSessionEnds(d desk) {
	d.session("a", "ana", "")
	d.session("b", "ana", "")
	must(d.T, d.EndSession(d.Context(), "a"))
	must(d.T, d.EndSession(d.Context(), "a"))
	if !d.ended("a") || d.ended("b") {
		d.Errorf("a ended %v, b ended %v", d.ended("a"), d.ended("b"))
	}
}

func allSessionsEnd(d desk) {
	d.session("a", "kim", "kim@example.org")
	d.session("b", "kim", "")
	d.session("other", "teal", "")
	l := d.link(1, "kim@example.org")
	must(d.T, d.EndSessions(d.Context(), d.district, d.id("kim")))
	if !d.ended("a") || !d.ended("b") || d.ended("other") {
		d.Errorf("a ended %v, b ended %v, other ended %v", d.ended("a"), d.ended("b"), d.ended("other"))
	}
	if _, err := d.Link(d.Context(), l.Hash, schoolNow); !errors.Is(err, identity.ErrNoLink) {
		d.Errorf("the link can still be used: %v", err)
	}
}

func everySessionEnds(d desk) {
	d.session("a", "kim", "kim@example.org")
	d.session("b", "", "ruiz@example.org")
	l := d.link(1, "kim@example.org")
	d.change(2, "teal", "teal@new.example")
	abroad := newSchool(d.T, d, "adams")
	there := identity.Session{
		ID: "abroad", District: abroad.ID, Person: person(d.T, d, abroad.ID, "ana").ID, CreatedAt: schoolNow, ExpiresAt: schoolNow.Add(hour),
	}
	must(d.T, d.SaveSession(d.Context(), there))
	if got := given(d.EndAll(d.Context()))(d.T); got != (identity.Ended{Sessions: 3, Links: 1, AddressChanges: 1}) {
		d.Errorf("ended are %+v", got)
	}
	for _, id := range []string{"a", "b", "abroad"} {
		if !d.ended(id) {
			d.Errorf("%s goes on", id)
		}
	}
	if _, err := d.Link(d.Context(), l.Hash, schoolNow); !errors.Is(err, identity.ErrNoLink) {
		d.Errorf("the link can still be used: %v", err)
	}
	d.changeIsGone(2, schoolNow)
	if again := given(d.EndAll(d.Context()))(d.T); again != (identity.Ended{}) {
		d.Errorf("ended again are %+v", again)
	}
}

func nobodyChangesOverToWhoSignedOut(d desk) {
	d.session("ana", "ana", "ruiz@example.org")
	marco := d.session("marco", "marco", "ruiz@example.org")
	kim := d.session("kim", "kim", "kim@example.org")
	command := d.session("command", "marco", "")
	must(d.T, d.EndSessions(d.Context(), d.district, d.id("ana")))
	marco.Fixed = true
	for _, want := range []identity.Session{marco, kim, command} {
		if got := given(d.Session(d.Context(), want.ID, schoolNow))(d.T); !reflect.DeepEqual(got, want) {
			d.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func thePersonIsChosen(d desk) {
	d.session("a", "", "ruiz@example.org")
	must(d.T, d.ChoosePerson(d.Context(), "a", d.id("marco")))
	if got := given(d.Session(d.Context(), "a", schoolNow))(d.T); got.Person != d.id("marco") {
		d.Errorf("chosen: %+v", got)
	}
	leave(d.T, d, d.district, "eva")
	abroad := person(d.T, d, newSchool(d.T, d, "adams").ID, "ana")
	for says, id := range map[string]uuid.UUID{"unknown": newID(), "of another district": abroad.ID, "gone": d.id("eva")} {
		if err := d.ChoosePerson(d.Context(), "a", id); !errors.Is(err, roster.ErrNoPerson) {
			d.Errorf("choosing somebody %s: %v", says, err)
		}
	}
	if err := d.ChoosePerson(d.Context(), "none", d.id("ana")); !errors.Is(err, identity.ErrNoSession) {
		d.Errorf("choosing in a session that is not there: %v", err)
	}
}

// noSignInCrossesTheBorder asks in the name of one district for somebody of
// another.
func noSignInCrossesTheBorder(d desk) {
	ctx, home := d.Context(), newDistrict(d.T, d, "home").ID
	ana := d.id("ana")
	d.session("a", "ana", "ruiz@example.org")
	must(d.T, d.SavePreferences(ctx, d.district, ana, identity.Preferences{Language: "es"}))
	must(d.T, d.EndSessions(ctx, home, ana))
	if d.ended("a") {
		d.Error("EndSessions ended a session of another district")
	}
	if p := given(d.Preferences(ctx, home, ana))(d.T); p != (identity.Preferences{}) {
		d.Errorf("Preferences of another district: %+v", p)
	}
	if holders := given(d.HoldersIn(ctx, home, "ruiz@example.org"))(d.T); len(holders) != 0 {
		d.Errorf("HoldersIn finds %+v", holders)
	}
	for method, err := range map[string]error{
		"SavePreferences": d.SavePreferences(ctx, home, ana, identity.Preferences{Language: "en"}),
		"ConfirmHolder":   d.ConfirmHolder(ctx, home, "ruiz@example.org", ana),
		"SaveSession":     d.SaveSession(ctx, identity.Session{ID: "b", District: home, Person: ana, ExpiresAt: schoolNow.Add(hour)}),
	} {
		if !errors.Is(err, roster.ErrNoPerson) {
			d.Errorf("%s for somebody of another district: %v", method, err)
		}
	}
}

var outTests = []identityTest{
	{"who is gone is signed out by the import that says so", whoIsGoneIsSignedOut},
	{"who is gone cannot sign in again until they return", whoReturnsMaySignIn},
}

func whoIsGoneIsSignedOut(d desk) {
	d.session("kim", "kim", "kim@example.org")
	d.session("choosing", "", "kim@example.org")
	d.session("teal", "teal", "teal@example.org")
	l := d.link(1, "kim@example.org")
	effects := leave(d.T, d, d.district, "kim")
	if want := []uuid.UUID{d.id("kim")}; !reflect.DeepEqual(effects.Out, want) {
		d.Errorf("out: %v, want %v", effects.Out, want)
	}
	if !d.ended("kim") || !d.ended("choosing") || d.ended("teal") {
		d.Errorf("Kim's ended %v, the one still choosing %v, Teal's %v", d.ended("kim"), d.ended("choosing"), d.ended("teal"))
	}
	if _, err := d.Link(d.Context(), l.Hash, schoolNow); !errors.Is(err, identity.ErrNoLink) {
		d.Errorf("the link can still be used: %v", err)
	}
	if again := leave(d.T, d, d.district, "kim"); len(again.Out) != 0 {
		d.Errorf("gone already, and out again: %v", again.Out)
	}
}

func whoReturnsMaySignIn(d desk) {
	leave(d.T, d, d.district, "kim")
	s := identity.Session{ID: "a", District: d.district, Person: d.id("kim"), CreatedAt: schoolNow, ExpiresAt: schoolNow.Add(hour)}
	if err := d.SaveSession(d.Context(), s); !errors.Is(err, roster.ErrNoPerson) {
		d.Errorf("a session for who is gone: %v", err)
	}
	apply(d.T, d, d.district, schoolChanges())
	must(d.T, d.SaveSession(d.Context(), s))
	given(d.Session(d.Context(), "a", schoolNow))(d.T)
}
