package installation

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Node is one `homeline serve`.
type Node struct {
	Name string
	// Database and Broker are its ways to the servers.
	Database, Broker *Link

	nursery *nursery
	program string
	args    []string
	folder  string
	env     []string
	port    int

	mu      sync.Mutex
	process *process
	wanted  bool // it is to run: an end is unexpected
}

// Start starts the node and returns when it is ready. Where it ends meanwhile,
// because a server that it needs is away, it is started again, as a supervisor
// does.
func (n *Node) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if err := n.launch(); err != nil {
			return err
		}
		err := n.current().until(ctx, n.ready)
		if err == nil || ctx.Err() != nil {
			n.expect(true)
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * pollPause):
		}
	}
}

func (n *Node) launch() error {
	cmd := exec.Command(n.program, append([]string{
		"serve", "--data", n.folder, "--listen", address(n.port), "--trusted-proxies", "127.0.0.1/32", "--drain-window", "1s",
	}, n.args...)...)
	cmd.Dir = filepath.Dir(n.folder)
	cmd.Env = n.env
	process, err := n.nursery.start(n.Name, n.Log(), cmd, nil, syscall.SIGKILL)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.process = process
	return nil
}

func (n *Node) current() *process {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.process
}

func (n *Node) expect(running bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wanted = running
}

// Ended is an error where the node has ended without being told to.
func (n *Node) Ended() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.wanted && n.process.ended() {
		return fmt.Errorf("%s has ended by itself: %s\n%s", n.Name, n.process.cmd.ProcessState, tail(n.process.log))
	}
	return nil
}

func (n *Node) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address(n.port)+"/readyz", nil)
	if err != nil {
		return err
	}
	r.Close = true
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz: %s", answer.Status)
	}
	return nil
}

// Kill ends the node as a crash does.
func (n *Node) Kill() error {
	n.expect(false)
	return n.current().kill()
}

// Stop asks the node to end, and waits until it has.
func (n *Node) Stop() error {
	n.expect(false)
	p := n.current()
	if err := p.signal(syscall.SIGTERM); err != nil {
		return err
	}
	if !waitFor(p.over, endTime) {
		return fmt.Errorf("%s did not stop:\n%s", n.Name, tail(p.log))
	}
	if status := p.cmd.ProcessState.ExitCode(); status != 0 {
		return fmt.Errorf("%s ended with %d:\n%s", n.Name, status, tail(p.log))
	}
	return nil
}

// Freeze stops the node's process where it stands, Thaw lets it go on.
func (n *Node) Freeze() error { return n.current().signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (n *Node) Thaw() error { return n.current().signal(syscall.SIGCONT) }

// Address is where the node itself is reached, past the proxy.
func (n *Node) Address() string { return address(n.port) }

// Log is the file with what the node said.
func (n *Node) Log() string { return n.folder + ".log" }

func (n *Node) controlSocket() string { return filepath.Join(n.folder, "control.sock") }

// environment is what a program gets, with its links to the servers.
func environment(database, broker string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir(),
		"DATABASE_URL=" + database, "REDIS_URL=" + broker,
	}
}

func nodeName(i int) string { return "node" + strconv.Itoa(i+1) }
