package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// expired ends the session of a browser and leaves its cookies.
func (s *school) expired(b *browser) {
	s.t.Helper()
	session, err := s.identity.Authenticate(s.t.Context(), b.cookie(sessionCookie))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.identity.SignOut(s.t.Context(), session); err != nil {
		s.t.Fatal(err)
	}
}

func TestAReplySentAfterTheSignInEndedIsThereOnceSignedIn(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(chen)
	s.expired(b)
	written := url.Values{"key": {uuid.NewString()}, "body": {"A long\nanswer & <more>"}}
	b.post(conversationPath(id)+"/reply", written).is(http.StatusUnauthorized).
		says("Your sign-in has ended. What you wrote was not sent, and is not lost.", "A long answer & <more>")

	link := s.link(b, "chen@example.org", "/")
	b.post(link, nil).leadsTo(conversationPath(id) + "#reply")
	b.get(conversationPath(id)).says("What you wrote is here. It has not been sent yet.", "A long answer & <more>").
		has(`name="key" value="` + written.Get("key") + `"`)
	if got := s.unread(ana); got != 1 {
		t.Errorf("the reply went out by itself: %d unread", got)
	}
}

func TestALetterSentAfterTheSignInEndedIsThereWithItsRecipients(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	s.expired(b)
	draft := uuid.New()
	b.post("/compose", url.Values{
		"draft": {draft.String()}, "key": {uuid.NewString()}, "subject": {"Trip"}, "body": {"On Friday."}, "to": {s.value(ana, leo)}, "do": {"send"},
	}).is(http.StatusUnauthorized)
	b.post(s.link(b, "chen@example.org", "/"), nil).leadsTo(newPath(draft))
	b.get(newPath(draft)).says("Ana Ruiz", "parent of Leo", "On Friday.").has(`value="Trip"`)
}

func TestSomebodyElseInTheSameBrowserDoesNotFindIt(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	s.expired(b)
	b.post("/compose", url.Values{"subject": {"Private"}, "body": {"Mine."}, "do": {"send"}}).is(http.StatusUnauthorized)
	b.follow(b.post(s.link(b, "okafor@example.org", "/compose"), nil))
	b.composing().saysNot("Mine.").hasNot("Private")
	b.get("/drafts").saysNot("Mine.", "Private")
}

// The page itself carries the form, so that it is not lost where the node that
// remembered it is gone.
func TestThePageOfTheSignInCarriesTheFormAlong(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(chen)
	s.expired(b)
	a := b.post(conversationPath(id)+"/reply", url.Values{"key": {uuid.NewString()}, "body": {"Not lost"}})
	a = b.post("/sign-in", a.fields()).is(http.StatusUnprocessableEntity) // no address yet
	fields := a.fields()
	fields.Set("address", "chen@example.org")
	a = b.post("/sign-in", fields).is(http.StatusOK).says("Look into your mail", "Not lost", "I have signed in: go on")
	<-s.links

	again := s.as(chen) // signed in, in a browser that kept nothing
	again.post(conversationPath(id)+"/reply", a.fields()).leadsTo(conversationPath(id) + "#reply")
	again.get(conversationPath(id)).says("Not lost")
	if got := s.unread(ana); got != 1 {
		t.Errorf("going on sent the letter: %d unread", got)
	}
}

func TestKeptFormsAreBoundedAndForgottenAfterAnHour(t *testing.T) {
	c := &clock{now: time.Unix(0, 0)}
	k := newKeptForms(c.Now)
	first := k.put(keptForm{size: keptBytes / 2})
	second := k.put(keptForm{size: keptBytes / 2})
	third := k.put(keptForm{size: 1})
	if _, ok := k.take(first); ok {
		t.Error("the oldest was not forgotten where the room ended")
	}
	if _, ok := k.take(second); !ok {
		t.Error("one that had room was forgotten")
	}
	if _, ok := k.take(second); ok {
		t.Error("a form is there twice")
	}
	c.advance(keptFor)
	if _, ok := k.take(third); ok {
		t.Error("a form is there after an hour")
	}
	for range 3 * mostKept {
		k.put(keptForm{size: 1})
	}
	if len(k.forms) > mostKept || len(k.order) > mostKept || k.bytes > mostKept {
		t.Errorf("%d forms, %d in order, %d bytes", len(k.forms), len(k.order), k.bytes)
	}
}

func TestAFormIsCarriedAlongOnlyToPagesOneWritesOn(t *testing.T) {
	b := open(t).browser()
	for _, action := range []string{"https://evil.example/compose", "/sign-out", "/conversations/x/reply", "//evil.example"} {
		a := b.post("/sign-in", url.Values{"address": {"a@b.example"}, "again": {action}, "again-body": {"x"}})
		if strings.Contains(a.body, action) {
			t.Errorf("the form would be sent to %s", action)
		}
	}
}

func TestNoDraftIsKeptForAConversationOfOthers(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	s.expired(b)
	foreign := uuid.New()
	b.post(conversationPath(foreign)+"/reply", url.Values{"body": {"Mine."}}).is(http.StatusUnauthorized)
	b.follow(b.post(s.link(b, "chen@example.org", "/"), nil))
	kept, err := s.store.Draft(t.Context(), s.district, s.id(chen), slotOf(foreign))
	if err != nil || len(kept) > 0 {
		t.Errorf("the slot of a conversation that is not Chen's holds %q, %v", kept, err)
	}
}

func TestAStrangerCannotMakeTheSignInPageRepeatALargeForm(t *testing.T) {
	s := open(t)
	large := url.Values{"body": {strings.Repeat(`"`, maxCarried)}}
	s.browser().post("/compose", large).is(http.StatusRequestEntityTooLarge)
}
