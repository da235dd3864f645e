package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/homeline/homeline/hub/notify"
)

// mailTools are the commands about mail.
type mailTools struct {
	Status mailStatus `cmd:"" help:"Say how many mails are due, and since when, and what became of others."`
	Test   mailTest   `cmd:"" help:"Send a mail to an address, by the settings that serve would use."`
}

type mailStatus struct{ installation }

// longDue is for how long nothing is due where mails leave, as the alert of
// docs/operating.md has it.
const longDue = 15 * time.Minute

// Run prints a line for each count. With something due for long it ends with 1.
func (m mailStatus) Run(ctx context.Context, c console) error {
	school, closer, err := m.school(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	s, err := school.MailStatus(ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	printStatus(c, s, now)
	return overdue(s, now)
}

func overdue(s notify.Status, now time.Time) error {
	if s.OldestDue.IsZero() || now.Sub(s.OldestDue) <= longDue {
		return nil
	}
	return fmt.Errorf("mails do not leave: something has been due for more than %d minutes; "+
		"see whether a node runs, and what `homeline mail test` says", int(longDue.Minutes()))
}

var mailStates = []struct {
	state notify.State
	words string
}{
	{notify.Intended, "about to be sent"},
	{notify.Calling, "being sent, or in doubt"},
	{notify.Waiting, "to be tried again"},
	{notify.Sent, "sent"},
	{notify.Cancelled, "not sent: read, or no longer wanted, before"},
	{notify.Failed, "given up"},
	{notify.Unknown, "may have been sent: nobody knows"},
}

func printStatus(c console, s notify.Status, now time.Time) {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	due := fmt.Sprint(s.Due)
	if !s.OldestDue.IsZero() {
		due += fmt.Sprintf(", the oldest for %s", max(0, now.Sub(s.OldestDue)).Round(time.Second))
	}
	fmt.Fprintf(w, "due\t%s\n", due)
	fmt.Fprintf(w, "due later\t%d\n", s.Pending)
	for _, m := range mailStates {
		fmt.Fprintf(w, "%s\t%d\n", m.words, s.Mails[m.state])
	}
	for _, state := range slices.Sorted(maps.Keys(s.Addresses)) {
		fmt.Fprintf(w, "addresses that %s\t%d\n", state, s.Addresses[state])
	}
}
