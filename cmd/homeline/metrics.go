package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// measureAt opens the address at which the node answers Prometheus, unless it is
// empty. Nobody is asked who they are there: it is not for the world.
func (n *node) measureAt(ctx context.Context, address string) error {
	if address == "" {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("--metrics-listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", n.metrics.Handler())
	n.measured = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	n.scrapes = l
	return nil
}
