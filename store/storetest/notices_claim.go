package storetest

import (
	"time"

	"github.com/homeline/homeline/hub/notify"
)

var claimTests = []noticeTest{
	{"a claim keeps the mail before anything is sent", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.wait(noticeDelay)
		claim := o.claimFor("maria")
		got := o.mail(claim.Mail.ID)
		if got.Person != o.who["maria"] || got.District != o.id || got.Address != "maria@example.org" || got.State != notify.Intended ||
			!got.MadeAt.Equal(o.clock) || !got.CalledAt.IsZero() || got.Attempts != 0 || got.Doubts != 0 ||
			len(got.Parts) != 1 || got.Parts[0] != (notify.Part{Conversation: c, UpTo: 1, Step: 1}) {
			o.Errorf("kept is %+v", got)
		}
		if l := claim.Lease; l.Mail != got.ID || l.District != o.id || !l.Until.Equal(o.clock.Add(noticeLease)) {
			o.Errorf("the lease is %+v", l)
		}
		if claim.Mail.ID != got.ID || claim.Mail.State != notify.Intended || len(claim.Parts) != 1 || claim.Mail.Address != got.Address {
			o.Errorf("claimed is %+v", claim.Mail)
		}
		if s := claim.Standing; s.Person.ID != o.who["maria"] || s.District.ID != o.id || s.Address.Email != "maria@example.org" {
			o.Errorf("claimed with is %+v", s)
		}
	}},
	{"a verdict without a mail leaves the notice where it says", func(o *office) {
		o.start("ana", "maria")
		o.wait(noticeDelay)
		for _, in := range []time.Duration{time.Hour, 90 * time.Hour} {
			later := o.clock.Add(in)
			c := o.claimBy(10, func(notify.Standing, time.Time) notify.Verdict {
				return notify.Verdict{Next: later, Why: notify.WhyWaiting}
			})
			if len(c.Mails) != 0 || c.Spared[notify.WhyWaiting] != 1 || c.More {
				o.Errorf("claimed is %+v", c)
			}
			o.due(in)
			o.clock = later
		}
		o.claimFor("maria")
	}},
	{"a letter brings a notice that waits forward again, to be judged anew", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.wait(noticeDelay)
		o.settle(o.claimFor("maria"), notify.Sent)
		o.post(c, "ana")
		o.wait(noticeDelay)
		o.spared(notify.WhyWaiting, 1)
		o.due(time.Hour - noticeDelay)
		o.start("ben", "maria")
		o.due(noticeDelay)
		o.wait(noticeDelay)
		if m := o.claimFor("maria"); len(m.Parts) != 2 {
			o.Errorf("the mail is about %+v", m.Parts)
		}
	}},
	{"a verdict with a mail and a next time keeps both", func(o *office) {
		o.start("ana", "maria")
		o.wait(noticeDelay)
		later := o.clock.Add(3 * time.Hour)
		c := o.claimBy(10, func(s notify.Standing, now time.Time) notify.Verdict {
			v := notify.Judge(s, now)
			v.Next = later
			return v
		})
		o.isFor(c, "maria")
		o.settle(c.Mails[0], notify.Sent)
		o.due(3 * time.Hour)
	}},
	{"what is claimed is claimed by nobody else before the lease has ended", func(o *office) {
		first := o.mailed("maria")
		o.due(noticeLease)
		o.wait(noticeLease - time.Microsecond)
		o.isFor(o.claim())
		o.wait(time.Microsecond)
		second := o.claimFor("maria")
		if second.Mail.ID != first.Mail.ID || second.Token <= first.Token || len(second.Parts) != 1 || second.Parts[0] != first.Parts[0] {
			o.Errorf("taken over is %+v of %+v", second, first)
		}
		o.wait(noticeLease)
		if third := o.claimFor("maria"); third.Token <= second.Token || third.Mail.ID != first.Mail.ID {
			o.Errorf("taken over again is %+v of %+v", third, second)
		}
	}},
	{"only the newest token calls and settles", func(o *office) {
		first := o.mailed("maria")
		o.wait(noticeLease)
		second := o.claimFor("maria")
		_, err := o.Calling(o.Context(), first.Lease, o.clock)
		o.lost(err)
		o.lost(o.Settle(o.Context(), first.Lease, o.became(notify.Sent)))
		if len(o.call(second)) != 1 {
			o.Error("the newest token calls about nothing")
		}
		o.lost(o.Settle(o.Context(), first.Lease, o.became(notify.Failed)))
		o.settle(second, notify.Sent)
		o.lost(o.Settle(o.Context(), first.Lease, o.became(notify.Sent)))
		if got := o.mail(first.Mail.ID).State; got != notify.Sent {
			o.Errorf("the mail is %q", got)
		}
	}},
	{"a lease of no such mail, and of another district's, is lost", func(o *office) {
		claim := o.mailed("maria")
		other := o.another()
		for _, l := range []notify.Lease{
			{District: o.id, Mail: newID(), Token: claim.Token},
			{District: other.id, Mail: claim.Mail.ID, Token: claim.Token},
		} {
			_, err := o.Calling(o.Context(), l, o.clock)
			o.lost(err)
			o.lost(o.Settle(o.Context(), l, o.became(notify.Sent)))
		}
	}},
	{"no more than the limit come back, unfinished ones first", func(o *office) {
		o.start("ana", "maria")
		o.wait(noticeDelay)
		left := o.claimFor("maria")
		o.start("ana", "leo", "eva", "ben")
		o.wait(noticeDelay)
		first := o.claimBy(2, notify.Judge)
		if len(first.Mails) != 2 || first.Mails[0].Mail.ID != left.Mail.ID || !first.More {
			o.Fatalf("claimed first is %+v", first)
		}
		second := o.claimBy(2, notify.Judge)
		if len(second.Mails) != 2 || second.More {
			o.Fatalf("claimed second is %+v", second)
		}
		o.isFor(o.claimBy(2, notify.Judge))
	}},
	{"more is said where something is due that was not taken", func(o *office) {
		o.start("ana", "maria", "leo", "eva")
		o.wait(noticeDelay)
		for left := 3; left > 0; left-- {
			if c := o.claimBy(1, notify.Judge); len(c.Mails) != 1 || c.More != (left > 1) {
				o.Errorf("with %d left, claimed is %d, more %v", left, len(c.Mails), c.More)
			}
		}
	}},
	{"spared ones do not hide who is due behind them", func(o *office) {
		c := o.start("ana", "maria", "leo", "eva").Conversation
		o.read(c, "maria", 1)
		o.read(c, "leo", 1)
		o.wait(time.Minute)
		o.start("ana", "ben")
		o.wait(noticeDelay)
		found := map[string]bool{}
		for range 10 {
			claimed := o.claimBy(1, notify.Judge)
			for _, m := range claimed.Mails {
				for _, name := range []string{"eva", "ben"} {
					found[name] = found[name] || m.Person == o.who[name]
				}
			}
			if !claimed.More {
				break
			}
		}
		if !found["eva"] || !found["ben"] {
			o.Errorf("found are %v", found)
		}
	}},
	{"a letter that comes between claim and settling keeps its notice", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.wait(noticeDelay)
		claim := o.claimFor("maria")
		o.wait(time.Minute)
		o.post(c, "ana")
		o.call(claim)
		o.settle(claim, notify.Sent)
		o.due(noticeDelay)
		o.wait(noticeDelay)
		o.spared(notify.WhyWaiting, 1)
		o.wait(o.next().Sub(o.clock))
		m := o.claimFor("maria")
		if len(m.Parts) != 1 || m.Parts[0] != (notify.Part{Conversation: c, After: 1, UpTo: 2, Step: 2}) {
			o.Errorf("the second mail is about %+v", m.Parts)
		}
	}},
	{"reading begins the throttling anew", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.wait(noticeDelay)
		o.settle(o.claimFor("maria"), notify.Sent)
		o.read(c, "maria", 1)
		o.post(c, "ana")
		o.wait(noticeDelay)
		if m := o.claimFor("maria"); m.Parts[0] != (notify.Part{Conversation: c, After: 1, UpTo: 2, Step: 1}) {
			o.Errorf("the mail is about %+v", m.Parts)
		}
	}},
	{"a mail that was surely not taken follows who moves, one in doubt does not", func(o *office) {
		o.start("ana", "maria")
		o.wait(noticeDelay)
		o.claimFor("maria")
		o.moves("maria", "new@example.org")
		o.wait(noticeLease)
		claim := o.claimFor("maria")
		if claim.Mail.Address != "new@example.org" || o.mail(claim.Mail.ID).Address != "new@example.org" {
			o.Errorf("intended is to be mailed to %s", claim.Mail.Address)
		}
		o.call(claim)
		o.moves("maria", "newer@example.org")
		o.wait(noticeLease)
		claim = o.claimFor("maria")
		if claim.Mail.Address != "new@example.org" || claim.Standing.Address.Email != "newer@example.org" {
			o.Errorf("called is asked about at %s; she is at %s", claim.Mail.Address, claim.Standing.Address.Email)
		}
		o.settle(claim, notify.Waiting)
		o.wait(noticeLease)
		if claim = o.claimFor("maria"); claim.Mail.Address != "newer@example.org" {
			o.Errorf("waiting is to be mailed to %s", claim.Mail.Address)
		}
	}},
}
