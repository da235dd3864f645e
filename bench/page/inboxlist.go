package page

import (
	"context"
	"time"

	"github.com/google/uuid"
)

const (
	refreshPause = 500 * time.Millisecond // at least between two, however much happens
	refreshAgain = 5 * time.Second        // after one that failed
)

type inboxAnswer struct {
	Version int64 `json:"version"`
	Unread  int64 `json:"unread"`
	Rows    []Row `json:"rows"`
}

func (d *Device) readInbox(ctx context.Context) (inboxAnswer, error) {
	var answer inboxAnswer
	err := d.call(ctx, "GET", "/inbox", nil, &answer)
	if err == nil {
		d.Record.inbox(Inbox{Version: answer.Version, Unread: answer.Unread})
		d.Record.rows(answer.Rows)
	}
	return answer, err
}

// inboxList is the list of conversations on a page, and what reads it again.
type inboxList struct {
	page    *Page
	rows    map[uuid.UUID]Row
	running bool
	wanted  bool
}

func newInboxList(p *Page, rows []Row) *inboxList {
	l := &inboxList{page: p}
	l.put(rows)
	return l
}

func (l *inboxList) put(rows []Row) {
	l.rows = map[uuid.UUID]Row{}
	for _, r := range rows {
		l.rows[r.Conversation] = r
	}
}

// happened shows an event that follows on what the list shows.
func (l *inboxList) happened(told Inbox) {
	switch {
	case told.Letter != nil && l.has(told.Letter.Conversation):
		row := l.rows[told.Letter.Conversation]
		row.LastSeq, row.Unread = told.Letter.Seq, told.Letter.Unread
		l.rows[row.Conversation] = row
	case told.Read != nil && l.has(told.Read.Conversation):
		row := l.rows[told.Read.Conversation]
		row.Unread = told.Read.Unread
		l.rows[row.Conversation] = row
	default:
		l.ask()
		return
	}
	if told.Unread == 0 {
		l.ask()
	}
}

func (l *inboxList) has(id uuid.UUID) bool {
	_, ok := l.rows[id]
	return ok
}

// ask reads the list again, one at a time.
func (l *inboxList) ask() {
	l.wanted = true
	if l.running {
		return
	}
	l.running, l.wanted = true, false
	p := l.page
	sockets.Go(func() {
		answer, err := p.device.readInbox(p.left)
		p.turn.do(func() {
			pause := refreshPause
			if err != nil {
				l.wanted, pause = true, refreshAgain
			} else {
				l.put(answer.Rows)
				if p.user.head.loaded(answer.Version, answer.Unread) {
					l.wanted = true
				}
			}
			p.turn.after(pause, func() {
				l.running = false
				if l.wanted && p.left.Err() == nil {
					l.ask()
				}
			})
		})
	})
}
