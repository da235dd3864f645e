// Command mailproof breaks a real installation of Homeline for real while it
// mails those who stay unread, and holds what its mail provider took against the
// database.
//
// Some thousands of people are written to through HAProxy by three nodes over a
// PostgreSQL and a Redis of their own; they read at random: in time, just before
// they are due, late, never. The provider is a Mailgun of our own that fails one
// time in five, or a mail server that cuts what it has taken. Nodes are killed at
// each step of a mail, frozen and stopped, servers restarted, connections cut;
// the machines of two nodes are ten minutes apart. In the end everybody who
// stayed unread was mailed once, and nobody who read in time (DESIGN, G6).
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
		err = mailproof(ctx, o)
		stop()
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "mailproof:", err)
		os.Exit(1)
	}
}

func mailproof(ctx context.Context, o options) error {
	if o.proof {
		return prove(ctx, o, os.Stdout)
	}
	_, err := play(ctx, o, os.Stdout)
	return err
}
