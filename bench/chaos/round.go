package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/bench/fault"
	"github.com/homeline/homeline/bench/page"
)

// calm is for how long people go about their day before something breaks.
const calm = time.Second

// result is what is known of a round.
type result struct {
	Round   int           `json:"round"`
	Seed    uint64        `json:"seed"`
	Faults  string        `json:"faults"`
	Took    time.Duration `json:"took"`
	Starved float64       `json:"starved"` // share of the time in which something waited for a processor
	tally
	findings []finding
}

// round lets people live, breaks things, waits until it is quiet, and judges.
func (r *run) round(ctx context.Context, number int) (result, error) {
	began, processors := time.Now(), startPressure()
	for _, m := range r.crowd.members {
		m.device.Record.Turn()
	}
	acting, rest := context.WithCancel(ctx)
	defer rest()
	settling, cancel := context.WithCancel(ctx)
	defer cancel()
	settled := make(chan struct{})
	go func() {
		defer close(settled)
		r.crowd.act(acting, settling)
	}()
	defer func() { rest(); cancel(); <-settled }()

	fault.Sleep(ctx, calm)
	faults := draw(r.options, number, r.in)
	out := result{Round: number, Seed: r.options.seed, Faults: faults.String()}
	end, err := faults.strike(ctx)
	if err := errors.Join(err, r.in.Ended()); err != nil {
		return out, fmt.Errorf("round %d, %s: %w", number, faults, err)
	}
	if err := r.settle(ctx, &out, newWatch(r.crowd, end), rest, settled); err != nil {
		return out, fmt.Errorf("round %d, %s: %w", number, faults, err)
	}
	out.Took, out.Starved = time.Since(began), processors.share()
	return out, nil
}

// settle waits until it is quiet and judges, over a connection that no fault has
// met.
func (r *run) settle(ctx context.Context, out *result, w *watch, rest func(), settled <-chan struct{}) error {
	db, err := r.in.Database(ctx)
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	if err := w.untilQuiet(ctx, db, rest, settled); err != nil {
		return err
	}
	return r.judge(ctx, db, out, w)
}

// judge holds the round against the database.
func (r *run) judge(ctx context.Context, db *pgx.Conn, out *result, w *watch) error {
	facts := make([]page.Facts, len(r.crowd.members))
	records := map[uuid.UUID]*page.Record{}
	for i, m := range r.crowd.members {
		facts[i] = m.device.Record.Take()
		records[m.person.ID] = m.device.Record
	}
	letters, err := lettersAfter(ctx, db, r.known.checked())
	if err != nil {
		return err
	}
	t, err := look(ctx, db)
	if err != nil {
		return err
	}
	r.crowd.know(t.participants)
	out.tally = tally{Stored: len(letters), Worst: w.worst, Bad: map[kind]int{}}
	out.findings = append(w.findings, r.known.takeIn(letters)...)
	for i, m := range r.crowd.members {
		n, findings := r.known.facts(m.device.Record, facts[i], t, w.end)
		out.add(n)
		out.findings = append(out.findings, findings...)
		out.findings = append(out.findings, r.known.versions(m.device.Record, facts[i].Inboxes)...)
	}
	out.findings = append(out.findings, r.known.follow(records)...)
	out.findings = append(out.findings, r.known.counts(r.crowd, t)...)
	for _, f := range out.findings {
		out.Bad[f.kind]++
	}
	return nil
}
