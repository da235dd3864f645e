package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options are how a private server runs.
type Options struct {
	// Durable writes with fsync, as one would run it: for tests that kill it.
	Durable bool
	// Settings are more of postgresql.conf.
	Settings map[string]string
}

// Server is a private PostgreSQL on a port of the loopback interface. It ends
// with the process that started it, however that ends.
type Server struct {
	Port int

	bin    string
	folder string // of all that it keeps
	as     *syscall.SysProcAttr
	cmd    *exec.Cmd
	watch  *watcher

	once   sync.Once // makes the roles and the template
	failed error
}

// Start starts a server of the test's own, that a test may stop and kill.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Kill(t)
		_ = os.RemoveAll(s.folder)
	})
	return s
}

func start(o Options) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	if err := s.settle(); err != nil {
		return nil, err
	}
	if err := s.init(o); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	if err := s.run(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	return s, nil
}

// settle makes the server's folder, which belongs to the user that it runs as:
// PostgreSQL does not run as root.
func (s *Server) settle() (err error) {
	if s.folder, err = os.MkdirTemp("", "postgres-test-"); err != nil {
		return err
	}
	s.as = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is for the tests
	if os.Geteuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return err
	}
	s.as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return s.give(s.folder)
}

// give makes the user that the server runs as the owner of a file or folder.
func (s *Server) give(path string) error {
	if s.as.Credential == nil {
		return nil
	}
	return os.Chown(path, int(s.as.Credential.Uid), int(s.as.Credential.Gid))
}

// Addr is its host and port.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// Log is all that the server has said.
func (s *Server) Log(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Bin is the path of one of the server's programs.
func (s *Server) Bin(name string) string { return filepath.Join(s.bin, name) }

func (s *Server) init(o Options) error {
	cmd := s.command("initdb", "--pgdata", s.data(), "--username", superuser, "--encoding", "UTF8", "--no-locale",
		"--auth-local", "trust", "--auth-host", "trust", "--no-sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	var conf bytes.Buffer
	settings := map[string]string{
		"listen_addresses": "'127.0.0.1'", "unix_socket_directories": "'" + s.folder + "'",
		"max_connections": "200", "shared_buffers": "64MB", "log_min_messages": "info",
		"log_line_prefix": "'%m %u@%d '", "lc_messages": "'C'",
	}
	if !o.Durable {
		for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
			settings[name] = "off"
		}
	}
	for name, value := range o.Settings {
		settings[name] = value
	}
	for name, value := range settings {
		fmt.Fprintf(&conf, "%s = %s\n", name, value)
	}
	return os.WriteFile(filepath.Join(s.data(), "postgresql.auto.conf"), conf.Bytes(), 0o644)
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(s.Bin(name), args...)
	cmd.SysProcAttr = s.as
	cmd.Dir = s.folder
	return cmd
}

// run starts the server, on its port of before where it had one, and waits
// until it answers.
func (s *Server) run() error {
	if s.Port == 0 {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		s.Port = free.Addr().(*net.TCPAddr).Port
		_ = free.Close()
	}
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = s.command("postgres", "-D", s.data(), "-p", strconv.Itoa(s.Port))
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	if s.watch, err = watchOver(s.cmd.Process.Pid, s.folder, s.as); err != nil {
		return errors.Join(err, s.end(syscall.SIGQUIT))
	}
	if err := s.answers(); err != nil {
		text, _ := os.ReadFile(log.Name())
		return errors.Join(fmt.Errorf("the server does not answer: %w\n%s", err, text), s.end(syscall.SIGQUIT))
	}
	return nil
}

// answers waits until the server takes connections.
func (s *Server) answers() error {
	ctx, stop := context.WithTimeout(context.Background(), 60*time.Second)
	defer stop()
	for {
		conn, err := pgx.Connect(ctx, s.url(superuser, "postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		if ended, _ := syscall.Wait4(s.cmd.Process.Pid, nil, syscall.WNOHANG, nil); ended != 0 || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Stop shuts the server down: it ends all connections and writes all it has.
func (s *Server) Stop(t testing.TB) { s.stop(t, syscall.SIGINT) }

// Kill ends the server as kill -9 does, with all that works for it.
func (s *Server) Kill(t testing.TB) { s.stop(t, syscall.SIGKILL) }

func (s *Server) stop(t testing.TB, how syscall.Signal) {
	t.Helper()
	if s.cmd == nil {
		return
	}
	if err := s.end(how); err != nil {
		t.Fatal(err)
	}
}

// end waits for the server's end. What works for a killed server ends by
// itself as soon as it notices.
func (s *Server) end(how syscall.Signal) error {
	if err := s.cmd.Process.Signal(how); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	_ = s.cmd.Wait() // that it was killed is no news
	s.cmd = nil
	if s.watch != nil {
		s.watch.dismiss()
		s.watch = nil
	}
	return nil
}

// Restart starts a server that was stopped or killed again, on the same port
// and with what it had kept.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if s.cmd != nil {
		s.Stop(t)
	}
	for tries := 0; ; tries++ {
		err := s.run()
		if err == nil {
			return
		}
		// What worked for a killed server may hold its memory for a moment.
		if tries == 100 {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
