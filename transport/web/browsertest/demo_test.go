package browsertest

import (
	"path/filepath"
	"strings"
	"testing"
)

// The way of a newcomer: the program itself, two windows as two people, Ctrl-C
// and starting again.
func TestInTheDemoALetterArrivesLiveAndIsThereAfterARestart(t *testing.T) {
	folder := t.TempDir()
	program, err := Build(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(folder, "demo")
	demo, err := StartDemo(t.Context(), program, data, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &school{t: t, address: strings.TrimPrefix(demo.URL, "http://")}
	teacher, student := s.window("", how{}), s.window("", how{width: 360, height: 700})
	teacher.expectsOutage()
	student.expectsOutage()
	student.seesTheDemosPages()
	for name, w := range map[string]*window{"Wei Chen": teacher, "Chidi Okafor": student} {
		w.open("/")
		w.sees("Whom do you want to be?")
		w.follow("button", name)
	}
	student.open("/inbox")
	stayed := student.stay()

	teacher.open("/inbox")
	teacher.follow("link", "Problem 14")
	teacher.fill("Your reply", "It is a whole number.")
	teacher.follow("button", "Send reply")
	teacher.sees("Your reply was successfully sent.")
	student.sees("It is a whole number.", "Problem 14 2 new")

	if err := demo.Stop(); err != nil {
		t.Error(err)
	}
	student.sees("Reconnecting. You can go on writing.")
	demo, err = StartDemo(t.Context(), program, data, s.address)
	if err != nil {
		t.Fatal(err)
	}
	student.misses("Reconnecting.")
	stayed()
	student.follow("link", "Problem 14")
	student.sees("It is a whole number.")
	if err := demo.Stop(); err != nil {
		t.Error(err)
	}
}

// seesTheDemosPages looks at what only the demo has: the picker, and the mails.
func (w *window) seesTheDemosPages() {
	w.t.Helper()
	axe := axeCore(w.t)
	looksRight := func(name string) {
		w.fits(visit{name: name})
		w.fitsAThumb(visit{name: name})
		w.isAccessible(visit{name: name}, axe)
		w.size(phone)
	}
	w.open("/?name=okafor")
	looksRight("the demo's picker, with people found")
	w.open("/sign-in")
	w.fill("E-mail address", "chidi-okafor@example.org")
	w.follow("button", "Send me a link")
	w.eventually("the mail with the link", func() bool {
		w.open("/demo/outbox")
		return js[bool](w, `document.querySelector("main").innerText.includes("Your sign-in link")`)
	})
	looksRight("the demo's mails")
	w.follow("link", "Your sign-in link")
	looksRight("a mail of the demo")
}
