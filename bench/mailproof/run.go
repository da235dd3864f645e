package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/bench/fault"
	"github.com/homeline/homeline/bench/installation"
)

// validity is how long tokens are good for: longer than the longest run.
const validity = 24 * time.Hour

// often is how long it is at most until the next thing breaks.
const often = 6 * time.Second

// run is one run of an installation with people who write and read.
type run struct {
	options  options
	pace     pace
	out      io.Writer
	folder   string
	in       *installation.Installation
	provider provider
	killer   *killer
	crowd    *crowd
	fouls    context.Context // for what is done to the installation
}

// play plays a run and prints what it came to. What was found is its error.
func play(ctx context.Context, o options, out io.Writer) (verdict, error) {
	folder, err := os.MkdirTemp("", "mailproof")
	if err != nil {
		return verdict{}, err
	}
	defer os.RemoveAll(folder)
	r := &run{options: o, pace: o.pace(), out: out, folder: folder, crowd: newCrowd(o), fouls: context.WithoutCancel(ctx)}
	defer r.close()
	began := time.Now()
	if err := r.start(ctx); err != nil {
		return verdict{}, err
	}
	fmt.Fprintf(out, "seed %d: %d nodes, %d people, ready after %.0f s\n", o.seed, len(r.in.Nodes), len(r.crowd.members), time.Since(began).Seconds())
	v, err := r.play(ctx)
	if err != nil {
		return v, fmt.Errorf("seed %d: %w\n%s", o.seed, err, r.keepLogs())
	}
	printVerdict(out, r, v)
	if len(v.findings) > 0 {
		return v, r.report(v)
	}
	return v, nil
}

// start builds, installs and fills everything.
func (r *run) start(ctx context.Context) error {
	root, err := installation.Root()
	if err != nil {
		return err
	}
	program := filepath.Join(r.folder, "homeline")
	if err := installation.Build(ctx, root, program, "sabotage"); err != nil {
		return err
	}
	if err := r.openProvider(); err != nil {
		return err
	}
	r.in, err = installation.New(ctx, installation.Options{
		Root: root, Program: program, Folder: r.folder, Nodes: 3, Args: r.arguments(), Own: r.own,
	})
	if err != nil {
		return err
	}
	r.killer = newKiller(r.in, r.options.seed, r.provider.moments(), r.pace.lease)
	return r.admit(ctx)
}

func (r *run) openProvider() (err error) {
	if r.options.smtp {
		r.provider, err = openPostOffice(r.options, r.folder)
		return err
	}
	r.provider = openMailgun(r.options, r.victim)
	return nil
}

// victim is how the provider kills the node that calls it.
func (r *run) victim(m moment, name string) (do func(), killed bool) {
	for _, n := range r.in.Nodes {
		if n.Name == name && r.killer != nil && r.killer.awaits(m, n) {
			return func() { r.killer.kill(r.fouls, n) }, true
		}
	}
	return nil, false
}

func (r *run) arguments() []string {
	args := []string{"--sabotage=" + r.options.sabotage}
	if r.options.swift {
		args = append(args, "--mail-ahead="+r.pace.ahead.String(), "--mail-lease="+r.pace.lease.String(), "--mail-retry="+r.pace.retry.String())
	}
	return args
}

// offsets are how far the clocks of the nodes' machines are ahead.
var offsets = []time.Duration{5 * time.Minute, -5 * time.Minute, 0}

func (r *run) own(n int) (args, env []string) {
	env = append(r.provider.settings(fmt.Sprintf("node%d", n+1)), "HOMELINE_MAIL_FROM=Homeline <homeline@mg.school.example>")
	return []string{"--clock-offset=" + offsets[n].String()}, env
}

// admit fills two districts.
func (r *run) admit(ctx context.Context) error {
	for slug, people := range map[string]int{"lincoln": r.options.people * 2 / 3, "madison": r.options.people / 3} {
		if err := r.in.AddDistrict(ctx, slug, people); err != nil {
			return err
		}
		admitted, err := r.in.People(ctx, slug, validity)
		if err != nil {
			return err
		}
		r.crowd.admit(r.in.Proxy.Address(), admitted)
	}
	db, err := r.in.Database(ctx)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if _, err := db.Exec(ctx, `UPDATE district SET settings = settings || '{"mail_delay_minutes": 1}'`); err != nil {
		return err
	}
	_, err = db.Exec(ctx, audit)
	return err
}

// play lets people live while things break, waits until nothing is due, and
// judges.
func (r *run) play(ctx context.Context) (verdict, error) {
	living, die := context.WithCancel(ctx)
	var parts sync.WaitGroup
	defer parts.Wait()
	defer die()
	parts.Go(func() {
		overhear(living, r.in, func(n *installation.Node, name string) { r.killer.reached(r.fouls, n, name) })
	})
	if g, ok := r.provider.(*mailgun); ok {
		parts.Go(func() { g.report(living, r.in.Nodes) })
	}
	writing, stop := context.WithTimeout(living, r.options.takes)
	defer stop()
	parts.Go(func() { r.crowd.live(writing, living, r.options.people, r.options.takes) })

	breaking, mend := context.WithTimeout(living, r.options.takes+r.pace.delay)
	defer mend()
	raged := make(chan error, 1)
	go func() { raged <- r.rage(breaking) }()
	<-writing.Done()
	end := time.Now().Add(r.pace.delay)
	err := <-raged
	r.provider.mend()
	if err := errors.Join(err, ctx.Err(), r.in.Ended()); err != nil {
		return verdict{}, err
	}
	return r.settle(ctx, end, die, &parts)
}

func (r *run) rage(ctx context.Context) error {
	if !r.options.calm {
		return r.killer.rage(ctx, often)
	}
	<-ctx.Done()
	return nil
}

// settle waits until nothing is due, and judges over a connection that no fault
// has met.
func (r *run) settle(ctx context.Context, end time.Time, die func(), parts *sync.WaitGroup) (verdict, error) {
	db, err := r.in.Database(ctx)
	if err != nil {
		return verdict{}, err
	}
	defer db.Close(context.WithoutCancel(ctx))
	if err := r.untilNothingIsDue(ctx, db, end); err != nil {
		return verdict{}, err
	}
	die()
	parts.Wait()
	if r.crowd.refused != nil {
		return verdict{}, fmt.Errorf("somebody was refused: %w", r.crowd.refused)
	}
	t := truth{delay: r.pace.delay, end: end, askable: r.provider.askable(), accepts: r.provider.accepts(), readAt: r.crowd.readAt}
	if err := look(ctx, db, &t); err != nil {
		return verdict{}, err
	}
	return judge(t), nil
}

// due counts unfinished mails, and notices of letters that were written by then;
// what waits after a mail waits an hour, and no mail that is retried as long.
const due = `SELECT (SELECT count(*) FROM mail WHERE next_at < $1::timestamptz + interval '40 minutes') + (SELECT count(*) FROM notice WHERE due_at < $1)`

// untilNothingIsDue is bounded: what is due after that is found missing.
func (r *run) untilNothingIsDue(ctx context.Context, db *pgx.Conn, end time.Time) error {
	for until := time.Now().Add(r.pace.patience); time.Now().Before(until); fault.Sleep(ctx, 500*time.Millisecond) {
		var left int
		if err := db.QueryRow(ctx, due, end.Add(r.pace.ahead+time.Minute)).Scan(&left); err != nil {
			return err
		}
		if left == 0 {
			return r.in.Ended()
		}
	}
	return nil
}

func (r *run) close() {
	r.crowd.close()
	if r.in != nil {
		r.in.Close()
	}
	if r.provider != nil {
		r.provider.close()
	}
}
