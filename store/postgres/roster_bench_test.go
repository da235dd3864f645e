package postgres

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/storetest"
)

func openDistrict(b *testing.B) (*Store, roster.District) {
	s := openTemp(b)
	d := roster.District{ID: uuid.Must(uuid.NewV7()), Slug: "big", Settings: roster.DefaultSettings()}
	if err := s.CreateDistrict(b.Context(), d); err != nil {
		b.Fatal(err)
	}
	return s, d
}

// BenchmarkImport writes a district of 200,000 people, nearly a million
// enrolments, into an empty database, reads it back, and writes next year's, in
// which every twentieth person and enrolment is another. MB are of the process
// of the server that does the work, at most, without what all share; CPU seconds
// are its own.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		s, d := openDistrict(b)
		changes := storetest.BigDistrict(200_000)
		rows := len(changes.PutPeople) + len(changes.PutEnrolments) + len(changes.PutGuardianships) + len(changes.PutSections)
		stop, cpu := watchServer(b, s), serverCPU(b, s)
		begun := time.Now()
		if _, err := s.Apply(b.Context(), d.ID, changes, time.Now()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(begun).Seconds(), "s-apply")
		b.ReportMetric(float64(rows)/time.Since(begun).Seconds(), "rows/s")
		b.ReportMetric(stop(), "MB-server")
		b.ReportMetric((serverCPU(b, s) - cpu).Seconds(), "cpu-s-server")

		begun = time.Now()
		state, err := s.State(b.Context(), d.ID)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(begun).Seconds(), "s-state")
		if len(state.People) != 200_000 {
			b.Fatalf("%d people came back", len(state.People))
		}
		next := roster.Changes{Base: state.Version}
		for i, p := range state.People {
			if p.Family += "s"; i%20 == 0 {
				next.PutPeople = append(next.PutPeople, p)
			}
		}
		for i, e := range state.Enrolments {
			if e.Begin = roster.NewDate(2026, 9, 1); i%20 == 0 {
				next.PutEnrolments = append(next.PutEnrolments, e)
			}
		}
		begun = time.Now()
		if _, err := s.Apply(b.Context(), d.ID, next, time.Now()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(begun).Seconds(), "s-next")
	}
}

// watchServer looks again and again at the memory of the server's processes that
// work for the store, until it is stopped: the largest of them, in MB.
func watchServer(b *testing.B, s *Store) (stop func() float64) {
	pids := serverPIDs(b, s)
	ctx, cancel := context.WithCancel(b.Context())
	most := make(chan float64)
	go func() {
		var largest float64
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				most <- largest
				return
			case <-tick.C:
				for _, pid := range pids {
					largest = max(largest, ownMB(pid))
				}
			}
		}
	}()
	return func() float64 {
		cancel()
		return <-most
	}
}

func serverPIDs(b *testing.B, s *Store) []int {
	rows, err := s.pool.Query(b.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database()`)
	pids, err := scanAll(rows, err, func(pid *int) []any { return []any{pid} })
	if err != nil {
		b.Fatal(err)
	}
	return pids
}

// serverCPU is what the server's processes that work for the store have had of
// the processors: fields 14 and 15 of proc_pid_stat(5), in hundredths.
func serverCPU(b *testing.B, s *Store) time.Duration {
	var used time.Duration
	for _, pid := range serverPIDs(b, s) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			b.Fatal(err)
		}
		_, behind, _ := strings.Cut(string(stat), ") ")
		for _, field := range strings.Fields(behind)[11:13] {
			ticks, err := strconv.Atoi(field)
			if err != nil {
				b.Fatal(err)
			}
			used += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	return used
}

var anonymous = regexp.MustCompile(`RssAnon:\s+(\d+) kB`)

// ownMB is the memory of a process that it shares with no other, 0 where it is
// gone.
func ownMB(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	found := anonymous.FindSubmatch(status)
	if found == nil {
		return 0
	}
	kb, err := strconv.Atoi(string(found[1]))
	if err != nil {
		return 0
	}
	return float64(kb) / 1024
}
