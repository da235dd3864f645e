package main

import (
	"bytes"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// small is a run that fits beside other tests.
func small(t *testing.T) options {
	t.Helper()
	o, err := parse([]string{"-swift", "-people", "200", "-takes", "20s", "-failures", t.ArtifactDir()}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestWhateverBreaksWhoStaysUnreadIsMailedOnce(t *testing.T) {
	t.Parallel() // it waits, more than it works
	o := small(t)
	v, err := play(t.Context(), o, t.Output())
	if err != nil {
		t.Fatalf("seed %d: %v", o.seed, err)
	}
	if v.Sent == 0 || v.Read == 0 {
		t.Errorf("seed %d: %d mails, and %d letters read: nothing was held", o.seed, v.Sent, v.Read)
	}
}

func TestAProgramThatTakesTimeOutsForFailuresIsFound(t *testing.T) {
	t.Parallel()
	o := small(t)
	o.sabotage, o.faulty, o.calm = "trust-timeouts", 2, true
	var said bytes.Buffer
	v, err := play(t.Context(), o, &said)
	if err == nil || v.Bad[doubled] == 0 {
		t.Fatalf("seed %d: it was not found: %v\n%s", o.seed, err, said.String())
	}
	for _, name := range []string{"person ", "mail ", "message ", "seed "} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("it names no %s: %v", name, err)
		}
	}
}
