package browsertest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

func TestAfterAnOutageAPageShowsEverythingOnceWithoutReloading(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	reading := s.window("ana", how{})
	inbox := s.window("ana", how{width: 360, height: 700})
	for w, path := range map[*window]string{reading: "/conversations/" + conversation.String(), inbox: "/inbox"} {
		w.expectsOutage()
		w.open(path)
	}
	reading.unread(0)
	stayed, inboxStayed := reading.stay(), inbox.stay()

	s.stop()
	reading.sees("Reconnecting. You can go on writing.")
	for _, body := range []string{"One.", "Two.", "Three."} {
		s.reply("ortiz", conversation, body)
	}
	s.letter("chen", "Lab coats", "Please bring one.", s.to("ana", "leo"))
	s.start()

	reading.misses("Reconnecting.")
	reading.until("every letter once and in order", `(() => {
		const seqs = [...document.querySelectorAll("[data-letters] [data-seq]")].map((l) => l.dataset.seq);
		return seqs.join() === "1,2,3,4";
	})()`)
	inbox.sees("Lab coats")
	reading.unread(1)
	inbox.unread(1)
	stayed()
	inboxStayed()
}

func TestAReplyThatCouldNotBeSentIsStoredOnceWhenTriedAgain(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.expectsOutage()
	ana.open("/conversations/" + conversation.String())
	ana.fill("Your reply", "Leo will come.")
	s.refuse(func(r *http.Request) bool { return r.Method == http.MethodPost })
	ana.click("button", "Send reply")
	ana.sees("Leo will come.", "Not sent.")
	ana.until("Try again in focus", `document.activeElement.matches("[data-retry]")`)
	ana.click("button", "Edit")
	ana.until("the text in the box", `document.activeElement.id === "body" && document.activeElement.value === "Leo will come."`)
	ana.insert(" Thanks!")
	ana.click("button", "Send reply")
	ana.sees("Not sent.")
	s.fault.Store(nil)
	ana.follow("button", "Try again")
	ana.at("/inbox")
	ana.sees("Your reply was successfully sent.")
	want := []string{"We go on Friday.", "Leo will come. Thanks!"}
	if got := s.bodies("ana", conversation); !slices.Equal(got, want) {
		t.Errorf("letters: %q", got)
	}
}

// loseAnswers does what is posted there, and cuts the connection before the
// answer, so many times.
func (s *school) loseAnswers(path string, times int32) {
	var left atomic.Int32
	left.Store(times)
	lose := fault(func(site http.Handler, _ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, path) || left.Add(-1) < 0 {
			return false
		}
		site.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})
	s.fault.Store(&lose)
}

// The server stores the letter and dies before it has said so.
func TestAReplyWhoseAnswerIsLostIsStoredOnce(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.expectsOutage()
	ana.open("/conversations/" + conversation.String())
	s.loseAnswers("/reply", 3) // the browser itself tries more than once

	ana.fill("Your reply", "Leo will come.")
	ana.follow("button", "Send reply")
	ana.at("/inbox")
	ana.sees("Your reply was successfully sent.")
	if got := s.bodies("ana", conversation); len(got) != 2 {
		t.Errorf("letters: %q", got)
	}
}

func TestALetterToSeveralFamiliesIsStoredOnceWhenItsAnswerIsLost(t *testing.T) {
	s := open(t)
	w := s.window("ortiz", how{})
	w.expectsOutage()
	w.open("/compose")
	w.fill("Name", "Ruiz")
	w.click("button", "Find Students")
	w.click("button", "Add to Recipients: Ana Ruiz, parent of Leo")
	w.sees("Added")
	w.fill("Subject", "Science fair")
	w.fill("Message", "It begins at nine.")
	s.loseAnswers("/compose", 1000)
	w.click("button", "Send")
	w.sees("Not sent. What you wrote is kept; press Send to try again.")
	s.fault.Store(nil)
	w.follow("button", "Send")
	w.at("/inbox")
	w.sees("Your message was successfully sent.")
	if n := s.unread("ana"); n != 1 {
		t.Errorf("the letter is there %d times", n)
	}
}
