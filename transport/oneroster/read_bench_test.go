package oneroster

import (
	"context"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/oneroster/orgen"
)

// BenchmarkReadADistrictOf200000 reads a district of 200,000 people and nearly a
// million enrolments. rows/s are those of users, roles and enrolments together;
// MB-kept is what the snapshot holds, MB-peak the most the heap took.
func BenchmarkReadADistrictOf200000(b *testing.B) {
	folder := b.TempDir()
	district, err := orgen.Write(folder, 200_000, "2026-08-15", "2027-06-15")
	if err != nil {
		b.Fatal(err)
	}
	rows := 0
	for b.Loop() {
		source, err := Open(folder)
		if err != nil {
			b.Fatal(err)
		}
		before := heapMB(b)
		var snapshot roster.Snapshot
		peak := peakMB(func() {
			var report Report
			snapshot, report, err = Read(b.Context(), source, Options{Today: roster.NewDate(2026, time.November, 24)})
			if err != nil || len(report.Findings) > 0 {
				b.Fatal(err, report.Findings)
			}
			rows = 0
			for _, f := range report.Files {
				rows += f.Rows
			}
		})
		if len(snapshot.People) != district.People() || len(snapshot.Enrolments) != district.Enrolments || len(snapshot.Guardianships) != district.Ties {
			b.Fatalf("%d people, %d enrolments, %d ties of %+v", len(snapshot.People), len(snapshot.Enrolments), len(snapshot.Guardianships), district)
		}
		b.ReportMetric(heapMB(b)-before, "MB-kept")
		b.ReportMetric(peak-before, "MB-peak")
		runtime.KeepAlive(snapshot)
		if err := source.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// heapMB is what is in use after a collection.
func heapMB(b *testing.B) float64 {
	b.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// peakMB is the largest heap seen while do runs.
func peakMB(do func()) float64 {
	ctx, stop := context.WithCancel(context.Background())
	peak := make(chan float64)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		most := 0.0
		for {
			metrics.Read(sample)
			most = max(most, float64(sample[0].Value.Uint64())/1e6)
			select {
			case <-ctx.Done():
				peak <- most
				return
			case <-tick.C:
			}
		}
	}()
	do()
	stop()
	return <-peak
}
