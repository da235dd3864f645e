package broker_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/broker/brokertest"
	"github.com/homeline/homeline/transport/broker/redistest"
)

const nobodyThere = "127.0.0.1:1"

func TestSentinelsLeadToABroker(t *testing.T) {
	primary := redistest.Start(t, least...)
	url := "redis+sentinel://homeline:" + secret + "@" + nobodyThere + "," + redistest.Sentinel(t, "school", primary) + "/school"
	if err := open(t, url, "").Check(t.Context()); err != nil {
		t.Error(err)
	}
	brokertest.Run(t, func(t *testing.T) live.Broker { return open(t, url, "homeline:"+t.Name()+":") })
}

func TestAfterAFailoverOfSentinelsEverybodyIsAtTheNewPrimary(t *testing.T) {
	for name, end := range map[string]func(s *redistest.Server) (back func()){
		"that died":        func(s *redistest.Server) func() { s.Kill(); return func() {} },
		"that stood still": func(s *redistest.Server) func() { s.Freeze(); return s.Thaw },
	} {
		t.Run(name, func(t *testing.T) {
			primary := redistest.Start(t)
			replica := primary.Follow(t)
			until(t, "the replica follows", func() bool { return replica.Info("master_link_status") == "up" })
			sentinel := redistest.Sentinel(t, "school", primary)
			until(t, "the Sentinel knows the replica", func() bool { return redistest.KnowsReplica(t, sentinel, "school") })
			one, other := run(t, "redis+sentinel://"+sentinel+"/school"), run(t, "redis+sentinel://"+sentinel+"/school")
			district := uuid.New()
			one.subscribe(t, district)
			other.subscribe(t, district)
			one.publish(t, district, "before")
			other.waitFor(t, "before", 1)

			back := end(primary)
			until(t, "the replica is the primary", func() bool { return redistest.Primary(t, sentinel, "school") == replica.Addr() })
			back()
			// What a node does whose own beat does not come back, or that does not hear others.
			for _, m := range []*member{one, other} {
				m.Replace()
			}
			until(t, "what is published arrives at both", func() bool {
				payload := uuid.NewString()
				if one.Publish(t.Context(), district, []byte(payload)) != nil {
					one.Replace()
					return false
				}
				return arrives(t, payload, one, other)
			})
			if n := listeners(t, replica, "homeline:"+district.String()); n != 2 {
				t.Errorf("%d nodes listen at the new primary", n)
			}
		})
	}
}

// listeners is how many listen to a channel, asked over a connection of its own:
// a Sentinel ends those that were there before.
func listeners(t *testing.T, s *redistest.Server, channel string) int64 {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: s.Addr(), Protocol: 2, DisableIdentity: true})
	defer c.Close()
	found, err := c.PubSubNumSub(t.Context(), channel).Result()
	if err != nil {
		t.Fatal(err)
	}
	return found[channel]
}

// arrives says whether a payload comes to all of them soon.
func arrives(t *testing.T, payload string, all ...*member) bool {
	t.Helper()
	for range 100 {
		missing := 0
		for _, m := range all {
			if m.heard(payload) == 0 {
				missing++
			}
		}
		if missing == 0 {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestSentinelsThatDoNotHelpAreSaidInOneLine(t *testing.T) {
	primary := redistest.Start(t)
	sentinel := redistest.Sentinel(t, "school", primary)
	for url, want := range map[string]string{
		"redis+sentinel://" + sentinel + "/other":     "REDIS_URL: the Sentinels watch over no such primary, other of the Sentinels " + sentinel,
		"redis+sentinel://" + nobodyThere + "/school": "REDIS_URL: no Sentinel answers",
		"redis://" + sentinel:                         "write redis+sentinel://" + sentinel + "/NAME",
	} {
		err := open(t, url, "").Check(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, url := range []string{"redis+sentinel://", "redis+sentinel:///school", "redis+sentinel://a,b", "redis+sentinel://a,,b/school", "redis+sentinel://a/school/0"} {
		_, err := broker.NewRedis(broker.RedisOptions{URL: url})
		if fault := faultOf(t, err); fault.Kind != broker.FaultURL || !strings.Contains(err.Error(), "redis+sentinel://USER:PASSWORD@HOST:26379,HOST:26379/NAME") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestTheNodesOfAClusterAreOneBroker(t *testing.T) {
	cluster := redistest.Cluster(t)
	var next atomic.Int64
	brokertest.Run(t, func(t *testing.T) live.Broker { // each at another node of the cluster
		s := cluster[int(next.Add(1))%len(cluster)]
		return open(t, s.URL(), "homeline:"+t.Name()+":")
	})
	for _, s := range cluster {
		if err := open(t, s.URL(), "").Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
