package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// errFound: the run found what must not be.
var errFound = errors.New("something was found")

const mostNamed = 20

func printVerdict(out io.Writer, r *run, v verdict) {
	line := func(name string, value any, unit string) { fmt.Fprintf(out, "%-22s %6v  %s\n", name, value, unit) }
	line("people", v.People, "were written to")
	line("due", v.Due, "letters to a reader")
	line("cancelled by reading", v.Read, "of them were in no mail")
	line("held back", v.Held, "of them wait an hour or more, after a mail that went unread")
	line("sent", v.Sent, "mails that were taken")
	for _, k := range kinds {
		line(string(k), v.Bad[k], "")
	}
	line("unknowable", v.Unknowable, "mails that were taken without a word, and cannot be asked about")
	if n := len(v.late); n > 0 {
		fmt.Fprintf(out, "%-22s %6.1f s after they were due at the median, %.1f s in 99 of 100, %.1f s at the latest\n", "mails came",
			v.late[n/2].Seconds(), v.late[n*99/100].Seconds(), v.late[n-1].Seconds())
	}
	if !r.options.calm {
		r.killer.print(out)
	}
	fmt.Fprintf(out, "%-22s SEED=%d PEOPLE=%d TAKES=%s\n", "again with", r.options.seed, r.options.people, r.options.takes.Round(time.Second))
}

func (k *killer) print(out io.Writer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var killed, broken []string
	for _, m := range k.moments {
		killed = append(killed, fmt.Sprintf("%s %d", m, k.kills[m]))
	}
	for _, name := range slices.Sorted(maps.Keys(k.breaks)) {
		broken = append(broken, fmt.Sprintf("%s %d", name, k.breaks[name]))
	}
	fmt.Fprintf(out, "%-22s %s\n%-22s %s\n", "nodes were killed", strings.Join(killed, ", "),
		"and broken", strings.Join(broken, ", "))
}

// report is what was found as an error.
func (r *run) report(v verdict) error {
	var text strings.Builder
	for i, f := range v.findings {
		if i == mostNamed {
			fmt.Fprintf(&text, "\nand %d more", len(v.findings)-mostNamed)
			break
		}
		fmt.Fprintf(&text, "\n%s", f)
	}
	return fmt.Errorf("%w with seed %d:%s\n%s", errFound, r.options.seed, text.String(), r.keepLogs())
}

// keepLogs keeps what the servers said, and says where.
func (r *run) keepLogs() string {
	folder := filepath.Join(r.options.folder, fmt.Sprintf("seed-%d", r.options.seed))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err.Error()
	}
	for _, file := range r.in.Logs() {
		content, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, filepath.Base(file)), content, 0o644)
		}
		if err != nil {
			return err.Error()
		}
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return err.Error()
	}
	return "logs are in " + absolute
}
