package notify

import (
	"context"
	"errors"
	"time"
)

// outcome is what a mail is settled as.
type outcome struct {
	Settlement
	why     Why  // of Cancelled
	refused bool // it was the address
}

// settle keeps what became of a mail, and tries until the lease ends: what is not
// kept is in doubt.
func (w *Worker) settle(ctx context.Context, c Claim, became outcome) {
	became.At = w.Now()
	for tries := 1; ; tries++ {
		err := w.keep(ctx, c, became)
		switch {
		case err == nil:
			w.counters.became(became)
			w.tell(c, became)
			return
		case errors.Is(err, ErrLeaseLost):
			w.counters.lost()
			return
		case ctx.Err() != nil || !w.Now().Before(c.Until):
			return
		}
		wait(ctx, backoff(tries, 100*time.Millisecond, 10*time.Second))
	}
}

// keep marks an address that was refused before the mail is finished: cut off in
// between, the mail is refused again.
func (w *Worker) keep(ctx context.Context, c Claim, became outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
	defer cancel()
	if became.refused {
		if err := w.Store.MarkAddress(ctx, c.Mail.District, c.Address, AddressBounced, became.At); err != nil {
			return err
		}
	}
	return w.Store.Settle(ctx, c.Lease, became.Settlement)
}

// tell logs what an operator may have to look after.
func (w *Worker) tell(c Claim, became outcome) {
	switch became.State {
	case Failed:
		w.Log.Warn("A mail was given up.", "district", c.Mail.District, "mail", c.Mail.ID, "attempts", c.Attempts, "detail", became.Detail)
	case Unknown:
		w.Log.Warn("Nobody knows whether a mail was taken.", "district", c.Mail.District, "mail", c.Mail.ID, "attempts", c.Attempts, "detail", became.Detail)
	}
}

func wait(ctx context.Context, long time.Duration) {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
