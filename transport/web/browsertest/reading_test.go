package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/page"

	"github.com/homeline/homeline/hub"
)

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
