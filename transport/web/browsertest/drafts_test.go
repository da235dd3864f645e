package browsertest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/homeline/homeline/static/words"
)

const boxHolds = `document.getElementById("body").value === %s`

func TestADraftSurvivesEscReloadAndCrash(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	path, slot := "/conversations/"+conversation.String(), "reply:"+conversation.String()
	ana := s.window("ana", how{})
	ana.open(path)
	ana.fill("Your reply", "Leo will")
	ana.keys(kb.Escape)
	ana.until("the text after Esc", boxHolds, "Leo will")
	ana.eventually("the draft on the server", func() bool { return strings.Contains(s.draft("ana", slot), "Leo will") })
	ana.until("nothing left here", `Object.keys(localStorage).length === 0`)
	ana.reload()
	ana.until("the text after a reload", boxHolds, "Leo will")

	phone := s.window("ana", how{width: 360, height: 700})
	phone.open(path)
	phone.until("the text elsewhere", boxHolds, "Leo will")
	phone.fill("Your reply", "Leo will come.")
	phone.follow("button", "Send reply")
	phone.at("/inbox")
	if d := s.draft("ana", slot); d != "" {
		t.Errorf("the draft of a letter that is stored: %s", d)
	}
	phone.until("nothing left here", `Object.keys(localStorage).length === 0`)
}

func TestADraftThatNeverReachedTheServerIsStillHere(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.expectsOutage()
	ana.open("/conversations/" + conversation.String())
	s.refuse(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/drafts/") })
	ana.fill("Your reply", "Leo will")
	ana.until("it kept here", `Object.keys(localStorage).length === 1`)
	ana.reload()
	ana.until("the text", boxHolds, "Leo will")

	s.fault.Store(nil)
	ana.eventually("the draft on the server", func() bool {
		return strings.Contains(s.draft("ana", "reply:"+conversation.String()), "Leo will")
	})
}

func TestSigningOutLeavesNothingInTheBrowser(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.open("/conversations/" + conversation.String())
	js[bool](ana, `(localStorage.setItem("homeline:draft:" + document.documentElement.dataset.person + ":compose", "{}"), true)`)
	ana.click("button", "Ana Ruiz")
	ana.follow("button", "Sign out")
	ana.sees("You are signed out")
	ana.until("nothing left", `Object.keys(localStorage).length === 0`)
	ana.open("/inbox")
	ana.at("/sign-in")
}

// What is composed is kept with its recipients, whichever button was pressed.
func TestAComposedLetterIsKeptWithItsRecipients(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ortiz", say.Tag)
		w := s.window("ortiz", h)
		w.open("/compose")
		w.fill(say.Say("compose_subject"), "Science fair")
		w.fill(say.Say("compose_body"), "It begins at nine.")
		w.fill(say.Say("facet_name"), "Ruiz")
		w.press(say.Say("find_students"))
		w.press(add(say, "Ana Ruiz", "parent_of", "Leo"))
		w.sees(say.Say("added"))
		w.reload()
		w.until("the letter", boxHolds, "It begins at nine.")
		w.until("the subject", `document.getElementById("subject").value === "Science fair"`)
		w.sees("Ana Ruiz", say.Say("remove"))
	})
}

// An answer that comes after the sign-in has ended keeps the text.
func TestWhatIsSentAfterTheSignInHasEndedIsThereOnceSignedIn(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.expects("401", "403")
	ana.open("/conversations/" + conversation.String())
	session, err := s.identity.Authenticate(t.Context(), ana.token)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.identity.SignOut(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	ana.sees("You are signed out. Sign in again to go on; what you wrote is kept.")
	ana.until("the way to sign in", `document.querySelector("[data-offline] a").search === "?next=" + encodeURIComponent(location.pathname)`)
	ana.fill("Your reply", "Leo will come.")
	ana.follow("button", "Send reply")
	ana.sees("Please sign in again", "Leo will come.")
	ana.signIn("ana")
	ana.follow("button", "I have signed in: go on")
	ana.at("/conversations/")
	ana.until("the text", boxHolds, "Leo will come.")
}
