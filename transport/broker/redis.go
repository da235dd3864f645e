package broker

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/homeline/homeline/hub/live"
)

// RedisOptions say which Redis and how.
type RedisOptions struct {
	// URL is redis://USER:PASSWORD@HOST:PORT, rediss:// with TLS, unix://PATH, or
	// redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/NAME of the Sentinels that
	// watch over the primary NAME (rediss+sentinel:// with TLS to all). Of a Cluster
	// it is any node: what is published there reaches the others.
	// A database number is ignored: channels have none. Its other settings are
	// ours, but for skip_verify.
	URL string
	// Prefix begins the name of every channel; default "homeline:". Installations
	// that share a Redis have different ones.
	Prefix string
	Log    *slog.Logger // default: slog.Default()
}

// Redis is one node's broker on a Redis that all nodes of an installation use,
// or on something that speaks its protocol, such as Valkey. It needs pub/sub and
// nothing else: no memory, no persistence, and for its user
//
//	ACL SETUSER homeline on >PASSWORD resetchannels &homeline:* -@all +ping +publish +subscribe +unsubscribe
//
// A node holds two connections, one that listens and one that publishes (two, if
// several publish at once); [Redis.Check] makes two more for as long as it takes.
type Redis struct {
	options *redis.Options
	watched *sentinels // nil where the server itself is named
	tls     bool
	prefix  string
	log     *slog.Logger
	inbox   *mailbox
	pool    *publisher

	starting sync.Once
	stop     context.CancelFunc
	stopping context.Context
	kept     chan struct{} // closed when the keeper has ended
	outage   outage

	mu        sync.Mutex
	districts map[uuid.UUID]bool // those listened to; true when that was acknowledged
	link      *link              // nil while there is none
	ready     bool               // the link listens to everything
	fault     *Fault             // why there is none that listens; nil until that is known
	changed   chan struct{}      // closed when one of the three is
}

var _ live.Broker = (*Redis)(nil)

// NewRedis is a broker that has not connected yet: it does so with the first
// Subscribe, Publish or Run. Whoever makes it closes it. The error is a [*Fault]
// about the URL.
func NewRedis(o RedisOptions) (*Redis, error) {
	options, watched, err := redisOptions(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	r := &Redis{
		options: options, watched: watched, pool: newPublisher(options), tls: strings.HasPrefix(o.URL, "rediss"),
		prefix: cmp.Or(o.Prefix, "homeline:"), log: o.Log, inbox: newMailbox(),
		kept: make(chan struct{}), changed: make(chan struct{}), districts: map[uuid.UUID]bool{},
	}
	r.stopping, r.stop = context.WithCancel(context.Background())
	return r, nil
}

// Run hands over what arrives until ctx ends; then it listens no more. One can
// publish until Close.
func (r *Redis) Run(ctx context.Context, l live.Listener) {
	r.start()
	r.inbox.handTo(ctx, l)
	r.stopListening()
}

// start starts the goroutine that keeps the connection which listens.
func (r *Redis) start() {
	r.starting.Do(func() {
		if r.stopping.Err() != nil {
			close(r.kept)
			return
		}
		go func() {
			defer close(r.kept)
			r.keep(r.stopping)
		}()
	})
}

func (r *Redis) stopListening() {
	r.stop()
	r.start() // where nothing ran there is nothing to wait for
	<-r.kept
}

// Close ends the connections. The broker is of no use after it.
func (r *Redis) Close() {
	r.stopListening()
	r.pool.close()
}

// Publish is one PUBLISH. Where the connection breaks it is tried once more, and
// may then arrive twice.
func (r *Redis) Publish(ctx context.Context, district uuid.UUID, payload []byte) error {
	return r.explain(ctx, r.pool.publish(ctx, r.channel(district), payload))
}

// Subscribe listens to a district. Before the first attempt to connect has ended
// it waits for that.
func (r *Redis) Subscribe(ctx context.Context, district uuid.UUID) error {
	r.start()
	l, err := r.waitForLink(ctx)
	if err != nil {
		return err
	}
	r.want(district)
	c, err := l.subscribe(r.channel(district))
	if err == nil {
		err = c.wait(ctx)
	}
	if err != nil {
		r.giveUp(district)
	}
	return r.explain(ctx, err)
}

func (r *Redis) waitForLink(ctx context.Context) (*link, error) {
	for {
		r.mu.Lock()
		l, fault, changed := r.link, r.fault, r.changed
		r.mu.Unlock()
		switch {
		case r.stopping.Err() != nil:
			return nil, errClosed
		case l != nil:
			return l, nil
		case fault != nil:
			return nil, fault
		}
		select {
		case <-changed:
		case <-r.stopping.Done():
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// want lets through what is published to a district.
func (r *Redis) want(district uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, wanted := r.districts[district]; !wanted {
		r.districts[district] = false
	}
}

// giveUp forgets a district whose subscription was not acknowledged, unless an
// earlier one was.
func (r *Redis) giveUp(district uuid.UUID) {
	r.mu.Lock()
	acknowledged := r.districts[district]
	r.mu.Unlock()
	if !acknowledged {
		r.Unsubscribe(district)
	}
}

// Unsubscribe listens to a district no more.
func (r *Redis) Unsubscribe(district uuid.UUID) {
	r.mu.Lock()
	delete(r.districts, district)
	l := r.link
	r.mu.Unlock()
	if l != nil {
		l.unsubscribe(r.channel(district))
	}
}

// Replace drops both connections: the one that publishes may have been left
// behind at a server that has been replaced.
func (r *Redis) Replace() {
	r.mu.Lock()
	l, ready := r.link, r.ready
	r.mu.Unlock()
	if ready { // else a new one is being made already
		l.cut(errReplaced)
	}
	r.pool.renew(r.pool.current())
}

// Err is why nothing is heard from Redis at the moment, as a [*Fault]; nil while
// the connection listens to everything. It asks nobody: see [Redis.Check].
func (r *Redis) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.ready:
		return nil
	case r.fault != nil:
		return r.fault
	}
	return r.newFault(FaultUnreachable, "not connected to Redis at "+r.options.Addr+" yet", "wait a moment")
}

func (r *Redis) channel(district uuid.UUID) string { return r.prefix + district.String() }
