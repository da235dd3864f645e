package broker

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	plainSentinel = "redis+sentinel"
	tlsSentinel   = "rediss+sentinel"
	maxSentinels  = 16
	askPatience   = time.Second // for a Sentinel to say where the primary is
)

var (
	errNoSentinel = errors.New("no Sentinel answers")
	errNoPrimary  = errors.New("the Sentinels know no such primary")
)

// sentinels are those that watch over a primary. They are asked for it before
// each connection, so that after a failover the next one leads to the new one.
type sentinels struct {
	hosts  []string
	name   string // of the primary
	config *tls.Config
}

// sentinelURL takes a URL of Sentinels apart: what is left is as that of a Redis,
// with the user and password of the primary.
func sentinelURL(u *url.URL) (*sentinels, string, error) {
	const write = "write redis+sentinel://USER:PASSWORD@HOST:26379,HOST:26379/NAME, with the name of the primary that they watch"
	s := &sentinels{name: strings.Trim(u.Path, "/")}
	for _, host := range strings.Split(u.Host, ",") {
		name, port, err := net.SplitHostPort(host)
		if err != nil {
			name, port = strings.Trim(host, "[]"), "26379"
		}
		if name == "" || len(s.hosts) == maxSentinels {
			return nil, "", &Fault{FaultURL, "REDIS_URL names no Sentinels, or too many", write}
		}
		s.hosts = append(s.hosts, net.JoinHostPort(name, port))
	}
	if s.name == "" || strings.Contains(s.name, "/") {
		return nil, "", &Fault{FaultURL, "REDIS_URL does not end with the name of a primary", write}
	}
	plain := *u
	plain.Scheme, _, _ = strings.Cut(u.Scheme, "+")
	plain.Host, plain.Path = s.hosts[0], ""
	return s, plain.String(), nil
}

func (s *sentinels) String() string {
	return fmt.Sprintf("%s of the Sentinels %s", s.name, strings.Join(s.hosts, ", "))
}

// dial connects to the primary of now.
func (s *sentinels) dial(ctx context.Context) (net.Conn, error) {
	addr, err := s.primary(ctx)
	if err != nil {
		return nil, err
	}
	return dial(ctx, "tcp", addr, configFor(s.config, addr))
}

// configFor is TLS with the host of an address; nil where there is none.
func configFor(config *tls.Config, addr string) *tls.Config {
	if config == nil {
		return nil
	}
	config = config.Clone()
	config.ServerName, _, _ = net.SplitHostPort(addr)
	return config
}

// primary asks all Sentinels, and takes the first answer: one that is away keeps
// nobody waiting.
func (s *sentinels) primary(ctx context.Context) (string, error) {
	ctx, stop := context.WithTimeout(ctx, askPatience)
	defer stop()
	type answer struct {
		addr string
		err  error
	}
	answers := make(chan answer, len(s.hosts))
	for _, host := range s.hosts {
		go func() {
			addr, err := s.ask(ctx, host)
			answers <- answer{addr, err}
		}()
	}
	failed := errNoSentinel
	for range s.hosts {
		a := <-answers
		if a.err == nil {
			return a.addr, nil
		}
		if errors.Is(a.err, redis.Nil) {
			failed = errNoPrimary
		}
	}
	return "", failed
}

// ask asks one Sentinel.
func (s *sentinels) ask(ctx context.Context, host string) (string, error) {
	c := redis.NewSentinelClient(&redis.Options{
		Addr: host, Protocol: 2, DisableIdentity: true, ContextTimeoutEnabled: true, MaxRetries: -1, DialerRetries: 1,
		DialTimeout: askPatience, ReadTimeout: askPatience, WriteTimeout: askPatience, PoolSize: 1, PipelinePoolSize: -1,
		MaintNotificationsConfig: noMaintenance(),
		Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return dial(ctx, network, addr, configFor(s.config, addr))
		},
	})
	defer c.Close()
	found, err := c.GetMasterAddrByName(ctx, s.name).Result()
	if err != nil {
		return "", err
	}
	if len(found) != 2 {
		return "", fmt.Errorf("a Sentinel answered %d words", len(found))
	}
	return net.JoinHostPort(found[0], found[1]), nil
}
