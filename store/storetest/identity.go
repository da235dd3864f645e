package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// IdentityStore is what [Identity] needs: sign-ins, people to sign in, and where
// they are mailed to.
type IdentityStore interface {
	identity.Store
	roster.Store
	Addresses(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]notify.PersonAddress, error)
	MarkAddress(ctx context.Context, district uuid.UUID, email string, s notify.AddressState, now time.Time) error
}

// Identity asks of the stores that open opens, an empty one for each test, what
// identity.Store promises. It happens in the school of roster_school.go.
func Identity(t *testing.T, open func(*testing.T) IdentityStore) {
	for _, group := range []struct {
		name  string
		tests []identityTest
	}{
		{"Holders", holderTests},
		{"Links", linkTests},
		{"Sessions", sessionTests},
		{"SignIns", signInTests},
		{"Out", outTests},
		{"Choices", choiceTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, one := range group.tests {
				t.Run(one.says, func(t *testing.T) {
					s := open(t)
					one.run(desk{T: t, IdentityStore: s, district: newSchool(t, s, "lincoln").ID})
				})
			}
		})
	}
}

// identityTest is one thing that a store is asked.
type identityTest struct {
	says string
	run  func(desk)
}

// desk is where the people of one district sign in.
type desk struct {
	*testing.T
	IdentityStore
	district uuid.UUID
}

func (d desk) id(sourcedID string) uuid.UUID {
	d.Helper()
	return person(d.T, d, d.district, sourcedID).ID
}

// session is one of that person's, kept, for an hour. "" has still to choose.
func (d desk) session(id, sourcedID, address string) identity.Session {
	d.Helper()
	s := identity.Session{ID: id, District: d.district, Address: address, CreatedAt: schoolNow, ExpiresAt: schoolNow.Add(hour)}
	if sourcedID != "" {
		s.Person = d.id(sourcedID)
	}
	must(d.T, d.SaveSession(d.Context(), s))
	return s
}

// link is one to that address, kept, for an hour.
func (d desk) link(secret byte, address string) identity.Link {
	d.Helper()
	l := identity.Link{Hash: [32]byte{secret}, District: d.district, Address: address, Next: "/inbox", ExpiresAt: schoolNow.Add(hour)}
	must(d.T, d.SaveLink(d.Context(), l))
	return l
}
