package installation

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asParent makes the test program one that starts a child and waits.
const asParent = "start a child and wait"

func beParent() {
	n := newNursery()
	p, err := n.start("sleep", os.DevNull, exec.Command("sleep", "1000"), nil, syscall.SIGKILL)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.cmd.Process.Pid)
	<-p.over
}

func TestAChildDiesWithItsParentHoweverThatDies(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self, asParent)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("it says %q", line)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	parent.Wait() // it says that it was killed
	for deadline := time.Now().Add(startTime); runs(child); time.Sleep(pollPause) {
		if time.Now().After(deadline) {
			t.Fatalf("process %d outlives its parent", child)
		}
	}
}

// runs says whether a process is there and not a zombie.
func runs(pid int) bool {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(status), ") ")
	return !strings.HasPrefix(after, "Z")
}

func TestWhatAProcessPrintsIsKeptWhereItEndsTooSoon(t *testing.T) {
	n := newNursery()
	defer n.close()
	log := filepath.Join(t.TempDir(), "log")
	p, err := n.start("a program", log, exec.Command("sh", "-c", "echo no such setting; exit 1"), nil, syscall.SIGKILL)
	if err != nil {
		t.Fatal(err)
	}
	err = p.until(t.Context(), func(context.Context) error { return os.ErrNotExist })
	if err == nil || !strings.Contains(err.Error(), "no such setting") {
		t.Errorf("it is %v", err)
	}
}
