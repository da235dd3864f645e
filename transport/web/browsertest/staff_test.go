package browsertest

import (
	"slices"
	"testing"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/static/words"
)

// R14, R16, R17: from the dashboard to a conversation.
func TestStaffSeeTheNumberBesideTheDashboardAndFindTheInbox(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ortiz", say.Tag)
		conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
		s.letter("ortiz", "Homework", "Page 12.", s.to("tomas", "leo"))
		s.reply("ana", conversation, "Leo will come.")
		w := s.window("ortiz", h)

		w.open("/")
		w.at("/dashboard")
		w.unread(1)
		w.until("the number in the link to the dashboard, in blue", `(() => {
			const badge = document.querySelector('a[href="/dashboard"] [data-unread-badge]');
			return badge && badge.textContent === "1" && getComputedStyle(badge).backgroundColor === "rgb(26, 86, 196)";
		})()`)

		w.follow("link", say.Say("nav_students"))
		w.follow("link", say.Say("ptm"))
		w.at("/inbox")
		w.sees(say.Say("inbox_title"), say.Say("col_subject"), say.Say("col_participants"), say.Say("col_updated"))
		w.sees(say.Say("list_comma") /* of names */, "Ana Ruiz", say.Count("js_new", 1))
		w.until("the newest first, and only the unread one bold", `(() => {
			const rows = [...document.querySelectorAll("[data-inbox] .row-title")];
			const bold = (e) => Number(getComputedStyle(e).fontWeight) >= 700;
			return rows.map((r) => r.textContent).join() === "Field trip,Homework" && bold(rows[0]) && !bold(rows[1]);
		})()`)

		w.follow("link", "Field trip")
		w.at("/conversations/" + conversation.String())
		w.sees("We go on Friday.", "Leo will come.")
		w.unread(0)
		if n := s.unread("ortiz"); n != 0 {
			t.Errorf("the store has %d unread", n)
		}
	})
}

// R18, R19, R20: from the contact search to the confirmation.
func TestStaffFindAddAndWriteToSeveralFamilies(t *testing.T) {
	eachWay(t, func(t *testing.T, h how, say *words.Language) {
		s := open(t)
		s.speaks("ortiz", say.Tag)
		w := s.window("ortiz", h)
		w.open("/inbox")
		w.follow("link", say.Say("compose"))
		w.sees(say.Say("contact_search"))
		for _, facet := range []string{"school", "grade", "course", "section", "teacher"} {
			w.sees(say.Say("facet_" + facet))
		}

		w.choose(say.Say("facet_school"), "Lincoln School")
		w.fill(say.Say("facet_name"), "Ruiz")
		w.press(say.Say("find_students"))
		w.sees(say.Count("compose_found", 1), "Leo Ruiz", "Ana Ruiz", "Tomás Ruiz")
		w.press(add(say, "Ana Ruiz", "parent_of", "Leo"))
		w.sees(say.Say("added"))
		w.press(add(say, "Tomás Ruiz", "parent_of", "Leo"))
		w.press(remove(say, "Tomás Ruiz", "parent_of", "Leo"))

		w.fill(say.Say("facet_name"), "Wong")
		w.press(say.Say("find_students"))
		w.press(add(say, "颖 Wong", "guardian_of", "Mei"))
		w.sees(say.Say("mode_together_staff"), say.Say("mode_per_family_staff"), say.Say("mode_per_guardian_staff"))
		w.until("nothing chosen beforehand", `!document.querySelector('input[name="mode"]:checked')`)

		w.fill(say.Say("compose_subject"), "Science fair")
		w.fill(say.Say("compose_body"), "It begins at nine.\nBring the posters.")
		w.expects("422")
		w.press(say.Say("send"))
		w.sees(say.Say("error_required_mode"))
		w.until("what was typed", `document.getElementById("body").value === "It begins at nine.\nBring the posters."`)
		w.click("any", say.Say("mode_per_guardian_staff"))
		if h.noScript {
			w.press(say.Say("audience_check"))
		}
		w.sees(say.Say("audience_title"), say.Count("audience_many", 2))
		w.click("any", say.Say("mode_per_family_staff"))
		if h.noScript {
			w.press(say.Say("audience_check"))
		}
		w.until("said for what is chosen", `document.querySelector(".audience .meta").textContent === `+
			"document.querySelector('input[value=\"per_family\"]:checked').parentNode.querySelector(\"strong\").textContent")

		w.follow("button", say.Say("send"))
		w.at("/inbox")
		w.sees(say.Count("said_sent", 2), "Science fair")
		w.until("the confirmation in focus", `document.activeElement.matches("[data-flash]")`)
		for _, family := range []string{"ana", "ying"} {
			page, err := s.hub.Inbox(t.Context(), s.actor(family), hub.InboxQuery{})
			if err != nil || len(page.Rows) != 1 || len(page.Rows[0].Participants) != 2 {
				t.Errorf("%s: %v, %v", family, page.Rows, err)
			}
		}
		if n := s.unread("tomas"); n != 0 {
			t.Error("a recipient who was taken out was written to")
		}
	})
}

func add(say *words.Language, name, part, student string) string {
	return say.Say("add_recipient") + ": " + personPart(say, name, part, student)
}

func remove(say *words.Language, name, part, student string) string {
	return say.Say("remove") + ": " + personPart(say, name, part, student)
}

func personPart(say *words.Language, name, part, student string) string {
	return say.Say("person_part", "name", name, "part", say.Say("part_"+part, "students", student))
}

// R25: a seal takes the reply box away from pages that are open, and keeps what
// was being written.
func TestASealTakesTheReplyBoxFromOpenPages(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.open("/conversations/" + conversation.String())
	stayed := ana.stay()
	ana.fill("Your reply", "Can we bring")

	ortiz := s.window("ortiz", how{})
	ortiz.open("/conversations/" + conversation.String())
	ortiz.click("button", "More")
	ortiz.follow("link", "Seal this conversation")
	ortiz.fill("Reason", "The trip is over.")
	ortiz.follow("button", "Seal")
	ortiz.sees("The trip is over.", "Continue in a new conversation")

	ana.sees("This conversation is sealed", "The trip is over.", "Can we bring")
	ana.until("no reply box", `!document.querySelector("[data-reply]")`)
	stayed()
	if got := s.bodies("ana", conversation); !slices.Equal(got, []string{"We go on Friday."}) {
		t.Errorf("letters: %q", got)
	}

	ortiz.follow("link", "Continue in a new conversation")
	ortiz.sees("This goes on from a sealed conversation", "Ana Ruiz")
}
