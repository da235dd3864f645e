package main

import (
	"fmt"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/homeline/homeline/transport/oneroster"
)

// progress is a line on the terminal of somebody who waits; nothing where
// nobody watches.
type progress struct {
	console
	watched bool
	shown   time.Time
}

const progressEvery = 100 * time.Millisecond

func newProgress(c console) *progress {
	f, ok := c.err.(*os.File)
	return &progress{console: c, watched: ok && isatty.IsTerminal(f.Fd())}
}

const clearLine = "\r\x1b[K"

func (p *progress) show(at oneroster.Progress) {
	if !p.watched || time.Since(p.shown) < progressEvery {
		return
	}
	p.shown = time.Now()
	done := ""
	if at.Size > 0 {
		done = fmt.Sprintf(", %d %%", min(100, 100*at.Read/at.Size))
	}
	p.notef("%s%s: %d rows%s", clearLine, at.File, at.Rows, done)
}

func (p *progress) clear() {
	if p.watched {
		p.notef("%s", clearLine)
	}
}
