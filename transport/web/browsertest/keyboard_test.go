package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tabTo presses Tab until what has the focus is called so. On its way the focus
// is always to be seen.
func (w *window) tabTo(text string) {
	w.t.Helper()
	for range 60 {
		w.keys(kb.Tab)
		at := js[struct {
			Name string
			Seen bool
		}](w, `(() => {
			const e = document.activeElement;
			const plain = (s) => (s || "").replace(/\s+/g, " ").trim();
			const outlined = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
			const marked = (x) => [null, "::before", "::after"].some((part) => outlined(getComputedStyle(x, part)));
			return {
				Name: plain(e.labels && e.labels.length ? e.labels[0].textContent : e.textContent || e.value),
				Seen: e === document.body || marked(e) || (e.closest("tr, label") ? marked(e.closest("tr, label")) : false),
			};
		})()`)
		if !at.Seen {
			w.t.Errorf("the focus on %q is not to be seen", at.Name)
		}
		if len(at.Name) >= len(text) && at.Name[:len(text)] == text {
			return
		}
	}
	w.t.Fatalf("Tab does not lead to %q\n%s", text, w.describe())
}

func TestStaffComposeAndReplyByKeyboardAlone(t *testing.T) {
	s := open(t)
	w := s.window("ortiz", how{})
	w.open("/inbox")
	w.tabTo("Skip to the content")
	w.tabTo("Compose")
	w.leaving(func() { w.keys(kb.Enter) })
	w.tabTo("Name")
	w.insert("Ruiz")
	w.keys(kb.Enter)
	w.sees("1 student found")
	w.until("the focus where it was", `document.activeElement.name === "name"`)
	w.tabTo("Add to Recipients: Ana Ruiz")
	w.keys(" ")
	w.sees("Added")
	w.until("the focus near where it was", `document.activeElement !== document.body`)
	w.tabTo("Subject")
	w.insert("Science fair")
	w.tabTo("Message")
	w.insert("It begins at nine.")
	w.keys(kb.Enter)
	w.insert("Bring the posters.")
	w.leaving(func() { w.keys(kb.Enter, chromedp.ModifierCtrl) })
	w.at("/inbox")
	w.sees("Your message was successfully sent.")

	w.tabTo("Science fair")
	w.leaving(func() { w.keys(kb.Enter) })
	w.tabTo("Your reply")
	w.insert("And a pen.")
	w.leaving(func() { w.keys(kb.Enter, chromedp.ModifierCtrl) })
	w.sees("Your reply was successfully sent.")
}

// An unread row has the button that marks it as well.
func TestARowOfTheInboxIsOneStopOfTheKeyboard(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	w := s.window("ana", how{width: 360, height: 700})
	w.open("/inbox")
	w.until("one link a row, over the whole of it", `(() => {
		const row = document.querySelector("[data-conversation]");
		const stops = row.querySelectorAll("a, [tabindex]");
		const r = row.getBoundingClientRect();
		const hit = document.elementFromPoint(r.left + 60, r.bottom - 8);
		return stops.length === 1 && r.height >= 64 && (hit === stops[0] || stops[0].contains(hit));
	})()`)
	w.tabTo("Field trip")
	w.keys(kb.Tab)
	w.until("the button of the unread row", `document.activeElement.textContent === "Mark as read: Field trip"`)
	s.hasRead("ana", conversation, 1)
	w.until("no other stop in the row once it is read", `[...document.querySelectorAll("[data-conversation] button")].every((b) => b.getClientRects().length === 0)`)
}
