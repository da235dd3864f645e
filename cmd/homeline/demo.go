package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/homeline/homeline/cmd/homeline/sample"
	"github.com/homeline/homeline/transport/web"
)

type demo struct {
	Listen   string     `help:"Address to listen at; default 127.0.0.1:8080, or the next free port." placeholder:"ADDRESS"`
	Data     string     `help:"Folder of the demo, which it makes; it opens no other." type:"path" default:"homeline-demo"`
	LogLevel slog.Level `help:"debug, info, warn or error." default:"warn"`
}

const demoPort = 8080

// Run makes the sample school where it is not there yet, and serves it.
func (d demo) Run(ctx context.Context, c console) error {
	folder := demoFolder{dataFolder{Data: d.Data}}
	if err := folder.own(); err != nil {
		return err
	}
	l, err := d.listen(ctx)
	if err != nil {
		return err
	}
	made, err := folder.make(ctx)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	n, commands, err := d.open(ctx, folder, l, c)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	d.greet(c, l, made)
	return n.run(ctx, l, commands, ending{})
}

func (d demo) listen(ctx context.Context) (net.Listener, error) {
	if d.Listen == "" {
		return listenNear(ctx, "127.0.0.1", demoPort)
	}
	return listen(ctx, d.Listen)
}

func (d demo) open(ctx context.Context, folder demoFolder, l net.Listener, c console) (*node, net.Listener, error) {
	origin := originOf(l)
	n, err := newNode(ctx, nodeSettings{
		installation: installation{dataFolder: folder.dataFolder}, origin: origin,
		demo: func(ctx context.Context, s store) (*web.Demo, error) {
			return cast(ctx, s, folder.outbox())
		},
		log: slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: d.LogLevel})),
	})
	if err != nil {
		return nil, nil, err
	}
	folder.sweep()
	commands, err := folder.listen()
	if err != nil {
		return nil, nil, errors.Join(err, n.close())
	}
	return n, commands, nil
}

func (d demo) greet(c console, l net.Listener, made time.Duration) {
	took := time.Since(started).Round(time.Millisecond)
	if made > 0 {
		c.printf("Made the sample school in %s (%s).\n", d.Data, made.Round(time.Millisecond))
	}
	c.printf("Homeline is at  %s  (ready after %s). Ctrl-C stops it.\n", originOf(l), took)
	if !onLoopback(l) {
		c.printf("Whoever reaches this machine may be anybody of this school and read everything: it is for trying out.\n")
	}
}

// cast is whom one can be.
func cast(ctx context.Context, s store, outbox string) (*web.Demo, error) {
	all, err := s.Districts(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errors.New("the demo's folder has no district: delete it, and start again")
	}
	pages := &web.Demo{District: all[0].ID, Outbox: os.DirFS(outbox)}
	for _, member := range sample.Cast {
		p, err := s.PersonBySourcedID(ctx, pages.District, member.SourcedID)
		if err != nil {
			return nil, fmt.Errorf("%s of the demo's cast: %w", member.SourcedID, err)
		}
		pages.Cast = append(pages.Cast, web.CastMember{Person: p.ID, Notes: map[string]string{"en": member.Note}})
	}
	return pages, nil
}
