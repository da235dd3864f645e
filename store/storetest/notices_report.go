package storetest

import (
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
)

// report is of a mail, under a name of its own.
func (o *office) report(kind notify.ReportKind, m notify.Mail) notify.Report {
	return notify.Report{
		Nonce: newID().String(), Kind: kind, District: o.id, Mail: m.ID, Email: m.Address, At: o.clock, Detail: "said the provider",
	}
}

// reports tells a report that is new.
func (o *office) reports(r notify.Report) {
	o.Helper()
	repeated, err := o.Report(o.Context(), r)
	o.must(err)
	if repeated {
		o.Error("a new report is said to be repeated")
	}
}

func (o *office) repeats(r notify.Report) {
	o.Helper()
	repeated, err := o.Report(o.Context(), r)
	o.must(err)
	if !repeated {
		o.Error("a report that came again is said to be new")
	}
}

var reportTests = []noticeTest{
	{"what was delivered was sent, when there was doubt", func(o *office) {
		for _, state := range []notify.State{notify.Calling, notify.Unknown, notify.Waiting} {
			claim := o.mailed("maria")
			o.call(claim)
			o.settle(claim, state)
			o.reports(o.report(notify.Delivered, claim.Mail))
			if got := o.mail(claim.Mail.ID).State; got != notify.Sent {
				o.Errorf("a delivered mail is %q that was %q", got, state)
			}
			o.quiet()
		}
	}},
	{"it was sent also while its worker does not know yet", func(o *office) {
		claim := o.mailed("maria")
		o.call(claim)
		o.reports(o.report(notify.Delivered, claim.Mail))
		o.lost(o.Settle(o.Context(), claim.Lease, o.became(notify.Calling)))
		o.settle(claim, notify.Sent)
		o.quiet()
	}},
	{"a bounce marks the address for all who have it, in the district", func(o *office) {
		other := o.another()
		claim := o.mailed("dora")
		o.call(claim)
		o.settle(claim, notify.Sent)
		o.reports(o.report(notify.Bounced, claim.Mail))
		for _, name := range []string{"dora", "tom"} {
			if got := o.address(name); got.State != notify.AddressBounced || !got.Since.Equal(o.clock) || got.Email != "weiss@example.org" {
				o.Errorf("%s is mailed to %+v", name, got)
			}
		}
		if got := o.address("maria"); got.State != notify.AddressFine {
			o.Errorf("Maria is mailed to %+v", got)
		}
		if got := other.address("dora"); got.State != notify.AddressFine {
			o.Errorf("in another district Dora is mailed to %+v", got)
		}
		o.start("ana", "tom")
		o.wait(noticeDelay)
		o.spared(notify.WhyAddress, 1)
	}},
	{"a complaint marks the address", func(o *office) {
		claim := o.mailed("maria")
		o.settle(claim, notify.Sent)
		o.reports(o.report(notify.Complained, claim.Mail))
		if got := o.address("maria").State; got != notify.AddressComplained {
			o.Errorf("the address is %q", got)
		}
	}},
	{"a report of another mail than ours marks the address as well", func(o *office) {
		o.reports(notify.Report{Nonce: newID().String(), Kind: notify.Bounced, District: o.id, Email: "Maria@Example.org", At: o.clock})
		if got := o.address("maria").State; got != notify.AddressBounced {
			o.Errorf("the address is %q", got)
		}
	}},
	{"a report of a mail that is forgotten changes nothing and is taken", func(o *office) {
		o.reports(o.report(notify.Delivered, notify.Mail{ID: newID(), Address: "nobody@example.org"}))
		o.reports(o.report(notify.Unsubscribed, notify.Mail{ID: newID(), Address: "nobody@example.org"}))
	}},
	{"who unsubscribed is mailed no more, and keeps what they chose besides", func(o *office) {
		o.prefers("maria", identity.Preferences{Language: "es", TimeZone: "Europe/Madrid"})
		claim := o.mailed("maria")
		o.settle(claim, notify.Sent)
		o.reports(o.report(notify.Unsubscribed, claim.Mail))
		got, err := o.Preferences(o.Context(), o.id, o.who["maria"])
		o.must(err)
		if got != (identity.Preferences{Language: "es", TimeZone: "Europe/Madrid", Mail: identity.MailOff}) {
			o.Errorf("she prefers %+v", got)
		}
		o.start("ana", "maria")
		o.wait(noticeDelay)
		o.spared(notify.WhyOff, 1)
	}},
	{"who unsubscribed may be named", func(o *office) {
		r := o.report(notify.Unsubscribed, notify.Mail{})
		r.Person = o.who["leo"]
		o.reports(r)
		got, err := o.Preferences(o.Context(), o.id, o.who["leo"])
		o.must(err)
		if got.Mail != identity.MailOff {
			o.Errorf("he prefers %+v", got)
		}
	}},
	{"the same report again changes nothing", func(o *office) {
		claim := o.mailed("maria")
		o.settle(claim, notify.Sent)
		bounced, left := o.report(notify.Bounced, claim.Mail), o.report(notify.Unsubscribed, claim.Mail)
		o.reports(bounced)
		o.reports(left)
		o.must(o.MarkAddress(o.Context(), o.id, "maria@example.org", notify.AddressFine, o.clock))
		o.prefers("maria", identity.Preferences{})
		o.wait(time.Minute)
		o.repeats(bounced)
		o.repeats(left)
		if got := o.address("maria").State; got != notify.AddressFine {
			o.Errorf("the address is %q again", got)
		}
		if got, err := o.Preferences(o.Context(), o.id, o.who["maria"]); err != nil || got.Mail != identity.MailOn {
			o.Errorf("she prefers %+v again, %v", got, err)
		}
	}},
}
