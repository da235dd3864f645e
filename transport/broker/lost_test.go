package broker_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/broker/redistest"
	"github.com/homeline/homeline/transport/schooltest"
)

// Of every fault: what is written while it lasts is shown while it lasts, only
// later; when it is over both nodes listen again; and no page is ever told
// anything twice, out of order or wrong, nor has to come back.
func play(t *testing.T, begin, end func(s *installation)) {
	t.Helper()
	t.Parallel()
	s := install(t)
	s.writeAndShow()
	begin(s)
	s.writeAndShow()
	end(s)
	s.waitUntilHealthy()
	s.writeAndShow()
}

func TestWhileRedisIsStoppedPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		s.redis.Stop()
		s.awayBecause(broker.FaultUnreachable)
	}, func(s *installation) { s.redis.Start() })
}

func TestWhenRedisIsKilledPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		s.write(10)
		s.redis.Kill()
	}, func(s *installation) { s.redis.Start() })
}

func TestWhenConnectionsAreCutPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		for range 20 {
			s.write(2)
			s.nodes[s.random.IntN(2)].proxy.Cut()
		}
	}, func(s *installation) {})
}

// Nothing says that such a connection is lost: the library writes into it and
// waits for ever.
func TestWhileAConnectionSwallowsPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		s.nodes[0].proxy.Swallow()
		s.nodes[0].log.says(t, "the node's own beat does not come back")
	}, func(s *installation) { s.nodes[0].proxy.Pass() })
}

// A Redis that stands still takes connections and never answers.
func TestWhileRedisStandsStillPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		s.redis.Freeze()
		for _, n := range s.nodes {
			n.log.says(t, "the node's own beat does not come back")
		}
	}, func(s *installation) { s.redis.Thaw() })
}

func TestWhenRedisKillsConnectionsPagesAreShownEverything(t *testing.T) {
	for _, kind := range []string{"pubsub", "normal"} {
		t.Run(kind, func(t *testing.T) {
			play(t, func(s *installation) {
				for range 10 {
					s.write(2)
					s.redis.Do("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
				}
			}, func(s *installation) {})
		})
	}
}

func TestWhenTheOutputBufferOverflowsPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		s.redis.Do("CONFIG", "SET", "client-output-buffer-limit", "pubsub 64kb 0 0")
		s.nodes[0].proxy.Stall()
		other := strings.Repeat("x", 1<<20)
		district := s.Actor(schooltest.Ana).District.String()
		until(t, "Redis to cut who does not read", func() bool {
			s.redis.Do("PUBLISH", "homeline:"+district, other)
			return strings.Contains(s.redis.Log(), "output buffer limits")
		})
	}, func(s *installation) {
		s.redis.Do("CONFIG", "SET", "client-output-buffer-limit", "pubsub 32mb 8mb 60")
		s.nodes[0].proxy.Pass()
	})
}

// Redis refuses some publishes, beats among them, at random.
func TestWhenPublishesAreLostAtRandomPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		for range 40 {
			switch s.random.IntN(3) {
			case 0:
				s.redis.Do("ACL", "SETUSER", "default", "-publish")
			case 1:
				s.redis.Do("ACL", "SETUSER", "default", "+publish")
			}
			s.write(1)
		}
		s.redis.Do("ACL", "SETUSER", "default", "-publish")
		s.write(5)
		for _, n := range s.nodes {
			n.log.says(t, "events cannot be published")
		}
	}, func(s *installation) { s.redis.Do("ACL", "SETUSER", "default", "+publish") })
}

func TestWhileAllPermissionIsGonePagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		s.redis.Do("ACL", "SETUSER", "default", "resetchannels") // closes who listens
		s.awayBecause(broker.FaultPermission)
	}, func(s *installation) { s.redis.Do("ACL", "SETUSER", "default", "allchannels") })
}

func TestWithFullMemoryNothingIsLost(t *testing.T) {
	play(t, func(s *installation) {
		s.redis.Do("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1")
		for _, n := range s.nodes {
			if fault := faultOf(t, n.broker.Check(t.Context())); fault.Kind != broker.FaultFull {
				t.Errorf("checking says %v", fault)
			}
		}
	}, func(s *installation) { s.redis.Do("CONFIG", "SET", "maxmemory", "0") })
}

func TestWhenThePasswordIsChangedPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		s.redis.Do("CONFIG", "SET", "requirepass", "changed")
		s.writeAndShow() // those who are in stay
		s.redis.Do("CLIENT", "KILL", "TYPE", "pubsub")
		s.redis.Do("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
		s.awayBecause(broker.FaultPassword)
	}, func(s *installation) { s.redis.Do("CONFIG", "SET", "requirepass", "") })
}

func TestOnASlowNetworkPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		for _, n := range s.nodes {
			n.proxy.Delay(300 * time.Millisecond)
		}
	}, func(s *installation) {
		for _, n := range s.nodes {
			n.proxy.Pass()
		}
	})
}

// A replica takes what is published without an error and tells only its own.
func TestWhenRedisBecomesAReplicaPagesAreShownEverything(t *testing.T) {
	play(t, func(s *installation) {
		primary := redistest.Start(t)
		host, port, _ := strings.Cut(primary.Addr(), ":")
		s.redis.Do("REPLICAOF", host, port)
		s.redis.Do("CLIENT", "KILL", "TYPE", "pubsub")
		s.awayBecause(broker.FaultReplica)
	}, func(s *installation) { s.redis.Do("REPLICAOF", "NO", "ONE") })
}

// The name leads to another server; the old one goes on. Who listened is thrown
// out there, who publishes is not.
func TestWhoPublishesIsNotLeftBehindAtAServerThatWasReplaced(t *testing.T) {
	play(t, func(s *installation) {
		old := s.redis
		s.redis = redistest.Start(t)
		for _, n := range s.nodes {
			n.proxy.Lead(s.redis.Addr())
		}
		old.Do("CLIENT", "KILL", "TYPE", "pubsub")
		s.waitUntilHealthy()
		for _, n := range s.nodes {
			n.log.says(t, "the node's own beat does not come back")
		}
		until(t, "nobody to be left", func() bool { return old.Info("connected_clients") == "1" })
	}, func(s *installation) {})
}

// awayBecause waits until both nodes say so.
func (s *installation) awayBecause(kind broker.FaultKind) {
	s.t.Helper()
	for _, n := range s.nodes {
		until(s.t, "the broker to be away", func() bool {
			var fault *broker.Fault
			return errors.As(n.broker.Err(), &fault) && fault.Kind == kind
		})
	}
}

func faultOf(t testing.TB, err error) *broker.Fault {
	t.Helper()
	var fault *broker.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("%v is not a fault", err)
	}
	return fault
}

// Publishing fails, and nothing else: nodes hear one another's beats, and those
// tell how much was published. Nobody waits for the next look at everything.
func TestWhileOnlyPublishingFailsPagesAreShownEverythingByTheBeats(t *testing.T) {
	var gaps [2]int64
	play(t, func(s *installation) {
		s.redis.Do("ACL", "SETUSER", "default", "-publish", "(resetchannels +publish &homeline:"+uuid.Nil.String()+")")
		for i, n := range s.nodes {
			gaps[i] = n.Stats().Reconciliations[live.CauseGap]
		}
	}, func(s *installation) {
		for i, n := range s.nodes {
			until(t, "a beat to have told of what was not published", func() bool {
				return n.Stats().Reconciliations[live.CauseGap] > gaps[i]
			})
			if n.Stats().BrokerAway {
				t.Error("the broker is away")
			}
		}
		s.redis.Do("ACL", "SETUSER", "default", "clearselectors", "+publish")
	})
}
