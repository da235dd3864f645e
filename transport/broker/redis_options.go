package broker

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	dialPatience  = 2 * time.Second // TLS included
	readPatience  = 2 * time.Second // for an answer
	writePatience = time.Second
)

// The library writes to the standard error, unasked; what it says there is said
// by our faults.
var quiet = sync.OnceFunc(logging.Disable)

// redisOptions reads a URL. What is wrong with it is never quoted: it may be the
// password.
func redisOptions(raw string) (*redis.Options, *sentinels, error) {
	quiet()
	u, err := url.Parse(raw)
	if err != nil {
		return nil, nil, &Fault{FaultURL, "REDIS_URL is no URL", "write redis://USER:PASSWORD@HOST:6379, with %-escapes in the password for anything but letters and digits"}
	}
	var watched *sentinels
	switch u.Scheme {
	case "redis", "rediss", "unix":
	case plainSentinel, tlsSentinel:
		if watched, raw, err = sentinelURL(u); err != nil {
			return nil, nil, err
		}
	default:
		return nil, nil, &Fault{FaultURL, "REDIS_URL begins with neither redis:// nor rediss:// (TLS) nor unix:// nor redis+sentinel://", "write redis://USER:PASSWORD@HOST:6379"}
	}
	o, err := redis.ParseURL(raw)
	if err != nil {
		return nil, nil, &Fault{FaultURL, "REDIS_URL has a part that is not understood", "write redis://USER:PASSWORD@HOST:6379 and nothing after it"}
	}
	o.DB = 0
	o.Protocol = 2 // what the third adds, pub/sub does not need
	o.ContextTimeoutEnabled = true
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = dialPatience, readPatience, writePatience
	o.PoolSize, o.MaxActiveConns, o.MinIdleConns, o.MaxIdleConns = 2, 2, 0, 0
	o.PipelinePoolSize = -1
	o.PoolTimeout = readPatience
	o.MaxRetries, o.DialerRetries = -1, 1 // who retries is written here, not there
	o.DisableIdentity = true              // CLIENT SETINFO would be one more permission
	o.MaintNotificationsConfig = noMaintenance()
	o.OnConnect = refuseOthers
	config := o.TLSConfig
	o.TLSConfig = nil // the dialer does it
	o.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		return dial(ctx, network, addr, config)
	}
	if watched != nil {
		watched.config = config
		o.Addr = watched.String()
		o.Dialer = func(ctx context.Context, _, _ string) (net.Conn, error) { return watched.dial(ctx) }
	}
	return o, watched, nil
}

// noMaintenance asks for no notices, which only one vendor's servers give.
func noMaintenance() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// dial stops when ctx ends, also within a TLS handshake.
func dial(ctx context.Context, network, addr string, config *tls.Config) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialPatience)
	defer cancel()
	var d net.Dialer
	raw, err := d.DialContext(ctx, network, addr)
	if err != nil || config == nil {
		return raw, err
	}
	conn := tls.Client(raw, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, &handshakeError{err}
	}
	return conn, nil
}

type handshakeError struct{ error }

func (e *handshakeError) Unwrap() error { return e.error }

// refuseOthers turns away from a server that is not the primary: a replica takes
// PUBLISH without an error and tells nobody but its own.
func refuseOthers(ctx context.Context, c *redis.Conn) error {
	hello, err := c.Hello(ctx, 2, "", "", "").Result()
	if err != nil {
		return err
	}
	if hello["mode"] == "sentinel" {
		return errSentinel
	}
	if hello["role"] != "master" {
		return errReplica
	}
	return nil
}
