package browsertest

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

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

// Spanish words are longer.
func TestEveryPageFitsInSpanish(t *testing.T) {
	axe := axeCore(t)
	s := open(t)
	for _, id := range []string{"ortiz", "grant", "ana", "leo"} {
		s.speaks(id, "es")
	}
	windows := map[string]*window{"ortiz": nil, "grant": nil, "ana": nil, "leo": nil}
	for _, v := range visits(s) {
		w, looks := windows[v.person]
		if !looks || v.then != nil { // what is done there is done in English
			continue
		}
		if w == nil {
			w = s.window(v.person, how{})
			w.expects("404", "410")
			windows[v.person] = w
		}
		w.open(v.path)
		w.fits(v)
		if v.path == "/compose" || v.path == "/dashboard" {
			w.isAccessible(v, axe)
		}
	}
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
		ana.sees("Messaging is off in your district.", "Field trip")
		ana.misses("Compose")
		ana.open("/conversations/" + conversation.String())
		ana.sees("We go on Friday.", "Messaging is off in your district.")
		ana.until("no box to reply in", `!document.querySelector("textarea")`)
	}
	if _, err := s.hub.Reply(t.Context(), s.actor("ana"), conversation, uuid.New(), "No."); hub.CodeOf(err) != hub.CodeMessagingOff {
		t.Errorf("a reply: %v", err)
	}
}
