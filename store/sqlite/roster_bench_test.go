package sqlite

import (
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/storetest"
)

// goMemory is the limit under which a server that imports is to run: what the
// collector may leave lying about otherwise doubles what lives.
const goMemory = 350 << 20

func openDistrict(b *testing.B) (*Store, roster.District) {
	s := openTemp(b)
	d := roster.District{ID: uuid.Must(uuid.NewV7()), Slug: "big", Settings: roster.DefaultSettings()}
	if err := s.CreateDistrict(b.Context(), d); err != nil {
		b.Fatal(err)
	}
	return s, d
}

// BenchmarkImport writes a district of 200,000 people, nearly a million
// enrolments, into an empty file, and reads it back. CPU seconds are of the
// whole process, MB what the kernel counts, the changes themselves included.
func BenchmarkImport(b *testing.B) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(goMemory))
	for b.Loop() {
		s, d := openDistrict(b)
		changes := storetest.BigDistrict(200_000)
		rows := len(changes.PutPeople) + len(changes.PutEnrolments) + len(changes.PutGuardianships) + len(changes.PutSections)
		debug.FreeOSMemory()
		b.ReportMetric(residentMB(b, "VmRSS"), "MB-changes")
		wall, cpu := time.Now(), cpuTime(b)
		if _, err := s.Apply(b.Context(), d.ID, changes, time.Now()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(rows)/time.Since(wall).Seconds(), "rows/s")
		b.ReportMetric(time.Since(wall).Seconds(), "s-apply")
		b.ReportMetric((cpuTime(b) - cpu).Seconds(), "cpu-s-apply")
		b.ReportMetric(residentMB(b, "VmHWM"), "MB-peak-apply")

		changes = roster.Changes{}
		debug.FreeOSMemory()
		wall = time.Now()
		state, err := s.State(b.Context(), d.ID)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(wall).Seconds(), "s-state")
		b.ReportMetric(residentMB(b, "VmHWM"), "MB-peak")
		if len(state.People) != 200_000 {
			b.Fatalf("%d people came back", len(state.People))
		}
	}
}

// BenchmarkSearch finds students among 100,000: all of the district's, a school's
// and a teacher's, and the choices of the contact search.
func BenchmarkSearch(b *testing.B) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(goMemory))
	s, d := openDistrict(b)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	if _, err := s.Apply(b.Context(), d.ID, storetest.BigDistrict(200_000), now); err != nil {
		b.Fatal(err)
	}
	scope := func(sourcedID string) roster.Scope {
		p, err := s.PersonBySourcedID(b.Context(), d.ID, sourcedID)
		if err != nil {
			b.Fatal(err)
		}
		f, err := s.Facts(b.Context(), d.ID, []uuid.UUID{p.ID}, now)
		if err != nil {
			b.Fatal(err)
		}
		return f.Scope(p.ID)
	}
	district, teacher := scope("boss"), scope("person199997")
	school := roster.Scope{Orgs: district.Orgs[5:6], Today: district.Today}
	for name, of := range map[string]roster.Scope{"district": district, "school": school, "teacher": teacher} {
		for _, word := range []string{"", "m", "mari jo", "nobody"} {
			b.Run(name+"/"+word, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.FindStudents(b.Context(), d.ID, of, roster.StudentQuery{Name: word}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(name+"/facets", func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Facets(b.Context(), d.ID, of, roster.StudentQuery{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// residentMB is what the kernel says of the process: VmRSS now, VmHWM at most so far.
func residentMB(b *testing.B, field string) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	found := regexp.MustCompile(field + `:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		b.Fatalf("no %s in /proc/self/status", field)
	}
	kb, err := strconv.Atoi(string(found[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(kb) / 1024
}

// cpuTime is what the process has had of the processors, whoever else is busy.
func cpuTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
