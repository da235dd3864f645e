package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

func TestTheSignInPageSaysTheSameForEveryAddress(t *testing.T) {
	s := open(t)
	b := s.browser()
	known := b.post("/sign-in", url.Values{"address": {"chen@example.org"}}).is(http.StatusOK)
	unknown := b.post("/sign-in", url.Values{"address": {"nosy@example.org"}}).is(http.StatusOK)
	same := strings.ReplaceAll(unknown.body, "nosy@", "chen@")
	if known.body != same {
		t.Errorf("the pages differ:\n%s\n%s", known.body, same)
	}
	known.says("If chen@example.org is known to your school, a link to sign in is on its way to it.")
}

func TestWhatIsNoAddressIsSaidAtTheField(t *testing.T) {
	a := open(t).browser().post("/sign-in", url.Values{"address": {"ana at home"}}).is(http.StatusBadRequest)
	a.says("There is a problem", "This does not look like an e-mail address.")
	a.has(`<a href="#address">`, `value="ana at home"`, `aria-invalid="true"`)
	if !strings.HasPrefix(a.title(), "Error: ") {
		t.Errorf("title %q", a.title())
	}
}

func TestTooManyRequestsForALinkAreRefusedInWords(t *testing.T) {
	b := open(t).browser()
	var last answer
	for range 6 {
		last = b.post("/sign-in", url.Values{"address": {"nosy@example.org"}})
	}
	last.is(http.StatusTooManyRequests).says("Wait some minutes, then try again.")
}

// link signs in by mail up to the page with the button.
func (s *school) link(b *browser, address, next string) string {
	s.t.Helper()
	b.post("/sign-in", url.Values{"address": {address}, "next": {next}}).is(http.StatusOK)
	link := <-s.links
	path, found := strings.CutPrefix(link, "http://homeline.test")
	if !found {
		s.t.Fatalf("the link %q does not lead to the public address", link)
	}
	return path
}

func TestALinkShowsAButtonAndOnlyItsPostUsesItUp(t *testing.T) {
	s := open(t)
	b := s.browser()
	link := s.link(b, "chen@example.org", "/inbox")
	for range 3 {
		b.get(link).is(http.StatusOK).says("It signs in c…@example.org.").has(`<form method="post" action="` + link + `">`)
	}
	b.post(link, nil).leadsTo("/welcome?next=%2Finbox")
	if b.cookie(sessionCookie) == "" {
		t.Fatal("nobody is signed in")
	}
	s.browser().get(link).is(http.StatusNotFound).says("This link no longer works")
	s.browser().post(link, nil).is(http.StatusNotFound).says("This link no longer works")
}

func TestAtTheFirstSignInOneIsAskedForOnesLanguage(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.follow(b.post(s.link(b, "chen@example.org", "/inbox"), nil)).says("In which language?", "English", "Español")
	b.post("/welcome", url.Values{"language": {"tlh"}}).is(http.StatusBadRequest)
	b.post("/welcome", url.Values{"language": {"es"}, "next": {"/inbox"}}).leadsTo("/inbox")
	b.get("/inbox").says("Bandeja de entrada").has(`<html lang="es"`)

	conversation := conversationPath(s.letter("Trip", "On Friday."))
	b.post(s.link(b, "chen@example.org", conversation), nil).leadsTo(conversation + "#new")
	b.post(s.link(b, "chen@example.org", conversation+"?before=9"), nil).leadsTo(conversation + "?before=9#new")

	again := s.browser()
	again.post(s.link(again, "chen@example.org", "/students"), nil).leadsTo("/students")
}

func TestNextLeadsOnlyToPagesOfOurs(t *testing.T) {
	s := open(t)
	for _, next := range []string{
		"https://evil.example/", "//evil.example/", `/\evil.example/`, "javascript:alert(1)", "/\r\nSet-Cookie: a=b", "evil",
	} {
		b := s.as(chen)
		a := b.post("/welcome", url.Values{"language": {"en"}, "next": {next}})
		a.leadsTo("/dashboard")
		if a.header.Get("Set-Cookie") != "" {
			t.Errorf("%q has set a cookie", next)
		}
		s.browser().get("/sign-in?next=" + url.QueryEscape(next)).has(`name="next" value="/"`)
	}
}

func TestWhoIsSignedOutIsLedBackToThePageTheyAskedFor(t *testing.T) {
	s := open(t)
	b := s.browser()
	a := b.get("/inbox?unread=1").leadsTo("/sign-in?next=%2Finbox%3Funread%3D1")
	b.get(a.header.Get("Location")).has(`name="next" value="/inbox?unread=1"`)
}

func TestWhoSharesAnAddressChoosesWhoTheyAreAndMayChangeOver(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.post(s.link(b, "family@example.org", "/inbox"), nil).leadsTo("/choose?next=%2Finbox")
	b.get("/inbox").leadsTo("/choose?next=%2Finbox")
	b.get("/choose?next=/inbox").says("Who are you?", "Ana Ruiz", "guardian of Eva and Leo", "Luis Ruiz", "guardian of Leo")
	b.post("/choose", url.Values{"person": {s.id(chen).String()}}).is(http.StatusNotFound)
	b.post("/choose", url.Values{"person": {s.id(ana).String()}, "next": {"/inbox"}}).leadsTo("/welcome?next=%2Finbox")
	b.get("/inbox").is(http.StatusOK).says("Ana Ruiz", "Change person")

	b.post("/choose", url.Values{"person": {s.id(luis).String()}})
	b.get("/inbox").is(http.StatusOK).says("Luis Ruiz").saysNot("Ana Ruiz")
}

func TestWhoHasTheirAddressForThemselvesIsOfferedNoChange(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.post(s.link(b, "leo@example.org", "/inbox"), nil)
	b.get("/inbox").is(http.StatusOK).says("Leo Ruiz").saysNot("Change person")
}

func TestWhoLeftTheRosterIsToldSoWhenAskedToSignIn(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b, other := s.as(luis), s.as(ana)
	snapshot := lincoln()
	snapshot.People = slices.DeleteFunc(snapshot.People, func(p roster.SnapshotPerson) bool { return p.SourcedID == luis })
	snapshot.Guardianships = slices.DeleteFunc(snapshot.Guardianships, func(g roster.SnapshotGuardianship) bool { return g.Guardian == luis })
	s.deliver(snapshot)
	words := "You are no longer on the roster of Lincoln District; ask the school."
	b.follow(b.get("/inbox")).is(http.StatusOK).says(words, "Send me a link")
	b.post(conversationPath(id)+"/reply", url.Values{"body": {"We come."}}).is(http.StatusUnauthorized).says(words, "We come.")
	other.get("/sign-in").saysNot(words)
	s.browser().get("/sign-in").saysNot(words)
}

func TestSigningOutLeavesNothingInTheBrowser(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	token := b.cookie(sessionCookie)
	a := b.post("/sign-out", nil).is(http.StatusOK).says("You are signed out")
	if got := a.header.Get("Clear-Site-Data"); got != `"storage"` {
		t.Errorf("Clear-Site-Data: %s", got)
	}
	if b.cookie(sessionCookie) != "" {
		t.Error("the cookie is still there")
	}
	thief := s.browser()
	thief.setCookie(sessionCookie, token)
	thief.get("/inbox").leadsTo("/sign-in?next=%2Finbox")
}

func TestSigningOutOnAllDevicesEndsTheOthersToo(t *testing.T) {
	s := open(t)
	phone, laptop := s.as(ana), s.as(ana)
	phone.get("/preferences").says("Sign out on all devices")
	phone.post("/sign-out/everywhere", nil).is(http.StatusOK).says("You have signed out on all devices.")
	laptop.get("/inbox").leadsTo("/sign-in?next=%2Finbox")
}

func TestASessionThatIsUsedIsKeptByTheBrowserAsLongAsByTheServer(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.post(s.link(b, "chen@example.org", "/"), nil)
	s.clock.advance(time.Hour)
	if got := b.get("/inbox").header.Get("Set-Cookie"); got != "" {
		t.Errorf("within a day the cookie is set again: %s", got)
	}
	s.clock.advance(29 * 24 * time.Hour)
	if got := b.get("/inbox").is(http.StatusOK).header.Get("Set-Cookie"); !strings.Contains(got, "Max-Age=2592000; HttpOnly; SameSite=Lax") {
		t.Errorf("after a month's use the cookie ends: %q", got)
	}
	s.clock.advance(31 * 24 * time.Hour)
	b.get("/inbox").leadsTo("/sign-in?next=%2Finbox")
}

func TestBeforeSignInThePageSpeaksTheBrowsersLanguage(t *testing.T) {
	b := open(t).browser()
	b.with("Accept-Language", "es-MX,es;q=0.9").get("/sign-in").says("Iniciar sesión").has(`lang="es"`)
	b.with("Accept-Language", "tlh").get("/sign-in").says("Sign in").has(`lang="en"`)
}
