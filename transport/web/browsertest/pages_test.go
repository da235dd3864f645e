package browsertest

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// visit is a page of the program in a state worth looking at.
type visit struct {
	name   string
	person string // who is signed in; "" for nobody
	path   string
	then   func(w *window)
}

// visits are all pages. s is a school in which there is something to see.
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
	at := func(id uuid.UUID) string { return "/conversations/" + id.String() }
	found := func(w *window) {
		w.fill("Name", "R")
		w.click("button", "Find Students")
		w.click("button", "Add to Recipients: Ana Ruiz")
		w.sees("Added")
	}
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
		{"dashboard", "ortiz", "/dashboard", nil},
		{"dashboard of the district", "grant", "/dashboard", nil},
		{"students", "ortiz", "/students", nil},
		{"inbox", "ana", "/inbox", nil},
		{"inbox, filtered", "ana", "/inbox?unread=1&name=Chen", nil},
		{"inbox, empty", "leo", "/inbox", nil},
		{"conversation", "ana", at(long), nil},
		{"conversation, as staff", "ortiz", at(long), func(w *window) { w.click("button", "More") }},
		{"conversation, sealed", "ana", at(sealed), nil},
		{"conversation, sealed, as staff", "ortiz", at(sealed), nil},
		{"seal", "ortiz", at(long) + "/seal", nil},
		{"seal by number", "grant", "/seal", nil},
		{"compose", "ortiz", "/compose", nil},
		{"compose, found and added", "ortiz", "/compose", found},
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
		{"compose, as family", "ana", "/compose", nil},
		{"preferences", "ana", "/preferences", nil},
		{"confirmation", "tomas", at(long), func(w *window) {
			w.fill("Your reply", "So will I.")
			w.follow("button", "Send reply")
			w.sees("Your reply was successfully sent.")
		}},
		{"not sent", "ying", at(long), func(w *window) {
			w.expectsOutage()
			refuse := fault(func(_ http.Handler, answer http.ResponseWriter, r *http.Request) bool {
				if r.Method == http.MethodPost {
					answer.WriteHeader(http.StatusServiceUnavailable)
				}
				return r.Method == http.MethodPost
			})
			s.fault.Store(&refuse)
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

// eachPage opens every page, in one window a person.
func eachPage(t *testing.T, look func(w *window, v visit)) {
	t.Helper()
	s := open(t)
	for _, id := range []string{"ortiz", "chen", "grant", "ana", "tomas", "ying", "leo", "sam"} {
		s.speaks(id, "en")
	}
	windows := map[string]*window{}
	for _, v := range visits(s) {
		w := windows[v.person]
		if w == nil {
			signedIn := v.person
			if signedIn == "halls" { // an address of two
				signedIn = ""
			}
			w = s.window(signedIn, how{})
			w.expects("404", "410")
			windows[v.person] = w
		}
		w.open(v.path)
		if v.then != nil {
			v.then(w)
		}
		look(w, v)
	}
}

// TestEveryPage looks at every page once, in all ways.
func TestEveryPage(t *testing.T) {
	axe := axeCore(t)
	eachPage(t, func(w *window, v visit) {
		w.fits(v)
		w.fitsAThumb(v)
		w.isAccessible(v, axe)
	})
}

// fits: 320 pixels are a small phone, and what is left of a window of 1280 at
// 400 %.
func (w *window) fits(v visit) {
	w.t.Helper()
	for _, size := range []how{{width: 320, height: 568}, {width: 320, height: 200}} {
		w.size(size)
		wide := js[[]string](w, `(() => {
			if (document.documentElement.scrollWidth <= 320) return [];
			return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 321)
				.slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
		})()`)
		if len(wide) > 0 {
			w.t.Errorf("%s is wider than 320 pixels: %q", v.name, wide)
		}
	}
}

// fitsAThumb: what is to be pressed is 48 pixels high.
func (w *window) fitsAThumb(v visit) {
	w.t.Helper()
	w.size(how{width: 360, height: 700})
	small := js[[]string](w, `[...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, summary, .button")]
		.map((e) => [e, (e.closest("label.choice") || e).getBoundingClientRect()])
		.filter(([e, r]) => r.width > 2 && r.height > 2 && r.height < 47.5)
		.map(([e, r]) => Math.round(r.height) + " " + e.outerHTML.slice(0, 120))`)
	for _, e := range small {
		w.t.Errorf("%s: too small: %s", v.name, e)
	}
}

// R1: where messaging is off, it is read and not written.
func TestWhereMessagingIsOffItIsReadAndNotWritten(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"))
	s.district.Enabled = false
	if err := s.store.SaveDistrict(t.Context(), s.district); err != nil {
		t.Fatal(err)
	}
	for _, h := range []how{{}, {noScript: true}} {
		ana := s.window("ana", h)
		ana.open("/inbox")
		ana.sees("Your district has not switched messaging on.", "Field trip")
		ana.misses("Compose")
		ana.open("/conversations/" + conversation.String())
		ana.sees("We go on Friday.", "Your district has not switched messaging on.")
		ana.until("no box to reply in", `!document.querySelector("textarea")`)
	}
	if _, err := s.hub.Reply(t.Context(), s.actor("ana"), conversation, uuid.New(), "No."); hub.CodeOf(err) != hub.CodeMessagingOff {
		t.Errorf("a reply: %v", err)
	}
}
