package main

import (
	"fmt"
	"io"
)

func printHead(out io.Writer) {
	fmt.Fprintf(out, "%6s %6s %6s %9s", "round", "acked", "stored", "worst ms")
	for _, k := range kinds {
		fmt.Fprintf(out, " %12s", k)
	}
	fmt.Fprintf(out, " %5s %7s  %s\n", "took", "starved", "faults")
}

func printRound(out io.Writer, r result) {
	fmt.Fprintf(out, "%6d ", r.Round)
	printTally(out, r.tally)
	fmt.Fprintf(out, " %4.0fs %6.0f%%  %s\n", r.Took.Seconds(), 100*r.Starved, r.Faults)
}

func printTally(out io.Writer, t tally) {
	fmt.Fprintf(out, "%6d %6d %9d", t.Acknowledged, t.Stored, t.Worst.Milliseconds())
	for _, k := range kinds {
		fmt.Fprintf(out, " %12d", t.Bad[k])
	}
}

func printTotal(out io.Writer, o options, t tally) {
	fmt.Fprintf(out, "\n%-28s %d\n%-28s %d\n", "sends acknowledged", t.Acknowledged, "messages stored", t.Stored)
	for _, k := range kinds {
		fmt.Fprintf(out, "%-28s %d\n", k, t.Bad[k])
	}
	fmt.Fprintf(out, "%-28s %d ms (bound %d)\n%-28s SEED=%d ROUNDS=%d CLIENTS=%d\n", "shown late, worst", t.Worst.Milliseconds(),
		bound.Milliseconds(), "again with", o.seed, o.rounds, o.clients)
}
