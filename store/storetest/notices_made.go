package storetest

import (
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

var madeTests = []noticeTest{
	{"nothing is due in a school where nobody writes", func(o *office) { o.quiet() }},
	{"a start makes everybody else due, the delay later", func(o *office) {
		o.start("ana", "maria", "leo")
		o.due(noticeDelay)
		o.wait(noticeDelay - time.Microsecond)
		if c := o.claim(); len(c.Mails)+len(c.Spared) != 0 || c.More {
			o.Errorf("a moment before, claimed is %+v", c)
		}
		o.wait(time.Microsecond)
		o.isFor(o.claim(), "maria", "leo")
		o.isFor(o.claim())
	}},
	{"a letter makes everybody due who did not write it", func(o *office) {
		c := o.start("ana", "maria", "leo").Conversation
		o.read(c, "maria", 1)
		o.read(c, "leo", 1)
		o.wait(noticeDelay)
		o.spared(notify.WhyRead, 2)
		o.quiet()
		o.post(c, "maria")
		o.due(noticeDelay)
		o.wait(noticeDelay)
		o.isFor(o.claim(), "ana", "leo")
	}},
	{"further letters move nobody later", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.wait(10 * time.Minute)
		o.post(c, "ana")
		o.start("ben", "maria")
		o.due(5 * time.Minute)
	}},
	{"they move one earlier where the delay has become shorter", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.settings(func(s *roster.Settings) { s.MailDelayMinutes = 2 })
		o.wait(time.Minute)
		o.post(c, "ana")
		o.due(2 * time.Minute)
	}},
	{"the delay is that of the district", func(o *office) {
		o.settings(func(s *roster.Settings) { s.MailDelayMinutes = 10_080 })
		o.start("ana", "maria")
		o.due(7 * 24 * time.Hour)
	}},
	{"who has something unread is reminded, and not later than they are due", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.remind("maria", time.Hour)
		o.remind("leo", time.Minute)
		o.due(noticeDelay)
		o.remind("maria", time.Minute)
		o.due(time.Minute)
		o.prefers("maria", identity.Preferences{Mail: identity.MailOff})
		o.wait(noticeDelay)
		o.spared(notify.WhyOff, 1)
		o.prefers("maria", identity.Preferences{})
		o.quiet()
		o.remind("maria", 2*time.Minute)
		o.must(o.Remind(o.Context(), newID(), o.who["maria"], o.clock))
		o.must(o.Remind(o.Context(), o.id, newID(), o.clock))
		o.due(2 * time.Minute)
		o.wait(2 * time.Minute)
		o.settle(o.claimFor("maria"), notify.Sent)
		o.read(c, "maria", 1)
		o.remind("maria", 0)
		o.quiet()
	}},
	{"what was sent again makes nobody due again", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.read(c, "maria", 1)
		sent := o.reply(c, "ana", "Once.")
		_, err := o.Post(o.Context(), sent)
		o.must(err)
		o.read(c, "maria", 2)
		o.wait(noticeDelay)
		o.spared(notify.WhyRead, 1)
		if r, err := o.Post(o.Context(), sent); err != nil || !r.Repeated {
			o.Fatalf("again: %+v, %v", r, err)
		}
		o.quiet()
	}},
	{"what was refused makes nobody due", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.seal(c, "ana")
		o.read(c, "maria", 1)
		o.wait(noticeDelay)
		o.spared(notify.WhyRead, 1)
		if _, err := o.Post(o.Context(), o.reply(c, "ana", "Late.")); err == nil {
			o.Fatal("a sealed conversation took a letter")
		}
		o.quiet()
	}},
	{"a seal makes nobody due", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.read(c, "maria", 1)
		o.wait(noticeDelay)
		o.spared(notify.WhyRead, 1)
		o.seal(c, "ana")
		o.quiet()
	}},
	{"reading in time spares, reading a part does not", func(o *office) {
		c := o.start("ana", "maria", "leo").Conversation
		o.post(c, "ana")
		o.read(c, "maria", 2)
		o.read(c, "leo", 1)
		o.wait(noticeDelay)
		claimed := o.claim()
		o.isFor(claimed, "leo")
		if claimed.Spared[notify.WhyRead] != 1 || len(claimed.Spared) != 1 {
			o.Errorf("spared are %v", claimed.Spared)
		}
		if got := claimed.Mails[0].Parts; len(got) != 1 || got[0] != (notify.Part{Conversation: c, After: 1, UpTo: 2, Step: 1}) {
			o.Errorf("the mail is about %+v", got)
		}
		o.wait(noticeLease - time.Microsecond)
		o.isFor(o.claim())
	}},
	{"two districts do not mix", func(o *office) {
		other := o.another()
		o.start("ana", "maria")
		other.wait(time.Minute)
		other.start("ben", "leo")
		o.due(noticeDelay)
		o.wait(noticeDelay)
		if c := o.claimFor("maria"); c.Mail.District != o.id || c.Standing.District.ID != o.id || c.Lease.District != o.id {
			o.Errorf("claimed is %+v", c)
		}
		o.wait(time.Minute)
		other.clock = o.clock
		if c := other.claimFor("leo"); c.Mail.District != other.id || c.Standing.District.ID != other.id {
			o.Errorf("claimed is %+v", c)
		}
	}},
}

// isFor fails the test where claimed are not mails for just these people.
func (o *office) isFor(c notify.Claimed, names ...string) {
	o.Helper()
	got := map[string]int{}
	for _, m := range c.Mails {
		for name, id := range o.who {
			if m.Person == id {
				got[name]++
			}
		}
	}
	for _, name := range names {
		if got[name] != 1 {
			o.Fatalf("%s has %d mails of %v, not one", name, got[name], got)
		}
	}
	if len(c.Mails) != len(names) {
		o.Fatalf("%d mails for %v, not for %v", len(c.Mails), got, names)
	}
}
