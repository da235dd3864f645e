package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"
)

// options are what a run is told.
type options struct {
	people   int           // on the roster
	sockets  int           // pages that stand open at once, at the most
	takes    time.Duration // the morning
	pages    float64       // share of page openings for which the HTML is asked for too
	repeats  int           // of each kind of request, to count its queries
	standing int           // idle sockets, afterwards
	rest     time.Duration // for which they stand
	seed     uint64
	program  string // a built program; empty: it is built from the tree
}

// perSocket is how many people the roster has at least for each open page, so
// that there are enough who come.
const perSocket = 6

func parse(args []string, err io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("day", flag.ContinueOnError)
	f.SetOutput(err)
	f.IntVar(&o.people, "people", 50_000, "how many people the district has")
	f.IntVar(&o.sockets, "sockets", 8_000, "how many pages stand open at once, at the most")
	f.DurationVar(&o.takes, "takes", 10*time.Minute, "into how long the morning of three hours is pressed")
	f.Float64Var(&o.pages, "pages", 0.25, "share of page openings for which the page itself is got too, 0 to 1")
	f.IntVar(&o.repeats, "repeats", 10, "how often each kind of request is made alone, to count its queries")
	f.IntVar(&o.standing, "standing", 8_000, "how many idle sockets are opened afterwards, to see what one costs")
	f.DurationVar(&o.rest, "rest", 30*time.Second, "for how long they stand")
	f.Uint64Var(&o.seed, "seed", 1, "what people do is drawn from")
	f.StringVar(&o.program, "program", "", "a built program; else it is built from the tree")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("there is nothing like %q", f.Arg(0))
	case o.sockets < 10 || o.people < 100:
		return o, errors.New("at least a hundred people and ten open pages")
	case o.repeats < 1 || o.standing < 1 || o.rest <= 0:
		return o, errors.New("each kind of request is made at least once, and a socket stands for some time")
	case o.people < perSocket*o.sockets:
		return o, fmt.Errorf("%d open pages need at least %d people", o.sockets, perSocket*o.sockets)
	case o.takes <= 0 || o.takes > morning || o.pages < 0 || o.pages > 1:
		return o, fmt.Errorf("the morning takes at most %s, and a share is from 0 to 1", morning)
	}
	return o, nil
}
