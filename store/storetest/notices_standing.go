package storetest

import (
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// standsAs is how somebody stands who is due now; nothing comes of their notice.
func (o *office) standsAs(name string) (found notify.Standing) {
	o.Helper()
	asked := false
	o.claimBy(100, func(s notify.Standing, now time.Time) notify.Verdict {
		if !now.Equal(o.clock) {
			o.Errorf("judged is at %v, not at %v", now, o.clock)
		}
		if s.Person.ID == o.who[name] {
			found, asked = s, true
		}
		return notify.Verdict{Why: notify.WhyWaiting}
	})
	if !asked {
		o.Fatalf("%s was not judged", name)
	}
	return found
}

// isUnread compares two, and their times as instants.
func (o *office) isUnread(got, want notify.Unread) {
	o.Helper()
	same := got.FreshSince.Equal(want.FreshSince) && got.Mailed.At.Equal(want.Mailed.At)
	got.FreshSince, got.Mailed.At = want.FreshSince, want.Mailed.At
	if !same || got != want {
		o.Errorf("unread is %+v, not %+v", got, want)
	}
}

var noticeStandingTests = []noticeTest{
	{"somebody stands with who they are, where, and what they chose", func(o *office) {
		chosen := identity.Preferences{
			Language: "es", TimeZone: "Europe/Madrid", Mail: identity.MailDaily, DailyAt: 17,
			Quiet: &roster.Quiet{From: "21:00", Until: "07:30"},
		}
		o.prefers("maria", chosen)
		o.settings(func(s *roster.Settings) { s.Quiet = roster.Quiet{From: "20:00", Until: "06:00"} })
		o.start("ana", "maria")
		o.wait(noticeDelay)
		got := o.standsAs("maria")
		district, err := o.District(o.Context(), o.id)
		o.must(err)
		if !reflect.DeepEqual(got.District, district) {
			o.Errorf("the district is %+v, not %+v", got.District, district)
		}
		if p := got.Person; p.Name() != "María García Núñez" || p.Gone || len(p.Roles) != 1 || p.Roles[0].Role != roster.Parent {
			o.Errorf("the person is %+v", p)
		}
		if got.Address.Email != "maria@example.org" || got.Address.State != notify.AddressFine {
			o.Errorf("the address is %+v", got.Address)
		}
		if !reflect.DeepEqual(got.Preferences, chosen) {
			o.Errorf("preferences are %+v, not %+v", got.Preferences, chosen)
		}
	}},
	{"who chose nothing stands with nothing, who has no address without", func(o *office) {
		o.start("ana", "dan")
		o.wait(noticeDelay)
		if got := o.standsAs("dan"); got.Preferences != (identity.Preferences{}) || got.Address.Email != "" {
			o.Errorf("Dan stands as %+v, %+v", got.Preferences, got.Address)
		}
	}},
	{"fresh is what others wrote, neither read nor mailed", func(o *office) {
		c := o.start("ana", "maria", "leo").Conversation
		o.wait(time.Minute)
		o.post(c, "maria")
		o.post(c, "leo")
		o.wait(time.Minute)
		o.read(c, "maria", 1)
		o.post(c, "maria")
		o.post(c, "ana")
		o.wait(noticeDelay)
		got := o.standsAs("maria")
		if len(got.Unread) != 1 || got.More {
			o.Fatalf("unread are %+v", got)
		}
		o.isUnread(got.Unread[0], notify.Unread{
			Conversation: c, LastSeq: 5, ReadSeq: 1, Fresh: 2, FreshSeq: 5, FreshSince: o.clock.Add(-noticeDelay - time.Minute),
		})
	}},
	{"what was mailed is no longer fresh, and is remembered", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.post(c, "ana")
		o.wait(noticeDelay)
		o.settle(o.claimFor("maria"), notify.Sent)
		mailed := notify.Mailed{Seq: 2, Step: 1, At: o.clock}
		o.wait(time.Minute)
		o.post(c, "maria")
		o.post(c, "ana")
		came := o.clock
		o.wait(noticeDelay)
		o.isUnread(o.standsAs("maria").Unread[0], notify.Unread{
			Conversation: c, LastSeq: 4, Mailed: mailed, Fresh: 1, FreshSeq: 4, FreshSince: came,
		})
	}},
	{"what is fresh ends with the last letter of others", func(o *office) {
		c := o.start("ana", "maria").Conversation
		came := o.clock
		o.post(c, "maria")
		o.post(c, "maria")
		o.wait(noticeDelay)
		o.isUnread(o.standsAs("maria").Unread[0], notify.Unread{Conversation: c, LastSeq: 3, Fresh: 1, FreshSeq: 1, FreshSince: came})
	}},
	{"what was mailed and not read is unread without being fresh", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.wait(noticeDelay)
		o.settle(o.claimFor("maria"), notify.Sent)
		mailed := notify.Mailed{Seq: 1, Step: 1, At: o.clock}
		other := o.start("ben", "maria").Conversation
		came := o.clock
		o.wait(noticeDelay)
		got := o.standsAs("maria").Unread
		if len(got) != 2 {
			o.Fatalf("unread are %+v", got)
		}
		o.isUnread(got[0], notify.Unread{Conversation: other, LastSeq: 1, Fresh: 1, FreshSeq: 1, FreshSince: came})
		o.isUnread(got[1], notify.Unread{Conversation: c, LastSeq: 1, Mailed: mailed})
	}},
	{"those with something fresh come first, then the latest", func(o *office) {
		var all []uuid.UUID
		for range 4 {
			all = append(all, o.start("ana", "maria").Conversation)
			o.wait(time.Minute)
		}
		o.wait(noticeDelay)
		o.settle(o.claimFor("maria"), notify.Sent)
		for _, i := range []int{2, 0, 3} {
			o.wait(time.Minute)
			o.post(all[i], "ana")
		}
		o.wait(time.Minute)
		o.post(all[1], "maria") // the latest of all, with nothing fresh
		o.wait(noticeDelay)
		var got []uuid.UUID
		for _, u := range o.standsAs("maria").Unread {
			got = append(got, u.Conversation)
		}
		if want := []uuid.UUID{all[3], all[0], all[2], all[1]}; !reflect.DeepEqual(got, want) {
			o.Errorf("they come as %v, not as %v", got, want)
		}
	}},
	{"more conversations than a mail takes go into the next", func(o *office) {
		all := map[uuid.UUID]bool{}
		for range notify.MaxUnread + 20 {
			all[o.start("ana", "maria").Conversation] = true
			o.wait(time.Second)
		}
		o.wait(noticeDelay)
		for _, want := range []int{notify.MaxUnread, 20} {
			m := o.claimFor("maria")
			if len(m.Parts) != want {
				o.Fatalf("%d conversations are in the mail, not %d", len(m.Parts), want)
			}
			for _, part := range m.Parts {
				if !all[part.Conversation] {
					o.Fatal("a conversation was mailed twice, or was none of hers")
				}
				delete(all, part.Conversation)
			}
			o.settle(m, notify.Sent)
			if want == notify.MaxUnread {
				o.clock = o.next()
			}
		}
		if len(all) != 0 {
			o.Errorf("%d conversations were never mailed", len(all))
		}
	}},
	{"a sealed conversation is still unread", func(o *office) {
		c := o.start("ana", "maria").Conversation
		o.seal(c, "ana")
		o.wait(noticeDelay)
		o.claimFor("maria")
	}},
	{"who is gone by then is judged as gone, and due no more", func(o *office) {
		o.start("ana", "maria")
		o.leaves("maria")
		o.wait(noticeDelay)
		c := o.claim()
		if len(c.Mails) != 0 {
			o.Errorf("claimed are %+v", c.Mails)
		}
		o.quiet()
	}},
	{"where messaging is off, what is due is dropped", func(o *office) {
		o.start("ana", "maria", "leo")
		o.enable(false)
		o.wait(noticeDelay)
		o.spared(notify.WhyMessaging, 2)
		o.enable(true)
		o.quiet()
	}},
}
