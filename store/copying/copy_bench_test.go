package copying

import (
	"database/sql"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/inbox"
	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/storetest"
)

// BenchmarkCopy copies 200,000 messages of 10,000 conversations of two, and
// prints how many rows a second that is, all comparing included, and how far
// the heap grew.
func BenchmarkCopy(b *testing.B) {
	s := stocked(b, 10_000, 20)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var rows, peak int64
	for b.Loop() {
		report, err := s.copyTo(postgrestest.Open(b), Options{Progress: func(p Progress) {
			var now runtime.MemStats
			if p.Rows%20_000 == 0 {
				runtime.ReadMemStats(&now)
				peak = max(peak, int64(now.HeapInuse)-int64(before.HeapInuse))
			}
		}})
		s.must(err)
		rows += report.Rows
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(peak)/(1<<20), "MB-heap")
	b.ReportMetric(float64(rows)/float64(b.N), "rows/op")
}

// stocked is a file with conversations of a past, as the program would have
// written them.
func stocked(b *testing.B, conversations, messages int) *school {
	b.Helper()
	s := &school{t: b, path: filepath.Join(b.TempDir(), "homeline.db")}
	store, err := sqlite.Open(b.Context(), s.path)
	s.must(err)
	v := storetest.Settle(b, store, 2)
	s.must(store.Close())
	db, err := sql.Open("sqlite", s.path)
	s.must(err)
	defer db.Close()
	tx, err := db.Begin()
	s.must(err)
	statements := map[string]*sql.Stmt{}
	exec := func(text string, args ...any) {
		if statements[text] == nil {
			statements[text], err = tx.Prepare(text)
			s.must(err)
		}
		_, err := statements[text].Exec(args...)
		s.must(err)
	}
	for range conversations {
		v.Now = v.Now.Add(time.Minute)
		writePast(exec, v, messages)
	}
	for _, p := range v.People {
		exec(`INSERT INTO inbox (district, person, version, unread_total) VALUES (?, ?, ?, ?)`,
			v.ID[:], p[:], conversations, conversations*messages/2) // the other writes half of them
	}
	s.must(tx.Commit())
	return s
}

// writePast writes a conversation in which two write in turn and read nothing.
func writePast(exec func(text string, args ...any), v *storetest.Village, messages int) {
	c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Subject: "trip", Participants: []hub.NewParticipant{{Person: v.People[0]}, {Person: v.People[1]}}}
	at, root := v.Now.UnixMicro(), hub.ChainRoot(v.ID, v.People[0], v.Now, c)
	letters, hash := make([]hub.Message, messages), root
	for i := range letters {
		letters[i] = hub.Message{Conversation: c.ID, Seq: int64(i + 1), Sender: v.People[i%2], SentAt: v.Now, Key: uuid.New(),
			Body: "Shall we say at nine? I could also come by in the afternoon, after the last lesson."}
		hash = hub.ChainHash(hash, letters[i])
		letters[i].Hash = hash
	}
	exec(`INSERT INTO conversation (district, id, subject, started_by, started_at, last_seq, last_at, last_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		v.ID[:], c.ID[:], c.Subject, v.People[0][:], at, messages, at, hash[:])
	for no, p := range v.People {
		exec(`INSERT INTO participant (district, conversation, person, no, own, bucket) VALUES (?, ?, ?, ?, ?, ?)`,
			v.ID[:], c.ID[:], p[:], no, (messages+1-no)/2, inbox.Bucket(at))
	}
	for _, m := range letters {
		exec(`INSERT INTO message (district, conversation, seq, sender, sent_at, key, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			v.ID[:], c.ID[:], m.Seq, m.Sender[:], at, m.Key[:], m.Hash[:], m.Body)
	}
}
