package notify

import (
	"time"

	"github.com/homeline/homeline/hub/identity"
)

// steps are how long further messages of a conversation wait after a mail of it
// that went unread: after the first, the second, and all later ones.
var steps = [...]time.Duration{time.Hour, 4 * time.Hour, 24 * time.Hour}

// Judge says what to do with somebody's notice at now. As soon as one
// conversation is due, everything fresh goes into the one mail. Nothing is
// mailed in the quiet hours of the reader, not even at the hour of MailDaily.
func Judge(s Standing, now time.Time) Verdict {
	fresh := s.fresh()
	if why := s.silent(len(fresh) > 0); why != "" {
		return Verdict{Why: why}
	}
	hours := s.hours()
	if due := hours.wake(later(now, s.due(fresh))); due.After(now) {
		return Verdict{Next: due, Why: WhyWaiting}
	}
	v := Verdict{}
	for _, u := range fresh {
		v.Parts = append(v.Parts, u.part())
	}
	if s.More {
		v.Next = hours.wake(s.atTheirHour(now.Add(steps[0])))
	}
	return v
}

// fresh are the conversations with something to mail, at most MaxUnread.
func (s Standing) fresh() (list []Unread) {
	for _, u := range s.Unread {
		if u.Fresh > 0 && len(list) < MaxUnread {
			list = append(list, u)
		}
	}
	return list
}

// silent says why somebody is not mailed at all, whenever it is.
func (s Standing) silent(fresh bool) Why {
	switch {
	case !s.District.Enabled:
		return WhyMessaging
	case s.Person.Gone:
		return WhyGone
	case s.Preferences.Mail == identity.MailOff:
		return WhyOff
	case !fresh:
		return WhyRead
	}
	return s.Address.silent()
}

// silent says why nothing is sent to an address.
func (a Address) silent() Why {
	switch {
	case a.Email == "":
		return WhyNoAddress
	case a.State != AddressFine:
		return WhyAddress
	}
	return ""
}

// due is when the first of the conversations is due, quiet hours aside. Who is
// mailed once a day waits for that, and for nothing longer.
func (s Standing) due(fresh []Unread) (first time.Time) {
	for _, u := range fresh {
		due := u.FreshSince.Add(s.District.Settings.MailDelay())
		if u.throttled() && s.Preferences.Mail != identity.MailDaily {
			due = later(due, u.Mailed.At.Add(u.Mailed.wait()))
		}
		if first.IsZero() || due.Before(first) {
			first = due
		}
	}
	return s.atTheirHour(first)
}

// atTheirHour is at, or the next hour of somebody who is mailed once a day.
func (s Standing) atTheirHour(at time.Time) time.Time {
	if s.Preferences.Mail != identity.MailDaily {
		return at
	}
	return s.hours().daily(at, s.Preferences.DailyAt)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (u Unread) throttled() bool { return u.Mailed.Unread(u.ReadSeq) }

// wait is how long after At the next mail of the conversation may be.
func (m Mailed) wait() time.Duration { return steps[min(max(m.Step, 1), len(steps))-1] }

// part is what is mailed of a conversation.
func (u Unread) part() Part {
	p := Part{Conversation: u.Conversation, After: max(u.ReadSeq, u.Mailed.Seq), UpTo: u.FreshSeq, Step: 1}
	if u.throttled() {
		p.Step = u.Mailed.Step + 1
	}
	return p
}
