package storetest

import (
	"errors"
	"sync"
	"time"

	"github.com/homeline/homeline/hub/identity"
)

const hour = time.Hour

var linkTests = []identityTest{
	{"a link is found as it was saved, until it expires", aLinkIsFound},
	{"a link is used once", aLinkIsUsedOnce},
	{"of many who use a link at once, one has a session", oneOfManyHasASession},
	{"a link that could not give its session can still be used", aFailedUseCostsNothing},
	{"a link of one district opens no session in another", aLinkStaysInItsDistrict},
	{"what has expired is swept up, and nothing else", expiredIsSweptUp},
}

func aLinkIsFound(d desk) {
	want := d.link(1, "kim@example.org")
	if got := given(d.Link(d.Context(), want.Hash, schoolNow))(d.T); got != want {
		d.Errorf("got %+v, want %+v", got, want)
	}
	for says, find := range map[string]func() error{
		"expired": func() error { _, err := d.Link(d.Context(), want.Hash, want.ExpiresAt); return err },
		"unknown": func() error { _, err := d.Link(d.Context(), [32]byte{9}, schoolNow); return err },
	} {
		if err := find(); !errors.Is(err, identity.ErrNoLink) {
			d.Errorf("%s: %v", says, err)
		}
	}
}

func (d desk) use(l identity.Link, session, sourcedID string, now time.Time) error {
	return d.UseLink(d.Context(), l.Hash, identity.Session{
		ID: session, District: l.District, Person: d.id(sourcedID), Address: l.Address, CreatedAt: now, ExpiresAt: now.Add(hour),
	}, now)
}

func aLinkIsUsedOnce(d desk) {
	l := d.link(1, "kim@example.org")
	must(d.T, d.use(l, "first", "kim", schoolNow))
	if err := d.use(l, "second", "kim", schoolNow); !errors.Is(err, identity.ErrNoLink) {
		d.Errorf("a second use: %v", err)
	}
	if _, err := d.Session(d.Context(), "second", schoolNow); !errors.Is(err, identity.ErrNoSession) {
		d.Errorf("the second use has a session: %v", err)
	}
	given(d.Session(d.Context(), "first", schoolNow))(d.T)
	if err := d.use(d.link(2, "kim@example.org"), "late", "kim", schoolNow.Add(hour)); !errors.Is(err, identity.ErrNoLink) {
		d.Errorf("an expired link: %v", err)
	}
}

func oneOfManyHasASession(d desk) {
	l := d.link(1, "kim@example.org")
	won := make([]bool, 8)
	var wg sync.WaitGroup
	for i := range won {
		wg.Go(func() { won[i] = d.use(l, string(rune('a'+i)), "kim", schoolNow) == nil })
	}
	wg.Wait()
	sessions := 0
	for i := range won {
		_, err := d.Session(d.Context(), string(rune('a'+i)), schoolNow)
		if won[i] != (err == nil) {
			d.Errorf("use %d: won %v, session %v", i, won[i], err)
		}
		if won[i] {
			sessions++
		}
	}
	if sessions != 1 {
		d.Errorf("%d have a session", sessions)
	}
}

func aFailedUseCostsNothing(d desk) {
	l := d.link(1, "kim@example.org")
	d.session("taken", "leo", "")
	if err := d.use(l, "taken", "kim", schoolNow); err == nil {
		d.Error("a session's identifier was given twice")
	}
	must(d.T, d.use(l, "free", "kim", schoolNow))
}

func aLinkStaysInItsDistrict(d desk) {
	l := d.link(1, "kim@example.org")
	other := newSchool(d.T, d, "adams")
	l.District = other.ID
	if err := d.use(l, "s", "kim", schoolNow); err == nil {
		d.Error("a link of one district opened a session in another")
	}
}

func expiredIsSweptUp(d desk) {
	d.link(1, "kim@example.org")
	d.session("s", "kim", "")
	must(d.T, d.Sweep(d.Context(), schoolNow.Add(hour-time.Microsecond)))
	given(d.Session(d.Context(), "s", schoolNow))(d.T)
	given(d.Link(d.Context(), [32]byte{1}, schoolNow))(d.T)
	must(d.T, d.Sweep(d.Context(), schoolNow.Add(hour)))
	given(d.Session(d.Context(), "s", schoolNow))(d.T) // that it was one can still be told
	must(d.T, d.Sweep(d.Context(), schoolNow.Add(hour+identity.ExpiredKept)))
	if _, err := d.Session(d.Context(), "s", schoolNow); !errors.Is(err, identity.ErrNoSession) {
		d.Errorf("an expired session after sweeping: %v", err)
	}
	if _, err := d.Link(d.Context(), [32]byte{1}, schoolNow); !errors.Is(err, identity.ErrNoLink) {
		d.Errorf("an expired link after sweeping: %v", err)
	}
}
