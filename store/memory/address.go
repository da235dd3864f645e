package memory

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

// mark says how an address is.
func (d *district) mark(email string, s notify.AddressState, at time.Time) {
	if s == notify.AddressFine {
		delete(d.marked, strings.ToLower(email))
		return
	}
	d.marked[strings.ToLower(email)] = notify.Address{State: s, Since: stored(at)}
}

// addressOf is where somebody is mailed to.
func (d *district) addressOf(person uuid.UUID) notify.Address {
	email := d.people[person].Email
	mark := d.marked[email]
	return notify.Address{Email: email, State: mark.State, Since: mark.Since}
}

// Addresses implements notify.Store.
func (s *Store) Addresses(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]notify.PersonAddress, error) {
	return call(ctx, s, "Addresses", func() (list []notify.PersonAddress, err error) {
		for _, id := range people {
			if d := s.districts[district]; d != nil && d.people[id].ID != uuid.Nil {
				list = append(list, notify.PersonAddress{Person: id, Address: d.addressOf(id)})
			}
		}
		return list, nil
	})
}

// MarkAddress implements notify.Store.
func (s *Store) MarkAddress(ctx context.Context, district uuid.UUID, email string, state notify.AddressState, now time.Time) error {
	_, err := call(ctx, s, "MarkAddress", func() (none struct{}, err error) {
		if d := s.districts[district]; d != nil {
			d.mark(email, state, now)
		}
		return none, nil
	})
	return err
}
