package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// BenchmarkNotices is how much more of the processor of the server and of its
// log a send costs than before it made notices: where all who are told are due
// already, which is nearly always, and where all become due anew. Both sides
// take turns in one run over one connection.
func BenchmarkNotices(b *testing.B) {
	for _, people := range []int{3, 30} {
		for _, of := range []struct{ name, between string }{
			{"due", ""}, {"anew", "DELETE FROM notice"},
		} {
			b.Run(fmt.Sprintf("participants=%d/%s", people, of.name), func(b *testing.B) {
				l := loaded(b, people, 300)
				l.Exec(b, postBefore(b))
				m := &measured{load: l, conn: l.calling(), between: of.between}
				m.turn(b, "post", nil)
				var before, now spent
				for b.Loop() {
					m.turn(b, "post_before", &before)
					m.turn(b, "post", &now)
				}
				b.ReportMetric(now.nanoseconds/before.nanoseconds, "cpu-ratio")
				b.ReportMetric(before.log/before.sends, "wal-B/send-before")
				b.ReportMetric(now.log/now.sends, "wal-B/send")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// calling is a connection as sends have them.
func (l *load) calling() *pgx.Conn {
	config, err := pgx.ParseConfig(l.Admin)
	l.Must(err)
	for _, some := range []map[string]string{common, callPlans} {
		for name, value := range some {
			config.RuntimeParams[name] = value
		}
	}
	conn, err := pgx.ConnectConfig(context.Background(), config)
	l.Must(err)
	l.T.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// postBefore makes the function that made no notices under another name.
func postBefore(b *testing.B) string {
	b.Helper()
	text, err := os.ReadFile("migrations/00003_functions.sql")
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "CREATE FUNCTION post(")
	body, _, found := strings.Cut(after, "$$;")
	if !found {
		b.Fatal("the function is not there")
	}
	return "CREATE FUNCTION post_before(" + strings.ReplaceAll(body, "post.", "post_before.") + "$$"
}

type measured struct {
	*load
	conn    *pgx.Conn
	between string
}

type spent struct{ nanoseconds, log, sends float64 }

// turn sends 200 letters in a transaction.
func (m *measured) turn(b *testing.B, function string, into *spent) {
	b.Helper()
	if m.between != "" {
		m.Exec(b, m.between)
	}
	const letters = 200
	batch := &pgx.Batch{}
	for range letters {
		c, p := rand.N(m.conversations), rand.N(3)
		batch.Queue(`SELECT * FROM `+function+`($1, $2, $3, $4, $5, NULL, now())`, m.ID, known("conversation", c),
			known("person", (c*m.participants+p)%m.villagers()), uuid.New(), letterText)
	}
	cpu, log := m.running(), m.number(`SELECT pg_current_wal_insert_lsn() - '0/0'`)
	tx, err := m.conn.Begin(context.Background())
	m.Must(err)
	m.Must(tx.SendBatch(context.Background(), batch).Close())
	m.Must(tx.Commit(context.Background()))
	if into != nil {
		into.nanoseconds += m.running() - cpu
		into.log += m.number(`SELECT pg_current_wal_insert_lsn() - '0/0'`) - log
		into.sends += letters
	}
}

// running is for how many nanoseconds the server's process of the connection has
// run, https://docs.kernel.org/scheduler/sched-stats.html
func (m *measured) running() float64 {
	m.T.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", m.conn.PgConn().PID()))
	m.Must(err)
	n, err := strconv.ParseFloat(strings.Fields(string(text))[0], 64)
	m.Must(err)
	return n
}
