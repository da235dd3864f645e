package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
)

func TestAPageOfWhoWasSignedInBeforeWritesNothingAsWhoIsSignedInNow(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.browser()
	b.post(s.link(b, "family@example.org", "/"), nil)
	b.post("/choose", url.Values{"person": {s.id(luis).String()}})
	old := map[string]answer{"/preferences": b.get("/preferences"), "/compose": b.composing()}
	b.post("/choose", url.Values{"person": {s.id(ana).String()}})
	now := b.get(conversationPath(id))
	if now.field("reader") != s.id(ana).String() {
		t.Fatalf("the page is of %q", now.field("reader"))
	}

	for path, page := range old {
		fields := page.fields()
		if fields.Get("reader") != s.id(luis).String() {
			t.Errorf("%s is of %q", path, fields.Get("reader"))
		}
		fields.Set("language", "es")
		fields.Set("body", "I, Luis, agree.")
		b.post(path, fields).is(http.StatusConflict).says("Somebody else is signed in now", "Ana Ruiz", "I, Luis, agree.")
	}
	b.post(conversationPath(id)+"/reply", url.Values{
		"key": {uuid.NewString()}, "reader": {s.id(luis).String()}, "body": {"I, Luis, agree."},
	}).is(http.StatusConflict).says("Somebody else is signed in now", "I, Luis, agree.")
	b.get("/drafts").saysNot("I, Luis, agree.")
	b.get("/preferences").says("Preferences")
	if got := s.unread(chen); got != 0 {
		t.Errorf("%d letters were written", got)
	}

	b.put(slotOf(id), `{"body":"I, Luis, agree.","reader":["`+s.id(luis).String()+`"]}`).is(http.StatusConflict)
	b.get(conversationPath(id)).saysNot("I, Luis, agree.")

	b.post(conversationPath(id)+"/reply", url.Values{"key": {now.field("key")}, "reader": {now.field("reader")}, "body": {"Ana agrees."}}).leadsTo("/inbox")
	if got := s.unread(chen); got != 1 {
		t.Errorf("%d unread", got)
	}
}
