package postgrestest

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// childOf says that this binary is the child of a test, and only starts a server.
const childOf = "POSTGRESTEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childOf) == "" {
		goleak.VerifyTestMain(m)
		return
	}
	s, err := start(Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(s.cmd.Process.Pid, s.folder)
	select {}
}

func TestTheServerEndsWithAProcessThatIsKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), childOf+"=1")
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	var folder string
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(line, &pid, &folder); err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	until(t, "its folder is gone", func() bool {
		_, err := os.Stat(folder)
		return errors.Is(err, fs.ErrNotExist)
	})
	until(t, "it has ended", func() bool { return !runs(pid) })
}

// runs says whether a process works: what has ended may be listed until somebody
// asks how.
func runs(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after a minute it is not so that %s", what)
		}
	}
}

func TestAServerThatIsKilledComesBackWithWhatItHadKept(t *testing.T) {
	s := Start(t, Options{Durable: true})
	d := s.Database(t)
	d.Exec(t, `CREATE TABLE kept (n int)`, `INSERT INTO kept VALUES (1)`)
	port := s.Port
	s.Kill(t)
	if _, err := pgx.Connect(t.Context(), d.Admin); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a killed server answers %v", err)
	}
	s.Restart(t)
	d.Exec(t, `INSERT INTO kept SELECT 1 / (count(*) - 0) FROM kept`) // fails where there is none
	if s.Port != port {
		t.Errorf("it came back on port %d, was on %d", s.Port, port)
	}
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	a, b := Open(t), Open(t)
	a.Exec(t, `CREATE TABLE mine ()`)
	b.Exec(t, `CREATE TABLE mine ()`)
}
