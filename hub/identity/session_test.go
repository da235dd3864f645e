package identity_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

const day = 24 * time.Hour

func signedIn(t *testing.T) (s *school, token string, session identity.Session) {
	t.Helper()
	s = newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	token, session = s.signIn("ana@mail.example")
	return s, token, session
}

func (s *school) signedOut(token string) {
	s.t.Helper()
	if _, err := s.Authenticate(ctx, token); !errors.Is(err, identity.ErrNoSession) {
		s.t.Errorf("the token answers %v", err)
	}
}

func (s *school) stillSignedIn(token string) identity.Session {
	s.t.Helper()
	session, err := s.Authenticate(ctx, token)
	if err != nil {
		s.t.Errorf("the token answers %v", err)
	}
	return session
}

func TestATokenIsTheSessionThatItsLinkOpened(t *testing.T) {
	s, token, opened := signedIn(t)
	session := s.stillSignedIn(token)
	if session != opened || session.Person != s.id(s.district, "ana") {
		t.Errorf("opened %+v, is %+v", opened, session)
	}
	s.signedOut(session.ID) // what the database and the logs hold opens nothing
	s.signedOut("")
}

func TestASessionLastsAsLongAsItIsUsed(t *testing.T) {
	s, token, _ := signedIn(t)
	for range 5 {
		s.pass(29 * day)
		s.stillSignedIn(token)
	}
	s.pass(30 * day)
	s.signedOut(token)
}

func TestASessionIsExtendedAtMostOnceADay(t *testing.T) {
	s, token, opened := signedIn(t)
	s.pass(day - time.Second)
	if got := s.stillSignedIn(token).ExpiresAt; !got.Equal(opened.ExpiresAt) {
		t.Errorf("within a day it was moved to %v", got)
	}
	s.pass(time.Second)
	want := s.clock().Add(identity.SessionIdle)
	s.stillSignedIn(token)
	if got := s.stillSignedIn(token).ExpiresAt; !got.Equal(want) {
		t.Errorf("after a day it ends at %v, want %v", got, want)
	}
}

func TestASessionEndsWhenItsPersonGoes(t *testing.T) {
	s, token, _ := signedIn(t)
	gone := person("ana", "ana@mail.example", roster.Parent)
	gone.Gone = true
	s.put(s.district, gone)
	s.signedOut(token)
}

func TestAStrangerWhomAWrongAddressLetInIsOutOnceItIsMended(t *testing.T) {
	s, token, _ := signedIn(t)
	s.put(s.district, person("ana", "ana.ruiz@mail.example", roster.Parent))
	s.signedOut(token)
}

func TestASessionEndsWhenItsAddressComesToBeSharedWithStaff(t *testing.T) {
	s, token, _ := signedIn(t)
	s.put(s.district, person("chen", "ana@mail.example", roster.Teacher))
	s.signedOut(token)
	if err := s.ConfirmHolder(ctx, s.district.ID, "ana@mail.example", s.id(s.district, "ana")); err != nil {
		t.Fatal(err)
	}
	s.stillSignedIn(token)
}

func TestSigningOutEndsTheOneSessionAndItsPages(t *testing.T) {
	s, token, session := signedIn(t)
	phone, _ := s.signIn("ana@mail.example")
	if err := s.SignOut(ctx, session); err != nil {
		t.Fatal(err)
	}
	s.signedOut(token)
	s.stillSignedIn(phone)
	outs := s.outs()
	if len(outs) != 1 || outs[0].Session != session.ID || outs[0].Why != hub.OutSignedOut || outs[0].People[0] != session.Person {
		t.Errorf("pages were told %+v", outs)
	}
}

func TestSigningOutEverywhereEndsAllSessionsAndLinks(t *testing.T) {
	s, token, session := signedIn(t)
	phone, _ := s.signIn("ana@mail.example")
	s.request("ana@mail.example")
	secret := s.secret(s.deliver()[0])
	if err := s.SignOutEverywhere(ctx, session); err != nil {
		t.Fatal(err)
	}
	s.signedOut(token)
	s.signedOut(phone)
	if _, err := s.CheckLink(ctx, secret); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("the link answers %v", err)
	}
	if outs := s.outs(); len(outs) != 1 || outs[0].Session != "" || outs[0].People[0] != session.Person {
		t.Errorf("pages were told %+v", outs)
	}
}

func TestAnIssuedTokenLastsAsLongAsItWasMadeFor(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("chen", "", roster.Teacher))
	for ttl, lasts := range map[time.Duration]time.Duration{0: 12 * time.Hour, 48 * time.Hour: 48 * time.Hour} {
		token, session, err := s.Issue(ctx, s.district.ID, s.id(s.district, "chen"), ttl)
		if err != nil {
			t.Fatal(err)
		}
		if session.Address != "" {
			t.Errorf("it was issued for the address %q", session.Address)
		}
		s.pass(lasts - time.Second)
		s.stillSignedIn(token) // and using it does not extend it
		s.pass(time.Second)
		s.signedOut(token)
	}
}

func TestNoTokenIsIssuedForWhoIsGoneUnknownOrAnotherDistricts(t *testing.T) {
	s := newSchool(t)
	other := s.addDistrict("adams", "Adams County")
	gone := person("ana", "", roster.Parent)
	gone.Gone = true
	s.put(s.district, gone)
	s.put(other, person("chen", "", roster.Teacher))
	if _, _, err := s.Issue(ctx, s.district.ID, s.id(s.district, "ana"), 0); hub.CodeOf(err) != hub.CodeOut {
		t.Errorf("gone: %v", err)
	}
	for _, id := range []uuid.UUID{uuid.New(), s.id(other, "chen")} {
		if _, _, err := s.Issue(ctx, s.district.ID, id, 0); !errors.Is(err, roster.ErrNoPerson) {
			t.Errorf("unknown: %v", err)
		}
	}
}
