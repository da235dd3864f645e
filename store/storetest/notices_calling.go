package storetest

import (
	"errors"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
)

// lost fails the test where err is not that the lease is another's.
func (o *office) lost(err error) {
	o.Helper()
	if !errors.Is(err, notify.ErrLeaseLost) {
		o.Errorf("got %v, not that the lease is lost", err)
	}
}

// untouched fails the test where something was noted of a mail as it was claimed.
func (o *office) untouched(c notify.Claim) {
	o.Helper()
	if got := o.mail(c.Mail.ID); got.State != c.Mail.State || got.Attempts != c.Mail.Attempts || !got.CalledAt.Equal(c.Mail.CalledAt) {
		o.Errorf("noted was %+v", got)
	}
}

var callingTests = []noticeTest{
	{"a call is noted before it is made", func(o *office) {
		claim := o.mailed("maria")
		if parts := o.call(claim); len(parts) != 1 || parts[0] != claim.Parts[0] {
			o.Errorf("it is about %+v", parts)
		}
		if got := o.mail(claim.Mail.ID); got.State != notify.Calling || !got.CalledAt.Equal(o.clock) || got.Attempts != 1 || got.Doubts != 0 {
			o.Errorf("noted is %+v", got)
		}
	}},
	{"what was read meanwhile is left out of the mail", func(o *office) {
		trip, exam := o.start("ana", "maria").Conversation, o.start("ana", "maria").Conversation
		o.post(trip, "ana")
		o.post(trip, "ana")
		o.wait(noticeDelay)
		claim := o.claimFor("maria")
		o.read(exam, "maria", 1)
		o.read(trip, "maria", 2)
		if got := o.call(claim); len(got) != 1 || got[0] != (notify.Part{Conversation: trip, After: 2, UpTo: 3, Step: 1}) {
			o.Errorf("left is %+v", got)
		}
	}},
	{"what came meanwhile is left for the next mail", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.wait(noticeDelay)
		claim := o.claimFor("maria")
		o.post(c, "ana")
		if got := o.call(claim); len(got) != 1 || got[0].UpTo != 1 {
			o.Errorf("it is about %+v", got)
		}
		o.read(c, "maria", 1)
		o.settle(claim, notify.Waiting)
		o.wait(noticeLease)
		if got := o.call(o.claimFor("maria")); len(got) != 0 {
			o.Errorf("the one that came after is in %+v", got)
		}
	}},
	{"one's own letters are not what one is mailed", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.post(c, "maria")
		o.post(c, "maria")
		o.wait(noticeDelay)
		claimed := o.claim()
		for _, claim := range claimed.Mails {
			if claim.Person == o.who["maria"] {
				o.read(c, "maria", 1)
				if got := o.call(claim); len(got) != 0 {
					o.Errorf("Maria is mailed about her own: %+v", got)
				}
			}
		}
		o.isFor(claimed, "ana", "maria")
	}},
	{"nothing is called about who has read all", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.wait(noticeDelay)
		claim := o.claimFor("maria")
		o.read(c, "maria", 1)
		o.silent(claim)
	}},
	{"nothing is called about who is out", func(o *office) {
		claim := o.mailed("maria")
		o.leaves("maria")
		o.silent(claim)
	}},
	{"nothing is called about who wants no mail any more", func(o *office) {
		claim := o.mailed("maria")
		o.prefers("maria", identity.Preferences{Mail: identity.MailOff})
		o.silent(claim)
	}},
	{"nothing is called while messaging is off", func(o *office) {
		claim := o.mailed("maria")
		o.enable(false)
		o.silent(claim)
	}},
	{"a call that comes again in doubt is counted as such", func(o *office) {
		claim := o.mailed("maria")
		o.call(claim)
		o.wait(noticeLease)
		claim = o.claimFor("maria")
		if claim.Mail.State != notify.Calling || claim.Mail.Attempts != 1 || claim.Mail.Doubts != 0 || claim.Mail.CalledAt.IsZero() {
			o.Errorf("taken over is %+v", claim.Mail)
		}
		o.call(claim)
		if got := o.mail(claim.Mail.ID); got.Attempts != 2 || got.Doubts != 1 || !got.CalledAt.Equal(o.clock) {
			o.Errorf("in doubt is %+v", got)
		}
		o.settle(claim, notify.Waiting)
		o.wait(noticeLease)
		o.call(o.claimFor("maria"))
		if got := o.mail(claim.Mail.ID); got.Attempts != 3 || got.Doubts != 1 {
			o.Errorf("after a sure answer it is %+v", got)
		}
	}},
	{"nothing is called about a mail that is finished", func(o *office) {
		claim := o.mailed("maria")
		o.settle(claim, notify.Sent)
		_, err := o.Calling(o.Context(), claim.Lease, o.clock)
		o.lost(err)
	}},
}

// silent holds where a call about a mail is answered with nothing, leaves no
// trace, and the mail can be cancelled.
func (o *office) silent(claim notify.Claim) {
	o.Helper()
	if parts := o.call(claim); len(parts) != 0 {
		o.Errorf("called is about %+v", parts)
	}
	o.untouched(claim)
	o.settle(claim, notify.Cancelled)
	if got := o.mail(claim.Mail.ID).State; got != notify.Cancelled {
		o.Errorf("the mail is %q", got)
	}
	o.quiet()
}
