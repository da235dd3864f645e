package identity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

func TestALinkIsMailedToTheAddressAndToNoOther(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent), person("leo", "leo@mail.example", roster.Student))
	s.request("  Ana@Mail.Example ")
	mails := s.deliver()
	if len(mails) != 1 || mails[0].To != "ana@mail.example" || mails[0].District != "Lincoln Unified" {
		t.Fatalf("mailed %+v", mails)
	}
	if !strings.HasPrefix(mails[0].Link, "https://school.example/sign-in/") {
		t.Errorf("the link is %q", mails[0].Link)
	}
}

func TestAnUnknownAddressIsAnsweredAlikeAndMailedNothing(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	s.request("nobody@mail.example")
	if mails := s.deliver(); len(mails) != 0 {
		t.Errorf("mailed %+v", mails)
	}
}

func TestTheAnswerDoesNotWaitForAnythingThatDependsOnTheAddress(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	s.store.Close() // whatever asked it now would fail
	for _, address := range []string{"ana@mail.example", "nobody@mail.example"} {
		if err := s.RequestLink(ctx, address, "/", "192.0.2.1"); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestWhoHasGoneIsMailedNothing(t *testing.T) {
	s := newSchool(t)
	gone := person("ana", "ana@mail.example", roster.Parent)
	s.put(s.district, gone)
	gone.Gone = true
	s.put(s.district, gone)
	s.request("ana@mail.example")
	if mails := s.deliver(); len(mails) != 0 {
		t.Errorf("mailed %+v", mails)
	}
}

func TestWhereMessagingIsOffOneStillSignsInToRead(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	d, err := s.store.District(ctx, s.district.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.Enabled = false
	if err := s.store.SaveDistrict(ctx, d); err != nil {
		t.Fatal(err)
	}
	s.signIn("ana@mail.example")
}

func TestAnAddressInTwoDistrictsGetsALinkForEachThatNamesIt(t *testing.T) {
	s := newSchool(t)
	other := s.addDistrict("adams", "Adams County")
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	s.put(other, person("ana", "ana@mail.example", roster.Teacher))
	s.request("ana@mail.example")
	got := map[string]identity.Session{}
	for _, m := range s.deliver() {
		_, session, err := s.UseLink(ctx, s.secret(m))
		if err != nil {
			t.Fatal(err)
		}
		got[m.District] = session
	}
	for _, d := range []roster.District{s.district, other} {
		if session := got[d.Name]; session.District != d.ID || session.Person != s.id(d, "ana") {
			t.Errorf("the link of %s opens %+v", d.Name, session)
		}
	}
}

func TestTheSignInEmailIsInTheLanguageOfItsReadersElseInAll(t *testing.T) {
	s := newSchool(t)
	d, err := s.store.District(ctx, s.district.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.Settings.Language = "es"
	if err := s.store.SaveDistrict(ctx, d); err != nil {
		t.Fatal(err)
	}
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent), person("chen", "chen@mail.example", roster.Teacher))
	_, session := s.signIn("ana@mail.example")
	expect := func(state, address, tag string, unknown bool) {
		t.Helper()
		s.request(address)
		if m := s.deliver()[0]; m.Language != tag || m.LanguageUnknown != unknown {
			t.Errorf("%s: it is in %q, unknown is %t", state, m.Language, m.LanguageUnknown)
		}
	}
	expect("nothing is known of a teacher", "chen@mail.example", "es", false)
	expect("nothing is known of a family", "ana@mail.example", "es", true)
	if _, err := s.SaveHomeLanguages(ctx, s.district.ID, []identity.HomeLanguage{{SourcedID: "ana", Language: "vie"}}); err != nil {
		t.Fatal(err)
	}
	expect("the district knows it", "ana@mail.example", "vi", false)
	if err := s.SavePreferences(ctx, session, identity.Preferences{Language: "en"}); err != nil {
		t.Fatal(err)
	}
	expect("she chose one", "ana@mail.example", "en", false)
}

func TestAHouseholdThatReadsSeveralLanguagesIsMailedInAll(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("ana", "home@mail.example", roster.Parent), person("luis", "home@mail.example", roster.Parent))
	for name, language := range map[string]string{"ana": "es", "luis": "fr"} {
		p := identity.Preferences{Language: language}
		if err := s.store.SavePreferences(ctx, s.district.ID, s.id(s.district, name), p); err != nil {
			t.Fatal(err)
		}
	}
	s.request("home@mail.example")
	if m := s.deliver()[0]; m.Language != "en" || !m.LanguageUnknown {
		t.Errorf("it is in %q, unknown is %t", m.Language, m.LanguageUnknown)
	}
}

func TestAHomeLanguageThatIsNoLanguageIsRefused(t *testing.T) {
	s := newSchool(t)
	_, err := s.SaveHomeLanguages(ctx, s.district.ID, []identity.HomeLanguage{{SourcedID: "ana", Language: "not a language"}})
	var wrong *hub.Error
	if !errors.As(err, &wrong) || wrong.Code != hub.CodeInvalid || wrong.Field != "language" {
		t.Errorf("got %v", err)
	}
}

// answers asks n times and says with which code each was answered.
func answers(s *identity.Service, address, client string, n int) []hub.Code {
	var codes []hub.Code
	for range n {
		codes = append(codes, hub.CodeOf(s.RequestLink(ctx, address, "/", client)))
	}
	return codes
}

func TestTheLimitByAddressIsTheSameForKnownAndUnknown(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	known, unknown := answers(s.Service, "ana@mail.example", "192.0.2.1", 8), answers(s.Service, "nobody@mail.example", "192.0.2.2", 8)
	if !slices.Equal(known, unknown) {
		t.Errorf("known %q, unknown %q", known, unknown)
	}
	if known[4] != "" || known[5] != hub.CodeRateLimited {
		t.Errorf("answered %q", known)
	}
	if mails := s.deliver(); len(mails) != 5 {
		t.Errorf("%d mails", len(mails))
	}
}

func TestTheLimitEndsWithTime(t *testing.T) {
	s := newSchool(t)
	answers(s.Service, "ana@mail.example", "192.0.2.1", 6)
	s.pass(3 * time.Minute)
	if got := answers(s.Service, "ana@mail.example", "192.0.2.1", 2); got[0] != "" || got[1] != hub.CodeRateLimited {
		t.Errorf("answered %q", got)
	}
}

func TestOneClientCannotAskForEverybody(t *testing.T) {
	s := newSchool(t)
	limited := s.serve(identity.Options{ByClient: identity.Limit{Burst: 3, Every: time.Hour}})
	ask := func(client string, i int) hub.Code {
		return hub.CodeOf(limited.RequestLink(ctx, fmt.Sprintf("p%d@mail.example", i), "/", client))
	}
	// The last half of an IPv6 address is the client's own to change.
	for i := range 3 {
		if code := ask(fmt.Sprintf("2001:db8:1:2::%x", i), i); code != "" {
			t.Fatalf("request %d: %s", i, code)
		}
	}
	if code := ask("2001:db8:1:2:aaaa::1", 3); code != hub.CodeRateLimited {
		t.Errorf("the fourth of one client: %q", code)
	}
	for _, other := range []string{"2001:db8:1:3::1", "192.0.2.7"} {
		if code := ask(other, 4); code != "" {
			t.Errorf("another client: %s", code)
		}
	}
}

func TestAnIPv4ClientIsTheSameThroughIPv6(t *testing.T) {
	s := newSchool(t)
	limited := s.serve(identity.Options{ByClient: identity.Limit{Burst: 1, Every: time.Hour}})
	answers(limited, "a@mail.example", "192.0.2.1", 1)
	if got := answers(limited, "b@mail.example", "::ffff:192.0.2.1", 1); got[0] != hub.CodeRateLimited {
		t.Errorf("answered %q", got)
	}
}

func TestMoreRequestsThanMayWaitAreToldToComeBack(t *testing.T) {
	s := newSchool(t)
	small := s.serve(identity.Options{Queue: 2})
	for i, want := range []hub.Code{"", "", hub.CodeBusy} {
		if got := answers(small, fmt.Sprintf("p%d@mail.example", i), "192.0.2.1", 1)[0]; got != want {
			t.Errorf("request %d: %q, want %q", i, got, want)
		}
	}
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	s := newSchool(t)
	for address, want := range map[string]hub.Code{
		"":                                      hub.CodeRequired,
		"   ":                                   hub.CodeRequired,
		"ana":                                   hub.CodeInvalid,
		"Ana <ana@mail.example>":                hub.CodeInvalid,
		"ana@mail.example, leo@mail.example":    hub.CodeInvalid,
		"ana@mail.example\r\nBcc: x@y":          hub.CodeInvalid,
		strings.Repeat("a", 250) + "@b.example": hub.CodeTooLong,
	} {
		err := s.RequestLink(ctx, address, "/", "192.0.2.1")
		var refused *hub.Error
		if !errors.As(err, &refused) || refused.Code != want || refused.Field != "address" {
			t.Errorf("%q: %v, want %s", address, err, want)
		}
	}
}

func TestAMailThatFailsHindersNoOther(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	s.refuse = errors.New("the mail server is away")
	s.request("ana@mail.example")
	s.deliver()
	s.refuse = nil
	s.request("ana@mail.example")
	if mails := s.deliver(); len(mails) != 1 {
		t.Errorf("%d mails", len(mails))
	}
}

func TestARunningServiceSendsWithoutBeingStopped(t *testing.T) {
	s := newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	sent := make(chan identity.Mail)
	service := identity.New(s.store, s.store, mailerFunc(func(m identity.Mail) { sent <- m }), s, identity.Options{PublicURL: mustURL(t)})
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { service.Run(running); close(done) }()
	for range 3 {
		if err := service.RequestLink(ctx, "ana@mail.example", "/", "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		if m := <-sent; m.To != "ana@mail.example" {
			t.Errorf("mailed %+v", m)
		}
	}
	stop()
	<-done
}
