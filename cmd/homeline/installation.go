package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/control"
)

// installation is what the nodes of a school, or of hundreds of districts,
// share; all commands know it.
type installation struct {
	dataFolder
	DatabaseURL  string `help:"PostgreSQL, as postgres://homeline:password@host/homeline; default SQLite in the data folder." placeholder:"URL" env:"DATABASE_URL"`
	DatabasePool int    `name:"database-connections" help:"Connections to PostgreSQL that this node serves with at most; it holds two more." default:"20" env:"HOMELINE_DATABASE_CONNECTIONS"`
	RedisURL     string `help:"Redis, through which several nodes hear of one another, as redis://:password@host:6379 or redis+sentinel://:password@host:26379,host:26379/name; default none, and one node." placeholder:"URL" env:"REDIS_URL"`
}

// store is where everything is kept.
type store interface {
	hub.Store
	roster.Store
	identity.Store
	notify.Store
	notify.Secrets
	replymail.Keep
	Ready(ctx context.Context) error
	Close() error
}

// closingBroker is a broker that has to be closed when its node has stopped.
type closingBroker interface {
	live.Broker
	Close()
}

// unclosed is a broker that holds nothing.
type unclosed struct{ live.Broker }

func (unclosed) Close() {}

// openStore opens the database: PostgreSQL where there is a URL, else the file.
func (i installation) openStore(ctx context.Context, log *slog.Logger) (store, error) {
	if i.DatabaseURL != "" {
		return i.openPostgres(ctx, log)
	}
	if i.RedisURL != "" {
		return nil, errors.New("REDIS_URL is set and DATABASE_URL is not: several nodes need a database that they share; set DATABASE_URL, or unset REDIS_URL")
	}
	return sqlite.Open(ctx, i.database())
}

func (i installation) openPostgres(ctx context.Context, log *slog.Logger) (*postgres.Store, error) {
	s, err := postgres.Open(ctx, postgres.Options{URL: i.DatabaseURL, MaxConns: i.DatabasePool, Log: log})
	var schema *postgres.SchemaError
	switch {
	case errors.As(err, &schema) && schema.Have < schema.Want:
		return nil, fmt.Errorf("DATABASE_URL: %w, with HOMELINE_MIGRATE_DATABASE_URL set to the owner's", err)
	case errors.As(err, &schema), errors.Is(err, postgres.ErrOwner):
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	case err != nil:
		return nil, err
	}
	return s, nil
}

// openBroker is what nodes hear of one another by. Without Redis there is one.
// Installations that share a Redis do not hear one another.
func (i installation) openBroker(ctx context.Context, kept notify.Secrets, log *slog.Logger) (closingBroker, error) {
	if i.RedisURL == "" {
		return unclosed{broker.NewInProcess()}, nil
	}
	id, err := kept.Secret(ctx, "installation")
	if err != nil {
		return nil, fmt.Errorf("what installation this is: %w", err)
	}
	return broker.NewRedis(broker.RedisOptions{URL: i.RedisURL, Prefix: fmt.Sprintf("homeline:%x:", id[:8]), Log: log})
}

// directory is where nodes see which others there are; nil for one that is alone.
func (i installation) directory(s store) live.Directory {
	if shared, ok := s.(*postgres.Store); ok && i.RedisURL != "" {
		return shared
	}
	return nil
}

// school is the school: through the server that runs in this folder, or else
// opened for as long as the command takes.
func (i installation) school(ctx context.Context) (control.School, io.Closer, error) {
	client, err := control.Dial(ctx, i.socket())
	if err == nil {
		return client, client, nil
	}
	if !errors.Is(err, control.ErrNoServer) {
		return nil, nil, err
	}
	if i.DatabaseURL == "" && i.absent() {
		return nil, nil, i.errAbsent()
	}
	return i.open(ctx)
}

// schoolOrNew is school, in a folder that may still have to be made.
func (i installation) schoolOrNew(ctx context.Context) (control.School, io.Closer, error) {
	if i.DatabaseURL == "" && i.absent() {
		return i.open(ctx)
	}
	return i.school(ctx)
}

// open opens the school in this process. A file nobody else may have open, and
// then nobody hears of anything; other nodes hear of it through Redis.
func (i installation) open(ctx context.Context) (control.School, io.Closer, error) {
	if i.DatabaseURL == "" {
		if err := i.prepare(); err != nil {
			return nil, nil, err
		}
	}
	store, err := i.openStore(ctx, slog.Default())
	if err != nil {
		return nil, nil, err
	}
	h, err := i.herald(ctx, store)
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return control.Local{
		Hub:     hub.New(store, store, h, time.Now),
		Store:   store,
		Service: identity.New(store, store, nil, h, identity.Options{}),
		Notices: store, Now: time.Now,
	}, closers{h, store}, nil
}

// closers are closed in order.
type closers []io.Closer

func (c closers) Close() error {
	var errs []error
	for _, one := range c {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// herald tells the nodes of what a command commits: it is a node without
// sessions, for as long as the command takes.
type herald struct {
	hub.Events
	stop func()
}

func (i installation) herald(ctx context.Context, s store) (herald, error) {
	if i.RedisURL == "" {
		return herald{unheard{}, func() {}}, nil
	}
	b, err := i.openBroker(ctx, s, slog.Default())
	if err != nil {
		return herald{}, err
	}
	node := live.New(b, s, identity.SignIns{Store: s, Now: time.Now}, live.Options{Command: true})
	work, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		node.Run(work)
	}()
	return herald{node, func() {
		stop()
		<-done
		b.Close()
	}}, nil
}

func (h herald) Close() error {
	h.stop()
	return nil
}

// unheard are events of a school without open pages.
type unheard struct{}

func (unheard) Publish(context.Context, hub.Event) {}
