package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/homeline/homeline/bench/fault"
)

// options are what a run is told.
type options struct {
	rounds   int
	seed     uint64
	clients  int
	pace     time.Duration // between two things that somebody does, on the average
	ledger   string        // file in which rounds are kept, to go on from; empty: none
	folder   string        // for histories and logs of what went wrong
	sabotage string        // what is broken in the program on purpose
	only     string        // the one fault to cause
	program  string        // a built program; empty: it is built from the tree
	proof    bool
}

func parse(args []string, err io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("chaos", flag.ContinueOnError)
	f.SetOutput(err)
	f.IntVar(&o.rounds, "rounds", 20, "how many rounds, those in the ledger counted")
	f.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "what the schedule is drawn from")
	f.IntVar(&o.clients, "clients", 300, "how many devices")
	f.DurationVar(&o.pace, "pace", 8*time.Second, "time between two things that somebody does, on the average")
	f.StringVar(&o.ledger, "ledger", "", "file that keeps each round; a run that was ended goes on from it")
	f.StringVar(&o.folder, "failures", ".cache/chaos", "folder for the histories and logs of what went wrong")
	f.StringVar(&o.sabotage, "sabotage", "", "break the program: drop-event, count-twice or answer-early")
	f.StringVar(&o.only, "only", "", "cause this fault alone: "+fault.Names())
	f.StringVar(&o.program, "program", "", "a built program; else it is built from the tree")
	f.BoolVar(&o.proof, "proof", false, "break the program in each way, and fail where that is not found")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("there is nothing like %q", f.Arg(0))
	case o.rounds < 1 || o.clients < 10 || o.pace <= 0:
		return o, errors.New("at least one round, ten clients and some pace")
	case o.only != "" && !fault.Is(o.only):
		return o, fmt.Errorf("there is no fault %q: %s", o.only, fault.Names())
	}
	return o, nil
}
