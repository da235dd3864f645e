package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
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

func TestWhatIsReadInOneTabIsGoneInTheOthers(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	s.letter("chen", "Lab coats", "Please bring one.", s.to("ana", "leo"))
	first, phone := s.window("ana", how{}), s.window("ana", how{width: 360, height: 700})
	second := first.tab()
	for _, w := range []*window{first, phone} {
		w.open("/inbox")
		w.unread(2)
	}
	firstStayed, phoneStayed := first.stay(), phone.stay()
	second.open("/inbox")
	second.open("/conversations/" + conversation.String())
	for _, w := range []*window{first, second, phone} {
		w.unread(1)
	}
	for _, w := range []*window{first, phone} {
		w.until("the row to be read", `(() => {
			const row = document.querySelector('[data-conversation="' + %s + '"]');
			return row.dataset.unread === "0" && row.querySelector("[data-slot=new]").hidden;
		})()`, conversation)
	}
	firstStayed()
	phoneStayed()

	second.do(back)
	second.at("/inbox")
	second.unread(1)
}

// long is a conversation of letters that fill a screen each.
func (s *school) long(n int) uuid.UUID {
	s.t.Helper()
	body := func(i int) string { return fmt.Sprintf("Letter %d.\n%s", i, strings.Repeat("And so on.\n", 25)) }
	conversation := s.letter("ortiz", "A long story", body(1), s.to("ana", "leo"))
	for i := 2; i <= n; i++ {
		s.reply("ortiz", conversation, body(i))
	}
	return conversation
}

func (s *school) hasRead(sourcedID string, conversation uuid.UUID, upTo int64) {
	s.t.Helper()
	if _, err := s.hub.MarkRead(s.t.Context(), s.actor(sourcedID), conversation, upTo); err != nil {
		s.t.Fatal(err)
	}
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

func TestAJumpOverUnreadLettersReadsOnlyWhatWasShown(t *testing.T) {
	s := open(t)
	conversation := s.long(20)
	ana := s.window("ana", how{width: 400, height: 600})
	ana.open("/inbox") // on their first page the server cannot know that scripts run
	ana.open("/conversations/" + conversation.String() + "#new")
	ana.eventually("the first letter to be read", func() bool { return s.unread("ana") < 20 })
	js[bool](ana, `(document.querySelector('[data-seq="20"]').scrollIntoView({ behavior: "instant" }), true)`)

	// A letter that comes now is seen, and what it tells of is known: had the
	// jump read anything more, it would have been told before.
	s.reply("ortiz", conversation, "The end.")
	ana.until("the last letter", `!!document.querySelector('[data-seq="21"]')`)
	ana.eventually("the number of the store", func() bool {
		n := s.unread("ana")
		return js[bool](ana, `document.querySelector("[data-unread-badge]").textContent === String(%s)`, n)
	})
	if n := s.unread("ana"); n < 15 {
		t.Errorf("only %d are unread after a jump over most of 20", n)
	}
}

func TestAHiddenTabReadsNothing(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	hidden := s.window("ana", how{})
	hidden.open("/conversations/" + conversation.String())
	hidden.unread(0)
	front := hidden.before()
	front.open("/inbox")
	hidden.until("the tab to be hidden", `document.visibilityState === "hidden"`)

	s.reply("ortiz", conversation, "Bring a lunch.")
	hidden.until("the letter", `document.body.textContent.includes("Bring a lunch.")`)
	hidden.until("the number", `document.title.startsWith("(1) ")`)
	front.unread(1)
	if n := s.unread("ana"); n != 1 {
		t.Errorf("%d unread", n)
	}
	call(hidden, page.BringToFront, struct{}{})
	hidden.unread(0)
}

// R12: where no script runs, the page that a person opened is read.
func TestWithoutScriptAPageThatIsOpenedIsRead(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{noScript: true})
	ana.open("/conversations/" + conversation.String())
	ana.unread(0)
	page, err := s.hub.Inbox(t.Context(), s.actor("ana"), hub.InboxQuery{UnreadOnly: true})
	if err != nil || len(page.Rows) != 0 {
		t.Errorf("unread: %v, %v", page.Rows, err)
	}
}
