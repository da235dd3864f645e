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
	student.open("/")
	student.isAccessible(visit{name: "the demo's picker"}, axeCore(t))
	student.open("/demo/outbox")
	student.isAccessible(visit{name: "the demo's mails"}, axeCore(t))
	student.size(how{width: 360, height: 700})
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
