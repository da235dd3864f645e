package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/homeline/homeline/static/words"
)

func TestARowOrAllIsMarkedAsReadOnAllTabsAndDevices(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ana", say.Tag)
		trip := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
		s.letter("chen", "Lab coats", "Please bring one.", s.to("ana", "leo"))
		s.letter("chen", "Books", "Please bring one.", s.to("ana", "leo"))
		w, phone := s.window("ana", h), s.window("ana", how{width: 360, height: 700})
		w.open("/inbox")
		phone.open("/inbox")
		phone.unread(3)
		stayed := phone.stay()

		w.press(say.Say("mark_read") + ": Field trip")
		w.sees(say.Count("js_unread", 2))
		for _, page := range []*window{w, phone} {
			page.unread(2)
			page.until("the row to be read", `document.querySelector('[data-conversation="' + %s + '"]').dataset.unread === "0"`, trip)
			page.until("no button at the row", `document.querySelector('[data-conversation="' + %s + '"] [data-mark]').hidden`, trip)
		}
		if h.noScript {
			w.sees(say.Say("said_marked"))
		} else {
			w.until("the focus to be on the row", `document.activeElement.textContent.includes("Field trip")`)
		}

		// The button comes back with what arrives, and marks that too.
		s.reply("ortiz", trip, "Bring a coat.")
		phone.unread(3)
		phone.until("the button at the row", `!document.querySelector('[data-conversation="' + %s + '"] [data-mark]').hidden`, trip)
		phone.click("button", say.Say("mark_all_read"))
		for _, page := range []*window{phone} {
			page.unread(0)
			page.sees(say.Say("all_read"))
		}
		stayed()
		if h.noScript {
			w.reload()
		}
		w.unread(0)
		w.sees(say.Say("all_read"))
		w.misses(say.Say("mark_all_read"))
		if n := s.unread("ana"); n != 0 {
			t.Errorf("%d unread", n)
		}
	})
}

func TestWhoJumpsOverUnreadMessagesIsToldHowManyAreAboveAndMarksThem(t *testing.T) {
	s := open(t)
	conversation := s.long(15)
	path := "/conversations/" + conversation.String()
	ana, elsewhere := s.window("ana", how{width: 400, height: 600}), s.window("ana", how{})
	elsewhere.open("/inbox")
	ana.open("/inbox")
	ana.open(path + "#new")
	ana.eventually("the first message to be read", func() bool { return s.unread("ana") < 15 })
	js[bool](ana, `(document.getElementById("body").focus(), true)`)
	above := func() {
		ana.t.Helper()
		ana.until("the number above the reply box", `(() => {
			const line = document.querySelector("[data-unread-here]");
			return !line.hidden && line.textContent.includes(%s) && line.getBoundingClientRect().bottom <= document.getElementById("reply").getBoundingClientRect().top;
		})()`, tongue(t, "en").Count("js_unread_above", s.unread("ana")))
	}
	above()
	before := s.unread("ana")
	ana.click("link", "Show them")
	ana.eventually("the next message to be read", func() bool { return s.unread("ana") < before })
	js[bool](ana, `(document.getElementById("body").focus(), true)`)
	above()

	ana.click("button", "Mark as read")
	ana.unread(0)
	ana.until("no line", `document.querySelector("[data-unread-here]").hidden`)
	ana.until("the focus before the reply box", `document.activeElement.id === "reply"`)
	ana.keys(kb.Tab)
	ana.until("the focus in the reply box", `document.activeElement.id === "body"`)
	elsewhere.unread(0)
	elsewhere.sees("You have read everything.")

	ana.fill("Your reply", "Thank you, all read.")
	ana.follow("button", "Send reply")
	ana.at("/inbox")
	ana.unread(0)
}

// What is marked in the inbox is read on an open page of the conversation too.
func TestAllMarkedElsewhereIsReadOnTheOpenPage(t *testing.T) {
	s := open(t)
	conversation := s.long(15)
	ana, elsewhere := s.window("ana", how{width: 400, height: 600}), s.window("ana", how{})
	elsewhere.open("/inbox")
	ana.open("/inbox")
	ana.open("/conversations/" + conversation.String())
	ana.until("the line", `!document.querySelector("[data-unread-here]").hidden`)
	elsewhere.click("button", "Mark all as read")
	elsewhere.unread(0)
	ana.unread(0)
	ana.until("no line", `document.querySelector("[data-unread-here]").hidden`)
}

func TestWithoutScriptWhatIsAboveIsShownOrMarked(t *testing.T) {
	s := open(t)
	conversation := s.long(60)
	path := "/conversations/" + conversation.String()
	ana := s.window("ana", how{noScript: true})
	ana.open(path + "?before=61")
	ana.sees("60 messages above are unread.")
	ana.follow("link", "Show them")
	ana.sees("13 messages in this conversation are unread.")
	ana.follow("button", "Mark as read")
	ana.sees("Marked as read.")
	ana.unread(0)
	if n := s.unread("ana"); n != 0 {
		t.Errorf("%d unread", n)
	}
}
