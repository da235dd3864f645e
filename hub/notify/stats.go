package notify

import (
	"maps"
	"sync"
	"time"
)

// Stats are what a worker has done since it was made. How much is due, and since
// when, is for all workers together: Store.Status says it.
type Stats struct {
	Claimed int64 // mails, those among them that were taken over
	Sent    int64
	Retried int64 // times that a mail was put off, surely not taken
	Doubted int64 // times that nobody knew
	Failed  int64
	Unknown int64
	Lost    int64 // leases that another took over, or reports settled first

	Spared    map[Why]int64 // notices that led to no mail
	Cancelled map[Why]int64 // mails that were not sent
	Asked     map[Fate]int64

	UnderWay     int64   // mails
	ProviderAway bool    // several calls in a row failed, or all for minutes
	Calls        Latency // of the provider
}

// Latency is a histogram.
type Latency struct {
	Count   int64
	Sum     time.Duration
	Buckets []Bucket // ascending; what took longer is in Count alone
}

// Bucket counts what took at most UpTo.
type Bucket struct {
	UpTo  time.Duration
	Count int64 // cumulative
}

var bounds = [...]time.Duration{
	50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second,
}

// Stats may be asked at any time.
func (w *Worker) Stats() Stats {
	s := w.counters.read()
	s.ProviderAway = w.provider.away()
	return s
}

// counters are a worker's.
type counters struct {
	mu    sync.Mutex
	stats Stats
	calls [len(bounds)]int64 // not cumulative
}

func (c *counters) read() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Spared, s.Cancelled, s.Asked = maps.Clone(s.Spared), maps.Clone(s.Cancelled), maps.Clone(s.Asked)
	var sum int64
	for i, n := range c.calls {
		sum += n
		s.Calls.Buckets = append(s.Calls.Buckets, Bucket{bounds[i], sum})
	}
	return s
}

func (c *counters) claimed(what Claimed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats.Claimed += int64(len(what.Mails))
	c.stats.UnderWay += int64(len(what.Mails))
	for why, n := range what.Spared {
		add(&c.stats.Spared, why, int64(n))
	}
}

func (c *counters) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats.UnderWay--
}

func (c *counters) lost() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats.Lost++
}

func (c *counters) asked(fate Fate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.stats.Asked, fate, 1)
}

func (c *counters) called(took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats.Calls.Count++
	c.stats.Calls.Sum += took
	for i, bound := range bounds {
		if took <= bound {
			c.calls[i]++
			return
		}
	}
}

func (c *counters) became(o outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch o.State {
	case Sent:
		c.stats.Sent++
	case Waiting:
		c.stats.Retried++
	case Calling:
		c.stats.Doubted++
	case Failed:
		c.stats.Failed++
	case Unknown:
		c.stats.Unknown++
	case Cancelled:
		add(&c.stats.Cancelled, o.why, 1)
	}
}

func add[K comparable](to *map[K]int64, key K, n int64) {
	if *to == nil {
		*to = map[K]int64{}
	}
	(*to)[key] += n
}
