package browsertest

import (
	"regexp"
	"testing"
)

var inMail = regexp.MustCompile(`http://[^\s]+/sign-in/[A-Za-z0-9_-]+`)

// signInLink asks for a link and takes it from the mail: its path.
func (s *school) signInLink(address string) string {
	s.t.Helper()
	if err := s.identity.RequestLink(s.t.Context(), address, "/", "127.0.0.1"); err != nil {
		s.t.Fatal(err)
	}
	return s.mailedLink(address)
}

func (s *school) mailedLink(address string) string {
	s.t.Helper()
	return s.mailed(address, inMail)
}

func TestOneSignsInByMailAndSeesTheNumberAtOnce(t *testing.T) {
	for _, h := range []how{{}, {noScript: true}} {
		s := open(t)
		s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
		w := s.window("", h)
		w.open("/inbox")
		w.at("/sign-in")
		w.fill("E-mail address", "ana@home.example")
		w.follow("button", "Send me a link")
		w.sees("If ana@home.example is known to your school")
		w.open(s.mailedLink("ana@home.example"))
		w.follow("button", "Sign in")
		w.sees("In which language?")
		w.follow("button", "Español")
		w.at("/inbox")
		w.unread(1)
		w.sees("Mensajes", "Field trip")
	}
}

func TestSigningOutEverywhereTellsOpenPages(t *testing.T) {
	s := open(t)
	s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	phone, desk := s.window("ana", how{width: 360, height: 700}), s.window("ana", how{})
	phone.open("/inbox")
	desk.open("/preferences")
	desk.follow("button", "Sign out on all devices")
	phone.sees("You are signed out.")
	phone.open("/inbox")
	phone.at("/sign-in")
}
