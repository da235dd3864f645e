package identity_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// household is ana and luis, who share an address, and their children.
func household(t *testing.T) *school {
	t.Helper()
	s := newSchool(t)
	s.put(s.district,
		person("luis", "home@mail.example", roster.Guardian), person("ana", "home@mail.example", roster.Parent),
		person("eva", "", roster.Student), person("leo", "", roster.Student), person("chen", "chen@mail.example", roster.Teacher))
	s.apply(s.district, roster.Changes{PutGuardianships: []roster.SnapshotGuardianship{
		{Guardian: "ana", Student: "leo", Relation: roster.Parent}, {Guardian: "ana", Student: "eva", Relation: roster.Parent},
		{Guardian: "luis", Student: "leo", Relation: roster.Guardian},
	}})
	return s
}

// names says choices as "who: students".
func names(choices []identity.Choice) []string {
	var all []string
	for _, c := range choices {
		line := c.Person.Given + ":"
		for _, student := range c.Students {
			line += " " + student.Given
		}
		all = append(all, line)
	}
	return all
}

func TestGuardiansWhoShareAnAddressChooseWhoTheyAre(t *testing.T) {
	s := household(t)
	token, session := s.signIn("home@mail.example")
	if session.Person != uuid.Nil {
		t.Fatalf("it is %v already", session.Person)
	}
	choices, err := s.Choices(ctx, s.stillSignedIn(token))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(choices), []string{"ana: eva leo", "luis: leo"}; !slices.Equal(got, want) {
		t.Errorf("to choose from: %q, want %q", got, want)
	}
	if err := s.Choose(ctx, session, choices[0].Person.ID); err != nil {
		t.Fatal(err)
	}
	if got := s.stillSignedIn(token).Person; got != s.id(s.district, "ana") {
		t.Errorf("it is %v", got)
	}
}

func TestAGuardianOfTheHouseholdChangesOverWithoutAnotherMail(t *testing.T) {
	s := household(t)
	token, session := s.signIn("home@mail.example")
	ana, luis := s.id(s.district, "ana"), s.id(s.district, "luis")
	for _, who := range []uuid.UUID{ana, luis, ana} {
		if err := s.Choose(ctx, s.stillSignedIn(token), who); err != nil {
			t.Fatal(err)
		}
		if got := s.stillSignedIn(token).Person; got != who {
			t.Errorf("it is %v, want %v", got, who)
		}
	}
	// The pages open as the one before are closed, and nobody's else.
	outs := s.outs()
	if len(outs) != 2 || outs[0].People[0] != ana || outs[1].People[0] != luis || outs[0].Session != session.ID {
		t.Errorf("pages were told %+v", outs)
	}
}

func TestOneCannotChooseSomebodyOutsideTheHousehold(t *testing.T) {
	s := household(t)
	other := s.addDistrict("adams", "Adams County")
	s.put(other, person("maria", "home@mail.example", roster.Parent))
	_, session, err := s.UseLink(ctx, s.secretFor(s.district, "home@mail.example"))
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []uuid.UUID{s.id(s.district, "leo"), s.id(s.district, "chen"), s.id(other, "maria"), uuid.Nil, uuid.New()} {
		if err := s.Choose(ctx, session, who); !errors.Is(err, hub.ErrNotFound) {
			t.Errorf("%v: %v", who, err)
		}
	}
}

// secretFor is the secret of the link of one district.
func (s *school) secretFor(d roster.District, address string) string {
	s.t.Helper()
	s.request(address)
	for _, m := range s.deliver() {
		if m.District == d.Name {
			return s.secret(m)
		}
	}
	s.t.Fatalf("no mail of %s", d.Name)
	return ""
}

func TestAStudentWhomAGuardianIsBarredFromIsNotShownBesideThem(t *testing.T) {
	s := household(t)
	bar := roster.Bar{ID: uuid.New(), Guardian: s.id(s.district, "luis"), Student: s.id(s.district, "leo"), Since: 1, Reason: "court order"}
	if _, err := s.store.Bar(ctx, s.district.ID, bar, s.clock()); err != nil {
		t.Fatal(err)
	}
	_, session := s.signIn("home@mail.example")
	choices, err := s.Choices(ctx, session)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(choices), []string{"ana: eva leo", "luis:"}; !slices.Equal(got, want) {
		t.Errorf("to choose from: %q, want %q", got, want)
	}
}

func TestASessionOfACommandIsNobodyElses(t *testing.T) {
	s := household(t)
	ana := s.id(s.district, "ana")
	_, session, err := s.Issue(ctx, s.district.ID, ana, 0)
	if err != nil {
		t.Fatal(err)
	}
	choices, err := s.Choices(ctx, session)
	if err != nil || len(choices) != 1 || choices[0].Person.ID != ana {
		t.Errorf("to choose from: %q, %v", names(choices), err)
	}
	if err := s.Choose(ctx, session, s.id(s.district, "luis")); !errors.Is(err, hub.ErrNotFound) {
		t.Errorf("changing over: %v", err)
	}
}

func TestAnAddressSharedWithAStudentOpensNobodyUntilTheDistrictConfirmsWhom(t *testing.T) {
	s := household(t)
	s.put(s.district, person("leo", "home@mail.example", roster.Student))
	s.request("home@mail.example")
	mails := s.deliver()
	if len(mails) != 1 || mails[0].Link != "" {
		t.Fatalf("before: %+v", mails)
	}
	for _, name := range []string{"leo", "ana"} { // the second corrects the first
		if err := s.ConfirmHolder(ctx, s.district.ID, "Home@mail.example", s.id(s.district, name)); err != nil {
			t.Fatal(err)
		}
		_, session := s.signIn("home@mail.example")
		if session.Person != s.id(s.district, name) {
			t.Errorf("confirmed for %s it opens %v", name, session.Person)
		}
	}
}

func TestAnAddressIsConfirmedForItsHoldersOnly(t *testing.T) {
	s := household(t)
	err := s.ConfirmHolder(ctx, s.district.ID, "home@mail.example", s.id(s.district, "chen"))
	if !errors.Is(err, roster.ErrNoPerson) {
		t.Errorf("answered %v", err)
	}
}

func TestWhoSignsOutEverywhereIsNotChangedOverToFromAnotherBrowser(t *testing.T) {
	s := household(t)
	ana, luis := s.id(s.district, "ana"), s.id(s.district, "luis")
	_, hers := s.signIn("home@mail.example")
	token, his := s.signIn("home@mail.example")
	for session, who := range map[identity.Session]uuid.UUID{hers: ana, his: luis} {
		if err := s.Choose(ctx, session, who); err != nil {
			t.Fatal(err)
		}
	}
	hers.Person = ana
	if err := s.SignOutEverywhere(ctx, hers); err != nil {
		t.Fatal(err)
	}
	his = s.stillSignedIn(token)
	if err := s.Choose(ctx, his, ana); !errors.Is(err, hub.ErrNotFound) {
		t.Errorf("changing over to who signed out: %v", err)
	}
	if choices, err := s.Choices(ctx, his); err != nil || len(choices) != 1 || choices[0].Person.ID != luis {
		t.Errorf("left to choose from: %v, %v", names(choices), err)
	}
	s.put(s.district, person("luis", "elsewhere@mail.example", roster.Guardian))
	s.signedOut(token) // it is still a session of that address
	if _, again := s.signIn("home@mail.example"); again.Person != ana {
		t.Errorf("by another mail it is %v", again.Person)
	}
}
