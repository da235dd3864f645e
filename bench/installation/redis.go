package installation

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// Redis is a private server that keeps nothing.
type Redis struct {
	nursery *nursery
	folder  string
	program string
	port    int
	process *process
}

func newRedis(ctx context.Context, n *nursery, folder string) (*Redis, error) {
	r := &Redis{nursery: n, folder: folder}
	var err error
	if r.program, err = exec.LookPath("redis-server"); err != nil {
		return nil, fmt.Errorf("redis-server is missing: on Debian, apt-get install redis-server: %w", err)
	}
	if r.port, err = freePort(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return r, r.Start(ctx)
}

// Start starts the server and returns when it answers.
func (r *Redis) Start(ctx context.Context) error {
	cmd := exec.Command(r.program, "--port", strconv.Itoa(r.port), "--bind", "127.0.0.1",
		"--save", "", "--appendonly", "no", "--dir", r.folder)
	cmd.Dir = r.folder
	process, err := r.nursery.start("Redis", filepath.Join(r.folder, "redis.log"), cmd, nil, syscall.SIGKILL)
	if err != nil {
		return err
	}
	r.process = process
	return process.until(ctx, func(ctx context.Context) error {
		if err := reach(ctx, address(r.port)); err != nil { // go-redis would print that
			return err
		}
		return r.do(ctx, "PING")
	})
}

// Signal stops the server for a while (SIGSTOP, SIGCONT), or for good.
func (r *Redis) Signal(s syscall.Signal) error { return r.process.signal(s) }

// Stop ends the server with a signal.
func (r *Redis) Stop(how syscall.Signal) error {
	if err := r.process.signal(how); err != nil {
		return err
	}
	if !waitFor(r.process.over, endTime) {
		return fmt.Errorf("Redis did not stop:\n%s", tail(r.process.log))
	}
	return nil
}

func (r *Redis) do(ctx context.Context, args ...any) error {
	c := r.client()
	defer c.Close()
	return c.Do(ctx, args...).Err()
}

func (r *Redis) client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: address(r.port), MaxRetries: -1, PoolSize: 1, DialerRetries: 1})
}

// KillClients cuts every connection of the nodes.
func (r *Redis) KillClients(ctx context.Context) error {
	for _, kind := range []string{"pubsub", "normal"} {
		if err := r.do(ctx, "CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes"); err != nil {
			return err
		}
	}
	return nil
}

// BufferLimits are Redis' own for subscribers, and one that a single large
// message is over.
const (
	usualBuffer = "pubsub 32mb 8mb 60"
	smallBuffer = "pubsub 16kb 0 0"
	overBuffer  = 256 << 10 // bytes
)

// ShrinkBuffers makes the server cut whoever does not take what it is sent at once.
func (r *Redis) ShrinkBuffers(ctx context.Context) error {
	return r.do(ctx, "CONFIG", "SET", "client-output-buffer-limit", smallBuffer)
}

// RestoreBuffers ends that.
func (r *Redis) RestoreBuffers(ctx context.Context) error {
	return r.do(ctx, "CONFIG", "SET", "client-output-buffer-limit", usualBuffer)
}

// Flood sends every channel more than the small buffer holds: the server cuts
// those who listen, with all that waits for them.
func (r *Redis) Flood(ctx context.Context) error {
	c := r.client()
	defer c.Close()
	channels, err := c.PubSubChannels(ctx, "*").Result()
	if err != nil {
		return err
	}
	much := make([]byte, overBuffer)
	for _, channel := range channels {
		if err := c.Publish(ctx, channel, much).Err(); err != nil {
			return err
		}
	}
	return nil
}
