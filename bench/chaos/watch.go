package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/bench/fault"
)

const (
	watchPause = 100 * time.Millisecond
	afterwards = time.Second      // for which people go on after a fault
	patience   = 45 * time.Second // after which it will not become quiet any more
	impatience = 15 * time.Second // the same, where something is late already
)

// watch compares, from the end of the faults on, what pages show with what the
// database says, until nothing happens any more.
type watch struct {
	crowd    *crowd
	end      time.Time // of the faults
	inboxes  map[uuid.UUID]seen
	letters  map[uuid.UUID]seen
	reported map[*member]bool
	worst    time.Duration
	findings []finding
}

// seen is a number, and since when the database has it.
type seen struct {
	number int64
	since  time.Time
}

func newWatch(c *crowd, end time.Time) *watch {
	return &watch{crowd: c, end: end, inboxes: map[uuid.UUID]seen{}, letters: map[uuid.UUID]seen{}, reported: map[*member]bool{}}
}

// untilQuiet returns when everything that was asked is answered and every page
// shows what there is; or after its patience. settled says when nobody does
// anything new.
func (w *watch) untilQuiet(ctx context.Context, db *pgx.Conn, rest func(), settled <-chan struct{}) error {
	for first := true; ; first = false {
		t, err := glance(ctx, db)
		if err != nil {
			return err
		}
		now := time.Now()
		w.see(t, now, first)
		open := w.compare(t, now)
		if now.Sub(w.end) > afterwards {
			rest()
		}
		if done(settled) && open == "" {
			return nil
		}
		if waited := now.Sub(w.end); waited > patience || waited > impatience && len(w.findings) > 0 {
			w.findings = append(w.findings, finding{late, nil, "it does not become quiet: " + open})
			return nil
		}
		fault.Sleep(ctx, watchPause)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func done(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// see notes since when the database says what it says. What it says at first is
// from before the faults' end.
func (w *watch) see(t truth, now time.Time, first bool) {
	since := now
	if first {
		since = w.end
	}
	for person, h := range t.heads {
		if h.version > w.inboxes[person].number {
			w.inboxes[person] = seen{h.version, since}
		}
	}
	for id, last := range t.last {
		if last > w.letters[id].number {
			w.letters[id] = seen{last, since}
		}
	}
}

// compare looks at every open page. It says what is not done yet.
func (w *watch) compare(t truth, now time.Time) (open string) {
	if w.crowd.trying.Load() > 0 {
		open = "a start is not answered"
	}
	for _, m := range w.crowd.members {
		if m.unanswered() {
			open = m.device.Record.Device + " has not been answered"
		}
		p := m.open()
		if p == nil {
			continue
		}
		s, ok := p.Glance()
		if !ok {
			open = m.device.Record.Device + " is busy"
			continue
		}
		if s.Busy {
			open = m.device.Record.Device + " has something to tell"
		}
		behind, since := "", s.Since
		inbox, letters := w.inboxes[m.person.ID], w.letters[s.Conversation]
		switch {
		case !s.Connected:
			behind = "it is not connected"
		case s.Version < t.heads[m.person.ID].version:
			behind, since = fmt.Sprintf("its inbox is of version %d, and not %d", s.Version, inbox.number), later(since, inbox.since)
		case s.Last < t.last[s.Conversation]:
			behind, since = letterName(s.Conversation, s.Last+1)+" is not shown", later(since, letters.since)
		}
		if behind == "" || m.open() != p {
			continue
		}
		open = m.device.Record.Device + ": " + behind
		w.late(m, behind, now.Sub(later(since, w.end)))
	}
	return open
}

func (w *watch) late(m *member, what string, by time.Duration) {
	w.worst = max(w.worst, by)
	if by > bound && !w.reported[m] {
		w.reported[m] = true
		w.findings = append(w.findings, finding{late, m.device.Record, fmt.Sprintf("%s, %.1f s after it could be", what, by.Seconds())})
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
