package notify_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/store/memory"
)

// TestWhatIsThrottledStaysSoWhenWhatItRodeWithIsRead: a conversation that was
// mailed already goes into a mail because of another one, which is read before
// the mail is taken.
func TestWhatIsThrottledStaysSoWhenWhatItRodeWithIsRead(t *testing.T) {
	for name, readsOn := range map[string]bool{"and nothing of it": false, "and what was mailed of it": true} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.send = func(context.Context, notify.Letter) error {
					if d.calls() == 2 {
						return &notify.LaterError{Err: errors.New("503")}
					}
					return nil
				}
				p := d.people[1]
				throttled := d.start(d.people[0], p) // mailed at 0:15
				time.Sleep(16 * time.Minute)
				other := d.start(d.people[2], p)
				time.Sleep(4 * time.Minute)
				d.write(throttled, d.people[0])
				again := d.now()
				d.write(throttled, d.people[0])
				time.Sleep(11*time.Minute + 20*time.Second) // tried with both at 0:31
				d.reads(other, p, 1)
				want := again.Add(time.Hour)
				if readsOn {
					d.reads(throttled, p, 2)
					want = again.Add(15 * time.Minute)
				}
				time.Sleep(3 * time.Hour)
				synctest.Wait()
				if d.calls() != 3 {
					t.Fatalf("%d calls, %v", d.calls(), d.status())
				}
				l := d.letters[2]
				if len(l.Parts) != 1 || l.Parts[0].Conversation.ID != throttled.id || l.Now.Before(want) || l.Now.After(want.Add(time.Minute)) {
					t.Errorf("sent was at %v, want %v; %d parts", l.Now, want, len(l.Parts))
				}
			})
		})
	}
}

// TestWhatNobodyWantsAtTheCallIsNotCountedAsRead: something changes between the
// claim and the call.
func TestWhatNobodyWantsAtTheCallIsNotCountedAsRead(t *testing.T) {
	for why, change := range map[notify.Why]func(*desk, *talk){
		notify.WhyRead: func(d *desk, k *talk) { d.reads(k, d.people[1], 1) },
		notify.WhyUnwanted: func(d *desk, _ *talk) {
			must(d.t, d.SavePreferences(context.Background(), d.district, d.people[1].id, identity.Preferences{Mail: identity.MailOff}))
		},
	} {
		t.Run(string(why), func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.Break(func(method string) memory.Fault {
					if method == "Conversation" {
						return memory.Fault{Wait: 10 * time.Second}
					}
					return memory.Fault{}
				})
				k := d.start(d.people[0], d.people[1])
				time.Sleep(15*time.Minute + 5*time.Second) // claimed, not called
				change(d, k)
				time.Sleep(time.Minute)
				synctest.Wait()
				if s := d.worker.Stats(); d.calls() != 0 || len(s.Cancelled) != 1 || s.Cancelled[why] != 1 || d.status()[notify.Cancelled] != 1 {
					t.Errorf("%d calls, %+v", d.calls(), s)
				}
			})
		})
	}
}

func TestARetryIsNotSentToAnAddressThatBouncedMeanwhile(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.send = func(context.Context, notify.Letter) error { return &notify.LaterError{Err: errors.New("503")} }
		d.due()
		must(t, d.MarkAddress(context.Background(), d.district, "p1@example.org", notify.AddressBounced, d.now()))
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if s := d.worker.Stats(); d.calls() != 1 || s.Cancelled[notify.WhyAddress] != 1 || d.status()[notify.Cancelled] != 1 {
			t.Errorf("%d calls, %+v", d.calls(), s)
		}
	})
}

// slow is a store that takes so long to note the first call.
type slow struct {
	notify.Store
	takes time.Duration
}

func (s *slow) Calling(ctx context.Context, l notify.Lease, now time.Time) ([]notify.Part, error) {
	parts, err := s.Store.Calling(ctx, l, now)
	time.Sleep(s.takes)
	s.takes = 0
	return parts, err
}

func TestNobodyIsCalledOnceTheLeaseIsNearlyOver(t *testing.T) {
	const lease = 20 * time.Second
	for takes, want := range map[time.Duration]int{lease * 6 / 8: 2, lease*7/8 + time.Second: 1} {
		t.Run(takes.String(), func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.send = func(ctx context.Context, _ notify.Letter) error {
					if deadline, _ := ctx.Deadline(); !deadline.After(time.Now()) {
						t.Error("it was called with no time left")
					}
					if d.calls() < want {
						return &notify.LaterError{Err: errors.New("503")}
					}
					return nil
				}
				d.start(d.people[0], d.people[1])
				time.Sleep(15*time.Minute + lease)
				synctest.Wait()
				if n := d.calls(); n != want-1 || d.status()[notify.Waiting] != 1 {
					t.Errorf("%d calls with the lease nearly over, mails are %v", n, d.status())
				}
				time.Sleep(5 * time.Minute)
				synctest.Wait()
				if s := d.status(); d.calls() != want || s[notify.Sent] != 1 {
					t.Errorf("%d calls, mails are %v", d.calls(), s)
				}
			}, func(o *notify.Options) { o.Lease, o.Store = lease, &slow{o.Store, takes} })
		})
	}
}
