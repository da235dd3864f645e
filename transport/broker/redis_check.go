package broker

import (
	"context"
	"crypto/tls"
	"errors"
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
	ctx, cancel := context.WithTimeout(ctx, 2*readPatience)
	defer cancel()
	client := redis.NewClient(r.options)
	defer client.Close()
	if err := r.check(ctx, client); err != nil {
		if r.speaksTLS(ctx, err) {
			return &Fault{FaultTLS, "Redis at " + r.options.Addr + " speaks TLS", "begin the URL with rediss://"}
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return ctx.Err()
		}
		return r.faultOf(err)
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

// speaksTLS tries, where a connection without TLS came to nothing, whether one
// with it would.
func (r *Redis) speaksTLS(ctx context.Context, err error) bool {
	if r.tls || isAnswer(err) || isDial(err) || r.options.Network == "unix" {
		return false
	}
	d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // nothing is said there
	conn, err := d.DialContext(ctx, "tcp", r.options.Addr)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}
