package installation

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == asParent {
		beParent()
		return
	}
	goleak.VerifyTestMain(m)
}

// echo answers each line with the same.
func echo(t *testing.T) (at string) {
	t.Helper()
	l, err := net.Listen("tcp", address(0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

func openLink(t *testing.T) *Link {
	t.Helper()
	l, err := newLink(echo(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	return l
}

func call(t *testing.T, l *Link) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// ask says a line and gives what comes within a while.
func ask(t *testing.T, c net.Conn, line string, within time.Duration) (string, error) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		return "", err
	}
	return bufio.NewReader(c).ReadString('\n')
}

const soon, shortly = 10 * time.Second, 50 * time.Millisecond

func TestAnOpenLinkBringsWhatIsSaidBothWays(t *testing.T) {
	if got, err := ask(t, call(t, openLink(t)), "hello", soon); got != "hello\n" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestACutLinkResetsEveryConnection(t *testing.T) {
	l := openLink(t)
	standing := call(t, l)
	if _, err := ask(t, standing, "hello", soon); err != nil {
		t.Fatal(err)
	}
	l.Set(Cut)
	if _, err := ask(t, standing, "hello", soon); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the standing connection ended with %v", err)
	}
	if c, err := net.Dial("tcp", l.address()); err == nil { // else it was cut at once
		defer c.Close()
		if _, err := ask(t, c, "hello", soon); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a new connection ended with %v", err)
		}
	}
	l.Set(Open)
	if _, err := ask(t, call(t, l), "hello", soon); err != nil {
		t.Error(err)
	}
}

func TestALinkThatSwallowsLetsNobodyNotice(t *testing.T) {
	l := openLink(t)
	standing := call(t, l)
	if _, err := ask(t, standing, "hello", soon); err != nil {
		t.Fatal(err)
	}
	l.Set(Swallowed)
	for name, c := range map[string]net.Conn{"standing": standing, "new": call(t, l)} {
		if got, err := ask(t, c, "hello", shortly); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the %s connection hears %q, %v", name, got, err)
		}
	}
	l.Set(Open)
	if got, err := ask(t, standing, "again", soon); err == nil {
		t.Errorf("what had been swallowed goes on: %q", got)
	}
}

func TestALinkThatHoldsBringsItLater(t *testing.T) {
	l := openLink(t)
	c := call(t, l)
	l.Set(Held)
	if got, err := ask(t, c, "hello", shortly); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("%q, %v", got, err)
	}
	l.Set(Open)
	if err := c.SetReadDeadline(time.Now().Add(soon)); err != nil {
		t.Fatal(err)
	}
	if got, err := bufio.NewReader(c).ReadString('\n'); got != "hello\n" {
		t.Errorf("%q, %v", got, err)
	}
}
