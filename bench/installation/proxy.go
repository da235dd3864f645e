package installation

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// hardStop is how long the old process of a reloaded proxy keeps its sockets:
// short, so that they are really cut.
const hardStop = 2 * time.Second

// Proxy is HAProxy with the configuration that is shipped.
type Proxy struct {
	port    int
	process *process
}

func newProxy(ctx context.Context, n *nursery, folder, config string, nodes []*Node) (*Proxy, error) {
	program, err := exec.LookPath("haproxy")
	if err != nil {
		if program = "/usr/sbin/haproxy"; !exists(program) {
			return nil, fmt.Errorf("haproxy is missing: on Debian, apt-get install haproxy: %w", err)
		}
	}
	p := &Proxy{}
	if p.port, err = freePort(); err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "-W", "-f", config)
	cmd.Dir = folder
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOMELINE_PROXY_LISTEN=" + address(p.port),
		"HOMELINE_PROXY_HARD_STOP=" + hardStop.String(),
	}
	for i, node := range nodes {
		cmd.Env = append(cmd.Env, fmt.Sprintf("HOMELINE_NODE%d=%s", i+1, address(node.port)))
	}
	// The workers end when their master does.
	if p.process, err = n.start("HAProxy", filepath.Join(folder, "haproxy.log"), cmd, nil, syscall.SIGTERM); err != nil {
		return nil, err
	}
	return p, p.process.until(ctx, func(ctx context.Context) error { return reach(ctx, p.Address()) })
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// Address is where people come in.
func (p *Proxy) Address() string { return address(p.port) }

// Reload replaces the working process, and returns when the old one is gone with
// every socket that it still had.
func (p *Proxy) Reload(ctx context.Context) error {
	old := p.workers()
	if err := p.process.signal(syscall.SIGUSR2); err != nil {
		return err
	}
	return p.process.until(ctx, func(ctx context.Context) error {
		now := p.workers()
		if len(now) != 1 || slices.Contains(old, now[0]) {
			return fmt.Errorf("its working processes are %v, and were %v", now, old)
		}
		return reach(ctx, p.Address())
	})
}

// workers are the process ids of the master's children.
func (p *Proxy) workers() []int {
	pid := p.process.cmd.Process.Pid
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil
	}
	var ids []int
	for _, word := range strings.Fields(string(content)) {
		if id, err := strconv.Atoi(word); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
