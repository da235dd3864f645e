// Package redistest starts Redis servers for tests, and puts between them and
// their clients what networks do. It needs redis-server in PATH.
package redistest

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// patience bounds what must happen; nothing is expected to take that long.
const patience = 20 * time.Second

// New is the URL of a Redis of the test's own.
func New(t testing.TB) string {
	t.Helper()
	return Start(t).URL()
}

// admin is the user of the tests themselves, whatever may happen to others.
const admin = "admin"

// Server is a Redis without persistence, on a loopback port of its own. It ends
// with the test, and with the test's process however that ends.
type Server struct {
	t      testing.TB
	folder string
	port   int
	conf   []string
	admin  *redis.Client

	command *exec.Cmd
	ended   chan struct{} // closed when the process has ended
}

// Start starts a server, with further settings as redis-server's command line
// has them: "--requirepass", "secret". It is up when Start returns.
func Start(t testing.TB, conf ...string) *Server {
	t.Helper()
	folder, err := os.MkdirTemp("", "redis") // a socket's path has to be short
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, folder: folder, port: freePort(t), conf: conf}
	s.admin = redis.NewClient(&redis.Options{
		Network: "unix", Addr: s.socket(), Username: admin, Password: "any", Protocol: 2, DisableIdentity: true, MaxRetries: -1, DialerRetries: 1,
		PoolSize: 1, ContextTimeoutEnabled: true, DialTimeout: time.Second,
	})
	t.Cleanup(func() {
		_ = s.admin.Close()
		s.Kill()
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	s.Start()
	return s
}

// URL names it by its port.
func (s *Server) URL() string { return "redis://" + s.Addr() }

// Addr is its host and port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Start starts a server that has ended again, at the same address, empty and
// with the settings of its beginning.
func (s *Server) Start() {
	s.t.Helper()
	var out bytes.Buffer
	c := exec.Command("redis-server", "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--unixsocket", s.socket(),
		"--user", admin, "on", "nopass", "~*", "&*", "+@all",
		"--save", "", "--appendonly", "no", "--dir", s.folder, "--logfile", filepath.Join(s.folder, "log"))
	c.Args = append(c.Args, s.conf...)
	c.Stdout, c.Stderr = &out, &out
	s.command, s.ended = c, make(chan struct{})
	if err := run(c, s.ended); err != nil {
		s.t.Fatalf("start Redis (Debian's package redis-server): %v", err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if conn, err := net.Dial("unix", s.socket()); err == nil {
			_ = conn.Close()
			s.Do("PING")
			return
		}
		select {
		case <-s.ended:
		default:
			if time.Now().Before(deadline) {
				continue
			}
		}
		s.t.Fatalf("Redis did not start: %s\n%s", out.String(), s.Log())
	}
}

// run starts a command from a thread of its own, which stays for as long: the
// system ends the command with the thread that started it.
func run(c *exec.Cmd, ended chan struct{}) error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(ended)
		dieWithParent(c)
		err := c.Start()
		started <- err
		if err == nil {
			_ = c.Wait() // how it ended is the test's business
		}
	}()
	return <-started
}

// Stop asks the server to end, and waits for it.
func (s *Server) Stop() { s.signal(syscall.SIGTERM) }

// Kill ends the server without a word.
func (s *Server) Kill() { s.signal(syscall.SIGKILL) }

// Freeze lets the server stand still, connections and all, until Thaw.
func (s *Server) Freeze() { _ = s.command.Process.Signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (s *Server) Thaw() { _ = s.command.Process.Signal(syscall.SIGCONT) }

func (s *Server) signal(what os.Signal) {
	if s.command.Process == nil {
		return
	}
	_ = s.command.Process.Signal(what) // it may have ended
	<-s.ended
}

// Do sends a command, as a user who may do everything, past any password of the
// settings that it began with.
func (s *Server) Do(args ...any) any {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	reply, err := s.admin.Do(ctx, args...).Result()
	if err != nil {
		s.t.Fatalf("redis: %v: %v", args, err)
	}
	return reply
}

// Info is a line of what INFO says.
func (s *Server) Info(name string) string {
	s.t.Helper()
	for line := range bytes.Lines([]byte(s.Do("INFO", "everything").(string))) {
		if value, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte(name+":")); ok {
			return string(value)
		}
	}
	s.t.Fatalf("redis: INFO says nothing of %s", name)
	return ""
}

// Log is what the server has written.
func (s *Server) Log() string {
	raw, err := os.ReadFile(filepath.Join(s.folder, "log"))
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func (s *Server) socket() string { return filepath.Join(s.folder, "redis.sock") }

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
