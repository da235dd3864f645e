package redistest_test

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/homeline/homeline/transport/broker/redistest"
)

// killed makes the test's binary one that starts a Redis and waits to be killed.
const killed = "REDISTEST_KILLED"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestARedisEndsWithATestThatIsKilled(t *testing.T) {
	if os.Getenv(killed) != "" {
		s := redistest.Start(t)
		if _, err := os.Stdout.WriteString("up at " + s.Addr() + "\n"); err != nil {
			t.Fatal(err)
		}
		<-t.Context().Done()
	}
	c := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	c.Env = append(os.Environ(), killed+"=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	addr := ""
	for lines := bufio.NewScanner(out); addr == "" && lines.Scan(); {
		addr, _ = strings.CutPrefix(lines.Text(), "up at ")
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // it was killed
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Errorf("the server is still there: %v", err)
	}
}

func TestARedisComesBackEmptyAtTheSameAddress(t *testing.T) {
	s := redistest.Start(t, "--requirepass", "secret")
	for _, end := range []func(){s.Stop, s.Kill} {
		s.Do("SET", "kept", "no")
		end()
		if conn, err := net.Dial("tcp", s.Addr()); err == nil {
			t.Error("a server that has ended takes connections")
			_ = conn.Close()
		}
		s.Start()
		if n := s.Do("EXISTS", "kept"); n != int64(0) {
			t.Errorf("%v keys were kept", n)
		}
	}
}

func TestWhatAProxySwallowedStaysLost(t *testing.T) {
	s := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr())
	lost := dial(t, p)
	ping(t, lost)
	p.Swallow()
	send(t, lost)
	p.Pass()
	send(t, lost)
	ping(t, dial(t, p)) // by then the others would have been answered
	if err := lost.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := lost.Read(make([]byte, 1)); !os.IsTimeout(err) {
		t.Errorf("reading what was swallowed: %v", err)
	}
	p.Refuse()
	if _, err := dial(t, p).Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Errorf("reading from who refuses: %v", err)
	}
}

func dial(t *testing.T, p *redistest.Proxy) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func send(t *testing.T, conn net.Conn) {
	t.Helper()
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		t.Fatal(err)
	}
}

func ping(t *testing.T, conn net.Conn) {
	t.Helper()
	send(t, conn)
	answer := make([]byte, len("+PONG\r\n"))
	if n, err := conn.Read(answer); err != nil || string(answer[:n]) != "+PONG\r\n" {
		t.Fatalf("%q, %v", answer, err)
	}
}
