package identity_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// moving is a school with ana, a mother with an address of her own, signed in
// by it, and others whose addresses she could name.
func moving(t *testing.T) (s *school, token string, session identity.Session) {
	t.Helper()
	s = newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent), person("luis", "luis@mail.example", roster.Guardian),
		person("leo", "leo@mail.example", roster.Student), person("chen", "chen@mail.example", roster.Teacher))
	token, session = s.signIn("ana@mail.example")
	return s, token, session
}

// ask asks for an address and is what was mailed, by whom it went to.
func (s *school) ask(session identity.Session, address string) map[string]identity.AddressMail {
	s.t.Helper()
	if err := s.RequestAddressChange(ctx, session, address, "192.0.2.1"); err != nil {
		s.t.Fatalf("asking for %s: %v", address, err)
	}
	return s.moved()
}

func (s *school) moved() map[string]identity.AddressMail {
	s.t.Helper()
	s.deliver()
	s.mu.Lock()
	defer s.mu.Unlock()
	mails := map[string]identity.AddressMail{}
	for _, m := range s.moves {
		mails[m.To] = m
	}
	s.moves = nil
	return mails
}

func (s *school) linkOf(m identity.AddressMail) string {
	s.t.Helper()
	secret, ok := strings.CutPrefix(m.Link, "https://school.example"+identity.AddressPath)
	if !ok || m.Kind != identity.AddressConfirm {
		s.t.Fatalf("no link: %+v", m)
	}
	return secret
}

// opensFor are the people whom a sign-in with the address opens.
func (s *school) opensFor(address, name string) bool {
	s.t.Helper()
	s.request(address)
	for _, m := range s.deliver() {
		if m.Link == "" {
			continue
		}
		_, session, err := s.UseLink(ctx, s.secret(m))
		if err != nil {
			s.t.Fatal(err)
		}
		return session.Person == s.id(s.district, name)
	}
	return false
}

func TestAnAddressChangesByALinkToTheNewOneAndAWordToTheOneBefore(t *testing.T) {
	s, token, session := moving(t)
	mails := s.ask(session, " Ana@New.example ")
	if len(mails) != 2 || mails["ana@mail.example"].Kind != identity.AddressAsked || mails["ana@mail.example"].Link != "" {
		t.Fatalf("mailed %+v", mails)
	}
	secret := s.linkOf(mails["ana@new.example"])
	for range 2 { // looking uses nothing up
		if c, err := s.CheckAddressChange(ctx, secret); err != nil || c.Email != "ana@new.example" {
			t.Fatalf("%+v, %v", c, err)
		}
	}
	if !s.opensFor("ana@mail.example", "ana") {
		t.Error("until then her address is another")
	}
	again, next, err := s.UseAddressChange(ctx, secret, session)
	if err != nil {
		t.Fatal(err)
	}
	if mails := s.moved(); len(mails) != 1 || mails["ana@mail.example"].Kind != identity.AddressLeft {
		t.Errorf("afterwards mailed %+v", mails)
	}
	s.signedOut(token) // it was a session of the address before
	if got := s.stillSignedIn(again); got.Person != session.Person || got.Address != "ana@new.example" || next.ID != got.ID {
		t.Errorf("she goes on as %+v", got)
	}
	if s.opensFor("ana@mail.example", "ana") || !s.opensFor("ana@new.example", "ana") {
		t.Error("the address before still opens her letters, or the new one does not")
	}
	if _, _, err := s.UseAddressChange(ctx, secret, session); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("used again: %v", err)
	}
}

func TestALinkThatChangesAnAddressLastsAnHour(t *testing.T) {
	s, _, session := moving(t)
	secret := s.linkOf(s.ask(session, "ana@new.example")["ana@new.example"])
	s.pass(identity.AddressChangeLife - time.Second)
	if _, err := s.CheckAddressChange(ctx, secret); err != nil {
		t.Error(err)
	}
	s.pass(time.Second)
	if _, _, err := s.UseAddressChange(ctx, secret, session); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("after an hour: %v", err)
	}
}

func TestTheLinkSignsNobodyInWhoWasNotThatPerson(t *testing.T) {
	s, _, session := moving(t)
	_, chen := s.signIn("chen@mail.example")
	for name, in := range map[string]identity.Session{"nobody": {}, "another": chen} {
		address := name + "@new.example"
		secret := s.linkOf(s.ask(session, address)[address])
		if token, _, err := s.UseAddressChange(ctx, secret, in); err != nil || token != "" {
			t.Errorf("%s: %q, %v", name, token, err)
		}
	}
}

func TestAnAddressThatIsSomebodyElsesIsRefusedToItsReaderAlone(t *testing.T) {
	for _, address := range []string{"leo@mail.example", "chen@mail.example"} {
		s, _, session := moving(t)
		mails := s.ask(session, address) // asking is answered alike
		if m := mails[address]; m.Kind != identity.AddressTaken || m.Link != "" {
			t.Errorf("%s is mailed %+v", address, m)
		}
		if mails["ana@mail.example"].Kind != identity.AddressAsked {
			t.Errorf("the word to hers tells it: %+v", mails)
		}
	}
}

func TestAnAddressOfAStudentIsForOnePersonOnly(t *testing.T) {
	s, _, _ := moving(t)
	_, leo := s.signIn("leo@mail.example")
	if m := s.ask(leo, "ana@mail.example")["ana@mail.example"]; m.Kind != identity.AddressTaken {
		t.Errorf("mailed %+v", m)
	}
}

func TestAHouseholdMayComeToShareAnAddress(t *testing.T) {
	s, _, session := moving(t)
	secret := s.linkOf(s.ask(session, "luis@mail.example")["luis@mail.example"])
	_, next, err := s.UseAddressChange(ctx, secret, session)
	if err != nil {
		t.Fatal(err)
	}
	if choices, err := s.Choices(ctx, next); err != nil || len(choices) != 2 {
		t.Errorf("to choose from: %v, %v", names(choices), err)
	}
}

func TestAnAddressThatBecomesSomebodyElsesMeanwhileIsNotTaken(t *testing.T) {
	s, _, session := moving(t)
	secret := s.linkOf(s.ask(session, "new@mail.example")["new@mail.example"])
	s.put(s.district, person("kim", "new@mail.example", roster.Teacher))
	if _, _, err := s.UseAddressChange(ctx, secret, session); !errors.Is(err, identity.ErrAddressTaken) {
		t.Errorf("used: %v", err)
	}
	if !s.opensFor("new@mail.example", "kim") {
		t.Error("it no longer opens whose it is")
	}
}

func TestSigningOutEverywhereStopsAChangeOfAddress(t *testing.T) {
	s, _, session := moving(t)
	secret := s.linkOf(s.ask(session, "ana@new.example")["ana@new.example"])
	if err := s.SignOutEverywhere(ctx, session); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CheckAddressChange(ctx, secret); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("afterwards: %v", err)
	}
}

func TestChangesOfAddressAreLimited(t *testing.T) {
	s, _, session := moving(t)
	for _, address := range []string{"a@new.example", "b@new.example", "c@new.example"} {
		s.ask(session, address)
	}
	limited := func(address string) bool {
		err := s.RequestAddressChange(ctx, session, address, "192.0.2.1")
		return hub.CodeOf(err) == hub.CodeRateLimited
	}
	if !limited("d@new.example") {
		t.Error("a fourth at once was taken")
	}
	s.pass(20 * time.Minute)
	if limited("d@new.example") {
		t.Error("one in twenty minutes is too often")
	}
}

func TestAnAddressThatIsNoneOrTheirsAlreadyIsRefused(t *testing.T) {
	s, _, session := moving(t)
	for typed, code := range map[string]hub.Code{"": hub.CodeRequired, "ana at home": hub.CodeInvalid} {
		var refused *hub.Error
		if err := s.RequestAddressChange(ctx, session, typed, ""); !errors.As(err, &refused) || refused.Code != code || refused.Field != "address" {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if err := s.RequestAddressChange(ctx, session, "ANA@mail.example", ""); !errors.Is(err, identity.ErrSameAddress) {
		t.Errorf("her own: %v", err)
	}
}

func TestOneGoesBackToTheRostersAddress(t *testing.T) {
	s, _, session := moving(t)
	if _, _, err := s.UseRosterAddress(ctx, session); !errors.Is(err, hub.ErrNotFound) {
		t.Errorf("where nothing was chosen: %v", err)
	}
	secret := s.linkOf(s.ask(session, "ana@new.example")["ana@new.example"])
	_, session, err := s.UseAddressChange(ctx, secret, session)
	if err != nil {
		t.Fatal(err)
	}
	s.put(s.district, person("ana", "ana@roster.example", roster.Parent))
	if chosen, err := s.ChosenAddress(ctx, session); err != nil || chosen != "ana@new.example" {
		t.Errorf("after an import it is %q, %v", chosen, err)
	}
	s.moved()
	token, next, err := s.UseRosterAddress(ctx, session)
	if err != nil {
		t.Fatal(err)
	}
	if mails := s.moved(); mails["ana@new.example"].Kind != identity.AddressLeft {
		t.Errorf("mailed %+v", mails)
	}
	// She has not shown that she reads what comes there.
	if got := s.stillSignedIn(token); got.Address != "ana@roster.example" || !got.Fixed || got.ID != next.ID {
		t.Errorf("she goes on as %+v", got)
	}
	if !s.opensFor("ana@roster.example", "ana") {
		t.Error("the roster's address does not open her letters")
	}
}

func TestTheRostersAddressIsNotGoneBackToWhereItWouldOpenNobody(t *testing.T) {
	s, _, session := moving(t)
	secret := s.linkOf(s.ask(session, "ana@new.example")["ana@new.example"])
	_, session, err := s.UseAddressChange(ctx, secret, session)
	if err != nil {
		t.Fatal(err)
	}
	s.put(s.district, person("leo", "ana@mail.example", roster.Student))
	if _, _, err := s.UseRosterAddress(ctx, session); !errors.Is(err, identity.ErrAddressTaken) {
		t.Errorf("answered %v", err)
	}
}

func TestAnAddressThatIsTheRostersIsNoChoice(t *testing.T) {
	s, _, session := moving(t)
	for _, address := range []string{"ana@new.example", "ana@mail.example"} {
		var err error
		secret := s.linkOf(s.ask(session, address)[address])
		if _, session, err = s.UseAddressChange(ctx, secret, session); err != nil {
			t.Fatal(err)
		}
		s.moved() // the email to the address that was left comes before the next question
	}
	if chosen, err := s.ChosenAddress(ctx, session); err != nil || chosen != "" {
		t.Errorf("chosen is %q, %v", chosen, err)
	}
}

func TestASessionOfACommandGoesOnWithAnotherAddress(t *testing.T) {
	s, _, _ := moving(t)
	token, session, err := s.Issue(ctx, s.district.ID, s.id(s.district, "ana"), 0)
	if err != nil {
		t.Fatal(err)
	}
	secret := s.linkOf(s.ask(session, "ana@new.example")["ana@new.example"])
	if again, next, err := s.UseAddressChange(ctx, secret, session); err != nil || again != "" || next.ID != session.ID {
		t.Errorf("%q, %+v, %v", again, next, err)
	}
	s.stillSignedIn(token)
}

func TestTheDistrictTakesAnAddressBackThatSomebodyElseChose(t *testing.T) {
	s, _, session := moving(t)
	ana := s.id(s.district, "ana")
	if _, err := s.ResetAddress(ctx, s.district.ID, ana); !errors.Is(err, hub.ErrNotFound) {
		t.Errorf("with nothing chosen: %v", err)
	}
	secret := s.linkOf(s.ask(session, "thief@new.example")["thief@new.example"])
	token, session, err := s.UseAddressChange(ctx, secret, session)
	if err != nil {
		t.Fatal(err)
	}
	further := s.linkOf(s.ask(session, "thief@further.example")["thief@further.example"])
	if was, err := s.ResetAddress(ctx, s.district.ID, ana); err != nil || was != "thief@new.example" {
		t.Errorf("it was %q, %v", was, err)
	}
	if _, err := s.Authenticate(ctx, token); err == nil {
		t.Error("the session of whoever chose it goes on")
	}
	if _, _, err := s.UseAddressChange(ctx, further, identity.Session{}); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("a link that was mailed before: %v", err)
	}
	if s.opensFor("thief@new.example", "ana") || !s.opensFor("ana@mail.example", "ana") {
		t.Error("it is not the roster's address that signs her in")
	}
}
