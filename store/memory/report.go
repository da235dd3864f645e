package memory

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
)

// Report implements notify.Store.
func (s *Store) Report(ctx context.Context, r notify.Report) (bool, error) {
	return call(ctx, s, "Report", func() (repeated bool, err error) {
		d := s.districts[r.District]
		if d == nil {
			return false, notify.ErrNoMail
		}
		if _, repeated := d.nonces[r.Nonce]; repeated {
			return true, nil
		}
		d.nonces[r.Nonce] = stored(r.At)
		m := d.mails[r.Mail]
		switch r.Kind {
		case notify.Delivered:
			if m != nil && (m.State == notify.Calling || m.State == notify.Unknown || m.State == notify.Waiting) {
				d.become(m, notify.Sent)
			}
		case notify.Bounced:
			d.mark(r.Email, notify.AddressBounced, r.At)
		case notify.Complained:
			d.mark(r.Email, notify.AddressComplained, r.At)
		case notify.Unsubscribed:
			person := r.Person
			if person == uuid.Nil && m != nil {
				person = m.Person
			}
			if _, known := d.people[person]; known {
				chosen := d.preferences[person]
				chosen.Mail = identity.MailOff
				d.preferences[person] = chosen
			}
		}
		return false, nil
	})
}
