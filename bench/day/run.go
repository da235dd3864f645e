package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/bench/installation"
)

// nodes is how many there are.
const nodes = 2

// play plays a morning.
func play(ctx context.Context, o options, out io.Writer) (*result, error) {
	folder, err := os.MkdirTemp("", "day")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	began := time.Now()
	in, err := install(ctx, o, folder)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if err := in.AddDistrict(ctx, slug, o.people); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "%d people are on the roster after %.0f s\n", o.people, time.Since(began).Seconds())
	c, err := gather(ctx, in, o)
	if err != nil {
		return nil, err
	}
	defer c.close()
	fmt.Fprintf(out, "%d of them come, after %.0f s; three hours in %s\n", len(c.people), time.Since(began).Seconds(), o.takes)
	r, err := measured(ctx, in, c)
	if err != nil {
		return nil, err
	}
	return r, in.Ended()
}

func install(ctx context.Context, o options, folder string) (*installation.Installation, error) {
	root, err := installation.Root()
	if err != nil {
		return nil, err
	}
	program := o.program
	if program == "" {
		program = filepath.Join(folder, "homeline")
		if err := installation.Build(ctx, root, program, ""); err != nil {
			return nil, err
		}
	}
	return installation.New(ctx, installation.Options{
		Root: root, Program: program, Folder: folder, Nodes: nodes, Direct: true, Postgres: []string{preload},
	})
}

// measured is the morning with everything that is read before, during and after.
func measured(ctx context.Context, in *installation.Installation, c *crowd) (*result, error) {
	db, err := in.Database(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close(context.WithoutCancel(ctx))
	for _, p := range c.people { // the evening before is not judged
		p.device.Record.Take()
	}
	if err := anew(ctx, in); err != nil {
		return nil, err
	}
	r := &result{options: c.options, parts: partsOf(in), come: len(c.people)}
	// Over night autovacuum has been there.
	if _, err := db.Exec(ctx, "VACUUM (ANALYZE)"); err != nil {
		return nil, err
	}
	if err := errors.Join(countStatements(ctx, db), beginCount(ctx, db)); err != nil {
		return nil, err
	}
	if err := r.before(ctx, db, in); err != nil {
		return nil, err
	}
	r.watch(ctx, c)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := r.after(ctx, db, in); err != nil {
		return nil, err
	}
	r.machine = machine()
	t, behind, err := c.settle(ctx, db)
	if err != nil {
		return nil, err
	}
	r.judgement = judge(c, t, time.Now())
	r.wrong = append(r.wrong, behind...)
	r.firstBytes, r.pagesFailed = c.pages.took, c.pages.failed
	for _, p := range c.people {
		p.leave()
	}
	if r.prices, err = prices(ctx, c, db); err != nil {
		return nil, err
	}
	r.standing, err = stand(ctx, c, r.parts)
	return r, err
}

// anew starts the nodes again: what they hold is then of this morning alone.
func anew(ctx context.Context, in *installation.Installation) error {
	for _, n := range in.Nodes {
		if err := errors.Join(n.Stop(), n.Start(ctx)); err != nil {
			return err
		}
	}
	for { // until the proxy has noticed
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+in.Proxy.Address()+"/readyz", nil)
		if err != nil {
			return err
		}
		r.Close = true
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		if !sleep(ctx, pause) {
			return ctx.Err()
		}
	}
}

func (r *result) before(ctx context.Context, db *pgx.Conn, in *installation.Installation) (err error) {
	if r.used, err = measure(r.parts); err != nil {
		return err
	}
	r.quiet = r.used
	r.logged = sizes(logsOf(in))
	r.wal, err = written(ctx, db)
	return err
}

// watch plays the morning and looks at the memory of the parts each second.
func (r *result) watch(ctx context.Context, c *crowd) {
	watching, stop := context.WithCancel(ctx)
	var watcher sync.WaitGroup
	watcher.Go(func() {
		for sleep(watching, time.Second) {
			r.sample(c)
		}
	})
	began := time.Now()
	c.play(ctx)
	r.took = time.Since(began)
	stop()
	watcher.Wait()
	r.sample(c)
}

// sample keeps what the parts hold while most pages are open.
func (r *result) sample(c *crowd) {
	open := 0
	for _, p := range c.people {
		if page := p.current(); page != nil && page.State().Connected {
			open++
		}
	}
	if open < r.most {
		return
	}
	if now, err := measure(r.parts); err == nil {
		r.most, r.full = open, now
	}
}

func (r *result) after(ctx context.Context, db *pgx.Conn, in *installation.Installation) error {
	now, err := measure(r.parts)
	if err != nil {
		return err
	}
	for name, u := range now {
		u.cpu -= r.used[name].cpu
		r.used[name] = u
	}
	r.logged = sizes(logsOf(in)) - r.logged
	wal, err := written(ctx, db)
	if err != nil {
		return err
	}
	r.wal = wal - r.wal
	if r.asked, err = readCount(ctx, db); err != nil {
		return err
	}
	r.costliest, err = costliest(ctx, db, 8)
	return err
}

func logsOf(in *installation.Installation) []string {
	var files []string
	for _, n := range in.Nodes {
		files = append(files, n.Log())
	}
	return files
}
