package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// LOOK: a conversation prints as a record.
func TestAConversationPrintsAsARecord(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	w := s.window("ortiz", how{})
	w.open("/conversations/" + conversation.String())
	call(w, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	w.sees("Lincoln School", "Field trip", "Ana Ruiz", "parent of Leo", "We go on Friday.")
	w.until("the exact time with its zone", `/\d+ \w+ \d{4}, \d\d:\d\d E[SD]T/.test(document.querySelector(".letter").innerText)`)
	w.until("nothing else", `![...document.querySelectorAll("header.top, form, button, nav")].some((e) => e.getClientRects().length > 0)`)
}

// A page of older letters is left as it is when one arrives; the number is not.
func TestAPageOfOlderLettersIsNotAddedTo(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Every day", "Day 1.", s.to("ana", "leo"))
	for day := 2; day <= 60; day++ {
		s.reply("ortiz", conversation, fmt.Sprintf("Day %d.", day))
	}
	s.hasRead("ana", conversation, 60)
	w := s.window("ana", how{})
	w.open("/conversations/" + conversation.String())
	w.sees("Day 60.")
	w.follow("link", "Older letters")
	w.sees("Day 1.")
	s.reply("ortiz", conversation, "Day 61.")
	w.unread(1)
	w.misses("Day 61.")
	w.open("/inbox")
	w.follow("link", "Every day")
	w.sees("Day 61.")
	w.unread(0)
}
