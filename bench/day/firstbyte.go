package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"

	"github.com/google/uuid"
)

// firstBytes gets pages as a browser does that is signed in, and keeps how long
// each took to its first byte.
type firstBytes struct {
	server string
	client *http.Client

	mu     sync.Mutex
	took   []time.Duration
	failed map[string]int // why → how often
}

const pagePatience = 30 * time.Second

func newFirstBytes(server string) *firstBytes {
	transport := &http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: 5 * time.Second}
	return &firstBytes{server: server, client: &http.Client{Transport: transport, Timeout: pagePatience}, failed: map[string]int{}}
}

func (f *firstBytes) close() { f.client.CloseIdleConnections() }

// get gets a conversation's page, or the inbox where it is nil.
func (f *firstBytes) get(ctx context.Context, token string, conversation uuid.UUID) {
	path := "/inbox"
	if conversation != uuid.Nil {
		path = "/conversations/" + conversation.String()
	}
	took, err := f.fetch(ctx, token, path)
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		f.took = append(f.took, took)
	case ctx.Err() == nil:
		f.failed[err.Error()]++
	}
}

// fetch reads a whole page.
func (f *firstBytes) fetch(ctx context.Context, token, path string) (first time.Duration, err error) {
	began := time.Now()
	trace := &httptrace.ClientTrace{GotFirstResponseByte: func() { first = time.Since(began) }}
	r, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodGet, "http://"+f.server+path, nil)
	if err != nil {
		return 0, err
	}
	r.AddCookie(&http.Cookie{Name: "homeline", Value: token})
	r.AddCookie(&http.Cookie{Name: "js", Value: "1"})
	answer, err := f.client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("a page: %T", err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return 0, err
	}
	if answer.StatusCode != http.StatusOK || answer.Request.URL.Path != path {
		return 0, fmt.Errorf("a page: %s", answer.Status)
	}
	return first, nil
}
