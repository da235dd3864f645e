package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/identity"
)

// asks asks for an address and is the path of the link that was mailed.
func (s *school) asks(b *browser, address string) string {
	s.t.Helper()
	b.post("/preferences/address", url.Values{"address": {address}}).is(http.StatusOK).
		says("Look into your mail", "A mail is on its way to "+address, "Until then nothing changes.")
	link := ""
	for range 2 {
		m := <-s.moves
		switch m.Kind {
		case identity.AddressConfirm:
			link = m.Link
		case identity.AddressAsked:
		default:
			s.t.Fatalf("mailed %+v", m)
		}
	}
	path, ours := strings.CutPrefix(link, "http://homeline.test")
	if !ours {
		s.t.Fatalf("the link is %q", link)
	}
	return path
}

func TestAnAddressIsChangedByAButtonBehindALink(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.post(s.link(b, "leo@example.org", "/inbox"), nil)
	b.post("/welcome", url.Values{"language": {"en"}})
	b.get("/preferences").says("leo@example.org", "Your school has this address for you.").saysNot("Use the school’s again")
	path := s.asks(b, "leo@new.example")
	for range 2 {
		b.get(path).is(http.StatusOK).says("will go to l…@new.example.").has(`<form method="post" action="` + path + `">`)
	}
	b.post(path, nil).leadsTo("/preferences")
	b.get("/preferences").is(http.StatusOK).says("Your e-mail address is changed.", "leo@new.example", "Your school has leo@example.org.")
	if m := <-s.moves; m.Kind != identity.AddressLeft || m.To != "leo@example.org" {
		t.Errorf("the address before is told %+v", m)
	}
	b.get(path).is(http.StatusNotFound).says("A link to change an address works once, and for an hour.")

	b.post("/preferences/address/roster", nil).leadsTo("/preferences")
	b.get("/preferences").is(http.StatusOK).says("Your e-mail address is changed.", "Your school has this address for you.")
}

func TestTheLinkMayBeOpenedWhereNobodyIsSignedIn(t *testing.T) {
	s := open(t)
	path := s.asks(s.as(leo), "leo@new.example")
	if err := s.store.SavePreferences(t.Context(), s.district, s.id(leo), identity.Preferences{Language: "es"}); err != nil {
		t.Fatal(err)
	}
	other := s.browser().with("Accept-Language", "en")
	other.get(path).is(http.StatusOK).has(`<html lang="es"`)
	other.post(path, nil).is(http.StatusOK).says("Su dirección ha cambiado", "Iniciar sesión")
	if other.cookie(sessionCookie) != "" {
		t.Error("the link has signed somebody in")
	}
}

func TestWhatIsNoAddressOrTheirsAlreadyIsSaidAtItsField(t *testing.T) {
	b := open(t).as(leo)
	for typed, says := range map[string]string{
		"":                "Write your e-mail address.",
		"leo at home":     "This does not look like an e-mail address.",
		"LEO@example.org": "This is your address already.",
	} {
		a := b.post("/preferences/address", url.Values{"address": {typed}})
		if a.status < 400 || a.status > 499 {
			t.Errorf("%q: status %d", typed, a.status)
		}
		a.says("There is a problem", says).has(`<a href="#address">`, `value="`+typed+`"`)
	}
}

func TestThePageDoesNotSayWhetherAnAddressIsSomebodyElses(t *testing.T) {
	s := open(t)
	b := s.as(leo)
	for _, address := range []string{"chen@example.org", "nosy@example.org"} {
		a := b.post("/preferences/address", url.Values{"address": {address}}).is(http.StatusOK)
		if got := strings.ReplaceAll(a.text(), address, "X"); !strings.Contains(got, "A mail is on its way to X.") {
			t.Errorf("%s: %s", address, got)
		}
	}
	for range 4 {
		if m := <-s.moves; m.To == "chen@example.org" && (m.Kind != identity.AddressTaken || m.Link != "") {
			t.Errorf("its reader is told %+v", m)
		}
	}
}

func TestAnAddressIsAskedForAFewTimesOnly(t *testing.T) {
	b := open(t).as(leo)
	for range 3 {
		b.post("/preferences/address", url.Values{"address": {"leo@new.example"}}).is(http.StatusOK)
	}
	b.post("/preferences/address", url.Values{"address": {"leo@new.example"}}).is(http.StatusTooManyRequests).
		says("That was asked for too often.").has(`value="leo@new.example"`)
}

func TestAFormThatIsReloadedLeadsBackToThePreferences(t *testing.T) {
	b := open(t).as(leo)
	for _, path := range []string{"/preferences/address", "/preferences/address/roster", "/preferences/address/works"} {
		b.get(path).leadsTo("/preferences")
	}
}
