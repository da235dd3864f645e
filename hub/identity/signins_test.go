package identity_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
)

// ended says whose open page has to close.
func (s *school) ended(who ...live.Who) []string {
	s.t.Helper()
	ids, err := identity.SignIns{Store: s.store, Now: s.clock}.Ended(ctx, who)
	if err != nil {
		s.t.Fatal(err)
	}
	return ids
}

func connected(session identity.Session) live.Who {
	return live.Who{District: session.District, Person: session.Person, SignIn: session.ID}
}

func TestAnOpenPageOutlivesNeitherItsSessionNorItsAddress(t *testing.T) {
	s := newSchool(t)
	for _, name := range []string{"ana", "eva", "luis", "rosa", "maria"} {
		s.put(s.district, person(name, name+"@mail.example", roster.Parent))
	}
	open := map[string]live.Who{}
	for _, name := range []string{"ana", "eva", "luis", "rosa", "maria"} {
		_, session := s.signIn(name + "@mail.example")
		open[name] = connected(session)
	}
	if ids := s.ended(open["ana"], open["eva"], open["luis"], open["rosa"], open["maria"]); len(ids) != 0 {
		t.Fatalf("ended at once: %d", len(ids))
	}

	if err := s.SignOut(ctx, identity.Session{ID: open["ana"].SignIn, District: s.district.ID, Person: open["ana"].Person}); err != nil {
		t.Fatal(err)
	}
	gone := person("eva", "eva@mail.example", roster.Parent)
	gone.Gone = true
	s.put(s.district, gone, person("luis", "luis.ruiz@mail.example", roster.Parent))
	another := open["rosa"]
	another.Person = uuid.New()

	got := s.ended(open["ana"], open["eva"], open["luis"], another, open["maria"])
	want := []string{open["ana"].SignIn, open["eva"].SignIn, open["luis"].SignIn, open["rosa"].SignIn}
	if !slices.Equal(got, want) {
		t.Errorf("%d pages have to close, want signed out, gone, another address, another person", len(got))
	}
}
