package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/homeline/homeline/transport/oneroster/orgen"
)

// BenchmarkImport200k imports a district of 200,000 people with the program as
// one runs it: into an empty folder and again unchanged, alone and through a
// running server. Of each it prints seconds, seconds of the processors and the
// most memory that the process ever had (MB of 2^20 bytes); of the server the
// memory.
func BenchmarkImport200k(b *testing.B) {
	delivery := b.TempDir()
	if _, err := orgen.Write(delivery, 200_000, "2026-08-15", "2027-06-15"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		alone := folder(b)
		must(b, "district", "create", "large", "--data", alone)
		imports(b, delivery, alone, "first")
		imports(b, delivery, alone, "again")

		served := folder(b)
		must(b, "district", "create", "large", "--data", served)
		s := startServe(b, served)
		imports(b, delivery, served, "served-first")
		imports(b, delivery, served, "served-again")
		s.stop(os.Interrupt)
		b.ReportMetric(peakMB(s.cmd), "MB-server")
	}
	b.ReportMetric(0, "ns/op") // the sum of four says nothing
}

func imports(b *testing.B, delivery, data, name string) {
	b.Helper()
	c := program(b.Context(), "import", delivery, "--data", data, "--today", "2026-11-24")
	began := time.Now()
	if said, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", name, err, said)
	}
	b.ReportMetric(time.Since(began).Seconds(), "s-"+name)
	b.ReportMetric((c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), "cpu-s-"+name)
	b.ReportMetric(peakMB(c), "MB-"+name)
}

// peakMB is the most memory that a process that has ended ever had. Linux
// counts what this process had when it started that one as the least.
func peakMB(c *exec.Cmd) float64 {
	const perMB = 1024 // Maxrss is in KiB
	return float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / perMB
}
