package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// most is how often a page may wait for the database, whoever reads it.
const most = 15

func TestAPageWaitsForTheDatabaseAFewTimes(t *testing.T) {
	trips, address := postgrestest.Counting(t, postgrestest.New(t))
	store, err := postgres.Open(t.Context(), postgres.Options{URL: address, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	s := openOn(t, store)
	var letters []string
	for range 3 {
		letters = append(letters, conversationPath(s.letter("Trip", "On Friday.")))
	}
	for _, name := range []string{chen, ortiz, ana} {
		for _, path := range []string{"/inbox", letters[0]} {
			b := s.as(name)
			if name == ana {
				b = s.byMail("family@example.org", ana) // and she may change over to Luis
			}
			if name == ortiz && path != "/inbox" {
				continue // she is in no conversation
			}
			waited := fewest(trips, func() { b.get(path).is(http.StatusOK) })
			t.Logf("%s asks for %s: %d round trips", name, path, waited)
			if waited > most {
				t.Errorf("%s asks for %s: %d round trips, of %d at most", name, path, waited, most)
			}
		}
	}
}

// byMail is a browser in which somebody is signed in by mail, as one of those
// who share the address.
func (s *school) byMail(address, name string) *browser {
	s.t.Helper()
	b := s.browser()
	b.post(s.link(b, address, "/inbox"), nil).is(http.StatusSeeOther)
	b.post("/choose", url.Values{"person": {s.id(name).String()}}).is(http.StatusSeeOther)
	return b
}

// fewest is what a page costs once every connection knows its queries.
func fewest(trips *postgrestest.RoundTrips, ask func()) int {
	least := 1 << 30
	for range 12 {
		trips.Since()
		ask()
		least = min(least, trips.Since())
	}
	return least
}
