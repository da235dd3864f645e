package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/static/words"
)

// messages returns what is stored in a conversation.
func (s *school) messages(person string, conversation uuid.UUID) []hub.Message {
	s.t.Helper()
	all, err := s.hub.Messages(s.t.Context(), s.actor(person), conversation, hub.Range{})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// stored fails the test unless the conversation has so many messages.
func (s *school) stored(person string, conversation uuid.UUID, want int) {
	s.t.Helper()
	if got := s.messages(person, conversation); len(got) != want {
		s.t.Errorf("%d messages are stored, want %d: %+v", len(got), want, got)
	}
}

// backTo goes to the page before, which the browser may have kept as it was.
func (w *window) backTo(path string) {
	w.t.Helper()
	js[bool](w, `(history.back(), true)`)
	w.at(path)
	w.ready()
}

func TestASentReplyDoesNotComeBackIntoItsBox(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ana", say.Tag)
		conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
		w := s.window("ana", h)
		w.open("/inbox")
		w.follow("link", "Field trip")
		w.fill(say.Say("reply_label"), "Leo will come.")
		w.follow("button", say.Say("reply_send"))
		w.sees(say.Say("said_reply"))

		w.backTo("/conversations/" + conversation.String())
		w.until("an empty box", boxHolds, "")
		w.reload()
		w.until("an empty box after a reload", boxHolds, "")
		s.stored("ana", conversation, 2)

		// What is written now is another message.
		w.fill(say.Say("reply_label"), "Leo will come.")
		w.follow("button", say.Say("reply_send"))
		w.sees(say.Say("said_reply"))
		s.stored("ana", conversation, 3)
	})
}

// Without script only the browser keeps what is half written.
func TestWithoutScriptAHalfWrittenReplyIsThereAfterGoingBack(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	w := s.window("ana", how{noScript: true})
	w.open("/conversations/" + conversation.String())
	w.fill("Your reply", "Leo will")
	w.click("link", "Inbox")
	w.at("/inbox")
	w.ready()
	w.backTo("/conversations/" + conversation.String())
	w.until("the text", boxHolds, "Leo will")
	w.click("link", "Inbox")
	w.at("/inbox")
	w.ready()
	w.signIn("ana") // a page of before is asked for anew
	w.backTo("/conversations/" + conversation.String())
	w.until("the text in the page asked for anew", boxHolds, "Leo will")
	w.follow("button", "Send reply")
	w.backTo("/conversations/" + conversation.String())
	w.until("an empty box", boxHolds, "")
	s.stored("ana", conversation, 2)
}

func TestASentMessageDoesNotComeBackIntoTheFormItWasComposedIn(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ortiz", say.Tag)
		w := s.window("ortiz", h)
		w.open("/students")
		w.follow("link", say.Say("students_write")+" Leo Ruiz")
		w.sees("Ana Ruiz")
		w.fill(say.Say("compose_subject"), "Science fair")
		w.fill(say.Say("compose_body"), "It begins at nine.")
		w.follow("button", say.Say("send"))
		w.sees(say.Count("said_sent", 1))

		w.backTo("/compose")
		w.sees(say.Say("compose_sent"))
		w.until("no form with the text", `!document.getElementById("body")`)
		w.reload()
		w.sees(say.Say("compose_sent"))
		w.follow("link", say.Say("compose_sent_open"))
		w.sees("It begins at nine.")
		s.conversations("ortiz", 1)
	})
}

func TestAFamilyThatGoesBackAfterSendingIsToldThatItWasSent(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ana", say.Tag)
		w := s.window("ana", h)
		w.open("/inbox")
		w.follow("link", say.Say("compose"))
		w.click("any", "Wei Chen")
		w.press(say.Say("audience_check"))
		w.sees(say.Say("audience_title"))
		w.fill(say.Say("compose_subject"), "Absent")
		w.fill(say.Say("compose_body"), "Leo has a cold.")
		w.follow("button", say.Say("send"))
		w.sees(say.Count("said_sent", 1))
		if h.noScript { // the page before is the answer to a press
			w.do(chromedp.Evaluate[chromedp.Void](`history.go(-2)`))
		} else {
			w.do(chromedp.Evaluate[chromedp.Void](`history.back()`))
		}
		w.at("/compose")
		w.sees(say.Say("compose_sent"))
		s.conversations("ana", 1)
	})
}

// A page that the browser has kept as it was sends what is known already.
func TestAPageOfBeforeSendsWhatWasSentOnce(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	w := s.window("ana", how{noScript: true})
	w.open("/conversations/" + conversation.String())
	old := w.tab()
	old.script = false
	call(old, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	old.open("/conversations/" + conversation.String())
	for _, page := range []*window{w, old} {
		page.fill("Your reply", "Leo will come.")
		page.follow("button", "Send reply")
		page.sees("Your reply was successfully sent.")
	}
	s.stored("ana", conversation, 2)
}

// conversations fails the test unless a user's inbox has so many.
func (s *school) conversations(person string, want int) {
	s.t.Helper()
	page, err := s.hub.Inbox(s.t.Context(), s.actor(person), hub.InboxQuery{})
	if err != nil || len(page.Rows) != want {
		s.t.Errorf("%d conversations, %v, want %d", len(page.Rows), err, want)
	}
}
