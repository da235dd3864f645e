// Command day plays the morning of a school district on a real installation and
// prints what it costs: two nodes of the built program behind HAProxy, over a
// PostgreSQL and a Redis of their own, all on this machine.
//
// People come, read, reply and leave as habits.go says, through the protocol, as
// the browser's pages do. The morning is pressed into the minutes that there are:
// everything that somebody waits for becomes shorter, so that as many pages stand
// at once and everything happens more often. What is measured is not pressed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	o, err := parse(os.Args[1:], os.Stderr)
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err = day(ctx, o)
		stop()
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "day:", err)
		os.Exit(1)
	}
}

func day(ctx context.Context, o options) error {
	result, err := play(ctx, o, os.Stdout)
	if err != nil {
		return err
	}
	result.print(os.Stdout)
	return result.verdict()
}
