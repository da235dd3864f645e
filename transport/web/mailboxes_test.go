package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

func (s *school) mark(email string, state notify.AddressState) {
	s.t.Helper()
	if err := s.store.MarkAddress(s.t.Context(), s.district, email, state, s.clock.Now()); err != nil {
		s.t.Fatal(err)
	}
}

func TestStaffReadInAConversationWhoGetsNoMail(t *testing.T) {
	s := open(t)
	snapshot := lincoln()
	for i, p := range snapshot.People {
		if p.SourcedID == leo {
			snapshot.People[i].Email = ""
		}
	}
	s.deliver(snapshot)
	page := conversationPath(s.letter("Trip", "On Friday."))
	s.as(chen).get(page).says("Leo Ruiz has no e-mail address.").saysNot("bounce", "spam")
	s.mark("family@example.org", notify.AddressBounced)
	s.as(chen).get(page).says("Ana Ruiz’s e-mail bounces.")
	s.mark("family@example.org", notify.AddressComplained)
	s.as(chen).get(page).says("Ana Ruiz gets no e-mails: one was reported as spam.")
	s.as(leo).get(page).is(http.StatusOK).saysNot("no e-mail", "spam", "bounce")
}

func TestWhoIsInAConversationAsFamilyDoesNotReadWhoGetsNoMail(t *testing.T) {
	s := open(t)
	s.mark("chen@example.org", notify.AddressBounced)
	started, err := s.hub.Start(t.Context(), s.actor(chen), hub.StartRequest{
		Key: uuid.New(), Side: roster.AsWorker, Subject: "Max", Body: "He is late.", Recipients: []roster.Recipient{s.about(okafor, max_)},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.as(okafor).get(conversationPath(started.Receipts[0].Conversation)).is(http.StatusOK).saysNot("bounces")
}

func TestWhoseAddressFailsReadsItUntilItWorksAgain(t *testing.T) {
	s := open(t)
	page := conversationPath(s.letter("Trip", "On Friday."))
	b := s.as(ana)
	for _, c := range []struct {
		state         notify.AddressState
		words, button string
	}{
		{notify.AddressBounced, "Our e-mails to family@example.org come back: they do not reach you.", "It works again"},
		{notify.AddressComplained, "An e-mail to family@example.org was reported as spam", "Send e-mails again"},
	} {
		s.mark("family@example.org", c.state)
		for _, path := range []string{"/inbox", "/inbox?unread=1", page} {
			b.get(path).is(http.StatusOK).says(c.words, c.button, "Change the address").has(`href="/preferences#address"`)
		}
		b.get("/preferences").says(c.words, "You get no e-mails at the moment")
		b.post("/preferences/address/works", url.Values{"next": {"/inbox"}}).leadsTo("/inbox")
		b.get("/inbox").says("We send e-mails to your address again.").saysNot(c.words)
	}
	s.mark("chen@example.org", notify.AddressBounced)
	s.as(chen).get("/dashboard").says("Our e-mails to chen@example.org come back")
}

func TestWhoWantsNoMailIsNotToldOfAComplaint(t *testing.T) {
	s := open(t)
	b := s.as(ana)
	b.post("/preferences", url.Values{"mail": {"off"}}).leadsTo("/preferences")
	s.mark("family@example.org", notify.AddressComplained)
	b.get("/inbox").saysNot("spam")
	s.mark("family@example.org", notify.AddressBounced) // links to sign in would not come either
	b.get("/inbox").says("come back")
}

func TestThatAnAddressWorksIsBelievedAFewTimesADay(t *testing.T) {
	s := open(t)
	b := s.as(ana)
	for range 3 {
		s.mark("family@example.org", notify.AddressBounced)
		b.post("/preferences/address/works", nil).leadsTo("/preferences")
	}
	b.post("/preferences/address/works", nil).is(http.StatusTooManyRequests)
}

func TestWhoHasNoAddressIsToldSoInThePreferences(t *testing.T) {
	s := open(t)
	snapshot := lincoln()
	for i, p := range snapshot.People {
		if p.SourcedID == leo {
			snapshot.People[i].Email = ""
		}
	}
	s.deliver(snapshot)
	s.as(leo).get("/preferences").says("You get no e-mails: no address of yours is known here.", "No address of yours is known here.")
}
