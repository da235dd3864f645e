package postgres

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

const mailLease = 2 * time.Minute

// mailAll mails whatever is fresh, without an address too.
func mailAll(s notify.Standing, _ time.Time) (v notify.Verdict) {
	for _, u := range s.Unread {
		if u.Fresh > 0 {
			v.Parts = append(v.Parts, notify.Part{Conversation: u.Conversation, After: max(u.ReadSeq, u.Mailed.Seq), UpTo: u.LastSeq, Step: 1})
		}
	}
	return v
}

// due is when all that was sent until now has fallen due.
func (v *village) due() time.Time { return v.Now.Add(time.Hour) }

func (v *village) claim(at time.Time) notify.Claimed {
	v.T.Helper()
	c, err := v.s.Claim(v.T.Context(), at, 10, mailLease, mailAll)
	v.Must(err)
	return c
}

func TestAServerThatIsKilledBetweenClaimAndSettlingLosesNothing(t *testing.T) {
	server := postgrestest.Start(t, postgrestest.Options{Durable: true})
	v := settleIn(t, server.Database(t), 3)
	v.Talk(v.People...)
	killed := func() {
		server.Kill(t)
		server.Restart(t)
	}
	killed() // before the claim
	first := v.claim(v.due())
	if len(first.Mails) != 2 {
		t.Fatalf("claimed are %d mails", len(first.Mails))
	}
	killed()
	if again := v.claim(v.due()); len(again.Mails) != 0 {
		t.Errorf("within their lease, %d were claimed again", len(again.Mails))
	}
	second := v.claim(v.due().Add(mailLease))
	if len(second.Mails) != 2 {
		t.Fatalf("after their lease %d were claimed again", len(second.Mails))
	}
	_, err := v.s.Calling(t.Context(), first.Mails[0].Lease, v.due())
	if err != notify.ErrLeaseLost && hub.CodeOf(err) != "" || err == nil {
		t.Errorf("who lost the lease: %v", err)
	}
	for _, m := range second.Mails {
		parts, err := v.s.Calling(t.Context(), m.Lease, v.due())
		if err != nil || len(parts) != 1 {
			t.Errorf("about %+v, %v", parts, err)
		}
	}
	killed()
	for i, m := range second.Mails {
		if got, err := v.s.MailOf(t.Context(), m.Mail.ID); err != nil || got.State != notify.Calling || got.Attempts != 1 || len(got.Parts) != 1 {
			t.Errorf("after the call it is %+v, %v", got, err)
		}
		v.Must(v.s.Settle(t.Context(), m.Lease, notify.Settlement{State: notify.Sent, At: v.due(), Provider: "name"}))
		if i == 0 {
			killed()
		}
		v.Must(v.s.Settle(t.Context(), m.Lease, notify.Settlement{State: notify.Sent, At: v.due(), Provider: "name"}))
	}
	if next, err := v.s.Next(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("next is due %v, %v", next, err)
	}
	v.unharmed()
}

func TestAMailWhoseSettlingIsLostIsSettled(t *testing.T) {
	everyMoment(t, func(t *testing.T, v *village, p *proxy, when moment) {
		v.Talk(v.People[:2]...)
		m := v.claim(v.due()).Mails[0]
		_, err := v.s.Calling(t.Context(), m.Lease, v.due())
		v.Must(err)
		p.cutOnce("cut here", when)
		v.Must(v.s.Settle(t.Context(), m.Lease, notify.Settlement{State: notify.Sent, At: v.due(), Detail: "cut here"}))
		if got, err := v.s.MailOf(t.Context(), m.Mail.ID); err != nil || got.State != notify.Sent {
			t.Errorf("it is %+v, %v", got, err)
		}
	})
}

// Whether the claim is known to have failed or not: its mails come back when
// the lease has ended, each once. A server that has not heard yet that nobody
// waits for the claim holds the inbox for it.
func TestAClaimWhoseCommitIsLostLosesNoMailAndDoublesNone(t *testing.T) {
	everyMoment(t, func(t *testing.T, v *village, p *proxy, when moment) {
		v.Must(v.s.ChooseAddress(t.Context(), v.ID, v.People[1], "cut.here@example.org", v.Now))
		v.Talk(v.People[:2]...)
		p.cutOnce("cut.here@example.org", when)
		if _, err := v.s.Claim(t.Context(), v.due(), 10, mailLease, mailAll); err != nil && hub.CodeOf(err) != hub.CodeBusy {
			t.Errorf("the claim: %v", err)
		}
		seen, at := map[uuid.UUID]bool{}, v.due()
		again := func() {
			at = at.Add(mailLease)
			for _, m := range v.claim(at).Mails {
				seen[m.Mail.ID] = true
			}
		}
		for begun := time.Now(); len(seen) == 0 && time.Since(begun) < time.Minute; time.Sleep(20 * time.Millisecond) {
			again()
		}
		again()
		if len(seen) != 1 {
			t.Errorf("%d mails came of one letter", len(seen))
		}
	})
}

// What is claimed waits for nobody: neither for a send that holds an inbox, nor
// for another claim.
func TestAClaimLeavesWhatSomebodyHolds(t *testing.T) {
	v := settle(t, 3)
	v.Talk(v.People...)
	first, second := v.People[1], v.People[2] // as they are due at the same time
	if bytes.Compare(first[:], second[:]) > 0 {
		first, second = second, first
	}
	holder := v.as(v.Owner)
	tx, err := holder.Begin(t.Context())
	v.Must(err)
	_, err = tx.Exec(t.Context(), `SELECT FROM inbox WHERE person = $1 FOR NO KEY UPDATE`, first)
	v.Must(err)
	got, err := v.s.Claim(t.Context(), v.due(), 1, mailLease, mailAll)
	v.Must(err)
	if len(got.Mails) != 1 || got.Mails[0].Person != second || !got.More {
		t.Errorf("while the inbox of the first is held, claimed are %+v", got)
	}
	got, err = v.s.Claim(t.Context(), v.due(), 1, mailLease, mailAll)
	v.Must(err)
	if len(got.Mails) != 0 || !got.More {
		t.Errorf("then claimed are %+v", got)
	}
	_, err = tx.Exec(t.Context(), `SELECT FROM mail FOR NO KEY UPDATE`)
	v.Must(err)
	if got := v.claim(v.due().Add(mailLease)).Mails; len(got) != 0 {
		t.Errorf("while both are held, claimed are %+v", got)
	}
	v.Must(tx.Rollback(t.Context()))
	if got := v.claim(v.due().Add(mailLease)).Mails; len(got) != 2 {
		t.Errorf("after that, claimed are %+v", got)
	}
}
