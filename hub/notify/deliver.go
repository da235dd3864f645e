package notify

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

// How often a mail is tried that is not taken.
const (
	lastRetry = time.Hour
	awayRetry = 10 * time.Minute // while the provider takes none at all
	giveUp    = 24 * time.Hour   // after it was made
)

// deliver brings a claimed mail as far as it can be brought now. Whenever it is
// cut off, the next who claims the mail finds in its state what may have
// happened.
func (w *Worker) deliver(ctx context.Context, c Claim) {
	became, err := w.attempt(ctx, c)
	switch {
	case errors.Is(err, ErrLeaseLost):
		w.counters.lost()
	case err != nil: // the store is away: the lease ends, and the mail is claimed again
	default:
		w.settle(ctx, c, became)
	}
}

// attempt says what is to be settled.
func (w *Worker) attempt(ctx context.Context, c Claim) (outcome, error) {
	if c.State == Calling {
		if asked, again := w.ask(ctx, c); !again {
			return asked, nil
		}
	}
	if why := c.silent(); why != "" {
		return c.dropped(why), nil
	}
	if c.State == Calling {
		// A second copy goes to where the person is mailed to by now. It stays
		// Calling, so that the store counts the doubt.
		c.Address = c.Standing.Address.Email
	}
	now := w.Now()
	if wake := c.Standing.hours().wake(now); wake.After(now) {
		return outcome{Settlement: Settlement{State: c.resting(), Next: wake, Detail: c.Detail}}, nil
	}
	letter, err := w.read(ctx, c)
	if err != nil {
		return w.again(c, c.resting(), 0, err), nil
	}
	called := w.Now()
	parts, err := w.calling(ctx, c, called)
	if err != nil {
		return outcome{}, err
	}
	if len(parts) == 0 {
		return c.dropped(w.whyNothing(ctx, c, letter)), nil
	}
	c.Attempts, c.CalledAt = c.Attempts+1, called
	if due := letter.due(c, parts); due.After(called) && c.State != Calling {
		return outcome{Settlement: Settlement{State: Waiting, Next: due, Detail: c.Detail}}, nil
	}
	return w.send(ctx, c, letter.about(parts)), nil
}

// silent says why a mail is not sent though something in it is unread.
func (c Claim) silent() Why {
	if why := c.Standing.silent(true); why != "" {
		return why
	}
	if c.Address == "" {
		return WhyNoAddress
	}
	return ""
}

// dropped is a mail that is not sent, or not once more.
func (c Claim) dropped(why Why) outcome {
	if c.mayBeOut() {
		return outcome{Settlement: Settlement{State: Unknown, Detail: "not known, and not asked for any more: " + string(why)}}
	}
	return outcome{Settlement: Settlement{State: Cancelled, Detail: string(why)}, why: why}
}

// mayBeOut says whether a copy may have been taken before this claim.
func (c Claim) mayBeOut() bool { return c.State == Calling || c.Doubts > 0 }

// lost is a mail that is given up, or of which nobody knows where a copy may be
// out.
func (c Claim) lost(detail string) Settlement {
	if c.mayBeOut() {
		return Settlement{State: Unknown, Detail: detail}
	}
	return Settlement{State: Failed, Detail: detail}
}

// resting is the state of a mail that is put off as it is.
func (c Claim) resting() State {
	if c.State == Calling {
		return Calling
	}
	return Waiting
}

func (w *Worker) calling(ctx context.Context, c Claim, now time.Time) ([]Part, error) {
	ctx, cancel := context.WithTimeout(ctx, storeBound)
	defer cancel()
	return w.Store.Calling(ctx, c.Lease, now)
}

// send calls the provider, for no longer than the lease is safe.
func (w *Worker) send(ctx context.Context, c Claim, l Letter) outcome {
	bound := w.bound(c)
	if bound <= 0 {
		return w.again(c, Waiting, 0, errors.New("the lease was nearly over"))
	}
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	start := time.Now()
	name, err := w.mail(ctx, l)
	w.counters.called(time.Since(start))
	var refused *RefusedError
	var later *LaterError
	switch {
	case err == nil:
		w.provider.worked()
		return outcome{Settlement: Settlement{State: Sent, Provider: name}}
	case errors.As(err, &refused):
		w.provider.worked()
		return outcome{Settlement: c.lost(c.detail(err)), refused: refused.Address}
	case errors.As(err, &later):
		if !later.Recipient {
			w.provider.failed(c.detail(err), later.After)
		}
		return w.again(c, Waiting, later.After, err)
	case !errors.Is(err, errPanicked):
		w.provider.failed(c.detail(err), 0)
	}
	return w.doubt(c, err)
}

// bound is for how long the provider may be called while the lease is safe.
func (w *Worker) bound(c Claim) time.Duration {
	return min(longestCall, c.Until.Sub(w.Now())-w.Lease/8)
}

var errPanicked = errors.New("the mailer panicked")

// mail calls the mailer. What makes it panic would take down every node in turn.
func (w *Worker) mail(ctx context.Context, l Letter) (name string, err error) {
	defer func() {
		if r := recover(); r != nil {
			w.Log.Error("A mail could not be written.", "mail", l.Mail, "panic", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			err = errPanicked
		}
	}()
	return w.Mailer.Send(ctx, l)
}

// longestRetry is how long a mail waits for its next try at most. A provider that
// is away for all is spared by its health, and what waits for it leaves soon after
// it is back.
func longestRetry(err error) time.Duration {
	var later *LaterError
	if errors.As(err, &later) && !later.Recipient {
		return awayRetry
	}
	return lastRetry
}

// again is a mail that is tried later, or given up.
func (w *Worker) again(c Claim, as State, after time.Duration, err error) outcome {
	now := w.Now()
	next := now.Add(max(backoff(c.Attempts, w.FirstRetry, longestRetry(err)), min(after, lastRetry)))
	became := Settlement{State: as, Next: next, Detail: c.detail(err)}
	switch late := next.After(c.MadeAt.Add(giveUp)); {
	case late && as == Calling:
		became = Settlement{State: Unknown, Detail: became.Detail}
	case late:
		became = c.lost(became.Detail)
	}
	return outcome{Settlement: became}
}

var addresses = regexp.MustCompile(`[^\s<>"'(),:;]+@[^\s<>"'(),:;]+`)

// detail is an error without personal data: providers repeat addresses.
func (c Claim) detail(err error) string {
	text := addresses.ReplaceAllString(err.Error(), "(address)")
	if c.Address != "" {
		text = strings.ReplaceAll(text, c.Address, "(address)")
	}
	if short := []rune(text); len(short) > 300 {
		text = string(short[:300])
	}
	return text
}
