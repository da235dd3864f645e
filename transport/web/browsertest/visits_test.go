package browsertest

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/static/words"
)

// visit is a page of the program in a state worth looking at.
type visit struct {
	name   string
	person string // who is signed in; "" for nobody
	path   string
	then   func(w *window)
}

// stages are all pages, by what has happened in the school when they are looked
// at, in the order in which it happens.
var stages = []func(s *school, say *words.Language) []visit{everyday, mailsAndAddresses, closedForFamilies, messagingOff}

// everyday is a school in which there is something to see.
func everyday(s *school, say *words.Language) []visit {
	long := s.letter("ortiz", "Field trip to the natural history museum, with a very long subject that has to wrap somewhere",
		"See https://museum.example/a/very/long/address/that/does/not/break/by/itself/anywhere?because=it&has=no&spaces=at&all=ok\nWe go on Friday.",
		s.to("ana", "leo"), s.to("tomas", "leo"), s.to("ying", "mei"))
	s.reply("ana", long, "Leo will come.")
	sealed := s.letter("ortiz", "Sealed", "It is over.", s.to("ana", "leo"))
	if _, err := s.hub.Seal(s.t.Context(), s.actor("ortiz"), sealed, "The trip is over."); err != nil {
		s.t.Fatal(err)
	}
	s.letter("chen", "Lab coats", "Please bring one.", s.to("ana", "leo"))
	many := s.letter("ortiz", "Picnic", "All of us.", s.to("ana", "leo"), s.to("tomas", "leo"), s.to("leo", "leo"),
		s.to("ying", "mei"), s.to("mei", "mei"), s.to("sam", "sam"), s.to("paul", "sam"), s.to("petra", "sam"))
	return slices.Concat(atTheDoor(s, say), ofStaff(say, long, sealed), ofFamilies(s, say, long, sealed), refused(say, long, sealed, many))
}

func at(conversation uuid.UUID) string { return "/conversations/" + conversation.String() }

func atTheDoor(s *school, say *words.Language) []visit {
	return []visit{
		{"sign in", "", "/sign-in", nil},
		{"look into your mail", "", "/sign-in", func(w *window) {
			w.fill(say.Say("sign_in_address"), "ana@home.example")
			w.follow("button", say.Say("sign_in_button"))
		}},
		{"a malformed address", "", "/sign-in", func(w *window) {
			w.expects("422", "400")
			w.fill(say.Say("sign_in_address"), "ana@")
			js[bool](w, `(document.forms[0].noValidate = true)`)
			w.follow("button", say.Say("sign_in_button"))
			w.sees(say.Count("problems_heading", 1))
		}},
		{"a link to sign in", "", s.signInLink("ying@home.example"), nil},
		{"a link that is gone", "", "/sign-in/nonsense", nil},
		{"language", "ying", "/welcome", nil},
		{"whose letters", "halls", s.signInLink("halls@home.example"), func(w *window) {
			w.follow("button", say.Say("link_button"))
			w.sees(say.Say("choose_title"))
		}},
		{"signed out", "mei", "/inbox", func(w *window) {
			w.click("button", "Mei")
			w.follow("button", say.Say("sign_out"))
		}},
		{"no such page", "ana", "/nowhere", nil},
	}
}

func ofStaff(say *words.Language, long, sealed uuid.UUID) []visit {
	return []visit{
		{"dashboard", "ortiz", "/dashboard", nil},
		{"dashboard of the district", "grant", "/dashboard", nil},
		{"students", "ortiz", "/students", nil},
		{"conversation, as staff", "ortiz", at(long), func(w *window) { w.click("button", say.Say("conversation_more")) }},
		{"conversation, sealed, as staff", "ortiz", at(sealed), nil},
		{"seal", "ortiz", at(long) + "/seal", nil},
		{"seal by number", "grant", "/seal", nil},
		{"compose", "ortiz", "/compose", nil},
		{"compose, found and added", "ortiz", "/compose", findAndAdd(say)},
		{"compose, with problems", "ortiz", "/compose", func(w *window) {
			w.expects("422")
			w.click("button", say.Say("send"))
			w.sees(say.Count("problems_heading", 3))
		}},
		{"compose, together or separately", "ortiz", "/compose", func(w *window) {
			findAndAdd(say)(w)
			w.fill(say.Say("facet_name"), "Wong")
			w.click("button", say.Say("find_students"))
			w.click("button", add(say, "颖 Wong", "guardian_of", "Mei"))
			w.sees(say.Say("mode_title"))
		}},
		{"compose, by Write", "ortiz", "/students", func(w *window) {
			w.follow("link", say.Say("students_write")+" Leo Ruiz")
			w.sees("Ana Ruiz", say.Count("compose_found", 1))
			w.click("button", say.Say("draft_discard"))
		}},
		{"drafts", "ortiz", "/drafts", func(w *window) { w.click("button", say.Say("draft_discard")) }},
		{"inbox, with drafts", "ortiz", "/inbox", nil},
		{"compose, already sent", "ortiz", "/compose", func(w *window) {
			findAndAdd(say)(w)
			w.fill(say.Say("compose_subject"), "Science fair")
			w.fill(say.Say("compose_body"), "It begins at nine.")
			w.follow("button", say.Say("send"))
			w.backTo("/compose")
			w.sees(say.Say("compose_sent"))
		}},
	}
}

// refused are pages on which something is wrong or over, and a long list of people.
func refused(say *words.Language, long, sealed, many uuid.UUID) []visit {
	return []visit{
		{"conversation of many", "ortiz", at(many), func(w *window) { w.click("button", say.Count("parties", 9)) }},
		{"compose, going on from a sealed one", "ortiz", "/compose?continues=" + sealed.String(), nil},
		{"seal, with problems", "ortiz", at(long) + "/seal", func(w *window) {
			w.expects("422")
			js[bool](w, `(document.querySelector("main form").noValidate = true)`)
			w.follow("button", say.Say("seal_button"))
			w.sees(say.Count("problems_heading", 1))
		}},
		{"sign in, with a letter carried along", "", "/sign-in", func(w *window) {
			w.expects("401")
			w.leaving(func() {
				js[bool](w, `(() => {
					const form = document.forms[0];
					form.noValidate = true;
					form.action = %s;
					form.elements.address.name = "body";
					form.elements.body.type = "text";
					form.elements.body.value = "Leo will come.";
					form.submit();
					return true;
				})()`, at(long)+"/reply")
			})
			w.sees("Leo will come.")
		}},
	}
}

// findAndAdd finds two families and adds a guardian of one.
func findAndAdd(say *words.Language) func(w *window) {
	return func(w *window) {
		w.fill(say.Say("facet_name"), "R")
		w.click("button", say.Say("find_students"))
		w.click("button", add(say, "Ana Ruiz", "parent_of", "Leo"))
		w.sees(say.Say("added"))
	}
}

func ofFamilies(s *school, say *words.Language, long, sealed uuid.UUID) []visit {
	return []visit{
		{"inbox", "ana", "/inbox", nil},
		{"inbox, filtered", "ana", "/inbox?unread=1&name=Chen", nil},
		{"inbox, empty", "leo", "/inbox", nil},
		{"conversation", "ana", at(long), nil},
		{"conversation, sealed", "ana", at(sealed), nil},
		{"compose, as family", "ana", "/compose", nil},
		{"preferences", "ana", "/preferences", nil},
		{"preferences, with an unknown language", "ana", "/preferences", preferring(say, "language")},
		{"preferences, with an unknown time zone", "ana", "/preferences", preferring(say, "time_zone")},
		{"confirmation", "tomas", at(long), func(w *window) {
			w.fill(say.Say("reply_label"), "So will I.")
			w.follow("button", say.Say("reply_send"))
			w.sees(say.Say("said_reply"))
		}},
		{"not sent", "ying", at(long), func(w *window) {
			w.expectsOutage()
			s.refuse(func(r *http.Request) bool { return r.Method == http.MethodPost })
			w.fill(say.Say("reply_label"), "So will we.")
			w.click("button", say.Say("reply_send"))
			w.sees(say.Say("failed"))
			s.fault.Store(nil)
		}},
		{"reconnecting", "ying", "/inbox", func(w *window) {
			js[bool](w, `(document.querySelector("[data-offline]").hidden = false, true)`)
		}},
	}
}
