package socket_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/socket"
)

// probe asks the server through connections that wrap may spoil.
func (d dialler) probe(idle bool, wrap func(net.Conn) net.Conn) error {
	transport := d.transport.Clone()
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := d.transport.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return wrap(c), nil
	}
	return socket.Probe(d.t.Context(), &http.Client{Transport: transport}, "http://homeline.example/socket", idle)
}

func untouched(c net.Conn) net.Conn { return c }

func TestAProbeIsSilentForLongerThanAHeartbeat(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, _ *live.Node, d dialler) {
		began := time.Now()
		if err := d.probe(true, untouched); err != nil {
			t.Error(err)
		}
		if silent := time.Since(began); silent != 35*time.Second {
			t.Errorf("silent for %s", silent)
		}
		if err := d.probe(false, untouched); err != nil {
			t.Error(err)
		}
	})
}

func TestAProbeFindsWhatCutsIdleSockets(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, _ *live.Node, d dialler) {
		err := d.probe(true, func(c net.Conn) net.Conn {
			time.AfterFunc(20*time.Second, func() { _ = c.Close() })
			return c
		})
		if !errors.Is(err, socket.ErrIdleCut) {
			t.Errorf("a socket that was cut after 20 s: %v", err)
		}
	})
}

func TestAProbeFindsWhatDoesNotPassUpgradesOn(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no upgrades here", http.StatusBadRequest)
	}))
	defer proxy.Close()
	if err := socket.Probe(t.Context(), proxy.Client(), proxy.URL, false); !errors.Is(err, socket.ErrNoUpgrade) {
		t.Errorf("a refused upgrade: %v", err)
	}
	proxy.Close()
	if err := socket.Probe(t.Context(), http.DefaultClient, proxy.URL, false); err == nil || errors.Is(err, socket.ErrNoUpgrade) {
		t.Errorf("nobody there: %v", err)
	}
}
