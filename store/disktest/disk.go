//go:build linux

// Package disktest gives tests a disk of their own that is small enough to be
// filled: a tmpfs. Who is not root runs such a test within a namespace of users
// and mounts, in which they are.
package disktest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// within says that this process runs in a namespace of its own.
const within = "DISKTEST_WITHIN"

// AsRoot runs a test where file systems can be mounted: here, or else in a child
// of this binary that runs this test alone.
func AsRoot(t *testing.T, run func(t *testing.T)) {
	t.Helper()
	if os.Geteuid() == 0 {
		run(t)
		return
	}
	if os.Getenv(within) != "" {
		t.Fatal("the namespace does not make us root")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "unshare", "--user", "--map-root-user", "--mount", self, "-test.run", "^"+t.Name()+"$", "-test.count", "1")
	c.Env = append(os.Environ(), within+"=1")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("without root this test needs unshare(1) and namespaces of users: %v\n%s", err, out)
	}
}

// Small is a folder on a disk of so many bytes, until the test ends.
func Small(t testing.TB, bytes int) (folder string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "disk") // with a short path: it may hold sockets
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0755", bytes)); err != nil {
		t.Fatalf("mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
		_ = os.Remove(folder)
	})
	return folder
}

// ReadOnly has nothing be written on the disk of [Small] any more.
func ReadOnly(t testing.TB, folder string) {
	t.Helper()
	if err := syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatalf("remount: %v", err)
	}
}

// Fill leaves no room on the disk, until what it returns is called.
func Fill(t testing.TB, folder string) (free func()) {
	t.Helper()
	path := filepath.Join(folder, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{64 << 10, 512} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}
