package redistest

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the system end a command when we end, even by a signal that
// lets nobody clean up.
func dieWithParent(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
