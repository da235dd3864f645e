package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/transport/broker/redistest"
)

// shared are the settings of nodes that share a PostgreSQL and a Redis.
type shared struct {
	t   *testing.T
	env []string
}

// sharing is an installation without a school.
func sharing(t *testing.T) shared {
	t.Helper()
	return shared{t, []string{"DATABASE_URL=" + postgrestest.New(t), "REDIS_URL=" + redistest.New(t)}}
}

func (s shared) run(args ...string) result {
	s.t.Helper()
	return runWith(s.t, s.env, append(args, "--data", folder(s.t))...)
}

// withSchool makes the school of lincoln in it.
func (s shared) withSchool() shared {
	s.t.Helper()
	s.run("district", "create", "lincoln").expect(s.t, 0)
	s.run("import", rosterFolder(s.t, smallRoster())).expect(s.t, 0)
	s.run("district", "enable").expect(s.t, 0)
	return s
}

func (s shared) serve() *server {
	s.t.Helper()
	return startWith(s.t, folder(s.t), s.env, "serve", "--listen", "127.0.0.1:0", "--drain-window", "0s")
}

func TestWhatIsSentAtOneNodeIsSeenAtAnother(t *testing.T) {
	all := sharing(t).withSchool()
	one, other := all.serve(), all.serve()
	c := one.write()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	rosa := other.dial(ctx, "rosa")
	other.send(ctx, rosa, `{"id":2,"type":"subscribe","channel":"conversation:`+c.String()+`","after":0}`)
	other.hear(ctx, rosa, `"id":2`)
	path := "/api/v1/conversations/" + c.String() + "/messages"
	if status, answer := one.call(http.MethodPost, path, one.token("ana"), uuid.NewString(), `{"body":"From the other node."}`); status != http.StatusCreated {
		t.Fatalf("sending: %d %s", status, answer)
	}
	other.hear(ctx, rosa, "From the other node.")

	all.run("verify").expect(t, 0, "1 conversation, 2 messages", "Every message is as it was sent")
	all.run("roster", "bar", "--guardian", "rosa", "--student", "leo", "--reason", "Order 17/26").expect(t, 0, "Sealed: 1 conversation.")
	other.hear(ctx, rosa, `"type":"sealed"`)
	one.stop(os.Interrupt)
	other.stop(os.Interrupt)
}

func TestInstallationsThatShareARedisDoNotHearOneAnother(t *testing.T) {
	redis := redistest.Start(t)
	var channels []string
	for range 2 {
		all := shared{t, []string{"DATABASE_URL=" + postgrestest.New(t), "REDIS_URL=" + redis.URL()}}
		one, other := all.serve(), all.serve()
		for _, s := range []*server{one, other} {
			s.becomes("/readyz", http.StatusOK, "broker: ok")
		}
		channels = append(channels, fmt.Sprint(redis.Do("PUBSUB", "CHANNELS", "homeline:*")))
		if n := strings.Count(channels[len(channels)-1], "homeline:"); n != 1 {
			t.Errorf("the nodes of an installation listen to %d channels of beats: %s", n, channels)
		}
		one.stop(os.Interrupt)
		other.stop(os.Interrupt)
	}
	if channels[0] == channels[1] {
		t.Errorf("both installations listen to %s", channels[0])
	}
}

func TestANodeAnswersPrometheusApartFromItsPages(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	run(t, "serve", "--listen", "127.0.0.1:0", "--metrics-listen", at, "--data", lincoln(t)).expect(t, statusFailed, "--metrics-listen")
	l.Close()
	s := startServe(t, lincoln(t), "--metrics-listen", at, "--log-format", "json")
	s.becomes("/metrics", http.StatusNotFound)
	c := s.write()
	pages := s.url
	s.url = "http://" + at
	s.becomes("/metrics", http.StatusOK, `homeline_commit_seconds_count{kind="start"} 1`, `route="POST /api/v1/conversations"`, "homeline_broker_up 1")
	s.url = pages
	if said := s.output(); !strings.Contains(said, `"route":"POST /api/v1/conversations","code":"201"`) || strings.Contains(said, c.String()) {
		t.Errorf("the log says\n%s", said)
	}
	s.stop(os.Interrupt)
}

func TestANodeThatWouldHearOfNobodyIsRefusedBesideOthers(t *testing.T) {
	all := sharing(t).withSchool()
	one := all.serve()
	runWith(t, all.env[:1], "serve", "--listen", "127.0.0.1:0", "--data", folder(t)).
		expect(t, statusFailed, "other nodes serve from this database", "REDIS_URL")
	one.stop(os.Interrupt)
}

func TestASecondNodeInAFolderIsRefusedAndTakesNothingFromTheFirst(t *testing.T) {
	all := sharing(t).withSchool()
	one := all.serve()
	runWith(t, all.env, "serve", "--listen", "127.0.0.1:0", "--data", one.data).
		expect(t, statusFailed, "another node runs on this folder", "give each its own --data")
	run(t, "district", "list", "--data", one.data).expect(t, 0, "lincoln") // through the first
	one.stop(os.Interrupt)
}

func TestRedisWithoutASharedDatabaseIsRefused(t *testing.T) {
	runWith(t, []string{"REDIS_URL=redis://127.0.0.1:1"}, "serve", "--listen", "127.0.0.1:0", "--data", folder(t)).
		expect(t, statusFailed, "DATABASE_URL")
}

func TestMigrateMakesTheTablesAndTheStartSaysWhereThereAreNone(t *testing.T) {
	db := postgrestest.Shared(t).Empty(t)
	env := []string{"DATABASE_URL=" + db.URL, "HOMELINE_MIGRATE_DATABASE_URL=" + db.Owner}
	serve := []string{"serve", "--listen", "127.0.0.1:0", "--data", folder(t)}
	run(t, "migrate").expect(t, 80, "HOMELINE_MIGRATE_DATABASE_URL")
	for _, asked := range [][]string{serve, {"doctor", "--data", folder(t)}} {
		runWith(t, env, asked...).expect(t, statusFailed, "run homeline migrate first", "HOMELINE_MIGRATE_DATABASE_URL set to the owner's")
	}
	runWith(t, env[:1], "migrate").expect(t, statusFailed, "set HOMELINE_MIGRATE_DATABASE_URL to the owner's")
	runWith(t, env, "migrate", "--app-role", "nobody").expect(t, statusFailed, "there is no role", "CREATE ROLE")
	runWith(t, env, "migrate").expect(t, 0, "from version 0", "The role homeline may serve", "HOMELINE_APP_ROLE")
	runWith(t, env, "migrate").expect(t, 0, "already", "The role homeline may serve")
	other := strings.Replace(db.URL, "postgres://homeline", "postgres://another", 1)
	runWith(t, []string{"DATABASE_URL=" + other, env[1]}, "migrate").expect(t, statusFailed, "there is no role", "another")
	runWith(t, []string{"DATABASE_URL=" + db.Owner}, serve...).expect(t, statusFailed, "may change what is never changed")
}

func TestTheStartSaysInOneLineWhatIsWrongWithTheDatabase(t *testing.T) {
	url := postgrestest.New(t)
	at := url[strings.LastIndex(url, "@"):]
	for wrong, said := range map[string]string{
		"postgres://homeline:secret@127.0.0.1:1/homeline": "nobody answers at 127.0.0.1:1",
		"postgres://nobody:secret" + at:                   "nobody",
		"mysql://homeline:secret@127.0.0.1/homeline":      "cannot be read",
	} {
		r := runWith(t, []string{"DATABASE_URL=" + wrong}, "serve", "--listen", "127.0.0.1:0", "--data", folder(t))
		r.expect(t, statusFailed, "DATABASE_URL", said)
		if strings.Contains(r.err, "secret") || strings.Count(strings.TrimSpace(r.err), "\n") > 0 {
			t.Errorf("more than a line, or the password:\n%s", r.err)
		}
	}
}

func TestTheDoctorSaysWhatIsWrong(t *testing.T) {
	all := sharing(t).withSchool()
	all.run("doctor", "--nodes", "2").expect(t, 0, "tables up to date", "what is published comes back")
	all.run("doctor", "--nodes", "1000").expect(t, statusFailed, "WRONG  connections")
	all.run("doctor", "--redis-url", "redis://127.0.0.1:1").expect(t, statusFailed, "WRONG  redis: REDIS_URL")
	all.run("doctor", "--database-url", "postgres://homeline@127.0.0.1:1/x").expect(t, statusFailed, "WRONG  database: DATABASE_URL")
	run(t, "doctor", "--nodes", "2", "--data", folder(t)).expect(t, statusFailed, "WRONG  database: SQLite", "WRONG  redis")

	s := all.serve()
	all.run("doctor", "--no-idle", "--public-url", s.url).expect(t, 0, "sockets reach a node")
	all.run("doctor", "--no-idle", "--public-url", "http://127.0.0.1:1").expect(t, statusFailed, "WRONG  proxy")
	s.stop(os.Interrupt)
}

func TestReadinessNamesWhatIsAway(t *testing.T) {
	database, redis := postgrestest.Start(t, postgrestest.Options{}), redistest.Start(t)
	all := shared{t, []string{"DATABASE_URL=" + database.Database(t).URL, "REDIS_URL=" + redis.URL()}}
	s := all.serve()
	s.becomes("/readyz", http.StatusOK, "store: ok", "broker: ok")
	redis.Stop()
	s.becomes("/readyz", http.StatusOK, "broker: away")
	redis.Start()
	s.becomes("/readyz", http.StatusOK, "broker: ok")
	database.Stop(t)
	s.becomes("/readyz", http.StatusServiceUnavailable, "store: the database does not answer")
	s.becomes("/healthz", http.StatusOK, "ok")
	database.Restart(t)
	s.becomes("/readyz", http.StatusOK, "store: ok")
	s.stop(os.Interrupt)
}

func TestNodesOnDifferentRedisSaySoEverywhereAndAreStillExact(t *testing.T) {
	database := "DATABASE_URL=" + postgrestest.New(t)
	here := shared{t, []string{database, "REDIS_URL=" + redistest.New(t)}}.withSchool()
	there := shared{t, []string{database, "REDIS_URL=" + redistest.New(t)}}
	one := here.serve()
	one.becomes("/readyz", http.StatusOK, "broker: ok")
	here.run("doctor").expect(t, 0, "nodes: 1 node, heard through this Redis")
	there.run("doctor").expect(t, statusFailed, "WRONG  nodes: of 1 node that serve from this database, 1 not heard through this Redis: set REDIS_URL")
	other := there.serve()
	const apart = "broker: 1 other node not heard through it: set REDIS_URL to the same Redis for all nodes"
	for _, s := range []*server{one, other} {
		s.becomes("/readyz", http.StatusOK, "ready", "store: ok", apart)
	}
	c := one.write()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	rosa := other.dial(ctx, "rosa")
	other.send(ctx, rosa, `{"id":2,"type":"subscribe","channel":"conversation:`+c.String()+`","after":0}`)
	other.hear(ctx, rosa, `"id":2`)
	path := "/api/v1/conversations/" + c.String() + "/messages"
	if status, answer := one.call(http.MethodPost, path, one.token("ana"), uuid.NewString(), `{"body":"From the other Redis."}`); status != http.StatusCreated {
		t.Fatalf("sending: %d %s", status, answer)
	}
	other.hear(ctx, rosa, "From the other Redis.")
	other.stop(os.Interrupt)
	one.becomes("/readyz", http.StatusOK, "broker: ok") // what has ended is not missed
	for _, s := range []*server{one, other} {
		if n := strings.Count(s.output(), "not heard through the broker"); n != 1 {
			t.Errorf("it was logged %d times:\n%s", n, s.output())
		}
	}
	one.stop(os.Interrupt)
}
