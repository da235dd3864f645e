package identity_test

import (
	"bytes"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// link is a fresh link to ana.
func link(t *testing.T) (s *school, secret string) {
	t.Helper()
	s = newSchool(t)
	s.put(s.district, person("ana", "ana@mail.example", roster.Parent))
	s.request("ana@mail.example")
	return s, s.secret(s.deliver()[0])
}

func TestLookingAtALinkDoesNotUseItUp(t *testing.T) {
	s, secret := link(t)
	for range 3 { // as a mail scanner does
		l, err := s.CheckLink(ctx, secret)
		if err != nil || l.Next != "/inbox" || l.Address != "ana@mail.example" {
			t.Fatalf("the link is %+v, %v", l, err)
		}
	}
	if _, _, err := s.UseLink(ctx, secret); err != nil {
		t.Errorf("using it: %v", err)
	}
}

func TestALinkOpensOneSessionHoweverManyTryAtOnce(t *testing.T) {
	s, secret := link(t)
	var opened atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			switch _, _, err := s.UseLink(ctx, secret); {
			case err == nil:
				opened.Add(1)
			case !errors.Is(err, identity.ErrNoLink):
				t.Errorf("answered %v", err)
			}
		})
	}
	wg.Wait()
	if opened.Load() != 1 {
		t.Errorf("it opened %d sessions", opened.Load())
	}
	if _, err := s.CheckLink(ctx, secret); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("afterwards: %v", err)
	}
}

func TestALinkIsTooOldAfterHalfAnHour(t *testing.T) {
	s, secret := link(t)
	s.pass(identity.LinkLife - time.Second)
	if _, err := s.CheckLink(ctx, secret); err != nil {
		t.Errorf("a second before: %v", err)
	}
	s.pass(time.Second)
	if _, _, err := s.UseLink(ctx, secret); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("at its end: %v", err)
	}
}

func TestALinkOfSomebodyWhoHasGoneOpensNothing(t *testing.T) {
	s, secret := link(t)
	gone := person("ana", "ana@mail.example", roster.Parent)
	gone.Gone = true
	s.put(s.district, gone)
	if _, _, err := s.UseLink(ctx, secret); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("answered %v", err)
	}
}

func TestALinkOpensNothingOnceItsAddressIsSomebodyElses(t *testing.T) {
	s, secret := link(t)
	s.put(s.district, person("ana", "", roster.Parent))
	if _, _, err := s.UseLink(ctx, secret); !errors.Is(err, identity.ErrNoLink) {
		t.Errorf("answered %v", err)
	}
}

func TestAGuessedLinkIsNone(t *testing.T) {
	s, secret := link(t)
	for _, guess := range []string{"", "x", secret[1:], secret + "A", "../" + secret, string(make([]byte, 43))} {
		if _, _, err := s.UseLink(ctx, guess); !errors.Is(err, identity.ErrNoLink) {
			t.Errorf("%q: %v", guess, err)
		}
	}
}

func TestTheDatabaseHoldsNoSecret(t *testing.T) {
	s, secret := link(t)
	token, _ := s.signIn("ana@mail.example")
	s.store.Close()
	for _, path := range []string{s.path, s.path + "-wal"} {
		b, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue // closed cleanly, it has no log
		}
		if err != nil {
			t.Fatal(err)
		}
		for what, held := range map[string]string{"a link": secret, "a token": token} {
			if bytes.Contains(b, []byte(held)) {
				t.Errorf("%s holds %s", path, what)
			}
		}
	}
}
