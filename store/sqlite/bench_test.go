package sqlite

import (
	"database/sql"
	"fmt"
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
				sendInTurn(b, v, h.conversations)
			})
		}
	}
}

func sendInTurn(b *testing.B, v *village, conversations []uuid.UUID) {
	for n := 0; b.Loop(); n++ {
		v.now = v.now.Add(time.Millisecond)
		v.post(conversations[n%len(conversations)], v.people[n%3])
	}
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
		b.Run(size.name+"/send", func(b *testing.B) { sendInTurn(b, v, conversationsOf(v, v.people[0], 20)) })
	}
}

func benchLooks(b *testing.B, v *village, person uuid.UUID) {
	ctx := b.Context()
	conversations := conversationsOf(v, person, 10)
	for name, look := range map[string]func(n int) error{
		"unread": func(int) error { _, err := v.Head(ctx, v.id, person); return err },
		"inbox": func(int) error {
			page, err := v.Inbox(ctx, v.id, person, hub.InboxQuery{Limit: 10})
			if len(page.Rows) != 10 {
				b.Fatalf("%d rows", len(page.Rows))
			}
			return err
		},
		"unread-only": func(int) error {
			_, err := v.Inbox(ctx, v.id, person, hub.InboxQuery{Limit: 10, UnreadOnly: true})
			return err
		},
		"conversation": func(n int) error {
			_, err := v.Conversation(ctx, v.id, conversations[n%len(conversations)], person)
			return err
		},
		"messages": func(n int) error {
			_, err := v.Messages(ctx, v.id, conversations[n%len(conversations)], person, hub.Range{Before: 51})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				v.must(look(n))
			}
		})
	}
}

// populated is a file of so many conversations of three, an hour apart, with so
// many messages each. The first person is in all of them, busy in every second
// and calm in ten.
func populated(b *testing.B, conversations, messages int) (v *village, calm, busy uuid.UUID) {
	b.Helper()
	v = settle(b, openTemp(b), 40)
	all, busy, calm := v.people[0], v.people[1], v.people[2]
	h := newHistory(v, []uuid.UUID{all, calm, v.people[3]})
	h.write(10, messages)
	for len(h.conversations) < conversations {
		h.people = []uuid.UUID{all, busy, v.people[3]}
		h.write(1, messages)
		h.people = []uuid.UUID{all, v.people[4+len(h.conversations)%36], v.people[3]}
		h.write(1, messages)
	}
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

// history writes conversations as the program would have, but in one
// transaction for very many.
type history struct {
	*village
	people        []uuid.UUID
	conversations []uuid.UUID
	gap           time.Duration // between one and the next
	tx            *sql.Tx
	statements    map[string]*sql.Stmt
}

func newHistory(v *village, people []uuid.UUID) *history {
	tx, err := v.writer.Begin()
	v.must(err)
	return &history{village: v, people: people, gap: time.Hour, tx: tx, statements: map[string]*sql.Stmt{}}
}

func (h *history) exec(text string, args ...any) {
	h.t.Helper()
	if h.statements[text] == nil {
		stmt, err := h.tx.Prepare(text)
		h.must(err)
		h.statements[text] = stmt
	}
	_, err := h.statements[text].Exec(args...)
	h.must(err)
}

// write adds conversations.
func (h *history) write(conversations, messages int) {
	for range conversations {
		h.now = h.now.Add(h.gap)
		id := uuid.Must(uuid.NewV7())
		h.conversations = append(h.conversations, id)
		h.open(id)
		hash := hub.ChainRoot(h.id, id, h.people[0], h.now, "trip")
		for n := range messages {
			m := hub.Message{
				Conversation: id, Seq: int64(n + 1), Sender: h.people[n%min(3, len(h.people))], SentAt: h.now, Key: uuid.New(),
				Body: "Shall we say at nine? I could also come by in the afternoon, after the last lesson.",
			}
			hash = hub.ChainHash(hash, m)
			m.Hash = hash
			h.append(m)
		}
		if len(h.conversations)%1000 == 0 {
			h.commit()
		}
	}
}

func (h *history) open(id uuid.UUID) {
	d, c, at := key(h.id), key(id), micros(h.now)
	root := hub.ChainRoot(h.id, id, h.people[0], h.now, "trip")
	h.exec(insertConversation, d, c, "trip", key(h.people[0]), at, nil, root[:])
	for no, p := range h.people {
		h.exec(insertParticipant, d, c, key(p), no, bucketOf(at))
		h.exec(insertTie, d, c, key(p), 0, "guardian", key(h.people[0]), "parent")
	}
}

func (h *history) append(m hub.Message) {
	d, c, at := key(h.id), key(m.Conversation), micros(m.SentAt)
	h.exec(insertMessage, d, c, m.Seq, key(m.Sender), at, key(m.Key), m.Hash[:], m.Body)
	h.exec(updateConversation, d, c, m.Seq, at, m.Hash[:])
	h.exec(updateOwn, d, c, key(m.Sender))
}

func (h *history) commit() {
	h.must(h.tx.Commit())
	tx, err := h.writer.Begin()
	h.must(err)
	h.tx, h.statements = tx, map[string]*sql.Stmt{}
}

// end has everybody read all but the last five conversations, and counts.
func (h *history) end() {
	unread := h.conversations[max(0, len(h.conversations)-5)]
	h.exec(`UPDATE participant SET read_seq = c.last_seq, read = c.last_seq - own
		FROM conversation c WHERE c.district = participant.district AND c.id = participant.conversation
		AND participant.district = ? AND conversation < ?`, key(h.id), key(unread))
	h.exec(`INSERT INTO inbox (district, person, version, unread_total)
		SELECT q.district, q.person, count(*), sum(c.last_seq - q.own - q.read)
		FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
		WHERE q.district = ? GROUP BY q.person`, key(h.id))
	h.must(h.tx.Commit())
}
