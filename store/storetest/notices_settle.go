package storetest

import (
	"time"

	"github.com/homeline/homeline/hub/notify"
)

var settleTests = []noticeTest{
	{"what is finished is due no more, whatever it is", func(o *office) {
		for _, state := range []notify.State{notify.Sent, notify.Cancelled, notify.Failed, notify.Unknown} {
			claim := o.mailed("maria")
			o.call(claim)
			became := o.became(state)
			became.Provider, became.Detail = "20261124.1@provider", "said so"
			o.must(o.Settle(o.Context(), claim.Lease, became))
			got := o.mail(claim.Mail.ID)
			if got.State != state || got.Provider != became.Provider || got.Detail != became.Detail || got.Attempts != 1 || len(got.Parts) != 1 {
				o.Errorf("settled as %q is %+v", state, got)
			}
			o.quiet()
		}
	}},
	{"settled again as it is already is settled", func(o *office) {
		claim := o.mailed("maria")
		o.call(claim)
		o.settle(claim, notify.Sent)
		o.settle(claim, notify.Sent)
	}},
	{"what is finished does not become something else", func(o *office) {
		claim := o.mailed("maria")
		o.call(claim)
		o.settle(claim, notify.Sent)
		for _, other := range []notify.State{notify.Waiting, notify.Calling, notify.Failed, notify.Unknown, notify.Cancelled} {
			o.lost(o.Settle(o.Context(), claim.Lease, o.became(other)))
		}
		if got := o.mail(claim.Mail.ID).State; got != notify.Sent {
			o.Errorf("the mail is %q", got)
		}
		o.quiet()
	}},
	{"what waits is claimed when its wait has ended, whatever the lease was", func(o *office) {
		for _, state := range []notify.State{notify.Waiting, notify.Calling} {
			claim := o.mailed("maria")
			o.call(claim)
			became := o.became(state)
			became.Next, became.Detail = o.clock.Add(time.Hour), "busy"
			o.must(o.Settle(o.Context(), claim.Lease, became))
			o.due(time.Hour)
			o.wait(noticeLease)
			o.isFor(o.claim())
			o.clock = became.Next
			again := o.claimFor("maria")
			if again.Mail.ID != claim.Mail.ID || again.Token <= claim.Token || again.Mail.State != state || again.Mail.Detail != "busy" {
				o.Errorf("claimed again is %+v", again)
			}
			o.settle(again, notify.Sent)
		}
	}},
	{"a wait may be over before the lease would be", func(o *office) {
		claim := o.mailed("maria")
		o.call(claim)
		became := o.became(notify.Waiting)
		became.Next = o.clock
		o.must(o.Settle(o.Context(), claim.Lease, became))
		if again := o.claimFor("maria"); again.Mail.ID != claim.Mail.ID {
			o.Errorf("claimed again is %+v", again)
		}
	}},
	{"a name that the provider gave is not forgotten", func(o *office) {
		claim := o.mailed("maria")
		o.call(claim)
		became := o.became(notify.Calling)
		became.Provider = "a.name"
		o.must(o.Settle(o.Context(), claim.Lease, became))
		o.wait(noticeLease)
		o.settle(o.claimFor("maria"), notify.Sent)
		if got := o.mail(claim.Mail.ID).Provider; got != "a.name" {
			o.Errorf("it is called %q", got)
		}
	}},
	{"an unknown mail is none", func(o *office) {
		o.mailed("maria")
		if m, err := o.MailOf(o.Context(), newID()); err != notify.ErrNoMail {
			o.Errorf("%+v, %v", m, err)
		}
	}},
}
