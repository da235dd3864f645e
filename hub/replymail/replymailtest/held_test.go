package replymailtest

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/schooltest"
)

// secretOf is the secret of the link in an answer.
func (d *desk) secretOf(a replymail.Answer) string {
	d.Helper()
	secret, ok := strings.CutPrefix(a.Confirm, replymail.HeldPath)
	if !ok || a.Why != "" {
		d.Fatalf("it does not ask to confirm: %+v", a)
	}
	return secret
}

// unvouched is a mail of Rosa's that nobody vouches for.
func (d *desk) unvouched(text string) replymail.Incoming {
	m := d.mail(text)
	m.Vouched = false
	return m
}

func TestAReplyThatNobodyVouchesForWaitsUntilItIsConfirmed(t *testing.T) {
	d := open(t)
	m := d.unvouched("Yes.")
	d.comes(m, replymail.Held)
	d.comes(m, replymail.Repeated)
	a := d.answered(1)
	d.says()
	if a.To != "rosa@example.org" || a.Until.Sub(d.clock()).Round(time.Minute) != replymail.HeldLife {
		t.Errorf("it asks %+v", a)
	}
	h, err := d.HeldReply(t.Context(), d.secretOf(a))
	if err != nil || h.Text != "Yes." || h.From != "rosa@example.org" {
		t.Errorf("the page shows %+v, %v", h, err)
	}
	d.says() // who only looks has sent nothing

	var confirmed sync.WaitGroup
	for range 4 {
		confirmed.Go(func() {
			if _, err := d.Confirm(t.Context(), d.secretOf(a)); err != nil {
				t.Error(err)
			}
		})
	}
	confirmed.Wait()
	d.says("Yes.")
	if h, err := d.HeldReply(t.Context(), d.secretOf(a)); err != nil || !h.Confirmed || h.Text != "" {
		t.Errorf("it is kept as %+v, %v", h, err)
	}
	m.Vouched = true
	d.comes(m, replymail.Repeated)
	d.says("Yes.")
}

// Whoever read somebody's mail may have left a reply there, to be sent once they
// have moved.
func TestALinkIsOfNoUseOnceItsAddressIsNotThePersonsAnyMore(t *testing.T) {
	d := open(t)
	d.comes(d.unvouched("Mallory's."), replymail.Held)
	secret := d.secretOf(d.answered(1))
	rosa := d.Actor(schooltest.Rosa)
	move := func(to string) {
		if err := d.Store.ChooseAddress(t.Context(), rosa.District, rosa.Person, to, d.clock()); err != nil {
			t.Fatal(err)
		}
	}
	move("new@mail.example")
	if h, err := d.HeldReply(t.Context(), secret); !errors.Is(err, replymail.ErrNoReply) {
		t.Errorf("the page shows %+v, %v", h, err)
	}
	if _, err := d.Confirm(t.Context(), secret); !errors.Is(err, replymail.ErrNoReply) {
		t.Errorf("confirming: %v", err)
	}
	d.says()
	move("") // back again
	if _, err := d.Confirm(t.Context(), secret); err != nil {
		t.Error(err)
	}
}

func TestAReplyFromElsewhereIsConfirmedAtOnesOwnAddress(t *testing.T) {
	d := open(t)
	m := d.mail("Yes.")
	m.From, m.ReturnPath = "mallory@mail.example", "mallory@mail.example"
	d.comes(m, replymail.Held) // vouched for, as Mallory
	a := d.answered(1)
	if a.To != "rosa@example.org" {
		t.Errorf("it asks %s", a.To)
	}
	if h, err := d.HeldReply(t.Context(), d.secretOf(a)); err != nil || h.From != "mallory@mail.example" {
		t.Errorf("the page shows %+v, %v", h, err)
	}
	d.says()
}

func TestAHeldReplyIsForgottenAfterThreeDays(t *testing.T) {
	d := open(t)
	d.comes(d.unvouched("Yes."), replymail.Held)
	secret := d.secretOf(d.answered(1))
	d.pass(replymail.HeldLife - time.Minute)
	if _, err := d.HeldReply(t.Context(), secret); err != nil {
		t.Error(err)
	}
	d.pass(time.Minute)
	for _, wrong := range []string{secret, "", "x", secret[:len(secret)-1] + "A", strings.Repeat("a", 43)} {
		if _, err := d.Confirm(t.Context(), wrong); !errors.Is(err, replymail.ErrNoReply) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	d.says()
}

func TestAMailThatDidNotGoOutLeadsToTheSamePlaceWhenItDoes(t *testing.T) {
	d := open(t)
	m := d.unvouched("Yes.")
	d.fails = true
	if outcome, err := d.Receive(t.Context(), m); err == nil {
		t.Errorf("it is %s, and nobody knows of it", outcome)
	}
	d.fails = false
	d.comes(m, replymail.Held)
	if _, err := d.Confirm(t.Context(), d.secretOf(d.answered(1))); err != nil {
		t.Error(err)
	}
	d.says("Yes.")
}

func TestOfOnePersonFewRepliesWait(t *testing.T) {
	d := open(t)
	for range replymail.MaxHeld {
		d.comes(d.unvouched("Yes."), replymail.Held)
	}
	asks := d.answered(replymail.MaxHeld)
	d.comes(d.unvouched("Yes."), replymail.Answered) // strangers may have sent the others
	if a := d.answered(replymail.MaxHeld + 1); a.Why != replymail.WhyWaiting {
		t.Errorf("answered %+v", a)
	}
	stranger := d.mail("Yes.")
	stranger.From = "rosa@work.example"
	d.comes(stranger, replymail.Answered) // it may be hers
	if a := d.answered(replymail.MaxHeld + 2); a.Why != replymail.WhyWaiting || a.To != "rosa@example.org" || a.From != "rosa@work.example" {
		t.Errorf("answered %+v", a)
	}
	if _, err := d.Confirm(t.Context(), d.secretOf(asks)); err != nil {
		t.Error(err)
	}
	d.comes(d.unvouched("Yes."), replymail.Held)
}

// Nobody is asked to confirm what would be refused, and who is gone is sent no
// link.
func TestWhatSurelyCannotBeTakenIsNotHeld(t *testing.T) {
	for why, prepare := range map[replymail.Why]func(*desk){
		replymail.WhyOff: func(d *desk) { d.district(func(c *roster.District) { c.Enabled = false }) },
		replymail.WhyOut: func(d *desk) { d.leaves(schooltest.Rosa) },
	} {
		t.Run(string(why), func(t *testing.T) {
			d := open(t)
			prepare(d)
			d.comes(d.unvouched("Yes."), replymail.Answered)
			if a := d.answered(1); a.Why != why || a.Confirm != "" {
				t.Errorf("answered %+v", a)
			}
			m := d.mail("Yes.")
			m.From = "mallory@mail.example"
			if why == replymail.WhyOut {
				d.comes(m, replymail.Dropped)
				return
			}
			d.comes(m, replymail.Answered)
			if a := d.answered(2); a.To != "rosa@example.org" || a.From != m.From {
				t.Errorf("answered %+v", a)
			}
		})
	}
}

func TestAHeldReplyIsJudgedWhenItIsConfirmed(t *testing.T) {
	d := open(t)
	d.comes(d.unvouched("Yes."), replymail.Held)
	if _, err := d.hub.Seal(t.Context(), d.Actor(schooltest.Ana), d.conversation, "done"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Confirm(t.Context(), d.secretOf(d.answered(1))); hub.CodeOf(err) != hub.CodeSealed {
		t.Errorf("answered %v", err)
	}
	d.says()
}
