//go:build !race

package socket_test

import (
	"runtime"
	"testing"
)

// maxIdleBytes is what a connection may cost while nothing happens on it, heap
// and stack together.
const maxIdleBytes = 12 << 10

// What else happens in the process at the moment is counted too: the least of a
// few measurements is what they cost.
func TestAnIdleConnectionCostsLittle(t *testing.T) {
	each := idleBytes(t, serveCrowd(t, 40), 2000)
	for range 2 {
		if each > maxIdleBytes {
			each = min(each, idleBytes(t, serveCrowd(t, 40), 2000))
		}
	}
	if each > maxIdleBytes {
		t.Errorf("%d bytes a connection, at most %d", each, maxIdleBytes)
	}
}

// BenchmarkIdleSockets connects 5,000 browsers and prints what each costs.
func BenchmarkIdleSockets(b *testing.B) {
	s := serveCrowd(b, 100)
	for b.Loop() {
		b.ReportMetric(float64(idleBytes(b, s, 5000)), "B/connection")
	}
}

func idleBytes(t testing.TB, s *server, n int) int {
	t.Helper()
	before := used()
	s.idlers(t, n)
	if got := s.Node.Sessions(); got != n {
		t.Fatalf("%d sessions, of %d", got, n)
	}
	heap, stack := used().heap-before.heap, used().stack-before.stack
	t.Logf("%d connections: %d bytes of heap and %d of stack each", n, heap/n, stack/n)
	return (heap + stack) / n
}

type footprint struct{ heap, stack int }

func used() footprint {
	runtime.GC() // twice: what a finalizer held is freed by the second
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return footprint{int(m.HeapInuse), int(m.StackInuse)}
}
