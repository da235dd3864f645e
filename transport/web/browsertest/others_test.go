package browsertest

import (
	"slices"
	"testing"
)

func TestAReplyIsNotSentAsWhoSignedInSinceInAnotherWindow(t *testing.T) {
	s := open(t)
	id := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"), s.to("tomas", "leo"))
	page := "/conversations/" + id.String()
	w := s.window("ana", how{})
	w.expects("409")
	w.open(page)
	w.fill("Your reply", "I, Ana, agree.")
	tab := w.tab()
	tab.signIn("tomas")
	tab.open("/inbox")
	w.click("button", "Send reply")
	w.sees("Somebody else is signed in now")
	w.until("what was written stays", `document.querySelector("#body").value === "I, Ana, agree."`)
	if got := s.bodies("ortiz", id); slices.Contains(got, "I, Ana, agree.") {
		t.Errorf("it was sent: %q", got)
	}
	w.open(page)
	w.sees("Tomás")
}
