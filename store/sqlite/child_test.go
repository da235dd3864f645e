package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// child starts this binary as another process over a file, and reads what it
// says. It is killed, as with kill -9, at the end of the test or by kill.
func child(t *testing.T, role, path string) (said *bufio.Scanner, kill func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, path)
	cmd.Env = append(os.Environ(), childRole+"="+role)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	t.Cleanup(kill)
	return bufio.NewScanner(out), kill
}

func mustOpen(path string) *Store {
	s, err := Open(context.Background(), path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return s
}

// holdFile opens a file, says so, and does not let go of it.
func holdFile(path string) {
	mustOpen(path)
	fmt.Println("open")
	select {}
}

// sendForEver sends to the one conversation of a file and says each number and
// key that was acknowledged.
func sendForEver(path string) {
	s := mustOpen(path)
	var p hub.Post
	err := s.reader.QueryRow(`SELECT district, conversation, person FROM participant WHERE no = 0`).
		Scan(&p.District, &p.Conversation, &p.Sender)
	for err == nil {
		var r hub.Receipt
		p.Key, p.Body = uuid.New(), "Are you there?"
		if r, err = s.Post(context.Background(), p); err == nil {
			fmt.Println(r.Seq, p.Key)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
