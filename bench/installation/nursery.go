package installation

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// nursery starts processes that end when this one does, however it ends. The
// kernel tells children of the death of the thread that started them, so one
// thread starts them all and is kept.
type nursery struct{ births chan birth }

type birth struct {
	cmd  *exec.Cmd
	born chan error
}

func newNursery() *nursery {
	n := &nursery{births: make(chan birth)}
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		for b := range n.births {
			b.born <- b.cmd.Start()
		}
	}()
	return n
}

// close ends the thread, and whoever it has started.
func (n *nursery) close() { close(n.births) }

// process is a child.
type process struct {
	name string
	cmd  *exec.Cmd
	log  string        // file that holds what it prints
	over chan struct{} // closed when it has ended
}

// start starts a program as a user (nil: this one) that gets the signal last
// when this process dies.
func (n *nursery) start(name, log string, cmd *exec.Cmd, as *syscall.Credential, last syscall.Signal) (*process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Pdeathsig: last, Setpgid: true}
	b := birth{cmd, make(chan error, 1)}
	n.births <- b
	if err := <-b.born; err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	p := &process{name: name, cmd: cmd, log: log, over: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended is in ProcessState
		close(p.over)
	}()
	return p, nil
}

func (p *process) signal(s syscall.Signal) error {
	if err := p.cmd.Process.Signal(s); err != nil {
		return fmt.Errorf("%s to %s: %w", s, p.name, err)
	}
	return nil
}

// kill ends it as a crash does, and waits.
func (p *process) kill() error {
	err := p.signal(syscall.SIGKILL)
	<-p.over
	return err
}

func (p *process) ended() bool {
	select {
	case <-p.over:
		return true
	default:
		return false
	}
}

// end asks it to end, and kills it where it does not within the time.
func (p *process) end(ask syscall.Signal) {
	if p == nil || p.ended() {
		return
	}
	_ = p.signal(syscall.SIGCONT) // it may have been stopped
	_ = p.signal(ask)
	if !waitFor(p.over, endTime) {
		_ = p.kill()
	}
}
