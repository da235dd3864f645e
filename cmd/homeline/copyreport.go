package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/homeline/homeline/store/copying"
)

func (p *progress) showCopy(at copying.Progress) {
	if !p.watched || time.Since(p.shown) < progressEvery {
		return
	}
	p.shown = time.Now()
	done := ""
	switch {
	case at.Of > 0:
		done = fmt.Sprintf(": %d of %d rows, %d %%", at.Rows, at.Of, min(100, 100*at.Rows/at.Of))
	case at.Rows > 0:
		done = fmt.Sprintf(": %d rows", at.Rows)
	}
	p.notef("%s%s %s%s", clearLine, at.Doing, at.Table, done)
}

func printCopied(c console, done string, report copying.Report, took time.Duration) {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, t := range report.Tables {
		fmt.Fprintf(w, "%s\t%d\t\n", t.Table, t.Rows)
	}
	w.Flush()
	c.printf("%s %d rows in %s: %.0f a second. Both sides have the same rows, by number and digest.\n",
		done, report.Rows, took.Round(10*time.Millisecond), float64(report.Rows)/took.Seconds())
	if report.Verified.Findings == 0 {
		c.printf("Every message is as it was sent, and every count is right.\n")
	}
}
