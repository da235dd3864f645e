package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// NoticeStore is what [Notices] needs: notices and mails, and what leads to them.
type NoticeStore interface {
	Store
	notify.Store
	notify.Secrets
	Preferences(ctx context.Context, district, person uuid.UUID) (identity.Preferences, error)
	SavePreferences(ctx context.Context, district, person uuid.UUID, p identity.Preferences) error
}

// Notices asks of the stores that open opens what notify.Store promises. Each
// test has a district of its own; only what counts all districts has an empty
// store.
func Notices(t *testing.T, open func(t *testing.T) NoticeStore) {
	t.Run("Status", func(t *testing.T) { countsWhatIsDue(openOffice(t, open(t), "lincoln")) })
	store := open(t)
	for _, group := range []struct {
		name  string
		tests []noticeTest
	}{
		{"Made", madeTests},
		{"Standing", noticeStandingTests},
		{"Claim", claimTests},
		{"Calling", callingTests},
		{"Settle", settleTests},
		{"Report", reportTests},
		{"Address", addressTests},
		{"Sweep", sweepMailTests},
		{"Secret", secretTests},
		{"Race", raceTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, one := range group.tests {
				t.Run(one.says, func(t *testing.T) {
					o := openOffice(t, store, "lincoln-"+newID().String())
					o.drain() // what other tests left
					one.run(o)
				})
			}
		})
	}
	t.Run("Random", func(t *testing.T) { noticesWhateverHappens(t, store) })
}

// noticeTest is one thing that a store is asked, in an office of its own.
type noticeTest struct {
	says string
	run  func(o *office)
}

// office is a school whose people have addresses: everybody one of their own,
// but Dora and Tom share theirs, and Dan has none.
type office struct {
	*school
	NoticeStore
}

const (
	noticeDelay = 15 * time.Minute // of the school
	noticeLease = 2 * time.Minute
)

var addressed = func() roster.Snapshot {
	s := lincoln
	s.People = slices.Clone(lincoln.People)
	for i := range s.People {
		p := &s.People[i]
		switch p.SourcedID {
		case "dan":
		case "dora", "tom":
			p.Email = "weiss@example.org"
		default:
			p.Email = p.SourcedID + "@example.org"
		}
	}
	return s
}()

// another is a district in the same store.
func (o *office) another() *office {
	o.Helper()
	return openOffice(o.school, o.NoticeStore, "jefferson-"+newID().String())
}

func openOffice(t tb, store NoticeStore, slug string) *office {
	o := &office{school: openSchool(t, store, slug), NoticeStore: store}
	o.deliver(addressed)
	return o
}

// leaves takes somebody out of the roster.
func (o *office) leaves(name string) {
	o.Helper()
	without := addressed
	without.Whole = roster.Whole{roster.KindPerson: true}
	without.People = slices.DeleteFunc(slices.Clone(addressed.People), func(p roster.SnapshotPerson) bool { return p.SourcedID == name })
	o.deliver(without)
}

// moves gives somebody another address in the roster.
func (o *office) moves(name, email string) {
	o.Helper()
	changed := addressed
	changed.People = slices.Clone(addressed.People)
	for i := range changed.People {
		if changed.People[i].SourcedID == name {
			changed.People[i].Email = email
		}
	}
	o.deliver(changed)
}

func (o *office) prefers(name string, p identity.Preferences) {
	o.Helper()
	o.must(o.SavePreferences(o.Context(), o.id, o.who[name], p))
}

func (o *office) remind(name string, in time.Duration) {
	o.Helper()
	o.must(o.Remind(o.Context(), o.id, o.who[name], o.clock.Add(in)))
}

func (o *office) settings(change func(*roster.Settings)) {
	o.Helper()
	d, err := o.District(o.Context(), o.id)
	o.must(err)
	change(&d.Settings)
	o.must(o.SaveDistrict(o.Context(), d))
}

// drain ends all that is open, of all districts.
func (o *office) drain() {
	o.Helper()
	for {
		c, err := o.Claim(o.Context(), o.clock.AddDate(10, 0, 0), 100, noticeLease, func(notify.Standing, time.Time) notify.Verdict {
			return notify.Verdict{Why: notify.WhyOff}
		})
		o.must(err)
		for _, claim := range c.Mails {
			o.must(o.Settle(o.Context(), claim.Lease, notify.Settlement{State: notify.Failed, At: o.clock}))
		}
		if !c.More {
			return
		}
	}
}

// wait moves the clock.
func (o *office) wait(d time.Duration) { o.clock = o.clock.Add(d) }

// next is when the store says that something is due next.
func (o *office) next() time.Time {
	o.Helper()
	next, err := o.Next(o.Context())
	o.must(err)
	return next
}

// due fails the test where the next thing is not due so long from now.
func (o *office) due(in time.Duration) {
	o.Helper()
	if got := o.next(); !got.Equal(o.clock.Add(in)) {
		o.Fatalf("next is due %v from now (%v), not %v", got.Sub(o.clock), got, in)
	}
}

// quiet fails the test where anything is due, ever.
func (o *office) quiet() {
	o.Helper()
	if got := o.next(); !got.IsZero() {
		o.Fatalf("something is due at %v", got)
	}
}

// claimBy claims what is due now and is asked about by judge.
func (o *office) claimBy(limit int, judge func(notify.Standing, time.Time) notify.Verdict) notify.Claimed {
	o.Helper()
	c, err := o.Claim(o.Context(), o.clock, limit, noticeLease, judge)
	o.must(err)
	return c
}

func (o *office) claim() notify.Claimed {
	o.Helper()
	return o.claimBy(100, notify.Judge)
}

// claimFor is the one mail that is due now, for that person.
func (o *office) claimFor(name string) notify.Claim {
	o.Helper()
	c := o.claim()
	if len(c.Mails) != 1 || c.Mails[0].Person != o.who[name] {
		o.Fatalf("claimed is %+v, not one mail for %s", c, name)
	}
	return c.Mails[0]
}

// spared fails the test where a claim brings a mail, or spares others than that many so.
func (o *office) spared(why notify.Why, n int) {
	o.Helper()
	c := o.claim()
	if len(c.Mails) != 0 || c.Spared[why] != n || len(c.Spared) > 1 {
		o.Fatalf("claimed are %d mails, spared %v, not %d as %q", len(c.Mails), c.Spared, n, why)
	}
}

// call notes that the provider is called.
func (o *office) call(c notify.Claim) []notify.Part {
	o.Helper()
	parts, err := o.Calling(o.Context(), c.Lease, o.clock)
	o.must(err)
	return parts
}

// settle keeps what became of a mail; the next try of one that waits is a minute on.
func (o *office) settle(c notify.Claim, state notify.State) {
	o.Helper()
	o.must(o.Settle(o.Context(), c.Lease, o.became(state)))
}

func (o *office) became(state notify.State) notify.Settlement {
	s := notify.Settlement{State: state, At: o.clock}
	if state == notify.Waiting || state == notify.Calling {
		s.Next = o.clock.Add(time.Minute)
	}
	return s
}

func (o *office) mail(id uuid.UUID) notify.Mail {
	o.Helper()
	m, err := o.MailOf(o.Context(), id)
	o.must(err)
	return m
}

// mailed is the one mail for somebody of one conversation that was just started.
func (o *office) mailed(name string) notify.Claim {
	o.Helper()
	o.start("ana", name)
	o.wait(noticeDelay)
	return o.claimFor(name)
}
