package identity

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxLimited is how many addresses or clients are remembered at least, and half
// of how many at most.
const maxLimited = 10_000

// Limits holds a token bucket for each key. It is bounded: the keys live in two
// generations; when the young one is full, it becomes the old one and what was
// not used since is forgotten.
type Limits struct {
	limit Limit
	now   func() time.Time

	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

// NewLimits holds every key to l.
func NewLimits(l Limit, now func() time.Time) *Limits {
	return &Limits{limit: l, now: now, young: map[string]*rate.Limiter{}}
}

// Allow takes a token from the bucket of key, if there is one.
func (l *Limits) Allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bucket(key).AllowN(l.now(), 1)
}

// Reserve takes a token from the bucket of key and returns how long it takes
// until there is one.
func (l *Limits) Reserve(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	return l.bucket(key).ReserveN(now, 1).DelayFrom(now)
}

// bucket is that of key. The caller holds l.mu.
func (l *Limits) bucket(key string) *rate.Limiter {
	bucket, ok := l.young[key]
	if !ok {
		if bucket, ok = l.old[key]; !ok {
			bucket = l.limit.bucket()
		}
		if len(l.young) >= maxLimited {
			l.old, l.young = l.young, map[string]*rate.Limiter{}
		}
		l.young[key] = bucket
	}
	return bucket
}

// clientKey is what a client is limited by: its IPv4 address, or the /64 of its
// IPv6 address, since a household is given that whole.
func clientKey(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}
