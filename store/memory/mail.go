package memory

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
)

func finished(s notify.State) bool {
	return s != notify.Intended && s != notify.Calling && s != notify.Waiting
}

// become changes how far a mail has come.
func (d *district) become(m *mail, state notify.State) {
	m.State = state
	if finished(state) {
		delete(d.unsettled, m.ID)
	}
}

// leased is the mail of a lease that was not taken over.
func (s *Store) leased(l notify.Lease) (*district, *mail, error) {
	d := s.districts[l.District]
	if d == nil || d.mails[l.Mail] == nil || d.mails[l.Mail].token != l.Token {
		return nil, nil, notify.ErrLeaseLost
	}
	return d, d.mails[l.Mail], nil
}

// Calling implements notify.Store.
func (s *Store) Calling(ctx context.Context, l notify.Lease, now time.Time) ([]notify.Part, error) {
	return call(ctx, s, "Calling", func() ([]notify.Part, error) {
		d, m, err := s.leased(l)
		if err != nil {
			return nil, err
		}
		if finished(m.State) {
			return nil, notify.ErrLeaseLost
		}
		parts := d.still(m)
		if len(parts) == 0 {
			return nil, nil
		}
		if m.State == notify.Calling {
			m.Doubts++
		}
		m.State, m.CalledAt = notify.Calling, stored(now)
		m.Attempts++
		return parts, nil
	})
}

// still is what of a mail is unread, and may be mailed.
func (d *district) still(m *mail) (parts []notify.Part) {
	if !d.Enabled || d.gone(m.Person) || d.preferences[m.Person].Mail == identity.MailOff {
		return nil
	}
	for _, part := range m.Parts {
		c := d.conversations[part.Conversation]
		me := c.member(m.Person)
		part.After = max(part.After, me.readSeq)
		for seq := part.After; seq < part.UpTo; seq++ {
			if c.messages[seq].Sender != m.Person {
				parts = append(parts, part)
				break
			}
		}
	}
	return parts
}

// Settle implements notify.Store.
func (s *Store) Settle(ctx context.Context, l notify.Lease, became notify.Settlement) error {
	_, err := call(ctx, s, "Settle", func() (none struct{}, err error) {
		d, m, err := s.leased(l)
		switch {
		case err != nil:
			return none, err
		case finished(m.State) && m.State == became.State:
			return none, nil
		case finished(m.State):
			return none, notify.ErrLeaseLost
		}
		d.become(m, became.State)
		m.Detail, m.due = became.Detail, stored(became.Next)
		if became.Provider != "" {
			m.Provider = became.Provider
		}
		return none, nil
	})
	return err
}

// MailOf implements notify.Store.
func (s *Store) MailOf(ctx context.Context, id uuid.UUID) (notify.Mail, error) {
	return call(ctx, s, "MailOf", func() (notify.Mail, error) {
		for _, d := range s.districts {
			if m := d.mails[id]; m != nil {
				return m.Mail, nil
			}
		}
		return notify.Mail{}, notify.ErrNoMail
	})
}

// SweepMails implements notify.Store.
func (s *Store) SweepMails(ctx context.Context, before time.Time) error {
	_, err := call(ctx, s, "SweepMails", func() (none struct{}, err error) {
		for _, d := range s.districts {
			for id, m := range d.mails {
				if finished(m.State) && m.MadeAt.Before(before) {
					delete(d.mails, id)
				}
			}
			for nonce, at := range d.nonces {
				if at.Before(before) {
					delete(d.nonces, nonce)
				}
			}
		}
		return none, nil
	})
	return err
}
