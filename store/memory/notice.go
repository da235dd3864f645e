package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

var (
	_ notify.Store   = (*Store)(nil)
	_ notify.Secrets = (*Store)(nil)
)

// notice makes somebody due at, unless they are earlier.
func (d *district) notice(person uuid.UUID, at time.Time) {
	if had, there := d.notices[person]; !there || at.Before(had) {
		d.notices[person] = at
	}
}

// Remind implements notify.Store.
func (s *Store) Remind(ctx context.Context, district, person uuid.UUID, at time.Time) error {
	_, err := call(ctx, s, "Remind", func() (none struct{}, err error) {
		if d := s.districts[district]; d != nil && d.heads[person] != nil && d.heads[person].Unread > 0 {
			d.notice(person, stored(at))
		}
		return none, nil
	})
	return err
}

// standing is how somebody stands.
func (d *district) standing(person uuid.UUID) notify.Standing {
	s := notify.Standing{
		District: d.District, Person: d.people[person], Address: d.addressOf(person), Preferences: d.preferences[person],
	}
	at := map[uuid.UUID]time.Time{}
	for _, c := range d.conversations {
		if m := c.member(person); m != nil && m.unread(c) > 0 {
			s.Unread, at[c.ID] = append(s.Unread, unreadIn(c, m)), c.LastAt
		}
	}
	slices.SortFunc(s.Unread, func(a, b notify.Unread) int {
		return cmp.Or(cmp.Compare(min(b.Fresh, 1), min(a.Fresh, 1)), at[b.Conversation].Compare(at[a.Conversation]))
	})
	if len(s.Unread) > notify.MaxUnread {
		s.Unread, s.More = s.Unread[:notify.MaxUnread], true
	}
	return s
}

func unreadIn(c *conversation, m *member) notify.Unread {
	u := notify.Unread{Conversation: c.ID, LastSeq: c.LastSeq, ReadSeq: m.readSeq, Mailed: m.mailed}
	for _, message := range c.messages[max(m.readSeq, m.mailed.Seq):] {
		if message.Sender == m.person {
			continue
		}
		if u.Fresh == 0 {
			u.FreshSince = message.SentAt
		}
		u.Fresh, u.FreshSeq = u.Fresh+1, message.Seq
	}
	return u
}

// Next implements notify.Store.
func (s *Store) Next(ctx context.Context) (time.Time, error) {
	return call(ctx, s, "Next", func() (next time.Time, err error) {
		for _, d := range s.districts {
			for _, due := range d.dues() {
				if next.IsZero() || due.Before(next) {
					next = due
				}
			}
		}
		return next, nil
	})
}

// dues are when the notices and unfinished mails of a district are due.
func (d *district) dues() (all []time.Time) {
	for _, due := range d.notices {
		all = append(all, due)
	}
	for _, m := range d.unsettled {
		all = append(all, m.due)
	}
	return all
}

// Status implements notify.Store.
func (s *Store) Status(ctx context.Context, now time.Time) (notify.Status, error) {
	return call(ctx, s, "Status", func() (notify.Status, error) {
		status := notify.Status{Mails: map[notify.State]int{}, Addresses: map[notify.AddressState]int{}}
		for _, d := range s.districts {
			for _, due := range d.dues() {
				switch {
				case due.After(now):
				case status.OldestDue.IsZero() || due.Before(status.OldestDue):
					status.OldestDue = due
					fallthrough
				default:
					status.Due++
				}
			}
			for _, due := range d.notices {
				if due.After(now) {
					status.Pending++
				}
			}
			for _, m := range d.mails {
				if d.unsettled[m.ID] != nil || m.MadeAt.After(now.Add(-notify.Counted)) {
					status.Mails[m.State]++
				}
			}
			for _, mark := range d.marked {
				status.Addresses[mark.State]++
			}
		}
		return status, nil
	})
}
