package browsertest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// Demo is the program, run as `homeline demo`.
type Demo struct {
	URL     string // where it is
	command *exec.Cmd
}

// Build compiles the program into a folder and gives the path of it.
func Build(ctx context.Context, folder string) (string, error) {
	program := filepath.Join(folder, "homeline")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "github.com/homeline/homeline/cmd/homeline")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build: %w", err)
	}
	return program, nil
}

var greeting = regexp.MustCompile(`Homeline is at +(http://\S+)`)

// StartDemo runs the program with its data in a folder, listening at an address
// (port 0 for any), and returns when it is ready.
func StartDemo(ctx context.Context, program, data, listen string) (*Demo, error) {
	d := &Demo{command: exec.CommandContext(ctx, program, "demo", "--data", data, "--listen", listen)}
	d.command.Cancel = func() error { return d.command.Process.Signal(os.Interrupt) }
	d.command.WaitDelay = 10 * time.Second
	d.command.Stderr = os.Stderr
	out, err := d.command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	if err := d.command.Start(); err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := greeting.FindStringSubmatch(lines.Text()); found != nil {
			d.URL = found[1]
			return d, nil
		}
	}
	return nil, errors.Join(errors.New("the demo ended before it was ready"), d.command.Wait())
}

// Stop presses Ctrl-C and waits.
func (d *Demo) Stop() error {
	if err := d.command.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("stop the demo: %w", err)
	}
	if err := d.command.Wait(); err != nil {
		return fmt.Errorf("stop the demo: %w", err)
	}
	return nil
}
