package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// everyLostCommit runs a test with a proxy once for each moment at which the
// connection of a commit can be cut.
func everyLostCommit(t *testing.T, run func(s *signedIn, cut func())) {
	for name, when := range map[string]moment{
		"before it is heard": beforeItIsHeard, "before the answer": beforeTheAnswer, "within the answer": withinTheAnswer,
		"never to answer": neverToAnswer,
	} {
		t.Run(name, func(t *testing.T) {
			p, url := through(t, postgrestest.New(t))
			node := openURL(t, url)
			s := &signedIn{T: t, nodes: [2]*Store{node, node}, district: uuid.Must(uuid.NewV7())}
			s.must(node.CreateDistrict(t.Context(), roster.District{ID: s.district, Slug: "d", Settings: roster.DefaultSettings()}))
			s.must(s.put(false))
			kim, err := node.PersonBySourcedID(t.Context(), s.district, "kim")
			s.must(err)
			s.kim = kim.ID
			node.callTime, node.commitTime = 2*time.Second, 2*time.Second
			run(s, func() { p.cutOnce("commit", when) })
			if p.happened() != 1 {
				t.Errorf("%d connections were cut", p.happened())
			}
		})
	}
}

func TestALinkWhoseCommitIsLostHasSignedIn(t *testing.T) {
	everyLostCommit(t, func(s *signedIn, cut func()) {
		now := time.Now()
		link := identity.Link{Hash: [32]byte{1}, District: s.district, Address: "kim@example.org", ExpiresAt: now.Add(time.Hour)}
		s.must(s.nodes[0].SaveLink(s.Context(), link))
		cut()
		s.must(s.nodes[0].UseLink(s.Context(), link.Hash, s.session("one", s.kim), now))
		if _, err := s.nodes[0].Session(s.Context(), "one", now); err != nil {
			s.Errorf("the session: %v", err)
		}
		if err := s.nodes[0].UseLink(s.Context(), link.Hash, s.session("two", s.kim), now); !errors.Is(err, identity.ErrNoLink) {
			s.Errorf("once more: %v", err)
		}
	})
}

func TestAChangeOfAddressWhoseCommitIsLostIsToldOf(t *testing.T) {
	everyLostCommit(t, func(s *signedIn, cut func()) {
		now := time.Now()
		c := identity.AddressChange{Hash: [32]byte{1}, District: s.district, Person: s.kim, Email: "kim@new.example", ExpiresAt: now.Add(time.Hour)}
		s.must(s.nodes[0].SaveAddressChange(s.Context(), c))
		cut()
		used, err := s.nodes[0].UseAddressChange(s.Context(), c.Hash, now)
		if err != nil || used.Person != s.kim || used.Email != c.Email {
			s.Errorf("%+v, %v", used, err)
		}
		if _, err := s.nodes[0].UseAddressChange(s.Context(), c.Hash, now); !errors.Is(err, identity.ErrNoLink) {
			s.Errorf("once more: %v", err)
		}
	})
}

func TestAnAddressWhoseCommitIsLostIsChosen(t *testing.T) {
	everyLostCommit(t, func(s *signedIn, cut func()) {
		for _, email := range []string{"kim@new.example", ""} {
			if email == "" {
				cut()
			}
			s.must(s.nodes[0].ChooseAddress(s.Context(), s.district, s.kim, email, time.Now()))
			if got, err := s.nodes[0].ChosenAddress(s.Context(), s.district, s.kim); got != email || err != nil {
				s.Errorf("%q, not %q (%v)", got, email, err)
			}
		}
	})
}
