package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeline/homeline/bench/installation"
)

// tick is the unit of times in /proc: USER_HZ, which is 100 on Linux.
const tick = 10 * time.Millisecond

// usage is what a process and its children have used so far.
type usage struct {
	cpu      time.Duration // children that have ended counted
	resident int64         // bytes of memory now; what processes share is divided among them
}

// part is a process that is measured.
type part struct {
	name string
	pid  int
}

// partsOf are the processes of an installation, the nodes first, and this one,
// which plays everybody.
func partsOf(in *installation.Installation) []part {
	var parts []part
	for _, n := range in.Nodes {
		parts = append(parts, part{n.Name, n.PID()})
	}
	return append(parts, part{"PostgreSQL", in.Postgres.PID()}, part{"Redis", in.Redis.PID()},
		part{"HAProxy", in.Proxy.PID()}, part{"the people", os.Getpid()})
}

// measure reads what every part has used.
func measure(parts []part) (map[string]usage, error) {
	all := map[string]usage{}
	for _, p := range parts {
		u, err := usageOf(p.pid)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		if p.pid != os.Getpid() { // whose children are the others
			for _, child := range childrenOf(p.pid) {
				if c, err := usageOf(child); err == nil { // else it has ended, and counts with its parent
					u.cpu += c.cpu
					u.resident += c.resident
				}
			}
		}
		all[p.name] = u
	}
	return all, nil
}

// usageOf reads /proc/PID/stat; proc(5) has the fields.
func usageOf(pid int) (u usage, err error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return u, err
	}
	_, after, _ := strings.Cut(string(content), ") ") // the name may hold spaces
	fields := strings.Fields(after)
	const user, cSystem = 11, 14
	if len(fields) <= cSystem {
		return u, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	times := fields[user : cSystem+1]
	if pid == os.Getpid() {
		times = times[:2]
	}
	for _, field := range times {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return u, err
		}
		u.cpu += time.Duration(n) * tick
	}
	u.resident, err = residentOf(pid)
	return u, err
}

// residentOf is the proportional set size.
func residentOf(pid int) (bytes int64, err error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		var kilo int64
		if _, err := fmt.Sscanf(line, "Pss: %d kB", &kilo); err == nil {
			return kilo << 10, nil
		}
	}
	return 0, fmt.Errorf("/proc/%d/smaps_rollup has no Pss", pid)
}

func childrenOf(pid int) (ids []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is well formed
	for _, list := range lists {
		content, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for _, word := range strings.Fields(string(content)) {
			if id, err := strconv.Atoi(word); err == nil {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// sizes is how many bytes files hold together.
func sizes(files []string) (total int64) {
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			total += info.Size()
		}
	}
	return total
}

// machine says on what this runs, and what else does.
func machine() string {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d CPUs, load averages %s", runtime.NumCPU(), strings.Join(strings.Fields(string(load))[:3], " "))
}
