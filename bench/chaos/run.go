package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/homeline/homeline/bench/installation"
)

// validity is how long tokens are good for: longer than the longest run.
const validity = 14 * 24 * time.Hour

// run is one run of an installation with a crowd.
type run struct {
	options options
	out     io.Writer
	in      *installation.Installation
	crowd   *crowd
	known   *judge
}

// start builds, installs and fills everything.
func start(ctx context.Context, o options, program, folder string, out io.Writer) (r *run, err error) {
	r = &run{options: o, out: out, known: newJudge()}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	root, err := installation.Root()
	if err != nil {
		return r, err
	}
	var args []string
	if o.sabotage != "" {
		args = append(args, "--sabotage="+o.sabotage)
	}
	r.in, err = installation.New(ctx, installation.Options{Root: root, Program: program, Folder: folder, Nodes: 3, Args: args})
	if err != nil {
		return r, err
	}
	if err := r.admit(ctx); err != nil {
		return r, err
	}
	r.crowd.arrive(ctx)
	return r, nil
}

// admit fills two districts: one in six is of the second, for whom the first has
// nothing.
func (r *run) admit(ctx context.Context) error {
	r.crowd = newCrowd(r.options, r.in.Proxy.Address())
	second := r.options.clients / 6
	for _, d := range []struct {
		slug    string
		clients int
	}{{"lincoln", r.options.clients - second}, {"madison", second}} {
		if err := r.in.AddDistrict(ctx, d.slug, max(100, 2*d.clients)); err != nil {
			return err
		}
		people, err := r.in.People(ctx, d.slug, validity)
		if err != nil {
			return err
		}
		if err := r.crowd.admit(ctx, people, d.clients); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) close() {
	if r.crowd != nil {
		r.crowd.close()
	}
	if r.in != nil {
		r.in.Close()
	}
}

// play plays the rounds that the ledger does not have yet, with its seed, and
// gives what all of them came to. It ends with the first in which something was
// found.
func play(ctx context.Context, o *options, out io.Writer) (tally, error) {
	kept, err := openLedger(*o)
	if err != nil {
		return tally{}, err
	}
	defer kept.close()
	o.seed = kept.seed
	total := kept.total
	if kept.rounds >= o.rounds {
		return total, total.verdict()
	}
	folder, err := os.MkdirTemp("", "chaos")
	if err != nil {
		return total, err
	}
	defer os.RemoveAll(folder)
	program := o.program
	if program == "" {
		if program, err = build(ctx, folder, o.sabotage != ""); err != nil {
			return total, err
		}
	}
	began := time.Now()
	r, err := start(ctx, *o, program, folder, out)
	if err != nil {
		return total, err
	}
	defer r.close()
	fmt.Fprintf(out, "seed %d: %d nodes, %d clients, ready after %.0f s\n", o.seed, len(r.in.Nodes), len(r.crowd.members), time.Since(began).Seconds())
	printHead(out)
	for n := kept.rounds + 1; n <= o.rounds; n++ {
		result, err := r.round(ctx, n)
		if err != nil {
			return total, fmt.Errorf("%w\n%s", err, r.keepLogs())
		}
		printRound(out, result)
		if err := kept.add(result); err != nil {
			return total, err
		}
		total.add(result.tally)
		if result.bad() > 0 {
			return total, r.report(result)
		}
	}
	return total, total.verdict()
}

func build(ctx context.Context, folder string, broken bool) (string, error) {
	root, err := installation.Root()
	if err != nil {
		return "", err
	}
	program, tags := filepath.Join(folder, "homeline"), ""
	if broken {
		tags = "sabotage"
	}
	return program, installation.Build(ctx, root, program, tags)
}
