package main

import (
	"fmt"
	"os"
	"path/filepath"
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
	resident int64         // bytes of memory now; of what children share each counts all
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
func usageOf(pid int) (usage, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, err
	}
	_, after, _ := strings.Cut(string(content), ") ") // the name may hold spaces
	fields := strings.Fields(after)
	const user, cSystem, pages = 11, 14, 21
	if len(fields) <= pages {
		return usage{}, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	times := fields[user : cSystem+1]
	if pid == os.Getpid() {
		times = times[:2]
	}
	var u usage
	for _, field := range times {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return usage{}, err
		}
		u.cpu += time.Duration(n) * tick
	}
	resident, err := strconv.ParseInt(fields[pages], 10, 64)
	u.resident = resident * int64(os.Getpagesize())
	return u, err
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
