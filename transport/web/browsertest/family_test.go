package browsertest

import (
	"slices"
	"testing"

	"github.com/homeline/homeline/static/words"
)

// R13, R17, R21: from the tab to the reply and back.
func TestFamiliesReadAndReply(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ana", say.Tag)
		conversation := s.letter("ortiz", "Field trip", "See https://museum.example/hours.\nWe go on Friday.", s.to("ana", "leo"))
		w := s.window("ana", h)
		w.open("/")
		w.at("/inbox")
		w.unread(1)
		w.until("the number in the tab", `document.querySelector('nav a[href="/inbox"] [data-unread-badge]').textContent === "1"`)
		w.sees(say.Say("nav_messages"))

		w.follow("link", "Field trip")
		w.sees("We go on Friday.", say.Count("reply_readers", 1, "names", "Marta Ortiz"))
		w.until("the link in the letter", `document.querySelector(".letter-body a").href === "https://museum.example/hours"`)
		w.unread(0)

		w.fill(say.Say("reply_label"), "Leo will come.\nThank you!")
		w.follow("button", say.Say("reply_send"))
		w.at("/inbox")
		w.sees(say.Say("said_reply"))
		w.until("the confirmation in focus", `document.activeElement.matches("[data-flash]")`)
		want := []string{"See https://museum.example/hours.\nWe go on Friday.", "Leo will come.\nThank you!"}
		if got := s.bodies("ana", conversation); !slices.Equal(got, want) {
			t.Errorf("letters: %q", got)
		}
		if n := s.unread("ortiz"); n != 1 {
			t.Errorf("the teacher has %d unread", n)
		}
		w.reload()
		w.misses(say.Say("said_reply"))
	})
}

// R22, R4: families write to the current teachers of their students, and to
// nobody else.
func TestFamiliesWriteToCurrentTeachersOnly(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ana", say.Tag)
		w := s.window("ana", h)
		w.open("/inbox")
		w.follow("link", say.Say("compose"))
		w.sees(say.Say("teachers_of", "student", "Leo"), "Marta Ortiz", "Wei Chen", "Biology")
		w.misses("Ruth Grant")

		w.expects("422")
		w.fill(say.Say("compose_subject"), "Absent tomorrow")
		w.press(say.Say("send"))
		w.sees(say.Say("error_required_recipients"), say.Say("error_required_body"))
		w.until("the title to say so", `document.title.startsWith(%s)`, say.Say("title_error"))
		w.until("the summary in focus", `document.activeElement.matches("[data-errors]")`)

		w.click("link", say.Say("error_required_body"))
		w.until("the field that the summary leads to", `document.activeElement.id === "body"`)

		w.click("any", "Wei Chen")
		w.fill(say.Say("compose_body"), "Leo has a cold.")
		w.follow("button", say.Say("send"))
		w.at("/inbox")
		w.sees(say.Count("said_sent", 1), "Absent tomorrow")
		if n, m := s.unread("chen"), s.unread("ortiz"); n != 1 || m != 0 {
			t.Errorf("unread: Chen %d, Ortiz %d", n, m)
		}
	})
}
