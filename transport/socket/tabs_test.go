package socket_test

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/homeline/homeline/hub/live"
)

// lossy is the client's end of a connection whose network may go away: neither
// side hears of that.
type lossy struct {
	net.Conn
	lost atomic.Bool
}

func (l *lossy) Read(b []byte) (int, error) {
	for {
		n, err := l.Conn.Read(b)
		if err != nil || !l.lost.Load() {
			return n, err
		}
	}
}

func (l *lossy) Write(b []byte) (int, error) {
	if l.lost.Load() {
		return len(b), nil
	}
	return l.Conn.Write(b)
}

// tabs are those of one person, on a network of their own.
type tabs struct {
	dialler
	mu    sync.Mutex
	links []*lossy
}

func newTabs(d dialler) *tabs {
	t := &tabs{dialler: d}
	over := d.transport.DialContext
	t.transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := over(ctx, network, address)
		if err != nil {
			return nil, err
		}
		l := &lossy{Conn: conn}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.links = append(t.links, l)
		return l, nil
	}}
	return t
}

// goAway takes the network from all connections that there are.
func (t *tabs) goAway() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range t.links {
		l.lost.Store(true)
	}
	t.links = nil
}

// tab is one: its connection of the moment, and how that ends.
type tab struct {
	ws    *websocket.Conn
	ended <-chan error
}

func (t *tabs) open() tab {
	ws := t.browser()
	return tab{ws, listen(ws)}
}

func TestTabsOnAFlakyNetworkAreNeverSentAwayForTheirDeadConnections(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, node *live.Node, d dialler) {
		const count, rounds, steady = 15, 100, 10
		steadily, flaky := newTabs(d), newTabs(d)
		var still []tab // of the same person, at a computer whose network stays
		for range steady {
			still = append(still, steadily.open())
		}
		random := rand.New(rand.NewPCG(1, 1))
		var all [count]tab
		for round := range rounds {
			began := time.Now()
			flaky.goAway()
			for i := range all {
				time.Sleep(time.Duration(random.Int64N(int64(100 * time.Millisecond))))
				all[i] = flaky.open()
			}
			time.Sleep(3*time.Second - time.Since(began))
			synctest.Wait()
			for i, one := range append(all[:], still...) {
				select {
				case err := <-one.ended:
					t.Fatalf("round %d: tab %d was closed: %v", round+1, i+1, err)
				default:
				}
			}
			if n := node.Sessions(); n > 64 {
				t.Errorf("round %d: %d sessions", round+1, n)
			}
		}
		t.Logf("%d rounds of %d tabs beside %d: none was closed, %d sessions at the end", rounds, count, steady, node.Sessions())
	})
}

func TestOfMoreTabsThanMayBeTheOldestIsToldToComeBack(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, node *live.Node, d dialler) {
		all := newTabs(d)
		var open []tab
		for range 70 {
			open = append(open, all.open())
			time.Sleep(2 * time.Second)
		}
		for i, one := range open {
			select {
			case err := <-one.ended:
				if i >= 6 || websocket.CloseStatus(err) != 4003 {
					t.Errorf("tab %d was closed: %v", i+1, err)
				}
			default:
				if i < 6 {
					t.Errorf("tab %d is there", i+1)
				}
			}
		}
		if n := node.Sessions(); n != 64 {
			t.Errorf("%d sessions", n)
		}
	})
}
