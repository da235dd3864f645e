package main

import (
	"bytes"
	"context"
	"errors"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// homeline is the program as it ships, built once for all tests. The race
// detector looks at its parts where they run in a test's own process.
var homeline string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "homeline-test-")
	if err != nil {
		log.Fatal(err)
	}
	homeline = filepath.Join(folder, "homeline")
	if out, err := exec.Command("go", "build", "-o", homeline, ".").CombinedOutput(); err != nil {
		log.Fatalf("the program does not build: %v\n%s", err, out)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(status int) {
		os.RemoveAll(folder)
		os.Exit(status)
	}))
}

// patience bounds what must happen; nothing is expected to take that long.
const patience = 90 * time.Second

// program is the program with its arguments, in an environment without settings.
func program(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, homeline, args...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir()}
	return c
}

// result is what a command that has ended printed.
type result struct {
	out, err string
	status   int
}

// run runs a command to its end.
func run(t testing.TB, args ...string) result {
	t.Helper()
	return runWith(t, nil, args...)
}

func runWith(t testing.TB, env []string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := program(ctx, args...)
	c.Env = append(c.Env, env...)
	var out, err bytes.Buffer
	c.Stdout, c.Stderr = &out, &err
	var ended *exec.ExitError
	if failed := c.Run(); failed != nil && !errors.As(failed, &ended) {
		t.Fatalf("%q: %v", args, failed)
	}
	return result{out: out.String(), err: err.String(), status: c.ProcessState.ExitCode()}
}

// must runs a command that has to succeed, and gives what it printed.
func must(t testing.TB, args ...string) string {
	t.Helper()
	r := run(t, args...)
	if r.status != 0 {
		t.Fatalf("%q ended with %d:\n%s%s", args, r.status, r.out, r.err)
	}
	return r.out
}

// expect fails where a command did not end with that status, having said those
// words in either of its outputs.
func (r result) expect(t testing.TB, status int, words ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("ended with %d, want %d:\n%s%s", r.status, status, r.out, r.err)
	}
	for _, w := range words {
		if !strings.Contains(r.out+r.err, w) {
			t.Errorf("did not say %q:\n%s%s", w, r.out, r.err)
		}
	}
}

// folder is an empty one with a short path: it will hold a socket.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "homeline")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "data")
}
