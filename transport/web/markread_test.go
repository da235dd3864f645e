package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
)

// fieldsIn are the hidden fields of the form that is posted to a path.
func (a answer) fieldsIn(action string) url.Values {
	a.t.Helper()
	form := regexp.MustCompile(`(?s)<form[^>]*action="` + regexp.QuoteMeta(action) + `".*?</form>`).FindString(a.body)
	if form == "" {
		a.t.Fatalf("no form is posted to %s:\n%s", action, a.text())
	}
	return answer{t: a.t, body: form}.fields()
}

func TestOneConversationIsMarkedAsReadInTheInbox(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	s.letter("Picnic", "All of us.")
	b := s.as(ana)
	action := conversationPath(id) + "/read"
	form := b.get("/inbox?unread=1").says("Mark as read : Trip").fieldsIn(action)
	s.replies(chen, id, "Bring a coat.") // what arrives between the page and the press is not marked
	b.post(action, form).leadsTo("/inbox?unread=1")
	b.get("/inbox").says("Marked as read.", "1 new")
	if got := s.unread(ana); got != 2 {
		t.Errorf("%d unread", got)
	}
	b.post(action, b.get("/inbox").fieldsIn(action)).leadsTo("/inbox")
	if got := s.unread(ana); got != 1 {
		t.Errorf("%d unread", got)
	}
	b.get("/inbox").has(`action="` + action + `" hidden>`)
}

func TestAllIsMarkedAsReadAndNothingThatArrivedSince(t *testing.T) {
	s := open(t)
	var all []uuid.UUID
	for n := range 60 {
		all = append(all, s.letter(fmt.Sprint("Letter ", n), "Hello."))
		s.clock.advance(time.Hour)
	}
	b := s.as(ana)
	form := b.get("/inbox").says("Mark all as read").fieldsIn("/inbox/read")
	if len(form["shown"]) != 25 || form.Get("before") == "" {
		t.Fatalf("the form is %v", form)
	}
	s.replies(chen, all[59], "One more, on the page.")
	s.replies(chen, all[0], "One more, on no page.")
	s.letter("New", "Since then.")
	b.post("/inbox/read", form).leadsTo("/inbox")
	if got := s.unread(ana); got != 3 {
		t.Errorf("%d unread", got)
	}
	b.post("/inbox/read", b.get("/inbox?unread=1").fieldsIn("/inbox/read")).leadsTo("/inbox?unread=1")
	if got := s.unread(ana); got != 0 {
		t.Errorf("%d unread", got)
	}
	b.get("/inbox").says("You have read everything.").saysNot("Mark all as read")
}

func TestAllCanBeMarkedOnlyWhereAllIsShown(t *testing.T) {
	s := open(t)
	for n := range 30 {
		s.letter(fmt.Sprint("Letter ", n), "Hello.")
		s.clock.advance(time.Hour)
	}
	b := s.as(ana)
	next := regexp.MustCompile(`href="(/inbox\?[^"]*)">Older`).FindStringSubmatch(b.get("/inbox").body)[1]
	for _, path := range []string{next, "/inbox?name=chen", "/inbox?unread=1&name=chen"} {
		b.get(path).is(http.StatusOK).says("Mark as read").saysNot("Mark all as read")
	}
}

func TestAMalformedMarkIsRefusedAndMarksNothing(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	for _, form := range []url.Values{{"up_to": {"x"}}, {"up_to": {"-1"}}, {}} {
		b.post(conversationPath(id)+"/read", form).is(http.StatusBadRequest)
	}
	for _, form := range []url.Values{{"shown": {"x"}}, {"shown": {id.String()}}, {"shown": {id.String() + ":-1"}}, {"before": {"yesterday"}}} {
		b.post("/inbox/read", form).is(http.StatusBadRequest)
	}
	tooMany := url.Values{}
	for range 101 {
		tooMany.Add("shown", id.String()+":1")
	}
	b.post("/inbox/read", tooMany).is(http.StatusUnprocessableEntity)
	s.as(luis).post(conversationPath(id)+"/read", url.Values{"up_to": {"1"}}).is(http.StatusNotFound)
	s.as(luis).post("/inbox/read", url.Values{"shown": {id.String() + ":1"}, "before": {"2100-01-01T00:00:00Z"}}).leadsTo("/")
	b.post("/inbox/read", nil).leadsTo("/")
	b.post("/inbox/read", url.Values{"next": {"https://evil.example"}}).leadsTo("/")
	if got := s.unread(ana); got != 1 {
		t.Errorf("%d unread", got)
	}
}

func TestAPageThatJumpedOverUnreadMessagesSaysHowManyAreAbove(t *testing.T) {
	s := open(t)
	id := s.letter("Long", "message 1")
	for n := 2; n <= 130; n++ {
		s.replies(chen, id, fmt.Sprintf("message %d", n))
	}
	b := s.as(ana)
	above := b.get(conversationPath(id)+"?before=131").says("130 messages above are unread.", "Show them", "Mark as read").
		has(`href="` + conversationPath(id) + `#new"`)
	b.get(conversationPath(id)).says("83 messages in this conversation are unread.")
	s.replies(chen, id, "message 131")
	b.post(conversationPath(id)+"/read", above.fieldsIn(conversationPath(id)+"/read")).leadsTo(conversationPath(id) + "#reply")
	if got := s.unread(ana); got != 1 {
		t.Errorf("%d unread", got)
	}
	b.get(conversationPath(id)).says("message 131").saysNot("unread.")
	// With script the page marks what is seen, and shows the line as long as there is more.
	s.replies(chen, id, "message 132")
	b.runsScript().get(conversationPath(id)).says("1 message above is unread.").has(`data-count="1"`)
}
