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
	way    string
	shown  kind
	faulty int // in one call of so many the provider fails; nothing else needs to
}{
	{"trust-timeouts", doubled, 2}, // a call whose answer is lost has failed
	{"mail-early", needless, 0},    // what is due in 45 s is due
	{"trust-clock", needless, 0},   // each node goes by the clock of its machine
}

// prove breaks the program in each way, and fails where that is not found.
func prove(ctx context.Context, o options, out io.Writer) error {
	for _, s := range sabotages {
		broken := o
		broken.sabotage, broken.faulty, broken.calm = s.way, s.faulty, true
		fmt.Fprintf(out, "\n%s\n", s.way)
		v, err := play(ctx, broken, out)
		if err != nil && !errors.Is(err, errFound) {
			return fmt.Errorf("%s: %w", s.way, err)
		}
		if v.Bad[s.shown] == 0 {
			return fmt.Errorf("%s was not found", s.way)
		}
		fmt.Fprintf(out, "%s is found: %v\n", s.way, err)
	}
	return nil
}
