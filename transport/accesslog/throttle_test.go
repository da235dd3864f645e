package accesslog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/transport/accesslog"
)

func full() error {
	return fmt.Errorf("post to %s: %w", uuid.New(), fmt.Errorf("%w: %w", &hub.Error{Code: hub.CodeBusy}, errors.New("disk full (13)")))
}

func lines(said *bytes.Buffer) int { return strings.Count(said.String(), "\n") }

func TestAStoreThatFailsIsOneLineAMinuteForEachCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said bytes.Buffer
		log := slog.New(accesslog.WithRequest(accesslog.Throttled(slog.NewTextHandler(&said, nil))))
		for range 1000 {
			log.Error("a request failed", "type", "send", "error", full())
			log.With("part", "web").Error("page failed", "err", full())
			log.LogAttrs(context.Background(), slog.LevelError, "request", slog.String("route", "POST /x"), slog.String("code", "503"))
		}
		if lines(&said) != 2 { // the cause, and what the clients were answered
			t.Errorf("in the first minute:\n%s", &said)
		}
		said.Reset()
		time.Sleep(time.Minute)
		log.Error("a request failed", "error", full())
		if lines(&said) != 1 || !strings.Contains(said.String(), "more=1999") {
			t.Errorf("a minute later:\n%s", &said)
		}
	})
}

func TestWhatIsNotOfTheStoreIsAlwaysSaid(t *testing.T) {
	var said bytes.Buffer
	log := slog.New(accesslog.Throttled(slog.NewTextHandler(&said, nil)))
	for range 3 {
		log.Error("a request failed", "error", errors.New("a mistake of ours"))
		log.Warn("refused", "error", hub.ErrNotFound)
		log.Info("request", "route", "POST /x", "code", "200")
		log.Error("request", "route", "POST /x", "code", "500")
		log.Error("an answer", "error", fmt.Errorf("busy: %w: %d", &hub.Error{Code: hub.CodeNotAllowed}, 3))
	}
	if lines(&said) != 15 {
		t.Errorf("%d lines of 15:\n%s", lines(&said), &said)
	}
}

func TestDifferentCausesAreEachSaid(t *testing.T) {
	var said bytes.Buffer
	log := slog.New(accesslog.Throttled(slog.NewTextHandler(&said, nil)))
	for _, cause := range []string{"disk full", "connection refused", "disk full"} {
		log.Error("a request failed", "error", &hub.StorageError{Why: "why", Err: errors.New(cause)})
	}
	if lines(&said) != 2 {
		t.Errorf("two causes:\n%s", &said)
	}
}
