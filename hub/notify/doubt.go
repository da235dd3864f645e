package notify

import (
	"context"
	"errors"
	"time"
)

// ask is about a mail whose call may or may not have been made or answered. again
// is said where it is to be called once more: nobody can know, and it is the first
// time.
func (w *Worker) ask(ctx context.Context, c Claim) (became outcome, again bool) {
	lag := w.Mailer.Lag()
	if from := c.CalledAt.Add(lag); lag > 0 && from.After(w.Now()) {
		return outcome{Settlement: Settlement{State: Calling, Next: from, Detail: c.Detail}}, false
	}
	fate := FateUnknowable
	if lag >= 0 {
		var err error
		if fate, err = w.fate(ctx, c); err != nil {
			return w.askAgain(c, err), false
		}
		w.counters.asked(fate)
	}
	moved := c.Doubts > 0 && c.Standing.Address.Email != c.Address // what was asked about is the first copy alone
	switch {
	case fate == FateTaken:
		return outcome{Settlement: Settlement{State: Sent}}, false
	case fate == FateNotTaken && !moved:
		c.State = Waiting
		return w.again(c, Waiting, 0, errors.New(c.Detail)), false
	case c.Doubts > 0:
		return outcome{Settlement: Settlement{State: Unknown, Detail: "nobody knows of two copies: " + c.Detail}}, false
	}
	return outcome{}, true
}

func (w *Worker) fate(ctx context.Context, c Claim) (Fate, error) {
	ctx, cancel := context.WithTimeout(ctx, max(time.Second, w.bound(c)))
	defer cancel()
	return w.Mailer.Ask(ctx, c.Mail.ID, c.Address, c.CalledAt)
}

// askLong is how long after a call its fate is asked for: providers keep their
// record for days.
const askLong = 3 * 24 * time.Hour

// askAgain puts off a question that was not answered, each time for longer.
func (w *Worker) askAgain(c Claim, err error) outcome {
	now := w.Now()
	age := now.Sub(c.CalledAt)
	if age > askLong {
		return outcome{Settlement: Settlement{State: Unknown, Detail: c.detail(err)}}
	}
	return outcome{Settlement: Settlement{
		State: Calling, Next: now.Add(jitter(min(max(w.FirstRetry, age/2), lastRetry))), Detail: c.detail(err),
	}}
}

// doubt is a mail of which nobody knows whether it was taken: a time-out is not a
// failure. It is asked about once the provider's record can be believed.
func (w *Worker) doubt(c Claim, err error) outcome {
	became := w.again(c, Calling, 0, err)
	if lag := w.Mailer.Lag(); lag >= 0 {
		became.Settlement = Settlement{State: Calling, Next: c.CalledAt.Add(lag), Detail: became.Detail}
	}
	return became
}
