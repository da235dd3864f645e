package broker

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// Check goes the whole way of a message on connections of its own, whether the
// broker runs or not, and says as a [*Fault] what is wrong. [FaultFull] is a
// warning: messages are carried all the same. It takes a few seconds at most,
// less where ctx ends.
func (r *Redis) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*readPatience)
	defer cancel()
	client := redis.NewClient(r.options)
	defer client.Close()
	if err := r.check(ctx, client); err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return ctx.Err()
		}
		return r.lookCloser(ctx, r.faultOf(err))
	}
	if isFull(ctx, client) {
		return r.fullFault()
	}
	return nil
}

// check publishes to a district that nobody has, and waits for it.
func (r *Redis) check(ctx context.Context, client *redis.Client) error {
	if err := client.Ping(ctx).Err(); err != nil {
		return err
	}
	channel := r.channel(uuid.New())
	pubsub := client.Subscribe(ctx, channel)
	defer pubsub.Close()
	if _, err := pubsub.ReceiveTimeout(ctx, readPatience); err != nil {
		return err
	}
	if err := client.Publish(ctx, channel, "check").Err(); err != nil {
		return err
	}
	reply, err := pubsub.ReceiveTimeout(ctx, readPatience)
	if _, ok := reply.(*redis.Message); !ok && (err == nil || isTimeout(err)) {
		return errReplaced
	}
	return err
}

// isFull asks, where it may, whether maxmemory is reached.
func isFull(ctx context.Context, client *redis.Client) bool {
	info, err := client.Info(ctx, "memory").Result()
	if err != nil {
		return false
	}
	used, limit := infoNumber(info, "used_memory"), infoNumber(info, "maxmemory")
	return limit > 0 && used >= limit
}

func infoNumber(info, name string) int64 {
	_, rest, _ := strings.Cut(info, "\n"+name+":")
	value, _, _ := strings.Cut(rest, "\r")
	n, _ := strconv.ParseInt(value, 10, 64)
	return n
}

// lookCloser finds out, where a fault may come from TLS on one side only,
// whether it does.
func (r *Redis) lookCloser(ctx context.Context, fault *Fault) *Fault {
	if r.options.Network == "unix" || r.watched != nil {
		return fault
	}
	ctx, cancel := context.WithTimeout(ctx, readPatience/2)
	defer cancel()
	addr := r.options.Addr
	switch {
	case r.tls && fault.Kind == FaultTLS && speaksPlain(ctx, addr):
		return &Fault{FaultTLS, "Redis at " + addr + " does not speak TLS", "begin the URL with redis://, or switch TLS on there"}
	case !r.tls && (fault.Kind == FaultUnreachable || fault.Kind == FaultStrange) && speaksTLS(ctx, addr):
		return &Fault{FaultTLS, "Redis at " + addr + " speaks TLS", "begin the URL with rediss://"}
	}
	return fault
}

func speaksTLS(ctx context.Context, addr string) bool {
	d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // nothing is said there
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// speaksPlain says whether somebody answers PING as Redis does, with an error or
// without.
func speaksPlain(ctx context.Context, addr string) bool {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	first := make([]byte, 1)
	_, err = conn.Read(first)
	return err == nil && (first[0] == '+' || first[0] == '-')
}
