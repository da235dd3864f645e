package browsertest

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/static/words"
)

// eachPage opens every page in a language, in one window a person.
func eachPage(t *testing.T, say *words.Language, look func(w *window, v visit)) {
	t.Helper()
	s := open(t)
	for _, id := range []string{"ortiz", "chen", "grant", "ana", "tomas", "ying", "leo", "mei", "sam", "petra"} {
		s.speaks(id, say.Tag)
	}
	windows := map[string]*window{}
	for _, stage := range stages {
		for _, v := range stage(s, say) {
			w := windows[v.person]
			if w == nil {
				signedIn := v.person
				if signedIn == "halls" { // an address of two
					signedIn = ""
				}
				w = s.window(signedIn, how{})
				w.prefers(say.Tag)
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
}

// TestEveryPage looks at every page once, in all ways.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	eachPage(t, tongue(t, "en"), func(w *window, v visit) {
		w.fits(v)
		w.fitsAThumb(v)
		w.isAccessible(v, axe)
	})
}

// Spanish words are longer.
func TestEveryPageInSpanish(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	eachPage(t, tongue(t, "es"), func(w *window, v visit) {
		if got := js[string](w, `document.documentElement.lang`); got != "es" {
			t.Errorf("%s is in the language %q", v.name, got)
		}
		w.fits(v)
		w.fitsAThumb(v)
		w.isAccessibleOnAPhone(v, axe)
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

// fitsAThumb: what is to be pressed is 48 pixels high. Of a row, all is its link;
// a link among words is as high as they are.
func (w *window) fitsAThumb(v visit) {
	w.t.Helper()
	w.size(how{width: 360, height: 700})
	small := js[[]string](w, `(() => {
		const said = (n) => n.nodeType === Node.TEXT_NODE && n.data.trim() !== "";
		const amongWords = (e) => e.matches("a") && getComputedStyle(e).display === "inline" &&
			(e.closest(".letter-body") || [...e.parentElement.childNodes].some(said));
		return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
			.map((e) => [e, (e.closest("label.choice, .row") || e).getBoundingClientRect()])
			.filter(([e, r]) => r.width > 2 && r.height > 2 && r.height < 47.5 && !amongWords(e))
			.map(([e, r]) => Math.round(r.height) + " " + e.outerHTML.slice(0, 120));
	})()`)
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
