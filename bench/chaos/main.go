// Command chaos breaks a real installation of Homeline for real, and holds what
// every client was told against the database.
//
// Some hundreds of devices speak the protocol through HAProxy to three nodes
// over a PostgreSQL and a Redis of their own; they open pages, read, write,
// leave, sleep and return. Each round draws faults from the seed: processes
// killed, stopped and frozen, servers restarted, connections cut and swallowed.
// When they have ended, everything must be shown within five seconds: each
// message once, in order, and every count exact (DESIGN, G1 to G5 and G7).
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
		err = chaos(ctx, o)
		stop()
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func chaos(ctx context.Context, o options) error {
	if o.proof {
		return prove(ctx, o, os.Stdout)
	}
	total, err := play(ctx, &o, os.Stdout)
	printTotal(os.Stdout, o, total)
	return err
}
