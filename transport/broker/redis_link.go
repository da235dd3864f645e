package broker

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

var (
	errReplaced      = errors.New("what is published does not come back")
	errOneConnection = errors.New("a link has one connection")
)

// link is one connection that listens. The library would reconnect by itself,
// with all channels in one command and without a word; so it may dial once.
type link struct {
	client *redis.Client
	pubsub *redis.PubSub
	dialed atomic.Bool

	writing sync.Mutex // commands are written in the order of sent

	mu    sync.Mutex
	conn  net.Conn
	sent  []*command // that have not been answered
	cause error      // why it was cut
	ended bool
}

// command is something that Redis acknowledges, once for each channel.
type command struct {
	left int
	done chan struct{} // closed when err is known
	err  error
}

// wait waits until the command has been acknowledged or refused.
func (c *command) wait(ctx context.Context) error {
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newLink(options *redis.Options) *link {
	l := &link{}
	o := *options
	o.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if !l.dialed.CompareAndSwap(false, true) {
			return nil, errOneConnection
		}
		conn, err := options.Dialer(ctx, network, addr)
		if err == nil {
			l.setConn(conn)
		}
		return conn, err
	}
	l.client = redis.NewClient(&o)
	l.pubsub = l.client.Subscribe(context.Background())
	return l
}

// open connects and waits for a first answer.
func (l *link) open(ctx context.Context) error {
	if err := l.pubsub.Ping(ctx); err != nil {
		return err
	}
	reply, err := l.pubsub.ReceiveTimeout(ctx, readPatience)
	if err != nil {
		return err
	}
	if _, ok := reply.(*redis.Pong); !ok {
		return fmt.Errorf("redis answered PING with a %T", reply)
	}
	return nil
}

func (l *link) subscribe(channels ...string) (*command, error) {
	return l.send(channels, l.pubsub.Subscribe)
}

// unsubscribe does not wait. Where it cannot be written, the link ends, and
// nothing is left to unsubscribe from.
func (l *link) unsubscribe(channel string) {
	_, _ = l.send([]string{channel}, l.pubsub.Unsubscribe)
}

func (l *link) send(channels []string, write func(context.Context, ...string) error) (*command, error) {
	c := &command{left: len(channels), done: make(chan struct{})}
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		return nil, redis.ErrClosed
	}
	l.sent = append(l.sent, c)
	l.mu.Unlock()
	if err := write(context.Background(), channels...); err != nil { // bounded by writePatience
		l.cut(err)
		return nil, err
	}
	return c, nil
}

// receive waits for one reply, for ever where patience is 0. A message is given
// to deliver, and the channel of an acknowledged subscription to acknowledge.
func (l *link) receive(patience time.Duration, deliver func(channel, payload string), acknowledge func(channel string)) error {
	reply, err := l.pubsub.ReceiveTimeout(context.Background(), patience)
	switch reply := reply.(type) {
	case *redis.Message:
		deliver(reply.Channel, reply.Payload)
		return nil
	case *redis.Subscription:
		if reply.Kind == "subscribe" {
			acknowledge(reply.Channel)
		}
		return l.answered(nil)
	case *redis.Pong:
		return nil
	}
	if isAnswer(err) {
		return l.answered(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return l.cause
	}
	return err
}

// answered counts an answer to the oldest command. A refusal ends all of it.
func (l *link) answered(refusal error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.sent) == 0 {
		if refusal != nil {
			return refusal
		}
		return errors.New("redis acknowledged what it was not asked")
	}
	c := l.sent[0]
	c.left--
	if c.left == 0 || refusal != nil {
		l.sent = l.sent[1:]
		c.err = refusal
		close(c.done)
	}
	return nil
}

func (l *link) setConn(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
	if l.cause != nil {
		_ = conn.Close()
	}
}

// cut ends the connection below TLS, which would take leave first. It waits for
// nothing.
func (l *link) cut(cause error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause == nil {
		l.cause = cause
	}
	conn := l.conn
	if c, ok := conn.(*tls.Conn); ok {
		conn = c.NetConn()
	}
	if conn != nil {
		_ = conn.Close()
	}
}

// close ends the link and all that waits for an answer.
func (l *link) close(cause error) {
	l.cut(cause)
	_ = l.pubsub.Close()
	_ = l.client.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	for _, c := range l.sent {
		c.err = cause
		close(c.done)
	}
	l.sent = nil
}
