package main

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOnAMorningEverybodySeesWhatIsSent(t *testing.T) {
	t.Parallel() // it waits, more than it works
	o, err := parse([]string{"-people", "150", "-sockets", "25", "-takes", "10s", "-repeats", "2", "-standing", "20", "-rest", "1s"}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(t.Context(), o, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	r.print(t.Output())
	if err := r.verdict(); err != nil {
		t.Error(err)
	}
	if r.letters == 0 || r.sent < r.letters || len(r.firstBytes) == 0 || len(r.prices) == 0 {
		t.Errorf("%d letters, %d of them sent, %d pages, %d kinds of requests", r.letters, r.sent, len(r.firstBytes), len(r.prices))
	}
}
