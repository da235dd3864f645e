package postgres

import (
	"context"
	"crypto/md5"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/storetest"
)

var growthSends = flag.Int("sends", 200_000, "how many messages BenchmarkGrowth sends")

const (
	senders    = 64
	letterText = "Shall we say at nine? I could also come by in the afternoon, after the last lesson."
)

// BenchmarkSend is sends a second by 64 senders, each durable, to 1,000
// conversations of 3 and of 30, and to one hot one; beside it pgbench/s, what
// pgbench does a second with the same call of the same function over as many
// connections, and pgbench64/s over 64. wal-B/send is the server's log.
func BenchmarkSend(b *testing.B) {
	for _, load := range []struct {
		name                  string
		people, conversations int
	}{
		{"participants=3", 3, 1000}, {"participants=30", 30, 1000}, {"participants=3/hot", 3, 1},
	} {
		b.Run(load.name, func(b *testing.B) {
			l := loaded(b, load.people, load.conversations)
			before := l.number(`SELECT pg_current_wal_lsn() - '0/0'`)
			sent := 0
			for b.Loop() {
				l.send(b, 10*senders)
				sent += 10 * senders
			}
			seconds := b.Elapsed().Seconds()
			b.ReportMetric(float64(sent)/seconds, "sends/s")
			b.ReportMetric((l.number(`SELECT pg_current_wal_lsn() - '0/0'`)-before)/float64(sent), "wal-B/send")
			b.ReportMetric(l.pgbench(b, int(l.s.calls.Config().MaxConns)), "pgbench/s")
			b.ReportMetric(l.pgbench(b, senders), "pgbench64/s")
			b.ReportMetric(0, "ns/op") // of a round, which says nothing
		})
	}
}

// BenchmarkGrowth sends -sends messages to 1,000 conversations of 3, at the
// clock's pace, and says what share of the updates was HOT and how the tables
// that a send updates have grown: from what an update leaves free, to a bound.
func BenchmarkGrowth(b *testing.B) {
	l := loaded(b, 3, 1000)
	l.Exec(b, `VACUUM ANALYZE`)
	tables := []string{"conversation", "participant", "inbox"}
	before := map[string]float64{}
	for _, table := range tables {
		before[table] = l.number(`SELECT pg_total_relation_size('` + table + `')`)
	}
	wal := l.number(`SELECT pg_current_wal_lsn() - '0/0'`)
	begun := time.Now()
	l.send(b, *growthSends)
	b.ReportMetric(float64(*growthSends)/time.Since(begun).Seconds(), "sends/s")
	b.ReportMetric((l.number(`SELECT pg_current_wal_lsn() - '0/0'`)-wal)/float64(*growthSends), "wal-B/send")
	if err := l.s.Close(); err != nil { // what sessions have counted is known once they end
		b.Fatal(err)
	}
	for _, table := range tables {
		b.ReportMetric(100*l.number(`SELECT coalesce(n_tup_hot_upd::numeric / nullif(n_tup_upd, 0), 0) FROM pg_stat_user_tables WHERE relname = '`+table+`'`), table+"-HOT-%")
		b.ReportMetric(l.number(`SELECT pg_total_relation_size('`+table+`')`)/before[table], table+"-growth")
	}
	b.ReportMetric(l.number(`SELECT pg_total_relation_size('message')`)/float64(*growthSends), "message-B/send")
	b.ReportMetric(0, "ns/op")
}

// load is a village on a durable server of its own, whose people and
// conversations are known by their numbers.
type load struct {
	*village
	admin                       *pgx.Conn
	participants, conversations int
}

// loaded has three times as many people as conversations, and others in each.
func loaded(b *testing.B, participants, conversations int) *load {
	b.Helper()
	server := postgrestest.Start(b, postgrestest.Options{Durable: true, Settings: map[string]string{
		"shared_buffers": "'512MB'", "max_wal_size": "'8GB'", "checkpoint_timeout": "'30min'",
	}})
	d := server.Database(b)
	s := openURL(b, d.URL)
	l := &load{participants: participants, conversations: conversations, village: &village{
		Village: &storetest.Village{Store: s, T: b, ID: uuid.New(), Now: time.Now()}, s: s, Database: d,
	}}
	l.Exec(b, strings.NewReplacer("{d}", "'"+l.ID.String()+"'::uuid", "{p}", strconv.Itoa(participants),
		"{c}", strconv.Itoa(conversations), "{n}", strconv.Itoa(l.villagers())).Replace(stockUp))
	l.Exec(b, `VACUUM ANALYZE`)
	l.admin = l.as(l.Admin)
	return l
}

const stockUp = `
INSERT INTO district VALUES ({d}, 'bench', 'Bench', true, '{}', 0);
INSERT INTO person (district, id, sourced_id, given, family, preferred, email, address, grades, gone, sort_key, words, shown)
SELECT {d}, md5('person ' || n)::uuid, n, 'Villager', n, '', '', '', '{}', false, n, '', '' FROM generate_series(0, {n} - 1) n;
INSERT INTO conversation (district, id, subject, started_by, started_at, last_seq, last_at, last_hash)
SELECT {d}, md5('conversation ' || c)::uuid, 'trip', md5('person 0')::uuid, now(), 0, now(), sha256('') FROM generate_series(0, {c} - 1) c;
INSERT INTO participant (district, conversation, person, no, bucket)
SELECT {d}, md5('conversation ' || c)::uuid, md5('person ' || (c * {p} + p) % {n})::uuid, p, extract(epoch FROM now()) / 3600
FROM generate_series(0, {c} - 1) c, generate_series(0, {p} - 1) p;
INSERT INTO tie SELECT district, conversation, person, 0, 'guardian', person, 'parent' FROM participant;
INSERT INTO inbox SELECT {d}, id, 0, 0 FROM person`

func (l *load) villagers() int { return max(3*l.conversations, l.participants) }

// known is the id of what has a number.
func known(what string, n int) uuid.UUID {
	return md5.Sum(fmt.Appendf(nil, "%s %d", what, n))
}

func (l *load) number(query string) (n float64) {
	l.T.Helper()
	l.Must(l.admin.QueryRow(context.Background(), query).Scan(&n))
	return n
}

// send has the senders send so many letters together.
func (l *load) send(b *testing.B, letters int) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range senders {
		group.Go(func() {
			for next.Add(1) <= int64(letters) {
				c, p := rand.N(l.conversations), rand.N(3)
				_, err := l.Post(context.Background(), hub.Post{
					District: l.ID, Conversation: known("conversation", c),
					Sender: known("person", (c*l.participants+p)%l.villagers()), Key: uuid.New(), Body: letterText, Now: time.Now(),
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
}

const pgbenchScript = `\set c random(0, %d)
\set p random(0, 2)
SELECT * FROM post('%s', md5('conversation ' || :c)::uuid, md5('person ' || (:c * %d + :p) %% %d)::uuid, gen_random_uuid(), '%s', NULL, now());
`

var perSecond = regexp.MustCompile(`tps = ([0-9.]+)`)

// pgbench is how many sends a second the server's own client has done over so
// many connections, with the settings that ours have.
func (l *load) pgbench(b *testing.B, clients int) float64 {
	b.Helper()
	script := filepath.Join(b.TempDir(), "send.sql")
	text := fmt.Sprintf(pgbenchScript, l.conversations-1, l.ID, l.participants, l.villagers(), letterText)
	l.Must(os.WriteFile(script, []byte(text), 0o600))
	var settings []string
	for _, some := range []map[string]string{common, callPlans} {
		for name, value := range some {
			settings = append(settings, "-c", name+"="+strings.ReplaceAll(value, " ", `\ `))
		}
	}
	cmd := exec.Command(l.Server.Bin("pgbench"), "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", "2", "-T", "5", "-f", script, l.URL)
	cmd.Env = append(os.Environ(), "PGOPTIONS="+strings.Join(settings, " "))
	out, err := cmd.CombinedOutput()
	found := perSecond.FindSubmatch(out)
	if err != nil || found == nil {
		b.Fatalf("pgbench: %v\n%s", err, out)
	}
	tps, err := strconv.ParseFloat(string(found[1]), 64)
	l.Must(err)
	return tps
}
