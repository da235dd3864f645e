package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// result is what is printed.
type result struct {
	judgement
	options     options
	parts       []part
	machine     string
	come        int
	took        time.Duration
	most        int // pages that stood at once
	quiet       map[string]usage
	full        map[string]usage // while the most pages stood
	used        map[string]usage // by the morning
	logged      int64            // bytes, by the nodes
	wal         int64            // bytes
	asked       statements
	costliest   []costly
	firstBytes  []time.Duration
	pagesFailed map[string]int
	prices      []price
	standing    standing
}

func (r *result) print(out io.Writer) {
	line := func(name, format string, args ...any) {
		fmt.Fprintf(out, "%-34s %s\n", name, fmt.Sprintf(format, args...))
	}
	seconds := r.took.Seconds()
	line("machine, with all that runs there", "%s", r.machine)
	line("people, and those who came", "%d, %d", r.options.people, r.come)
	line("pages open at once, at the most", "%d", r.most)
	line("the morning of 3 h took", "%.0f s (pressed %.0f times)", seconds, morning.Seconds()/r.options.takes.Seconds())
	line("letters stored", "%d (%.1f a second)", r.letters, float64(r.letters)/seconds)
	line("shown on screens", "%d; %d told together with later ones", r.screens, r.coalesced)
	fmt.Fprintf(out, "\n%-34s %8s %8s %8s %8s\n", "milliseconds", "p50", "p99", "max", "of")
	for _, m := range []struct {
		name string
		all  []time.Duration
	}{
		{"from send to the last screen", r.last}, {"from send to answer", r.answers},
		{"from opening a page to first byte", r.firstBytes}, {"from opening a page to live", r.openings},
	} {
		fmt.Fprintf(out, "%-34s %8.1f %8.1f %8.1f %8d\n", m.name, quantile(m.all, 0.5), quantile(m.all, 0.99), quantile(m.all, 1), len(m.all))
	}
	r.printParts(out, seconds)
	r.printStatements(out, seconds)
	fmt.Fprintf(out, "\n%-34s %d sockets opened in %.0f s: %d bytes of the nodes each, what is garbage counted; then %.2f CPU s of the nodes in %s\n",
		"idle", r.standing.sockets, r.standing.took.Seconds(), r.standing.each, r.standing.cpu.Seconds(), r.standing.watched)
	for _, why := range slices.Sorted(maps.Keys(r.pagesFailed)) {
		fmt.Fprintf(out, "%s, %d times\n", why, r.pagesFailed[why])
	}
	fmt.Fprintf(out, "\nwrong: %d\n", len(r.wrong))
}

func (r *result) printParts(out io.Writer, seconds float64) {
	const mega = 1 << 20
	fmt.Fprintf(out, "\n%-34s %8s %8s %8s %8s\n", "", "CPU s", "of 1 CPU", "MB empty", "MB full")
	for _, p := range r.parts {
		cpu, quiet, full := r.used[p.name].cpu.Seconds(), r.quiet[p.name].resident, r.full[p.name].resident
		fmt.Fprintf(out, "%-34s %8.1f %7.0f%% %8d %8d\n", p.name, cpu, 100*cpu/seconds, quiet/mega, full/mega)
	}
	fmt.Fprintf(out, "%-34s %d kB by the nodes; %d kB of WAL, %d bytes a letter with all else\n", "log", r.logged>>10, r.wal>>10, r.wal/int64(max(1, r.letters)))
}

func (r *result) printStatements(out io.Writer, seconds float64) {
	fmt.Fprintf(out, "\n%-34s %d (%.0f a second), %d of them begin and commit; %.1f s in the database\n",
		"statements of the nodes", r.asked.calls, float64(r.asked.calls)/seconds, r.asked.bracket, r.asked.millis/1000)
	for _, c := range r.costliest {
		fmt.Fprintf(out, "  %8d times %9.0f ms  %s\n", c.calls, c.millis, c.text)
	}
	fmt.Fprintf(out, "\n%-34s %8s %8s %8s\n", "for each request, alone", "queries", "brackets", "WAL B")
	for _, p := range r.prices {
		fmt.Fprintf(out, "%-34s %8.1f %8.1f %8.0f\n", p.request, p.asks-p.bracket, p.bracket, p.log)
	}
}

// mostNamed is how much of what is wrong is named.
const mostNamed = 20

// verdict is an error where something was not as it should be, however fast.
func (r *result) verdict() error {
	if len(r.wrong) == 0 && len(r.pagesFailed) == 0 {
		return nil
	}
	return fmt.Errorf("%d times something is wrong, and %d kinds of pages that did not open:\n%s", len(r.wrong), len(r.pagesFailed),
		strings.Join(r.wrong[:min(mostNamed, len(r.wrong))], "\n"))
}

// quantile is in milliseconds; of nothing it is 0.
func quantile(all []time.Duration, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return float64(sorted[int(q*float64(len(sorted)-1))].Microseconds()) / 1000
}
