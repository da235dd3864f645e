package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// server is a demo or serve that runs.
type server struct {
	t    testing.TB
	cmd  *exec.Cmd
	env  []string // its settings
	data string
	url  string // http://127.0.0.1:port

	mu    sync.Mutex
	said  strings.Builder
	at    chan string
	reads sync.WaitGroup
}

var addressSaid = regexp.MustCompile(`(?:Homeline is at  http://|address"?[=:]"?)([a-z0-9.]+:[0-9]+)`)

// start starts the program and returns when it says where it is.
func start(t testing.TB, data string, args ...string) *server {
	t.Helper()
	return startWith(t, data, nil, args...)
}

func startWith(t testing.TB, data string, env []string, args ...string) *server {
	t.Helper()
	return launchWith(t, data, env, args...).located()
}

// located waits until the program says where it is.
func (s *server) located() *server {
	t := s.t
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case at := <-s.at:
		_, port, err := net.SplitHostPort(at)
		if err != nil {
			t.Fatal(err)
		}
		s.url = "http://127.0.0.1:" + port
	case <-ctx.Done():
		t.Fatalf("it does not say where it is:\n%s", s.output())
	}
	return s
}

// launch starts the program. Whatever the test does, it is ended.
func launch(t testing.TB, data string, args ...string) *server {
	t.Helper()
	return launchWith(t, data, nil, args...)
}

func launchWith(t testing.TB, data string, env []string, args ...string) *server {
	t.Helper()
	return launchCommand(t, data, env, program(context.Background(), append(args, "--data", data)...))
}

func launchCommand(t testing.TB, data string, env []string, c *exec.Cmd) *server {
	t.Helper()
	s := &server{t: t, data: data, env: env, cmd: c, at: make(chan string, 1)}
	s.cmd.Env = append(s.cmd.Env, env...)
	for _, pipe := range []func() (io.ReadCloser, error){s.cmd.StdoutPipe, s.cmd.StderrPipe} {
		r, err := pipe()
		if err != nil {
			t.Fatal(err)
		}
		s.reads.Go(func() { s.read(r) })
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			s.kill()
		}
	})
	return s
}

func (s *server) read(r io.Reader) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		s.mu.Lock()
		s.said.WriteString(lines.Text() + "\n")
		s.mu.Unlock()
		if m := addressSaid.FindStringSubmatch(lines.Text()); m != nil {
			s.at <- m[1]
		}
	}
}

func (s *server) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

// stop asks the program to end, and fails where it does not do so cleanly.
func (s *server) stop(signal os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
	s.reads.Wait()
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("stopped by %s it ended with %v:\n%s", signal, err, s.output())
	}
}

// kill ends the program as a crash does.
func (s *server) kill() {
	s.cmd.Process.Signal(syscall.SIGKILL)
	s.reads.Wait()
	s.cmd.Wait() // it says that it was killed
}

// get is a page for somebody without a cookie.
func (s *server) get(path string) (status int, body string) {
	s.t.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// becomes waits until a page has that status and says those words.
func (s *server) becomes(path string, status int, words ...string) {
	s.t.Helper()
	for ctx, cancel := context.WithTimeout(s.t.Context(), patience); ; {
		got, body := s.get(path)
		if got == status && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(body, w) }) {
			cancel()
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			s.t.Fatalf("%s stays %d:\n%s", path, got, body)
		}
	}
}

// token makes one through the running server.
func (s *server) token(person string) string {
	s.t.Helper()
	return strings.TrimSpace(must(s.t, "token", "--data", s.data, "--person", person))
}

// dial opens a socket as the person, and returns it welcomed.
func (s *server) dial(ctx context.Context, person string) *websocket.Conn {
	s.t.Helper()
	c, _, err := websocket.Dial(ctx, s.url+"/socket", &websocket.DialOptions{Subprotocols: []string{"homeline.v1"}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.CloseNow() })
	s.send(ctx, c, `{"id":1,"type":"hello","token":"`+s.token(person)+`"}`)
	s.hear(ctx, c, `"type":"welcome"`)
	return c
}

func (s *server) send(ctx context.Context, c *websocket.Conn, frame string) {
	s.t.Helper()
	if err := c.Write(ctx, websocket.MessageText, []byte(frame)); err != nil {
		s.t.Fatal(err)
	}
}

// hear reads frames until one holds the words.
func (s *server) hear(ctx context.Context, c *websocket.Conn, words string) string {
	s.t.Helper()
	for {
		_, frame, err := c.Read(ctx)
		if err != nil {
			s.t.Fatalf("waiting for %s: %v", words, err)
		}
		if strings.Contains(string(frame), words) {
			return string(frame)
		}
	}
}

// call asks the JSON API and gives its answer.
func (s *server) call(method, path, token, key, body string) (status int, answer string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer got.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	b, err := io.ReadAll(got.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return got.StatusCode, string(b)
}
