package hub_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// naive is what a school's conversations are, told in the simplest way.
type naive struct {
	order []uuid.UUID
	of    map[uuid.UUID]*thread
}

type thread struct {
	in      []string
	senders []string // of message 1, 2, 3 …
	mark    map[string]int
	sealed  bool
}

// unread recounts one by one what is above somebody's mark and not their own.
func (n naive) unread(name string) (total int64) {
	for _, th := range n.of {
		for i, sender := range th.senders {
			if slices.Contains(th.in, name) && i >= th.mark[name] && sender != name {
				total++
			}
		}
	}
	return total
}

// TestCountsEqualANaiveRecountAndNobodyOutsideSees lets people start, reply,
// read and seal in any order, and compares with the recount.
func TestCountsEqualANaiveRecountAndNobodyOutsideSees(t *testing.T) {
	shared := openSchool(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		s := newSchool(shared.TB, shared.store, fmt.Sprintf("district-%d", n))
		m := naive{of: map[uuid.UUID]*thread{}}
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			step(r, s, &m)
			for _, name := range everybody {
				if got, want := s.unread(name), m.unread(name); got != want {
					r.Fatalf("%s: total %d, recount %d", name, got, want)
				}
			}
		}
		compare(r, s, m)
	})
}

var everybody = []string{"Chen", "Dora", "Pat", "Olga", "Leo", "Eva", "Mia", "Ana", "Ben", "Kim"}

func step(r *rapid.T, s *school, m *naive) {
	act := rapid.SampledFrom([]string{"start", "reply", "reply", "reply", "read", "read", "seal"}).Draw(r, "act")
	if act == "start" || len(m.order) == 0 {
		start(r, s, m)
		return
	}
	id := rapid.SampledFrom(m.order).Draw(r, "conversation")
	th := m.of[id]
	name := rapid.SampledFrom(everybody).Draw(r, "who")
	inside := slices.Contains(th.in, name)
	switch act {
	case "reply":
		_, err := s.Reply(context.Background(), s.is(name), id, uuid.New(), "A reply")
		if want := inside && !th.sealed; want != (err == nil) {
			r.Fatalf("%s replies (inside %v, sealed %v): %v", name, inside, th.sealed, err)
		}
		if err == nil {
			th.senders = append(th.senders, name)
		}
	case "read":
		upTo := rapid.IntRange(0, len(th.senders)+2).Draw(r, "up to")
		_, err := s.MarkRead(context.Background(), s.is(name), id, int64(upTo))
		if inside != (err == nil) {
			r.Fatalf("%s reads (inside %v): %v", name, inside, err)
		}
		if inside {
			th.mark[name] = max(th.mark[name], min(upTo, len(th.senders)))
		}
	case "seal":
		_, err := s.Seal(context.Background(), s.is(name), id, "Over.")
		staff := slices.Contains([]string{"Chen", "Dora", "Pat"}, name) && inside || name == "Olga"
		if want := staff && !th.sealed; want != (err == nil) {
			r.Fatalf("%s seals (inside %v, sealed %v): %v", name, inside, th.sealed, err)
		}
		th.sealed = th.sealed || err == nil
	}
}

func start(r *rapid.T, s *school, m *naive) {
	from := rapid.SampledFrom([]string{"Chen", "Pat", "Olga"}).Draw(r, "from")
	people := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Leo/Leo", "Mia/Mia", "Ana/Leo", "Ben/Leo", "Kim/Mia"}), 1, 5,
		rapid.ID).Draw(r, "to")
	in := []string{from}
	var to []roster.Recipient
	for _, p := range people {
		person, student, _ := strings.Cut(p, "/")
		to, in = append(to, s.to(person, student)), append(in, person)
	}
	m.order = append(m.order, s.begin(from, to...))
	m.of[m.order[len(m.order)-1]] = &thread{in: in, senders: []string{from}, mark: map[string]int{}}
}

func compare(r *rapid.T, s *school, m naive) {
	for _, name := range everybody {
		page, err := s.Inbox(context.Background(), s.is(name), hub.InboxQuery{Limit: 100})
		if err != nil {
			r.Fatal(err)
		}
		var rows int64
		for _, row := range page.Rows {
			rows += row.Unread
		}
		if want := m.unread(name); page.Head.Unread != want || rows != want {
			r.Fatalf("%s: total %d, rows %d, recount %d", name, page.Head.Unread, rows, want)
		}
		for id, th := range m.of {
			list, err := s.Messages(context.Background(), s.is(name), id, hub.Range{Limit: 200})
			switch inside := slices.Contains(th.in, name); {
			case !inside && !errors.Is(err, hub.ErrNotFound):
				r.Fatalf("%s is outside and sees %d messages, %v", name, len(list), err)
			case inside && (err != nil || len(list) != len(th.senders)):
				r.Fatalf("%s is inside and sees %d of %d, %v", name, len(list), len(th.senders), err)
			}
		}
	}
	for _, e := range s.heard.all() {
		for _, told := range e.Audience {
			th := m.of[e.Conversation]
			if !slices.ContainsFunc(th.in, func(name string) bool { return s.who[name] == told.Person }) {
				r.Fatalf("an outsider is told of %+v", e)
			}
		}
	}
}
