package sqlite

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// BenchmarkStored is how much more of the processors a send and each look cost
// with 1,000,000 messages in the file than with 1,000, and for a person with
// 10,000 conversations than for one with 10 (with 30, for a whole page of the
// inbox). Both sides take turns in short rounds, so that what else the machine
// does weighs on both: "ratio" is the median over the rounds, and should not
// be above 1.2.
func BenchmarkStored(b *testing.B) {
	small, large := stocked(b, 0), stocked(b, 20_000)
	for _, o := range operations {
		b.Run("messages/"+o.name, func(b *testing.B) {
			compare(b, small.does(o, small.some), large.does(o, large.some))
		})
	}
	for _, o := range operations {
		b.Run("conversations/"+o.name, func(b *testing.B) {
			few := large.few
			if o.page {
				few = large.some
			}
			compare(b, large.does(o, few), large.does(o, large.many))
		})
	}
}

// stock is a file in which few is in 10 conversations, some in 30, and many in
// these and half of all the others.
type stock struct {
	*village
	few, some, many uuid.UUID
	conversations   []uuid.UUID // the 10, of 50 messages each
}

// stocked holds 1,000 messages, and before these the others, of 50 each and
// an hour apart.
func stocked(b *testing.B, others int) *stock {
	b.Helper()
	v := settle(b, openTemp(b), 40)
	s := &stock{village: v, few: v.people[0], some: v.people[1], many: v.people[2]}
	h := newHistory(v, nil)
	for n := range others {
		h.people = []uuid.UUID{s.many, v.people[3], v.people[5+n%35]}
		if n%2 == 1 {
			h.people[0] = v.people[4]
		}
		h.write(1, 50)
	}
	h.people = []uuid.UUID{v.people[3], s.some, s.many}
	h.write(20, 25)
	h.people = []uuid.UUID{s.few, s.some, s.many}
	h.write(10, 50)
	h.end()
	s.conversations = h.conversations[len(h.conversations)-10:]
	return s
}

// operation is a look or a send, times times a round: a millisecond or some.
type operation struct {
	name  string
	times int
	page  bool // shows 25 conversations
	do    func(ctx context.Context, s *stock, person, conversation uuid.UUID) error
}

var operations = []operation{
	{"unread", 50, false, func(ctx context.Context, s *stock, person, _ uuid.UUID) error {
		_, err := s.Head(ctx, s.id, person)
		return err
	}},
	{"inbox-of-25", 2, true, func(ctx context.Context, s *stock, person, _ uuid.UUID) error {
		_, err := s.Inbox(ctx, s.id, person, hub.InboxQuery{Limit: 25})
		return err
	}},
	{"inbox-of-10", 4, false, func(ctx context.Context, s *stock, person, _ uuid.UUID) error {
		_, err := s.Inbox(ctx, s.id, person, hub.InboxQuery{Limit: 10})
		return err
	}},
	{"conversation", 10, false, func(ctx context.Context, s *stock, person, conversation uuid.UUID) error {
		_, err := s.Conversation(ctx, s.id, conversation, person)
		return err
	}},
	{"messages-of-50", 5, false, func(ctx context.Context, s *stock, person, conversation uuid.UUID) error {
		_, err := s.Messages(ctx, s.id, conversation, person, hub.Range{Before: 51})
		return err
	}},
	{"send", 5, false, func(ctx context.Context, s *stock, person, conversation uuid.UUID) error {
		s.now = s.now.Add(time.Millisecond)
		_, err := s.Post(ctx, s.letter(conversation, person))
		return err
	}},
}

// does is one round of an operation.
func (s *stock) does(o operation, person uuid.UUID) func() {
	n := 0
	return func() {
		for range o.times {
			s.must(o.do(context.Background(), s, person, s.conversations[n%len(s.conversations)]))
			n++
		}
	}
}

// compare has few and many take turns, each the first every other time, and
// reports how much more many costs.
func compare(b *testing.B, few, many func()) {
	sides := [2]func(){few, many}
	few()
	many()
	var ratios []float64
	for b.Loop() {
		var cost [2]float64
		first := len(ratios) % 2
		for _, side := range []int{first, 1 - first} {
			before := cpuTime(b)
			sides[side]()
			cost[side] = float64(cpuTime(b) - before)
		}
		ratios = append(ratios, cost[1]/cost[0])
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
	b.ReportMetric(0, "ns/op") // of both together, which says nothing
}
