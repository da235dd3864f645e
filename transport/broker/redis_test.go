package broker_test

import (
	"log/slog"
	"testing"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/broker/brokertest"
	"github.com/homeline/homeline/transport/broker/redistest"
)

func TestRedisIsABroker(t *testing.T) {
	server := redistest.Start(t)
	brokertest.Run(t, func(t *testing.T) live.Broker {
		return open(t, server.URL(), t.Name()+":") // every test has an installation of its own
	})
}

func open(t testing.TB, url, prefix string) *broker.Redis {
	t.Helper()
	r, err := broker.NewRedis(broker.RedisOptions{URL: url, Prefix: prefix, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}
