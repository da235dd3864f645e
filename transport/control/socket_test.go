package control_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/schooltest"
)

func TestOnlyTheOwnerReachesTheSocket(t *testing.T) {
	path := serve(t, local(schooltest.Open(t, 0)))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("its mode is %o", got)
	}
}

func TestWhereNobodyListensThereIsNoServer(t *testing.T) {
	folder := t.TempDir()
	left := filepath.Join(folder, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: left, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false) // as a server leaves it that was killed
	l.Close()
	for _, path := range []string{left, filepath.Join(folder, "absent"), filepath.Join(folder, strings.Repeat("long", 60))} {
		if _, err := control.Dial(t.Context(), path); !errors.Is(err, control.ErrNoServer) {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
	l2, err := control.Listen(left)
	if err != nil {
		t.Fatalf("listening where a killed one did: %v", err)
	}
	l2.Close()
}

func TestTheSocketOfAServerThatRunsIsNotTaken(t *testing.T) {
	path := serve(t, local(schooltest.Open(t, 0)))
	if l, err := control.Listen(path); !errors.Is(err, control.ErrTaken) {
		t.Errorf("a second server is answered %v, %v", l, err)
	}
	if _, err := dial(t, path).Districts(t.Context()); err != nil {
		t.Errorf("afterwards the first one is not reached: %v", err)
	}
}

func TestAFolderWhosePathIsTooLongIsRefusedInWords(t *testing.T) {
	_, err := control.Listen(filepath.Join(t.TempDir(), strings.Repeat("long", 60)))
	if err == nil || !strings.Contains(err.Error(), "shorter") {
		t.Errorf("answered %v", err)
	}
}

func TestAServerOfAnotherVersionIsRecognised(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "s")
	l, err := control.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	old := &http.Server{Handler: http.NotFoundHandler()}
	served := make(chan error)
	go func() { served <- old.Serve(l) }()
	t.Cleanup(func() { old.Close(); <-served })
	if _, err := dial(t, path).Districts(t.Context()); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("answered %v", err)
	}
}

// slow is a school that takes its time to list its districts.
type slow struct {
	control.School
	asked, answer chan struct{}
}

func (s slow) Districts(ctx context.Context) ([]roster.District, error) {
	close(s.asked)
	<-s.answer
	return s.School.Districts(ctx)
}

func TestAStoppingServerFinishesWhatItWasAsked(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "s")
	l, err := control.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	s := slow{School: local(schooltest.Open(t, 0)), asked: make(chan struct{}), answer: make(chan struct{})}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- control.Serve(ctx, l, s) }()
	client := dial(t, path)
	listed := make(chan int)
	go func() {
		all, err := client.Districts(context.Background())
		if err != nil {
			t.Errorf("asking: %v", err)
		}
		listed <- len(all)
	}()
	<-s.asked
	stop()
	close(s.answer)
	if n := <-listed; n != 2 {
		t.Errorf("%d districts were listed", n)
	}
	if err := <-served; err != nil {
		t.Errorf("serving: %v", err)
	}
}
