package browsertest

import (
	"net/http"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// withoutSocket is a window behind a proxy that lets no socket through.
func (s *school) withoutSocket(sourcedID string) *window {
	s.t.Helper()
	w := s.window(sourcedID, how{})
	w.expectsOutage()
	call(w, network.Enable, network.EnableParams{})
	call(w, network.SetBlockedURLs, network.SetBlockedURLsParams{
		URLPatterns: []*network.BlockPattern{{URLPattern: "ws://*:*/*", Block: true}},
	})
	return w
}

func TestBehindAProxyWithoutSocketsWhatIsShownIsReadAndRepliesAreSent(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.withoutSocket("ana")
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

// refusePosts answers everything that is posted with 503.
func (s *school) refusePosts() {
	refuse := fault(func(_ http.Handler, w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	s.fault.Store(&refuse)
}
