package identity_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
)

// slowStore knows some sessions that commands made, and takes a while.
type slowStore struct {
	identity.Store // asked for nothing else
	known          map[string]identity.SignIn
	mu             sync.Mutex
	asked          []int // ids in each question
}

func (s *slowStore) SignIns(ctx context.Context, ids []string, _ time.Time) (list []identity.SignIn, err error) {
	s.mu.Lock()
	s.asked = append(s.asked, len(ids))
	s.mu.Unlock()
	time.Sleep(10 * time.Millisecond)
	for _, id := range ids {
		if signIn, known := s.known[id]; known {
			list = append(list, signIn)
		}
	}
	return list, ctx.Err()
}

func (s *slowStore) SaveSession(_ context.Context, session identity.Session) error {
	s.known[session.ID] = identity.SignIn{Session: session}
	return nil
}

func TestThoseWhoComeAtOnceAreLookedUpTogetherAndEachIsWhoTheyAre(t *testing.T) {
	school := newSchool(t)
	school.put(school.district, person("ana", "ana@mail.example"))
	store := &slowStore{known: map[string]identity.SignIn{}}
	service := identity.New(store, school.store, nil, school, identity.Options{})
	ana := school.id(school.district, "ana")
	tokens := map[string]string{} // the session of each
	for range 1000 {
		token, session, err := service.Issue(t.Context(), school.district.ID, ana, 0)
		if err != nil {
			t.Fatal(err)
		}
		tokens[token] = session.ID
	}
	synctest.Test(t, func(t *testing.T) {
		var all sync.WaitGroup
		for token, id := range tokens {
			all.Go(func() {
				if session, err := service.Authenticate(t.Context(), token); err != nil || session.ID != id {
					t.Errorf("%v, %v", session.ID == id, err)
				}
			})
			all.Go(func() {
				wrong := token[1:] + "x"
				if _, err := service.Authenticate(t.Context(), wrong); !errors.Is(err, identity.ErrNoSession) {
					t.Errorf("a wrong token: %v", err)
				}
			})
		}
		all.Wait()
		t.Logf("2,000 tokens were looked up in %v", store.asked)
		if len(store.asked) > 10 {
			t.Errorf("%d questions for those who came at once", len(store.asked))
		}
	})
}

func TestTheSignInsOfManyOpenPagesAreAFewQuestions(t *testing.T) {
	store := &slowStore{known: map[string]identity.SignIn{}}
	var who []live.Who
	for range 2000 {
		session := identity.Session{ID: uuid.NewString(), District: uuid.New(), Person: uuid.New()}
		store.known[session.ID] = identity.SignIn{Session: session}
		who = append(who, connected(session))
	}
	who[1234].SignIn = "another"
	ended, err := identity.SignIns{Store: store, Now: time.Now}.Ended(t.Context(), who)
	if err != nil || len(ended) != 1 || ended[0] != "another" {
		t.Errorf("%v, %v", ended, err)
	}
	if len(store.asked) != 4 {
		t.Errorf("%d questions", len(store.asked))
	}
}
