package storetest

import (
	"bytes"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

// addresses are those of people, by who they are.
func (o *office) addresses(ids ...uuid.UUID) map[uuid.UUID]notify.Address {
	o.Helper()
	list, err := o.Addresses(o.Context(), o.id, ids)
	o.must(err)
	found := map[uuid.UUID]notify.Address{}
	for _, one := range list {
		found[one.Person] = one.Address
	}
	if len(found) != len(list) {
		o.Errorf("somebody comes twice in %+v", list)
	}
	return found
}

func (o *office) address(name string) notify.Address {
	o.Helper()
	return o.addresses(o.who[name])[o.who[name]]
}

var addressTests = []noticeTest{
	{"people of the district have addresses, others are left out", func(o *office) {
		other := o.another()
		got := o.addresses(o.who["maria"], o.who["dan"], other.who["leo"], newID(), o.who["dora"])
		if len(got) != 3 || got[o.who["maria"]].Email != "maria@example.org" || got[o.who["dan"]].Email != "" ||
			got[o.who["dora"]].Email != "weiss@example.org" {
			o.Errorf("addresses are %+v", got)
		}
		if got := o.addresses(); len(got) != 0 {
			o.Errorf("of nobody: %+v", got)
		}
	}},
	{"a mark is of the address, and taken away again", func(o *office) {
		for _, state := range []notify.AddressState{notify.AddressBounced, notify.AddressComplained} {
			o.wait(time.Hour)
			o.must(o.MarkAddress(o.Context(), o.id, "WEISS@example.org", state, o.clock))
			for _, name := range []string{"dora", "tom"} {
				if got := o.address(name); got.State != state || !got.Since.Equal(o.clock) {
					o.Errorf("%s is mailed to %+v", name, got)
				}
			}
		}
		o.must(o.MarkAddress(o.Context(), o.id, "weiss@example.org", notify.AddressFine, o.clock))
		if got := o.address("tom").State; got != notify.AddressFine {
			o.Errorf("the address is %q", got)
		}
	}},
	{"a mark is of one district", func(o *office) {
		other := o.another()
		o.must(other.MarkAddress(o.Context(), other.id, "maria@example.org", notify.AddressBounced, o.clock))
		if got := o.address("maria"); got.State != notify.AddressFine {
			o.Errorf("Maria is mailed to %+v", got)
		}
	}},
	{"who moves to another address is mailed there again", func(o *office) {
		o.must(o.MarkAddress(o.Context(), o.id, "maria@example.org", notify.AddressBounced, o.clock))
		o.moves("maria", "new@example.org")
		if got := o.address("maria"); got.Email != "new@example.org" || got.State != notify.AddressFine {
			o.Errorf("Maria is mailed to %+v", got)
		}
		o.start("ana", "maria")
		o.wait(noticeDelay)
		if m := o.claimFor("maria"); m.Mail.Address != "new@example.org" {
			o.Errorf("the mail goes to %s", m.Mail.Address)
		}
	}},
	{"who has no address is spared", func(o *office) {
		o.start("ana", "dan")
		o.wait(noticeDelay)
		o.spared(notify.WhyNoAddress, 1)
		o.quiet()
	}},
}

var sweepMailTests = []noticeTest{
	{"finished mails and old reports are forgotten, unfinished ones are not", func(o *office) {
		old := o.mailed("maria")
		o.settle(old, notify.Sent)
		bounce := o.report(notify.Bounced, old.Mail)
		o.reports(bounce)
		waits := o.mailed("leo")
		became := o.became(notify.Waiting)
		became.Next = o.clock.Add(100 * time.Hour)
		o.must(o.Settle(o.Context(), waits.Lease, became))
		o.wait(24 * time.Hour)
		o.must(o.SweepMails(o.Context(), o.clock.Add(-48*time.Hour)))
		o.mail(old.Mail.ID)
		o.repeats(bounce)
		fresh := o.mailed("eva")
		o.settle(fresh, notify.Sent)
		later := o.report(notify.Bounced, fresh.Mail)
		o.reports(later)
		o.must(o.SweepMails(o.Context(), o.clock.Add(-time.Hour)))
		if _, err := o.MailOf(o.Context(), old.Mail.ID); err != notify.ErrNoMail {
			o.Errorf("the old mail: %v", err)
		}
		o.mail(waits.Mail.ID)
		o.mail(fresh.Mail.ID)
		o.repeats(later)
		o.reports(bounce)
	}},
}

// countsWhatIsDue asks of an empty store that it counts what is due, what will
// be, mails and marked addresses.
func countsWhatIsDue(o *office) {
	empty, err := o.Status(o.Context(), o.clock)
	o.must(err)
	if empty.Due != 0 || empty.Pending != 0 || !empty.OldestDue.IsZero() {
		o.Errorf("with nothing: %+v", empty)
	}
	o.settle(o.mailed("maria"), notify.Sent)
	o.settle(o.mailed("maria"), notify.Failed)
	leased := o.mailed("leo")
	o.start("ana", "eva")
	oldest := o.clock.Add(noticeDelay)
	o.wait(noticeDelay + time.Minute) // eva is due, and leo's lease has ended
	o.start("ana", "ben", "paula")
	o.must(o.MarkAddress(o.Context(), o.id, "maria@example.org", notify.AddressBounced, o.clock))
	got, err := o.Status(o.Context(), o.clock)
	o.must(err)
	if !leased.Until.Equal(got.OldestDue) || got.Due != 2 || got.Pending != 2 {
		o.Errorf("due are %d, the oldest since %v (Eva since %v), pending %d", got.Due, got.OldestDue, oldest, got.Pending)
	}
	if m := got.Mails; m[notify.Sent] != 1 || m[notify.Failed] != 1 || m[notify.Intended] != 1 || m[notify.Waiting] != 0 {
		o.Errorf("mails are %v", m)
	}
	if got.Addresses[notify.AddressBounced] != 1 || got.Addresses[notify.AddressComplained] != 0 {
		o.Errorf("addresses are %v", got.Addresses)
	}
	o.wait(notify.Counted)
	got, err = o.Status(o.Context(), o.clock)
	o.must(err)
	if m := got.Mails; m[notify.Sent] != 0 || m[notify.Failed] != 0 || m[notify.Intended] != 1 {
		o.Errorf("a day later mails are %v", m)
	}
}

var secretTests = []noticeTest{
	{"a secret is made once and stays", func(o *office) {
		first, err := o.Secret(o.Context(), "links")
		o.must(err)
		again, err := o.Secret(o.Context(), "links")
		o.must(err)
		other, err := o.Secret(o.Context(), "replies")
		o.must(err)
		if len(first) != 32 || !bytes.Equal(first, again) || bytes.Equal(first, other) || bytes.Equal(first, make([]byte, 32)) {
			o.Errorf("%x, %x, another %x", first, again, other)
		}
	}},
	{"those who ask at once are told the same", func(o *office) {
		all := make(chan []byte, 10)
		for range cap(all) {
			go func() {
				s, err := o.Secret(o.Context(), "links")
				if err != nil {
					o.Errorf("%v", err)
				}
				all <- s
			}()
		}
		first := <-all
		for range cap(all) - 1 {
			if s := <-all; !bytes.Equal(s, first) {
				o.Errorf("%x and %x", first, s)
			}
		}
	}},
}
