package browsertest

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestALetterAndTheNumberArriveWithoutReloading(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go to the museum on Friday.", s.to("ana", "leo"))
	older := s.letter("chen", "Lab coats", "Please bring one.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.open("/inbox")
	ana.unread(2)
	ana.sees("Field trip", "1 new", "We go to the museum on Friday.")
	stayed := ana.stay()

	s.reply("ortiz", conversation, "Bring a lunch.")
	ana.until("the letter said", `document.querySelector("[data-announce]").textContent === "1 new message"`)
	ana.unread(3)
	ana.sees("2 new", "Bring a lunch.")
	order(ana, conversation, older)

	s.reply("chen", older, "Or borrow one.")
	ana.unread(4)
	order(ana, older, conversation)

	s.letter("ortiz", "Homework", "Page 12.", s.to("ana", "leo"))
	ana.unread(5)
	ana.sees("Homework", "Page 12.")
	stayed()
}

func TestOnceMoreIsUnreadTheInboxNoLongerSaysThatAllIsRead(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.open(at(conversation))
	ana.unread(0)
	ana.open("/inbox")
	ana.sees("You have read everything.")
	s.reply("ortiz", conversation, "Bring a lunch.")
	ana.sees("1 new")
	ana.until("the sentence to go", `!document.querySelector("main").innerText.includes("You have read everything.")`)
}

// order waits until the inbox begins with these.
func order(w *window, conversations ...uuid.UUID) {
	w.t.Helper()
	w.until("the order of the inbox", `(() => {
		const rows = [...document.querySelectorAll("[data-inbox] [data-conversation]")].map((r) => r.dataset.conversation);
		return %s.every((id, i) => rows[i] === id);
	})()`, conversations)
}

func TestTwoPeopleInOneConversationSeeEachOthersLetters(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	path := "/conversations/" + conversation.String()
	ana, ortiz := s.window("ana", how{}), s.window("ortiz", how{})
	ana.open(path)
	ortiz.open(path)
	stayed := ana.stay()

	ortiz.fill("Your reply", "See https://museum.example <b>now</b>.\nBring a lunch.")
	ortiz.follow("button", "Send reply")
	ortiz.sees("Your reply was successfully sent.")

	ana.sees("<b>now</b>", "Bring a lunch.")
	ana.until("name, part, time and link of the letter", `(() => {
		const letter = document.querySelector('[data-seq="2"]');
		const slot = (name) => letter.querySelector("[data-slot=" + name + "]");
		return slot("name").textContent === "Marta Ortiz" && slot("part").textContent === "teaches Leo Algebra 1"
			&& slot("time").textContent === "just now" && /^\w{3} \d+ \w+, \d\d:\d\d$/.test(slot("exact").textContent)
			&& slot("body").querySelector("a").href === "https://museum.example/"
			&& !letter.classList.contains("letter--own");
	})()`)
	ana.until("the letter said", `document.querySelector("[data-announce]").textContent.startsWith("Marta Ortiz: See https://museum.example")`)
	ana.unread(0)
	ana.eventually("the letter to be read", func() bool { return s.unread("ana") == 0 })
	stayed()
}

func TestALetterThatArrivesDoesNotMoveWhatIsBeingRead(t *testing.T) {
	s := open(t)
	conversation := s.long(6)
	s.hasRead("ana", conversation, 6)
	ana := s.window("ana", how{width: 400, height: 600})
	ana.open("/conversations/" + conversation.String())
	js[bool](ana, `(document.querySelector('[data-seq="2"]').scrollIntoView({ behavior: "instant" }), true)`)
	place := `Math.round(document.querySelector('[data-seq="2"]').getBoundingClientRect().top)`
	was := js[float64](ana, place)

	s.reply("ortiz", conversation, "One more thing.")
	ana.sees("1 new message below")
	ana.unread(1)
	s.reply("ortiz", conversation, "And another.")
	ana.sees("2 new messages below")
	if now := js[float64](ana, place); now != was {
		t.Errorf("what is read moved from %v to %v", was, now)
	}

	ana.click("button", "2 new messages below")
	ana.until("the first of the new letters in focus", `document.activeElement.dataset.seq === "7"`)
	ana.unread(0)
	ana.until("no button", `document.querySelector("[data-below]").hidden`)
}

func TestAPageThatIsAtItsEndFollowsAndTypingStaysInPlace(t *testing.T) {
	s := open(t)
	conversation := s.long(3)
	s.hasRead("ana", conversation, 3)
	ana := s.window("ana", how{width: 400, height: 600})
	ana.open("/conversations/" + conversation.String())
	ana.fill("Your reply", "I am writ")
	js[bool](ana, `(window.scrollTo({ top: document.body.scrollHeight, behavior: "instant" }), true)`)
	place := `Math.round(document.getElementById("body").getBoundingClientRect().top)`
	was := js[float64](ana, place)

	s.reply("ortiz", conversation, "One more thing.")
	ana.sees("One more thing.")
	ana.unread(0)
	ana.until("the box in its place", `Math.abs(`+place+` - %s) <= 1`, was)
	ana.insert("ing this")
	ana.until("all that was typed", `document.getElementById("body").value === "I am writing this"`)
}

// After a long absence a page at its end does not run past what is new.
func TestAPageThatFollowsDoesNotRunPastNewLetters(t *testing.T) {
	s := open(t)
	conversation := s.long(2)
	s.hasRead("ana", conversation, 2)
	ana := s.window("ana", how{width: 400, height: 600})
	ana.expectsOutage()
	ana.open("/inbox")
	ana.open("/conversations/" + conversation.String())
	js[bool](ana, `(window.scrollTo({ top: document.body.scrollHeight, behavior: "instant" }), true)`)
	s.stop()
	for range 5 {
		s.reply("ortiz", conversation, strings.Repeat("And so on.\n", 25))
	}
	s.start()
	ana.sees("new messages below")
	ana.until("the first new letter on the screen", `(() => {
		const top = document.querySelector('[data-seq="3"]').getBoundingClientRect().top;
		return top >= -1 && top < 300;
	})()`)
	if n := s.unread("ana"); n < 3 {
		t.Errorf("%d are unread of five that nobody can have seen", n)
	}
}
