package notify

import (
	"context"
	"slices"
	"time"

	"github.com/homeline/homeline/hub/identity"
)

// due is when the first of what is left of a mail at its call is due. Where
// something was read since it was claimed, that may be all that was due then.
func (d draft) due(c Claim, left []Part) (first time.Time) {
	if slices.Equal(left, c.Parts) {
		return time.Time{}
	}
	for _, p := range left {
		all := d.written[p.Conversation]
		i := slices.IndexFunc(all, func(m written) bool { return m.seq > p.After })
		if i < 0 {
			continue
		}
		if due := all[i].at.Add(c.wait(p)); first.IsZero() || due.Before(first) {
			first = due
		}
	}
	return first
}

// wait is for how long after it was written what is left of a part waits. It is
// not known any more when the mail before it was made, only that it was before
// what is left was written: that long after is never too early by the throttle.
func (c Claim) wait(p Part) time.Duration {
	delay := c.Standing.District.Settings.MailDelay()
	readOn := !slices.Contains(c.Parts, p) // all that was mailed before, and more
	if p.Step < 2 || readOn || c.Standing.Preferences.Mail == identity.MailDaily {
		return delay
	}
	return max(delay, Mailed{Step: p.Step - 1}.wait())
}

// whyNothing says why nothing of a mail is left at its call.
func (w *Worker) whyNothing(ctx context.Context, c Claim, d draft) Why {
	ctx, cancel := context.WithTimeout(ctx, storeBound)
	defer cancel()
	for _, p := range c.Parts {
		k, err := w.Letters.Conversation(ctx, c.Mail.District, p.Conversation, c.Person)
		me, _ := k.Participant(c.Person)
		all := d.written[p.Conversation]
		if err != nil || len(all) > 0 && me.ReadSeq < all[len(all)-1].seq {
			return WhyUnwanted
		}
	}
	return WhyRead
}
