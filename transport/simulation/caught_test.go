package simulation_test

import (
	"fmt"
	"strings"
	"testing"
)

// A run that finds nothing has to show that it could: each thing that is broken
// on purpose is found within few seeds, and the history is printed.
func TestWhatIsBrokenOnPurposeIsFound(t *testing.T) {
	const within = 5 // seeds
	for name, c := range map[string]struct {
		sabotage sabotage
		finds    string
	}{
		"an event that is dropped, and not reconciled": {sabotage{losesEvents: true}, "it shows"},
		"a history that goes back, and nobody notices": {sabotage{oneEpoch: true}, "is not the one that is stored"},
		"one unread too many":                          {sabotage{countsTwice: true}, "counted are"},
		"an answer before the commit":                  {sabotage{answersFirst: true}, "was acknowledged as letter"},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(within) {
				found, _ := play(t, seed+1, c.sabotage)
				text := fmt.Sprint(found)
				if strings.Contains(text, c.finds) && strings.Contains(text, "what it was told") {
					t.Logf("found with seed %d", seed+1)
					return
				}
			}
			t.Errorf("not found within %d seeds", within)
		})
	}
}
