package broker

import (
	"context"
	"errors"
	"sync"

	"github.com/redis/go-redis/v9"
)

// publisher is the connection that publishes, made when it is needed.
type publisher struct {
	options *redis.Options

	mu     sync.Mutex
	client *redis.Client
	closed bool
}

func newPublisher(o *redis.Options) *publisher {
	return &publisher{options: o, client: redis.NewClient(o)}
}

// publish does it once more where the connection turns out to be broken, or has
// been replaced meanwhile.
func (p *publisher) publish(ctx context.Context, channel string, payload []byte) error {
	client := p.current()
	err := client.Publish(ctx, channel, payload).Err()
	switch {
	case err == nil, ctx.Err() != nil, isAnswer(err), isTimeout(err), errors.Is(err, redis.ErrPoolTimeout):
		return err
	case isDial(err):
		p.renew(client) // which would say so for a second without trying
		return err
	}
	return p.current().Publish(ctx, channel, payload).Err()
}

func (p *publisher) current() *redis.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.client
}

// renew puts another client in the place of one, unless that has been done.
func (p *publisher) renew(old *redis.Client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.client != old || p.closed {
		return
	}
	p.client = redis.NewClient(p.options)
	_ = old.Close()
}

func (p *publisher) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	_ = p.client.Close() // fails where it is closed already
}

// isAnswer says whether Redis answered with an error: the connection is good.
func isAnswer(err error) bool {
	var answer redis.Error
	return errors.As(err, &answer)
}
