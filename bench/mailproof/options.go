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
	people   int
	takes    time.Duration // for which people write
	seed     uint64
	swift    bool   // delays, leases and retries of seconds
	faulty   int    // in one call of so many the provider fails; 0: in none
	calm     bool   // nothing else breaks
	smtp     bool   // over a mail server, which cannot be asked
	folder   string // for logs of what went wrong
	sabotage string // what is broken in the program on purpose
	proof    bool
}

func parse(args []string, err io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("mailproof", flag.ContinueOnError)
	f.SetOutput(err)
	f.IntVar(&o.people, "people", 2000, "how many people there are, in two districts")
	f.DurationVar(&o.takes, "takes", 4*time.Minute, "for how long they write; then it is waited until nothing is due")
	f.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "what people and faults are drawn from")
	f.BoolVar(&o.swift, "swift", false, "delays, leases and retries of seconds instead of minutes")
	f.IntVar(&o.faulty, "faulty", 5, "in one call of so many the provider fails; 0: in none")
	f.BoolVar(&o.calm, "calm", false, "break nothing but the provider")
	f.BoolVar(&o.smtp, "smtp", false, "over a mail server that cuts one mail in ten after it has taken it")
	f.StringVar(&o.folder, "failures", ".cache/mailproof", "folder for the logs of what went wrong")
	f.StringVar(&o.sabotage, "sabotage", "", "break the program: trust-timeouts, mail-early or trust-clock")
	f.BoolVar(&o.proof, "proof", false, "break the program in each way, and fail where that is not found")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("there is nothing like %q", f.Arg(0))
	case o.people < 100 || o.takes <= 0 || o.faulty < 0:
		return o, errors.New("at least a hundred people and some time")
	}
	return o, nil
}

// pace is how long things take in the program, and at the provider.
type pace struct {
	delay    time.Duration // from a letter to when it is due by mail
	ahead    time.Duration // of the clock that mails go by: the least delay is a minute
	lease    time.Duration
	retry    time.Duration
	call     time.Duration // the longest of the provider
	trail    time.Duration // by which events are late at the most
	patience time.Duration // until nothing is due any more
}

// lag is from when on an answer of the provider is believed: a call may be taken
// at its very end.
func (p pace) lag() time.Duration { return p.call + p.trail + 3*time.Second }

func (o options) pace() pace {
	if o.swift {
		return pace{
			delay: 10 * time.Second, ahead: 50 * time.Second, lease: 12 * time.Second, retry: 2 * time.Second,
			call: 10500 * time.Millisecond, trail: time.Second, patience: 3 * time.Minute,
		}
	}
	return pace{
		delay: time.Minute, lease: 2 * time.Minute, retry: time.Minute,
		call: 30 * time.Second, trail: 10 * time.Second, patience: 20 * time.Minute,
	}
}
