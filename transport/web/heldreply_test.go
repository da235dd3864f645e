package web

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
)

// heldSecret is of a link to no held reply.
var heldSecret = strings.Repeat("a", 43)

// takingReplies has a school take replies by e-mail.
func takingReplies(s *school, o *Options) {
	replies, err := replymail.New(s.store.(replymail.Store), s.hub, nil, replymail.Options{
		Addresses: replymail.Addresses{Secret: linkSecret, Domain: "reply.school.example"}, Now: s.clock.Now,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	o.Replies = replies
}

// holds keeps a reply of Ana's, and is the path of its page.
func (s *school) holds(conversation uuid.UUID, text string) string {
	s.t.Helper()
	key := uuid.New()
	known, err := s.store.(replymail.Store).Addresses(s.t.Context(), s.district, []uuid.UUID{s.id(ana)})
	if err != nil || len(known) != 1 {
		s.t.Fatal(known, err)
	}
	replies := replymail.Service{Options: replymail.Options{Addresses: replymail.Addresses{Secret: linkSecret}}}
	secret := replies.HeldSecret(s.district, key, roster.ComparableAddress(known[0].Email))
	h := replymail.HeldReply{
		District: s.district, Key: key, Hash: sha256.Sum256([]byte(secret)), Person: s.id(ana), Conversation: conversation,
		From: "ana@elsewhere.example", Text: text, ExpiresAt: s.clock.Now().Add(replymail.HeldLife),
	}
	if _, err := s.store.(replymail.Store).Hold(s.t.Context(), h, 1); err != nil {
		s.t.Fatal(err)
	}
	return replymail.HeldPath + secret
}

func TestAHeldReplyIsSentByTheButtonAndNotByTheLink(t *testing.T) {
	s := open(t, takingReplies)
	conversation := s.letter("The trip", "May Leo come?")
	path := s.holds(conversation, "Yes, <he> may.\nAna")
	before := s.unread(chen)
	b := s.browser()
	b.get(path).is(http.StatusOK).says("Is this reply yours?", "ana@elsewhere.example", "Yes, <he> may.").
		saysNot("The trip", "Leo come").has(`<form method="post" action="` + path + `">`)
	if s.unread(chen) != before {
		t.Fatal("looking has sent it")
	}
	b.post(path, nil).is(http.StatusOK).says("Your reply was successfully sent.").has(`href="/conversations/` + conversation.String() + `"`)
	b.post(path, nil).is(http.StatusOK)                                                       // whoever presses twice
	b.get(path).is(http.StatusOK).says("Your reply was successfully sent.").saysNot("he may") // what is sent is in the conversation
	if s.unread(chen) != before+1 {
		t.Errorf("he has %d unread, and had %d", s.unread(chen), before)
	}
	s.as(chen).get("/conversations/" + conversation.String()).says("Yes, <he> may.")
}

func TestAHeldReplyThatCannotBeSentSaysWhy(t *testing.T) {
	s := open(t, takingReplies)
	conversation := s.letter("The trip", "May Leo come?")
	path := s.holds(conversation, "Yes.")
	if _, err := s.hub.Seal(t.Context(), s.actor(chen), conversation, "done"); err != nil {
		t.Fatal(err)
	}
	s.browser().post(path, nil).is(http.StatusConflict).says("This conversation was sealed meanwhile.", "Yes.")
}

func TestAHeldReplyIsForgottenAndThenThePageSaysWhatToDo(t *testing.T) {
	s := open(t, takingReplies)
	path := s.holds(s.letter("The trip", "May Leo come?"), "Yes.")
	b := s.browser()
	b.get(replymail.HeldPath + "x").is(http.StatusNotFound).says("This reply is no longer here")
	s.clock.advance(replymail.HeldLife)
	b.get(path).is(http.StatusNotFound).says("waits three days")
	b.post(path, nil).is(http.StatusNotFound)
}

func TestAHeldReplyIsSentFromItsOwnPageAlone(t *testing.T) {
	s := open(t, takingReplies)
	path := s.holds(s.letter("The trip", "May Leo come?"), "Yes.")
	s.browser().with("Origin", "https://mail.example").with("Sec-Fetch-Site", "cross-site").post(path, nil).is(http.StatusForbidden)
}

func TestWhereNoRepliesAreTakenThereIsNoSuchPage(t *testing.T) {
	s := open(t)
	s.browser().get(replymail.HeldPath + heldSecret).is(http.StatusNotFound).says("There is no such page")
}

func TestTheHeldReplySpeaksSpanish(t *testing.T) {
	s := open(t, takingReplies)
	path := s.holds(s.letter("The trip", "May Leo come?"), "Sí.")
	s.browser().with("Accept-Language", "es").get(path).is(http.StatusOK).says("¿Es suya esta respuesta?", "Enviar la respuesta")
}
