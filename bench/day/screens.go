package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/page"
)

const (
	retry = time.Second           // somebody loads a page again that did not open
	blink = 10 * time.Millisecond // between two looks whether a page is live
)

// enter opens a page in the place of the one that is open, and waits until it is
// live. False where ctx ends before.
func (p *person) enter(ctx context.Context, conversation uuid.UUID) bool {
	p.leave()
	p.device.Record.Turn() // histories are not asked for here
	for {
		if p.random.Float64() < p.crowd.options.pages {
			p.crowd.pages.get(ctx, p.token, conversation)
		}
		asked := time.Now()
		opened, err := p.openPage(ctx, conversation)
		if err == nil {
			p.device.Close() // what is idle: the one machine has no descriptors for it
			return p.settleOn(ctx, opened, conversation, asked)
		}
		if errors.As(err, new(*page.Refused)) {
			p.device.Record.Wrong("a page of one's own does not open: " + err.Error())
		}
		if !sleep(ctx, retry) {
			return false
		}
	}
}

func (p *person) openPage(ctx context.Context, conversation uuid.UUID) (*page.Page, error) {
	if conversation == uuid.Nil {
		return p.device.OpenInbox(ctx)
	}
	return p.device.OpenConversation(ctx, conversation, true)
}

func (p *person) settleOn(ctx context.Context, opened *page.Page, conversation uuid.UUID, asked time.Time) bool {
	p.mu.Lock()
	p.open = opened
	p.mu.Unlock()
	for !opened.State().Connected {
		if !sleep(ctx, blink) {
			break
		}
	}
	now := time.Now()
	p.opened = append(p.opened, now.Sub(asked))
	p.screens = append(p.screens, screen{conversation: conversation, live: now})
	return ctx.Err() == nil
}

func (p *person) current() *page.Page {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

func (p *person) leave() {
	p.mu.Lock()
	open := p.open
	p.open = nil
	p.mu.Unlock()
	if open == nil {
		return
	}
	if last := len(p.screens) - 1; last >= 0 && p.screens[last].left.IsZero() {
		p.screens[last].left = time.Now()
	}
	open.Leave()
}
