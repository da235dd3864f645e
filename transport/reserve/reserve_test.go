package reserve

import (
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serving is a server whose process has as many descriptors as the test says.
func serving(t *testing.T) (url string, l *Listener, limit *atomic.Int64) {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, limit = Listen(inner, slog.New(slog.DiscardHandler)), new(atomic.Int64)
	limit.Store(math.MaxInt32)
	l.limit = func() int { return int(limit.Load()) }
	s := &http.Server{ConnContext: ConnContext, Handler: Only(
		func(r *http.Request) bool { return r.URL.Path == "/readyz" },
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l)
	}()
	t.Cleanup(func() {
		_ = s.Close()
		<-done
	})
	return "http://" + inner.Addr().String(), l, limit
}

// ask asks over a connection of its own; 0 where that was closed.
func ask(t *testing.T, url string) int {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := c.Get(url)
	if err != nil {
		return 0
	}
	defer r.Body.Close()
	_, _ = io.Copy(io.Discard, r.Body)
	return r.StatusCode
}

func TestOnlyWhatMayTakesTheLastDescriptors(t *testing.T) {
	url, l, limit := serving(t)
	if got := ask(t, url+"/page"); got != http.StatusNoContent || l.Few() {
		t.Errorf("with descriptors: %d, few: %v", got, l.Few())
	}
	limit.Store(1)
	for range 50 {
		if got := ask(t, url+"/page"); got != http.StatusServiceUnavailable || !l.Few() {
			t.Errorf("a page without: %d, few: %v", got, l.Few())
		}
		if got := ask(t, url+"/readyz"); got != http.StatusNoContent {
			t.Errorf("readiness without: %d", got)
		}
	}
	limit.Store(math.MaxInt32)
	if got := ask(t, url+"/page"); got != http.StatusNoContent || l.Few() {
		t.Errorf("with descriptors again: %d, few: %v", got, l.Few())
	}
}

func TestConnectionsThatHoldTheLastDescriptorsEndByThemselves(t *testing.T) {
	url, l, limit := serving(t)
	limit.Store(1)
	var silent []net.Conn
	for range 20 {
		c, err := net.Dial("tcp", url[len("http://"):])
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		silent = append(silent, c)
	}
	var group sync.WaitGroup
	for _, c := range silent { // who is silent is closed, sooner or later
		group.Go(func() { _, _ = io.Copy(io.Discard, c) })
	}
	group.Wait()
	for deadline := time.Now().Add(time.Minute); ask(t, url+"/readyz") != http.StatusNoContent; {
		if time.Now().After(deadline) {
			t.Fatal("readiness is not answered any more")
		}
	}
	if n := l.told.Load(); n < 0 || n > least/2 {
		t.Errorf("%d connections hold the last descriptors", n)
	}
}
