package sqlite

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/storetest"
)

// village is one in a file.
type village struct {
	*Store
	shared *storetest.Village
	t      testing.TB
	id     uuid.UUID
	people []uuid.UUID
	now    time.Time
}

func settle(t testing.TB, s *Store, people int) *village {
	t.Helper()
	v := storetest.Settle(t, s, people)
	return &village{Store: s, shared: v, t: t, id: v.ID, people: v.People, now: v.Now}
}

func (v *village) must(err error) {
	v.t.Helper()
	v.shared.Must(err)
}

func (v *village) talk(people ...uuid.UUID) uuid.UUID {
	v.t.Helper()
	v.shared.Now = v.now
	return v.shared.Talk(people...)
}

func (v *village) letter(conversation, sender uuid.UUID) hub.Post {
	v.shared.Now = v.now
	return v.shared.Letter(conversation, sender)
}

func (v *village) post(conversation, sender uuid.UUID) hub.Receipt {
	v.t.Helper()
	v.shared.Now = v.now
	return v.shared.Send(conversation, sender)
}

// findings are those of a verification of the whole file.
func (v *village) findings() []string {
	v.t.Helper()
	var all []string
	_, err := v.Verify(v.t.Context(), uuid.Nil, func(f Finding) { all = append(all, f.String()) })
	v.must(err)
	return all
}

// unharmed holds where a verification finds nothing.
func (v *village) unharmed() {
	v.t.Helper()
	for _, f := range v.findings() {
		v.t.Error(f)
	}
}
