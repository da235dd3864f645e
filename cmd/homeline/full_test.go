//go:build linux

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/disktest"
)

// lincolnIn is lincoln in a folder of the test's.
func lincolnIn(t *testing.T, data string) {
	t.Helper()
	must(t, "district", "create", "lincoln", "--name", "Lincoln Unified", "--data", data)
	must(t, "import", rosterFolder(t, smallRoster()), "--data", data)
	must(t, "district", "enable", "lincoln", "--data", data)
}

func TestAFullDiskIsSaidByReadinessAndNotByThousandsOfLines(t *testing.T) {
	disktest.AsRoot(t, func(t *testing.T) {
		disk := disktest.Small(t, 32<<20)
		data := filepath.Join(disk, "data")
		lincolnIn(t, data)
		s := startServe(t, data)
		path := "/api/v1/conversations/" + s.write().String() + "/messages"
		ana := s.token("ana")
		s.becomes("/readyz", http.StatusOK, "store: ok")
		free := disktest.Fill(t, disk)

		const sends = 300
		refused, key, body := 0, "", `{"body":"`+strings.Repeat("No room. ", 500)+`"}`
		for range sends {
			key = uuid.NewString()
			if status, _ := s.call(http.MethodPost, path, ana, key, body); status == http.StatusServiceUnavailable {
				refused++
			}
			s.get("/readyz")
		}
		if refused < 50 { // of the others most were too many
			t.Errorf("%d of %d sends were refused", refused, sends)
		}
		s.becomes("/readyz", http.StatusServiceUnavailable, "not ready", "store: the disk is full")
		s.becomes("/healthz", http.StatusOK)
		said := 0
		for line := range strings.Lines(s.output()) {
			if strings.Contains(line, "level=ERROR") || strings.Contains(line, "level=WARN") {
				said++
			}
		}
		if said == 0 || said > 8 { // one for each cause, route and minute
			t.Errorf("%d lines of %d failures:\n%s", said, refused, s.output())
		}
		t.Logf("%d sends refused, %d lines in the log", refused, said)

		free()
		s.becomes("/readyz", http.StatusOK, "store: ok")
		eventually(t, "the last is stored", func() bool { // they were too many a minute
			status, _ := s.call(http.MethodPost, path, ana, key, body)
			return status == http.StatusCreated
		})
		s.stop(os.Interrupt)
		run(t, "verify", "--data", data).expect(t, 0, "Every message is as it was sent")
	})
}
