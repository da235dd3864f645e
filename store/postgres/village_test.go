package postgres

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/storetest"
)

// village is one in a database of which the test has all keys.
type village struct {
	*storetest.Village
	s *Store
	postgrestest.Database
}

func settle(t testing.TB, people int) *village {
	t.Helper()
	return settleIn(t, postgrestest.Open(t), people)
}

func settleIn(t testing.TB, d postgrestest.Database, people int) *village {
	t.Helper()
	s := openURL(t, d.URL)
	return &village{Village: storetest.Settle(t, s, people), s: s, Database: d}
}

// talkOfFive is a conversation of three, of five messages, of which one has
// read two and one has sent the fourth and read nothing.
func talkOfFive(t testing.TB) (*village, uuid.UUID) {
	v := settle(t, 4)
	c := v.Talk(v.People[:3]...)
	for _, sender := range []int{1, 0, 2, 0} {
		v.Send(c, v.People[sender])
	}
	_, err := v.MarkRead(t.Context(), v.ID, c, v.People[1], 2)
	v.Must(err)
	return v, c
}

func (v *village) seal(c uuid.UUID) {
	_, err := v.Seal(v.T.Context(), v.ID, c, hub.Seal{At: v.Now, By: v.People[0], Cause: hub.SealedByStaff, Reason: "Enough."}, nil)
	v.Must(err)
}

// findings are those of a verification of the whole database.
func (v *village) findings() []string {
	v.T.Helper()
	var all []string
	_, err := v.s.Verify(v.T.Context(), uuid.Nil, func(f Finding) { all = append(all, f.String()) })
	v.Must(err)
	return all
}

// unharmed holds where a verification finds nothing.
func (v *village) unharmed() {
	v.T.Helper()
	for _, f := range v.findings() {
		v.T.Error(f)
	}
}
