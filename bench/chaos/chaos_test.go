package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// small is a run that fits beside other tests.
func small(t *testing.T, rounds int) options {
	t.Helper()
	o, err := parse([]string{}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	o.rounds, o.clients, o.pace, o.folder = rounds, 36, 2*time.Second, t.ArtifactDir()
	return o
}

func TestAfterRealFaultsEveryClientShowsEverythingOnce(t *testing.T) {
	t.Parallel() // it waits, more than it works
	o := small(t, 2)
	total, err := play(t.Context(), &o, t.Output())
	if err != nil {
		t.Fatalf("seed %d: %v", o.seed, err)
	}
	if total.Stored == 0 || total.Acknowledged != total.Stored {
		t.Errorf("seed %d: %d acknowledged, %d stored", o.seed, total.Acknowledged, total.Stored)
	}
}

func TestAProgramThatLosesWhatItAcknowledgedIsFound(t *testing.T) {
	t.Parallel()
	o := small(t, 12) // it ends with the first in which something is found
	o.sabotage = "answer-early"
	var said bytes.Buffer
	total, err := play(t.Context(), &o, &said)
	if err == nil || total.Bad[lost]+total.Bad[disorder] == 0 {
		t.Fatalf("seed %d: it was not found: %v\n%s", o.seed, err, said.String())
	}
	if !strings.Contains(err.Error(), "client ") || !strings.Contains(err.Error(), "message ") {
		t.Errorf("it names no client and message: %v", err)
	}
}
