package memory

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

// mail is one that was claimed at least once.
type mail struct {
	notify.Mail
	token int64
	due   time.Time // end of the lease, or of the wait
}

// Claim implements notify.Store.
func (s *Store) Claim(ctx context.Context, now time.Time, limit int, lease time.Duration, judge func(notify.Standing, time.Time) notify.Verdict) (notify.Claimed, error) {
	return call(ctx, s, "Claim", func() (notify.Claimed, error) {
		claimed := notify.Claimed{Spared: map[notify.Why]int{}}
		until := stored(now.Add(lease))
		for _, one := range s.unfinished(now) {
			if len(claimed.Mails) == limit {
				break
			}
			one.takeOver()
			claimed.Mails = append(claimed.Mails, one.lease(until))
		}
		for _, one := range s.noticed(now) {
			if len(claimed.Mails) == limit {
				break
			}
			m, why := one.judged(now, judge)
			if m == nil {
				claimed.Spared[why]++
				continue
			}
			claimed.Mails = append(claimed.Mails, one.claim(m, until))
		}
		claimed.More = len(s.unfinished(now))+len(s.noticed(now)) > 0
		return claimed, nil
	})
}

// due is somebody who is due, by a notice or by a mail.
type due struct {
	*district
	person uuid.UUID
	*mail
	at time.Time
}

// unfinished are the mails that are due at now, the oldest first.
func (s *Store) unfinished(now time.Time) (list []due) {
	for _, d := range s.districts {
		for _, m := range d.unsettled {
			if !m.due.After(now) {
				list = append(list, due{d, m.Person, m, m.due})
			}
		}
	}
	return inOrder(list)
}

// noticed are those who have a notice that is due at now, the oldest first.
func (s *Store) noticed(now time.Time) (list []due) {
	for _, d := range s.districts {
		for person, at := range d.notices {
			if !at.After(now) {
				list = append(list, due{d, person, nil, at})
			}
		}
	}
	return inOrder(list)
}

func inOrder(list []due) []due {
	slices.SortFunc(list, func(a, b due) int {
		return cmp.Or(a.at.Compare(b.at), bytes.Compare(a.person[:], b.person[:]))
	})
	return list
}

// judged does with a notice what judge says, and answers the mail that came of
// it, or why none did.
func (one due) judged(now time.Time, judge func(notify.Standing, time.Time) notify.Verdict) (*mail, notify.Why) {
	d := one.district
	verdict := judge(d.standing(one.person), now)
	delete(d.notices, one.person)
	if !verdict.Next.IsZero() {
		d.notices[one.person] = stored(verdict.Next)
	}
	if len(verdict.Parts) == 0 {
		return nil, verdict.Why
	}
	for _, part := range verdict.Parts {
		d.conversations[part.Conversation].member(one.person).mailed = notify.Mailed{Seq: part.UpTo, Step: part.Step, At: stored(now)}
	}
	m := &mail{Mail: notify.Mail{
		ID: uuid.Must(uuid.NewV7()), District: d.ID, Person: one.person, Address: d.addressOf(one.person).Email,
		State: notify.Intended, Parts: verdict.Parts, MadeAt: stored(now),
	}}
	d.mails[m.ID], d.unsettled[m.ID] = m, m
	return m, ""
}

// takeOver sends what was surely not taken to where the person is mailed to now.
func (one due) takeOver() {
	if one.State != notify.Calling {
		one.Address = one.addressOf(one.Person).Email
	}
}

// lease gives the mail to whoever claims it.
func (one due) lease(until time.Time) notify.Claim {
	return one.claim(one.mail, until)
}

func (one due) claim(m *mail, until time.Time) notify.Claim {
	m.token++
	m.due = until
	c := notify.Claim{
		Mail:     m.Mail,
		Lease:    notify.Lease{District: m.District, Mail: m.ID, Token: m.token, Until: until},
		Standing: one.district.standing(m.Person),
	}
	c.Parts = slices.Clone(m.Parts)
	return c
}
