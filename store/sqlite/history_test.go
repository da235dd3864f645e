package sqlite

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/inbox"
)

// history writes conversations of a past, very many at a time, as the program
// would have written them, but without asking the triggers, which end puts back.
type history struct {
	*village
	people        []uuid.UUID
	conversations []uuid.UUID
	gap           time.Duration // between one conversation and the next
	conn          *sql.Conn
	texts         map[string]string // of the triggers
	tx            *sql.Tx
	statements    map[string]*sql.Stmt
}

func newHistory(v *village, people []uuid.UUID) *history {
	ctx := context.Background()
	conn, err := v.writer.Conn(ctx)
	v.must(err)
	texts, err := triggers(ctx, conn)
	v.must(err)
	for name := range texts {
		_, err := conn.ExecContext(ctx, `DROP TRIGGER `+name)
		v.must(err)
	}
	h := &history{village: v, people: people, gap: time.Hour, conn: conn, texts: texts}
	h.begin()
	return h
}

func (h *history) begin() {
	var err error
	h.tx, err = h.conn.BeginTx(context.Background(), nil)
	h.must(err)
	h.statements = map[string]*sql.Stmt{}
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

// write adds conversations, in each of which the first three write in turn.
func (h *history) write(conversations, messages int) {
	for range conversations {
		h.now = h.now.Add(h.gap)
		id := uuid.Must(uuid.NewV7())
		h.conversations = append(h.conversations, id)
		hash := h.open(id)
		for n := range messages {
			m := hub.Message{
				Conversation: id, Seq: int64(n + 1), Sender: h.people[n%3], SentAt: h.now, Key: uuid.New(),
				Body: "Shall we say at nine? I could also come by in the afternoon, after the last lesson.",
			}
			hash = hub.ChainHash(hash, m)
			h.exec(insertMessage, key(h.id), key(id), m.Seq, key(m.Sender), micros(m.SentAt), key(m.Key), hash[:], m.Body)
		}
		h.exec(`UPDATE conversation SET last_seq = ?, last_hash = ? WHERE district = ? AND id = ?`,
			messages, hash[:], key(h.id), key(id))
		for n, p := range h.people[:min(3, messages)] {
			h.exec(`UPDATE participant SET own = ? WHERE district = ? AND conversation = ? AND person = ?`,
				(messages-n+2)/3, key(h.id), key(id), key(p))
		}
		if len(h.conversations)%1000 == 0 {
			h.must(h.tx.Commit())
			h.begin()
		}
	}
}

// open answers the root of the conversation's chain.
func (h *history) open(id uuid.UUID) [32]byte {
	d, c, at := key(h.id), key(id), micros(h.now)
	begun := hub.NewConversation{ID: id, Subject: "trip"}
	for _, p := range h.people {
		tie := roster.Tie{Person: p, Part: roster.AsGuardian, Student: h.people[0], Detail: "parent"}
		begun.Participants = append(begun.Participants, hub.NewParticipant{Person: p, Ties: []roster.Tie{tie}})
	}
	root := hub.ChainRoot(h.id, h.people[0], h.now, begun)
	h.exec(insertConversation, d, c, "trip", key(h.people[0]), at, nil, root[:])
	for no, p := range begun.Participants {
		h.exec(insertParticipant, d, c, key(p.Person), no, inbox.Bucket(at))
		h.exec(insertTie, d, c, key(p.Person), 0, string(p.Ties[0].Part), key(p.Ties[0].Student), p.Ties[0].Detail)
	}
	return root
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
	for _, text := range h.texts {
		_, err := h.conn.ExecContext(context.Background(), text)
		h.must(err)
	}
	h.must(h.conn.Close())
}

// A history is as if it had been written by sends.
func TestAHistoryIsSound(t *testing.T) {
	v := settle(t, openTemp(t), 3)
	h := newHistory(v, v.people)
	h.write(7, 5)
	h.end()
	v.unharmed()
	v.post(h.conversations[0], v.people[0])
	v.unharmed()
}
