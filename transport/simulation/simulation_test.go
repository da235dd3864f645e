package simulation_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // many small worlds, one after the other
	goleak.VerifyTestMain(m)
}

// seeds are those to be played: of the environment, or a few.
func seeds(t *testing.T) (first, count uint64) {
	read := func(name string, otherwise uint64) uint64 {
		text := os.Getenv(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return n
	}
	one := uint64(40)
	if os.Getenv("SEED") != "" {
		one = 1
	}
	return read("SEED", 1), read("SEEDS", one)
}

// play plays a seed and answers what is wrong, with the histories of the pages
// that are.
func play(t *testing.T, seed uint64, s sabotage) (found []string, pages []*page) {
	synctest.Test(t, func(t *testing.T) {
		s.count = new(atomic.Int64)
		d := newSchedule(t, seed, s)
		told := map[*page]bool{}
		for _, f := range d.play() {
			if f.page == nil {
				found = append(found, f.what)
				continue
			}
			found = append(found, fmt.Sprintf("the page %s: %s", f.page.token, f.what))
			if !told[f.page] {
				told[f.page] = true
				found = append(found, "  what it was told:\n"+f.page.history.String())
			}
		}
		if pages = d.pages; len(found) > 0 {
			found = append(found, "  what happened:\n    "+strings.Join(d.diary, "\n    "))
		}
	})
	return found, pages
}

// grouped is how many seeds run before it is said how many have.
const grouped = 500

// TestAfterAnyFaultsEveryPageShowsEverything is G1 to G5 and G7 over seeded
// schedules.
func TestAfterAnyFaultsEveryPageShowsEverything(t *testing.T) {
	first, count := seeds(t)
	began := time.Now()
	for done := uint64(0); done < count; {
		group := min(count-done, grouped)
		t.Run(fmt.Sprint("from seed ", first+done), func(t *testing.T) {
			for seed := first + done; seed < first+done+group; seed++ {
				t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
					t.Parallel()
					if found, _ := play(t, seed, sabotage{}); len(found) > 0 {
						t.Errorf("SEED=%d\n%s", seed, strings.Join(found, "\n"))
					}
				})
			}
		})
		done += group
		took := time.Since(began)
		fmt.Fprintf(os.Stderr, "%d seeds in %v, %.0f a minute, each %v of a processor\n", done, took.Round(time.Second),
			float64(done)/took.Minutes(), (worked() / time.Duration(done)).Round(time.Millisecond))
	}
}

// worked is how long processors have worked for this process: how fast it would
// be on a machine that does nothing else.
func worked() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
