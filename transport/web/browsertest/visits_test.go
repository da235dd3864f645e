package browsertest

import (
	"net/http"
	"slices"

	"github.com/google/uuid"
)

// visit is a page of the program in a state worth looking at.
type visit struct {
	name   string
	person string // who is signed in; "" for nobody
	path   string
	then   func(w *window)
}

// visits are all pages, in a school in which there is something to see.
func visits(s *school) []visit {
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
	return slices.Concat(atTheDoor(s), ofStaff(long, sealed), ofFamilies(s, long, sealed), refused(long, sealed, many))
}

func at(conversation uuid.UUID) string { return "/conversations/" + conversation.String() }

func atTheDoor(s *school) []visit {
	return []visit{
		{"sign in", "", "/sign-in", nil},
		{"look into your mail", "", "/sign-in", func(w *window) {
			w.fill("E-mail address", "ana@home.example")
			w.follow("button", "Send me a link")
		}},
		{"a malformed address", "", "/sign-in", func(w *window) {
			w.expects("422", "400")
			w.fill("E-mail address", "ana@")
			js[bool](w, `(document.forms[0].noValidate = true)`)
			w.follow("button", "Send me a link")
			w.sees("There is a problem")
		}},
		{"a link to sign in", "", s.signInLink("ying@home.example"), nil},
		{"a link that is gone", "", "/sign-in/nonsense", nil},
		{"language", "ying", "/welcome", nil},
		{"whose letters", "halls", s.signInLink("halls@home.example"), func(w *window) {
			w.follow("button", "Sign in")
			w.sees("Who are you?")
		}},
		{"signed out", "sam", "/inbox", func(w *window) {
			w.click("button", "Sam")
			w.follow("button", "Sign out")
		}},
		{"no such page", "ana", "/nowhere", nil},
	}
}

func ofStaff(long, sealed uuid.UUID) []visit {
	return []visit{
		{"dashboard", "ortiz", "/dashboard", nil},
		{"dashboard of the district", "grant", "/dashboard", nil},
		{"students", "ortiz", "/students", nil},
		{"conversation, as staff", "ortiz", at(long), func(w *window) { w.click("button", "More") }},
		{"conversation, sealed, as staff", "ortiz", at(sealed), nil},
		{"seal", "ortiz", at(long) + "/seal", nil},
		{"seal by number", "grant", "/seal", nil},
		{"compose", "ortiz", "/compose", nil},
		{"compose, found and added", "ortiz", "/compose", findAndAdd},
		{"compose, with problems", "ortiz", "/compose", func(w *window) {
			w.expects("422")
			w.click("button", "Send")
			w.sees("There are")
		}},
		{"compose, together or separately", "ortiz", "/compose", func(w *window) {
			w.fill("Name", "Wong") // whom the draft has is there already
			w.click("button", "Find Students")
			w.click("button", "Add to Recipients: 颖 Wong")
			w.sees("Together or separately?")
		}},
	}
}

// refused are pages on which something is wrong or over, and a long list of people.
func refused(long, sealed, many uuid.UUID) []visit {
	return []visit{
		{"conversation of many", "ortiz", at(many), func(w *window) { w.click("button", "9 people") }},
		{"compose, going on from a sealed one", "ortiz", "/compose?continues=" + sealed.String(), nil},
		{"seal, with problems", "ortiz", at(long) + "/seal", func(w *window) {
			w.expects("422")
			js[bool](w, `(document.querySelector("main form").noValidate = true)`)
			w.follow("button", "Seal")
			w.sees("There is a problem")
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
func findAndAdd(w *window) {
	w.fill("Name", "R")
	w.click("button", "Find Students")
	w.click("button", "Add to Recipients: Ana Ruiz")
	w.sees("Added")
}

func ofFamilies(s *school, long, sealed uuid.UUID) []visit {
	return []visit{
		{"inbox", "ana", "/inbox", nil},
		{"inbox, filtered", "ana", "/inbox?unread=1&name=Chen", nil},
		{"inbox, empty", "leo", "/inbox", nil},
		{"conversation", "ana", at(long), nil},
		{"conversation, sealed", "ana", at(sealed), nil},
		{"compose, as family", "ana", "/compose", nil},
		{"preferences", "ana", "/preferences", nil},
		{"confirmation", "tomas", at(long), func(w *window) {
			w.fill("Your reply", "So will I.")
			w.follow("button", "Send reply")
			w.sees("Your reply was successfully sent.")
		}},
		{"not sent", "ying", at(long), func(w *window) {
			w.expectsOutage()
			s.refuse(func(r *http.Request) bool { return r.Method == http.MethodPost })
			w.fill("Your reply", "So will we.")
			w.click("button", "Send reply")
			w.sees("Not sent.")
			s.fault.Store(nil)
		}},
		{"reconnecting", "ying", "/inbox", func(w *window) {
			js[bool](w, `(document.querySelector("[data-offline]").hidden = false, true)`)
		}},
	}
}
