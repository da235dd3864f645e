package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/homeline/homeline/bench/page"
)

// errFound: the run found what must not be.
var errFound = errors.New("something was found")

// mostNamed is how many findings are named in what is printed.
const mostNamed = 20

// report writes down what was found with the histories of the clients that it
// befell, and gives it as an error.
func (r *run) report(out result) error {
	folder := r.failures(out.Round)
	var text strings.Builder
	written := map[*page.Record]bool{}
	for i, f := range out.findings {
		if i < mostNamed {
			fmt.Fprintf(&text, "\n%s", f)
		}
		if f.record == nil || written[f.record] || len(written) >= mostNamed {
			continue
		}
		written[f.record] = true
		if err := writeHistory(folder, f.record); err != nil {
			return err
		}
	}
	if n := len(out.findings); n > mostNamed {
		fmt.Fprintf(&text, "\nand %d more", n-mostNamed)
	}
	return fmt.Errorf("%w in round %d of seed %d, after %s:%s\n%s", errFound, out.Round, r.options.seed, out.Faults, text.String(), r.keepLogs())
}

func writeHistory(folder string, r *page.Record) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	name := strings.NewReplacer(" ", "-", "(", "", ")", "").Replace(r.Device) + ".txt"
	return os.WriteFile(filepath.Join(folder, name), []byte(strings.Join(r.History(), "\n")+"\n"), 0o644)
}

func (r *run) failures(round int) string {
	return filepath.Join(r.options.folder, fmt.Sprintf("seed-%d-round-%d", r.options.seed, round))
}

// keepLogs keeps what the servers said, and says where.
func (r *run) keepLogs() string {
	folder := filepath.Join(r.options.folder, fmt.Sprintf("seed-%d-logs", r.options.seed))
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
	absolute, err := filepath.Abs(r.options.folder)
	if err != nil {
		return err.Error()
	}
	return "histories and logs are in " + absolute
}
