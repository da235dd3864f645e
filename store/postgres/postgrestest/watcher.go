package postgrestest

import (
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// watcher is a shell that reads from a pipe which only this process holds: when
// this process is gone, in whatever way, it ends the server and removes its
// folder.
type watcher struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

const whenThePipeEnds = `
read -r dismissed && exit
kill -QUIT "$1"
for try in 1 2 3 4 5 6 7 8 9 10; do [ -e "$2/data/postmaster.pid" ] && sleep 0.5; done
rm -rf "$2"`

func watchOver(pid int, folder string, as *syscall.SysProcAttr) (*watcher, error) {
	cmd := exec.Command("/bin/sh", "-c", whenThePipeEnds, "watcher", strconv.Itoa(pid), folder)
	cmd.SysProcAttr = as
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &watcher{cmd: cmd, pipe: pipe}, nil
}

// dismiss ends the watch: the server is gone already.
func (w *watcher) dismiss() {
	_, _ = io.WriteString(w.pipe, "dismissed\n")
	_ = w.pipe.Close()
	_ = w.cmd.Wait()
}
