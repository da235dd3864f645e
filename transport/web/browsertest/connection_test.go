package browsertest

import (
	"net/http"
	"slices"
	"testing"
)

// refuse answers such requests with 503.
func (s *school) refuse(which func(r *http.Request) bool) {
	refuse := fault(func(_ http.Handler, w http.ResponseWriter, r *http.Request) bool {
		if !which(r) {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	s.fault.Store(&refuse)
}

func TestBehindAProxyWithoutSocketsWhatIsShownIsReadAndRepliesAreSent(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	s.refuse(func(r *http.Request) bool { return r.URL.Path == "/socket" })
	ana := s.window("ana", how{})
	ana.expectsOutage()
	ana.open("/inbox") // from here on the server leaves reading to the script
	ana.unread(1)
	ana.open(at(conversation))
	ana.sees("Reconnecting.")
	ana.unread(0)
	if n := s.unread("ana"); n != 0 {
		t.Errorf("%d are unread that were shown", n)
	}
	ana.fill("Your reply", "Leo will come.")
	ana.follow("button", "Send reply")
	ana.sees("Your reply was successfully sent.")
	if got := s.bodies("ana", conversation); !slices.Equal(got, []string{"We go on Friday.", "Leo will come."}) {
		t.Errorf("letters: %q", got)
	}
}

// The socket brings back the letter, but no answer ever says that it is stored.
func TestAReplyIsNotLeftWithoutItsConfirmation(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.expectsOutage()
	ana.open(at(conversation))
	s.loseAnswers("/reply", 15) // the browser itself tries more than once
	ana.fill("Your reply", "Leo will come.")
	ana.leaving(func() {
		ana.click("button", "Send reply")
		ana.until("the letter", `document.querySelector('[data-seq="2"]').textContent.includes("Leo will come.")`)
		ana.misses("Sending…")
		s.fault.Store(nil)
	})
	ana.sees("Your reply was successfully sent.")
	if got := s.bodies("ana", conversation); len(got) != 2 {
		t.Errorf("letters: %q", got)
	}
}

func TestAReplyThatWasNotSentIsSentByItselfOnceTheServerIsBack(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.expectsOutage()
	ana.open(at(conversation))
	ana.fill("Your reply", "Leo will come.")
	s.stop()
	ana.click("button", "Send reply")
	ana.sees("Not sent.", "Reconnecting. Your reply will be sent once this page is connected again.")
	ana.until("it said", `document.querySelector("[data-announce]").textContent.includes("Not sent.")`)
	ana.leaving(s.start)
	ana.sees("Your reply was successfully sent.")
	if got := s.bodies("ana", conversation); !slices.Equal(got, []string{"We go on Friday.", "Leo will come."}) {
		t.Errorf("letters: %q", got)
	}
}

func TestAPageOpensWhereTheUnreadBeginsAndTellsOfLettersElsewhere(t *testing.T) {
	s := open(t)
	conversation := s.long(4)
	s.hasRead("ana", conversation, 2)
	ana := s.window("ana", how{width: 400, height: 600})
	ana.open("/inbox")
	ana.open(at(conversation))
	ana.until("the line at the top", `Math.abs(document.querySelector("[data-new-since]").getBoundingClientRect().top) < 100`)
	s.letter("chen", "Lab coats", "Please bring one.", s.to("ana", "leo"))
	ana.until("the letter elsewhere said", `document.querySelector("[data-announce]").textContent === "1 new message"`)
}
