package broker_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/broker/brokertest"
	"github.com/homeline/homeline/transport/broker/redistest"
)

// least is a user who may do what the documentation says, and nothing else.
var least = []string{"--user", "homeline", "on", ">" + secret, "resetchannels", "&homeline:*", "-@all", "+ping", "+publish", "+subscribe", "+unsubscribe"}

func TestRedisIsABroker(t *testing.T) {
	server := redistest.Start(t, least...)
	url := "redis://homeline:" + secret + "@" + server.Addr()
	if err := open(t, url, "").Check(t.Context()); err != nil {
		t.Error(err)
	}
	brokertest.Run(t, func(t *testing.T) live.Broker {
		return open(t, url, "homeline:"+t.Name()+":") // every test has an installation of its own
	})
}

// member is a broker that runs, and what it brought.
type member struct {
	*broker.Redis
	log *heard

	mu   sync.Mutex
	said []string
	held chan struct{}
}

func open(t testing.TB, url, prefix string) *broker.Redis {
	t.Helper()
	return openLogged(t, url, prefix, slog.DiscardHandler)
}

func openLogged(t testing.TB, url, prefix string, log slog.Handler) *broker.Redis {
	t.Helper()
	r, err := broker.NewRedis(broker.RedisOptions{URL: url, Prefix: prefix, Log: slog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// run is a broker that runs until the test ends.
func run(t testing.TB, url string) *member {
	t.Helper()
	log := &heard{changed: make(chan struct{})}
	m := &member{Redis: openLogged(t, url, "", log), log: log}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Run(ctx, m)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return m
}

func (m *member) Deliver(_ uuid.UUID, payload []byte) {
	m.mu.Lock()
	held := m.held
	m.mu.Unlock()
	if held != nil {
		<-held
	}
	m.hear(string(payload))
}

func (m *member) Connected() { m.hear("connected") }
func (m *member) Away()      { m.hear("away") }

func (m *member) hear(what string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.said = append(m.said, what)
}

func (m *member) heard(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, said := range m.said {
		if said == what {
			n++
		}
	}
	return n
}

// waitFor waits until something was heard so many times.
func (m *member) waitFor(t testing.TB, what string, times int) {
	t.Helper()
	until(t, fmt.Sprint(times, " times ", what[:min(len(what), 20)]), func() bool { return m.heard(what) >= times })
}

func (m *member) subscribe(t testing.TB, districts ...uuid.UUID) {
	t.Helper()
	for _, district := range districts {
		if err := m.Subscribe(t.Context(), district); err != nil {
			t.Fatal(err)
		}
	}
}

func (m *member) publish(t testing.TB, district uuid.UUID, payload string) {
	t.Helper()
	if err := m.Publish(t.Context(), district, []byte(payload)); err != nil {
		t.Fatal(err)
	}
}

func number(t testing.TB, s *redistest.Server, info string) int {
	t.Helper()
	n, err := strconv.Atoi(s.Info(info))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestALossAndAReturnAreToldInOrder(t *testing.T) {
	s := redistest.Start(t)
	m := run(t, s.URL())
	m.waitFor(t, "connected", 1)
	s.Stop()
	m.waitFor(t, "away", 1)
	s.Start()
	m.waitFor(t, "connected", 2)
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.Equal(m.said, []string{"connected", "away", "connected"}) {
		t.Errorf("heard %q", m.said)
	}
}

func TestANodeThatStartsWithoutRedisIsToldThatItIsAway(t *testing.T) {
	s := redistest.Start(t)
	s.Stop()
	m := run(t, s.URL())
	m.waitFor(t, "away", 1)
	s.Start()
	m.waitFor(t, "connected", 1)
}

func TestANodeHoldsTwoConnectionsHoweverOftenTheyAreReplaced(t *testing.T) {
	s := redistest.Start(t)
	m := run(t, s.URL())
	district := uuid.New()
	for i := range 5 {
		m.subscribe(t, district)
		m.publish(t, district, "letter")
		m.waitFor(t, "letter", i+1)
		until(t, "two connections", func() bool { return number(t, s, "connected_clients") == 2+1 }) // one is the test's
		m.Replace()
		m.waitFor(t, "connected", i+2)
	}
}

func TestListeningAgainNamesFewChannelsAtATime(t *testing.T) {
	s := redistest.Start(t)
	m := run(t, s.URL())
	for range 1200 {
		m.subscribe(t, uuid.New())
	}
	calls := func() int {
		n, _, _ := strings.Cut(strings.TrimPrefix(s.Info("cmdstat_subscribe"), "calls="), ",")
		i, _ := strconv.Atoi(n)
		return i
	}
	before := calls()
	s.Do("CLIENT", "KILL", "TYPE", "pubsub")
	m.waitFor(t, "connected", 2)
	if n := calls() - before; n != 3 {
		t.Errorf("1,200 channels in %d commands", n)
	}
}

func TestConnectedIsToldOnceEverythingIsListenedTo(t *testing.T) {
	s := redistest.Start(t)
	proxy := redistest.NewProxy(t, s.Addr())
	m, other := run(t, proxy.URL()), run(t, s.URL())
	var districts []uuid.UUID
	for range 1200 {
		districts = append(districts, uuid.New())
		m.subscribe(t, districts[len(districts)-1])
	}
	proxy.Delay(50 * time.Millisecond)
	m.Replace()
	m.waitFor(t, "connected", 2)
	for _, district := range districts {
		other.publish(t, district, "letter")
	}
	m.waitFor(t, "letter", len(districts))
}

func TestWhileTheConnectionIsLostSubscribingFailsAtOnce(t *testing.T) {
	s := redistest.Start(t)
	m := run(t, s.URL())
	before, during := uuid.New(), uuid.New()
	m.subscribe(t, before)
	s.Stop()
	m.waitFor(t, "away", 1)
	if fault := faultOf(t, m.Subscribe(context.Background(), during)); fault.Kind != broker.FaultUnreachable {
		t.Error(fault)
	}
	s.Start()
	m.waitFor(t, "connected", 2)
	m.publish(t, during, "refused")
	m.publish(t, before, "kept")
	m.waitFor(t, "kept", 1)
	if m.heard("refused") > 0 {
		t.Error("what could not be subscribed to is heard")
	}
	m.subscribe(t, during)
	m.publish(t, during, "again")
	m.waitFor(t, "again", 1)
}

func TestWhereNobodyAnswersSubscribingEndsWithItsContext(t *testing.T) {
	s := redistest.Start(t)
	proxy := redistest.NewProxy(t, s.Addr())
	m := run(t, proxy.URL())
	m.waitFor(t, "connected", 1)
	proxy.Swallow()
	district := uuid.New()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if fault := faultOf(t, m.Subscribe(ctx, district)); fault.Kind != broker.FaultUnreachable {
		t.Error(fault)
	}
	if err := m.Publish(ctx, district, []byte("lost")); faultOf(t, err).Kind != broker.FaultUnreachable {
		t.Error(err)
	}
	proxy.Pass()
	m.Replace()
	m.waitFor(t, "connected", 2)
	m.subscribe(t, district)
	m.publish(t, district, "heard")
	m.waitFor(t, "heard", 1)
}

func TestARefusedSubscriptionSpoilsNoOther(t *testing.T) {
	mine, theirs := uuid.New(), uuid.New()
	s := redistest.Start(t, "--user", "narrow", "on", "nopass", "resetchannels", "&homeline:"+mine.String(), "+@all")
	m := run(t, "redis://narrow:x@"+s.Addr())
	m.subscribe(t, mine)
	if fault := faultOf(t, m.Subscribe(t.Context(), theirs)); fault.Kind != broker.FaultPermission {
		t.Error(fault)
	}
	m.publish(t, mine, "heard")
	m.waitFor(t, "heard", 1)
	if m.heard("away") > 0 {
		t.Error("the connection was lost")
	}
}

func TestInstallationsOnOneRedisDoNotMix(t *testing.T) {
	s := redistest.Start(t)
	m, other := run(t, s.URL()), open(t, s.URL(), "other:")
	district := uuid.New()
	m.subscribe(t, district)
	if err := other.Publish(t.Context(), district, []byte("theirs")); err != nil {
		t.Fatal(err)
	}
	m.publish(t, district, "ours")
	m.waitFor(t, "ours", 1)
	if m.heard("theirs") > 0 {
		t.Error("another installation is heard")
	}
}

// A connection that Redis has closed is noticed by the next publish, which is
// not lost by it.
func TestAPublishOutlivesItsConnection(t *testing.T) {
	s := redistest.Start(t)
	m := run(t, s.URL())
	for range 20 {
		m.publish(t, uuid.New(), "letter")
		s.Do("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
	}
}

func TestReplacingTheConnectionLosesNoPublishThatIsUnderWay(t *testing.T) {
	s := redistest.Start(t)
	proxy := redistest.NewProxy(t, s.Addr())
	m := run(t, proxy.URL())
	m.waitFor(t, "connected", 1)
	m.publish(t, uuid.New(), "before")
	proxy.Delay(200 * time.Millisecond)
	published := make(chan error, 1)
	go func() { published <- m.Publish(context.Background(), uuid.New(), []byte("letter")) }()
	until(t, "Redis to publish", func() bool { return strings.HasPrefix(s.Info("cmdstat_publish"), "calls=2,") })
	m.Replace() // before the answer is there
	if err := <-published; err != nil {
		t.Error(err)
	}
}

// The library would say for a second that Redis is away without trying.
func TestPublishingWorksAsSoonAsRedisIsBack(t *testing.T) {
	s := redistest.Start(t)
	m := run(t, s.URL())
	for range 3 {
		s.Stop()
		for range 5 {
			if fault := faultOf(t, m.Publish(t.Context(), uuid.New(), []byte("lost"))); fault.Kind != broker.FaultUnreachable {
				t.Error(fault)
			}
		}
		s.Start()
		m.publish(t, uuid.New(), "letter")
	}
}

// Who stands still is not cut by Redis, since the connection is read on; it is
// told that it has missed something.
func TestANodeThatStandsStillIsReadForOn(t *testing.T) {
	s := redistest.Start(t, "--client-output-buffer-limit", "pubsub 8mb 0 0")
	m := run(t, s.URL())
	m.waitFor(t, "connected", 1)
	district, letter := uuid.New(), strings.Repeat("x", 1<<17)
	m.subscribe(t, district)
	held := make(chan struct{})
	m.mu.Lock()
	m.held = held
	m.mu.Unlock()
	const published = 200
	for range published {
		m.publish(t, district, letter)
	}
	m.mu.Lock()
	m.held = nil
	m.mu.Unlock()
	close(held)
	m.waitFor(t, "connected", 2)
	if n := m.heard(letter); n >= published {
		t.Errorf("%d letters arrived: nothing was dropped", n)
	}
	if strings.Contains(s.Log(), "output buffer limits") || m.heard("away") > 0 {
		t.Error("Redis cut the connection")
	}
}

// The faults of a broker that runs are those of a check, and go into the log
// once for each reason.
func TestWhyABrokerIsAwayIsLoggedOnce(t *testing.T) {
	s := redistest.Start(t, "--requirepass", secret)
	m := run(t, "redis://:wrong@"+s.Addr())
	until(t, "some attempts", func() bool { return number(t, s, "total_connections_received") > 6 })
	if fault := faultOf(t, m.Err()); fault.Kind != broker.FaultPassword {
		t.Error(fault)
	}
	m.log.mu.Lock()
	defer m.log.mu.Unlock()
	if len(m.log.lines) != 1 || !strings.Contains(m.log.lines[0], "does not accept the user and password") {
		t.Errorf("the log says %q", m.log.lines)
	}
}

func TestABrokerThatNeverRanCanBeClosed(t *testing.T) {
	s := redistest.Start(t)
	proxy := redistest.NewProxy(t, s.Addr())
	idle, listening, silent := open(t, s.URL(), ""), open(t, s.URL(), ""), open(t, proxy.URL(), "")
	if err := listening.Subscribe(t.Context(), uuid.New()); err != nil {
		t.Fatal(err)
	}
	proxy.Swallow()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := silent.Subscribe(ctx, uuid.New()); err == nil {
		t.Error("who is not answered has subscribed")
	}
	for _, r := range []*broker.Redis{idle, listening, silent} {
		r.Close()
		r.Close()
		if err := r.Subscribe(t.Context(), uuid.New()); err == nil {
			t.Error("a closed broker subscribes")
		}
		if err := r.Publish(t.Context(), uuid.New(), nil); err == nil {
			t.Error("a closed broker publishes")
		}
	}
}
