package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// sabotages are the ways in which a build with the tag sabotage can be broken,
// and what shows it.
var sabotages = []struct {
	way   string
	shown []kind
}{
	{"drop-event", []kind{late, wrong}},
	{"count-twice", []kind{wrong}},
	{"answer-early", []kind{lost, disorder}},
}

// prove breaks the program in each way, and fails where that is not found within
// the rounds.
func prove(ctx context.Context, o options, out io.Writer) error {
	for _, s := range sabotages {
		broken := o
		broken.sabotage, broken.ledger = s.way, ""
		fmt.Fprintf(out, "\n%s\n", s.way)
		total, err := play(ctx, &broken, out)
		if err != nil && !errors.Is(err, errFound) {
			return fmt.Errorf("%s: %w", s.way, err)
		}
		found := 0
		for _, k := range s.shown {
			found += total.Bad[k]
		}
		if found == 0 {
			return fmt.Errorf("%s was not found in %d rounds", s.way, o.rounds)
		}
		fmt.Fprintf(out, "%s is found: %v\n", s.way, total.Bad)
	}
	return nil
}
