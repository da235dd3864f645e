package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/transport/mail"
)

func (s *school) unsubscribeLink(name string) string {
	return unsubscribePath + mail.UnsubscribeToken(linkSecret, s.district, s.id(name))
}

func (s *school) wants(name string) identity.MailChoice {
	s.t.Helper()
	p, err := s.store.Preferences(s.t.Context(), s.district, s.id(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Mail
}

func TestMailsEndByTheButtonAndNotByTheLink(t *testing.T) {
	s := open(t)
	her, b, path := s.as(ana), s.browser(), s.unsubscribeLink(ana)
	b.get(path).is(http.StatusOK).says("No more e-mails?", "Lincoln District").saysNot("Ana", "family@example.org").
		has(`<form method="post" action="` + path + `">`)
	if s.wants(ana) != identity.MailOn {
		t.Fatal("looking has ended the mails")
	}
	b.post(path, nil).is(http.StatusOK).says("You get no more e-mails", "To get them again, or one a day, sign in").saysNot("Ana")
	if s.wants(ana) != identity.MailOff || s.wants(luis) != identity.MailOn {
		t.Errorf("she wants %q, and who shares her address %q", s.wants(ana), s.wants(luis))
	}
	b.post(path, nil).is(http.StatusOK) // whoever presses twice
	her.get("/preferences").says("You get no e-mails about unread messages.")
}

func TestAPageBehindAMailIsInTheLanguageOfItsReader(t *testing.T) {
	s := open(t)
	path := s.unsubscribeLink(ana)
	s.browser().with("Accept-Language", "en").get(path).says("No more e-mails?")
	if err := s.store.SavePreferences(t.Context(), s.district, s.id(ana), identity.Preferences{Language: "es"}); err != nil {
		t.Fatal(err)
	}
	b := s.browser().with("Accept-Language", "en")
	b.get(path).says("¿No recibir más correos?")
	b.post(path, nil).says("Ya no se le envían correos")
}

// RFC 8058: the provider of the reader's mail sends it for them.
func TestMailsEndByOneClickFromAnywhere(t *testing.T) {
	s := open(t)
	for _, origin := range []string{"", "https://mail.example", "null"} {
		b := s.browser()
		if origin != "" {
			b = b.with("Origin", origin).with("Sec-Fetch-Site", "cross-site")
		}
		path := s.unsubscribeLink(luis)
		b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click")).is(http.StatusOK)
		part := "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
		b.do(http.MethodPost, path, "multipart/form-data; boundary=x", strings.NewReader(part)).is(http.StatusOK)
	}
	if s.wants(luis) != identity.MailOff {
		t.Errorf("he wants %q", s.wants(luis))
	}
	// Everything else is still kept from other sites.
	s.as(ana).with("Origin", "https://mail.example").post("/preferences", url.Values{"mail": {"off"}}).is(http.StatusForbidden)
}

func TestALinkThatIsNotOursEndsNothing(t *testing.T) {
	s := open(t)
	b, path := s.browser(), s.unsubscribeLink(ana)
	foreign := unsubscribePath + mail.UnsubscribeToken([]byte("another secret of another school"), s.district, s.id(ana))
	elsewhere := unsubscribePath + mail.UnsubscribeToken(linkSecret, uuid.New(), s.id(ana))
	for _, wrong := range []string{path[:len(path)-1], foreign, elsewhere, unsubscribePath + "x"} {
		b.get(wrong).is(http.StatusNotFound).says("This link is not whole").saysNot("Lincoln")
		b.post(wrong, nil).is(http.StatusNotFound)
	}
	if s.wants(ana) != identity.MailOn {
		t.Errorf("she wants %q", s.wants(ana))
	}
	nobody := unsubscribePath + mail.UnsubscribeToken(linkSecret, s.district, uuid.New())
	b.post(nobody, nil).is(http.StatusOK).says("You get no more e-mails")
}
