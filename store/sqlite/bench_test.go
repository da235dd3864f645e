package sqlite

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// BenchmarkSend is sends a second, one at a time, each durable: to 1,000
// conversations in turn, and to one hot one.
func BenchmarkSend(b *testing.B) {
	for _, people := range []int{3, 30} {
		for _, conversations := range []int{1000, 1} {
			b.Run(fmt.Sprintf("participants=%d/conversations=%d", people, conversations), func(b *testing.B) {
				v := settle(b, openTemp(b), people)
				h := newHistory(v, v.people)
				h.gap = 0
				h.write(conversations, 1)
				h.end()
				sendInTurn(b, v, h.conversations, v.people[:3])
			})
		}
	}
}

func sendInTurn(b *testing.B, v *village, conversations, senders []uuid.UUID) {
	used := processorTime(b)
	for n := 0; b.Loop(); n++ {
		v.now = v.now.Add(time.Millisecond)
		v.post(conversations[n%len(conversations)], senders[n%len(senders)])
	}
	used()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sends/s")
}

// BenchmarkStored is what a send and each look costs with 1,000 and with
// 1,000,000 messages in the file, and for a person with 10 and with 10,000
// conversations.
func BenchmarkStored(b *testing.B) {
	for _, size := range []struct {
		name                    string
		conversations, messages int
	}{
		{"messages=1000", 20, 50},
		{"messages=1000000", 20_000, 50},
	} {
		v, calm, busy := populated(b, size.conversations, size.messages)
		b.Run(size.name+"/conversations=10", func(b *testing.B) { benchLooks(b, v, calm) })
		if size.conversations > 10_000 {
			b.Run(size.name+"/conversations=10000", func(b *testing.B) { benchLooks(b, v, busy) })
		}
		b.Run(size.name+"/send", func(b *testing.B) { sendInTurn(b, v, conversationsOf(v, calm, 10), []uuid.UUID{calm, busy}) })
	}
}

func benchLooks(b *testing.B, v *village, person uuid.UUID) {
	ctx := b.Context()
	conversations := conversationsOf(v, person, 10)
	for _, look := range []struct {
		name string
		at   func(conversation uuid.UUID) error
	}{
		{"unread", func(uuid.UUID) error { _, err := v.Head(ctx, v.id, person); return err }},
		{"inbox", func(uuid.UUID) error {
			_, err := v.Inbox(ctx, v.id, person, hub.InboxQuery{Limit: 10})
			return err
		}},
		{"inbox-unread-only", func(uuid.UUID) error {
			_, err := v.Inbox(ctx, v.id, person, hub.InboxQuery{Limit: 10, UnreadOnly: true})
			return err
		}},
		{"conversation", func(c uuid.UUID) error { _, err := v.Conversation(ctx, v.id, c, person); return err }},
		{"messages", func(c uuid.UUID) error {
			_, err := v.Messages(ctx, v.id, c, person, hub.Range{Before: 51})
			return err
		}},
	} {
		b.Run(look.name, func(b *testing.B) {
			used := processorTime(b)
			defer used()
			for n := 0; b.Loop(); n++ {
				v.must(look.at(conversations[n%len(conversations)]))
			}
		})
	}
}

// populated is a file of so many conversations of three, an hour apart, with so
// many messages each. Calm and busy are both in the last ten; busy is in every
// second of the others too, each with somebody else.
func populated(b *testing.B, conversations, messages int) (v *village, calm, busy uuid.UUID) {
	b.Helper()
	v = settle(b, openTemp(b), 40)
	calm, busy = v.people[0], v.people[1]
	h := newHistory(v, nil)
	for n := range conversations - 10 {
		h.people = []uuid.UUID{v.people[2], v.people[3], v.people[4+n%36]}
		if n%2 == 0 {
			h.people[0] = busy
		}
		h.write(1, messages)
	}
	h.people = []uuid.UUID{calm, busy, v.people[2]}
	h.write(10, messages)
	h.end()
	return v, calm, busy
}

func conversationsOf(v *village, person uuid.UUID, n int) []uuid.UUID {
	rows, err := v.reader.Query(`SELECT conversation FROM participant WHERE district = ? AND person = ?
		ORDER BY bucket DESC LIMIT ?`, key(v.id), key(person), n)
	ids, err := scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
	v.must(err)
	return ids
}

// processorTime reports what an operation costs the processors, which says more
// than time where others use them too.
func processorTime(b *testing.B) (report func()) {
	now := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := now()
	return func() { b.ReportMetric(float64((now()-before).Nanoseconds())/float64(b.N), "cpu-ns/op") }
}
