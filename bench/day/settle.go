package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	patience = 60 * time.Second // after which what is not shown never will be
	pause    = 200 * time.Millisecond
)

// settle waits until every page that stands shows what the database has, and
// says what does not after a long while.
func (c *crowd) settle(ctx context.Context, db *pgx.Conn) (t truth, behind []string, err error) {
	for began := time.Now(); ; {
		if t, err = look(ctx, db, c.begins); err != nil {
			return t, nil, err
		}
		behind = c.behind(t)
		if len(behind) == 0 || time.Since(began) > patience {
			return t, behind, nil
		}
		if !sleep(ctx, pause) {
			return t, behind, ctx.Err()
		}
	}
}

// behind names the pages that do not show everything yet.
func (c *crowd) behind(t truth) (which []string) {
	for _, p := range c.people {
		open := p.current()
		if open == nil {
			continue
		}
		s, h := open.State(), t.heads[p.id]
		name := p.device.Record.Device
		switch {
		case !s.Connected:
			which = append(which, name+" is not connected")
		case s.Version != h.version || s.Unread != h.unread:
			which = append(which, fmt.Sprintf("%s shows %d unread of version %d, and there are %d of %d", name, s.Unread, s.Version, h.unread, h.version))
		case s.Last < t.last[s.Conversation]:
			which = append(which, fmt.Sprintf("%s shows %s up to %d, and there are %d", name, s.Conversation, s.Last, t.last[s.Conversation]))
		case s.Busy:
			which = append(which, name+" has something to tell")
		}
		for id, row := range s.Rows {
			if row.LastSeq < t.last[id] {
				which = append(which, fmt.Sprintf("the inbox of %s shows %s up to %d, and there are %d", name, id, row.LastSeq, t.last[id]))
			}
		}
	}
	return which
}
