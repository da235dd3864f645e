package copying

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/verify"
)

// Options are how a school is copied or compared.
type Options struct {
	Progress func(Progress)       // told every thousand rows; none where it is nil
	Finding  func(verify.Finding) // told of what a verification of the copy finds
	// AllowFindings copies what a verification finds wrong, as it is in the file.
	AllowFindings bool
}

// Report is what was copied, or compared.
type Report struct {
	Tables   []Counted // in the order of copying
	Rows     int64
	Verified verify.Summary
}

// Counted is a table with its rows.
type Counted struct {
	Table string
	Rows  int64
}

// ErrFindings: the copy is what the file holds, and that is not what was sent.
var ErrFindings = errors.New("somebody or something changed what was sent")

// ErrDiffers: the two databases do not hold the same.
var ErrDiffers = errors.New("the databases differ")

// ErrUncertain: the answer to the commit was lost.
var ErrUncertain = errors.New("whether it was copied is not known")

// commitTime is how long a commit may take, whoever gives up meanwhile.
const commitTime = time.Minute

// Copy fills an empty database with all that a file holds, compares the two, and
// commits. Nothing is there before, nor where it fails, but for [ErrUncertain].
func Copy(ctx context.Context, from *sqlite.ReadOnly, to *postgres.Filling, o Options) (report Report, err error) {
	into := target{ctx, to}
	if err := into.mustBeEmpty(); err != nil {
		return Report{}, err
	}
	if err := to.RenewEpoch(ctx); err != nil {
		return Report{}, err
	}
	p := &progress{tell: o.Progress}
	err = from.View(ctx, func(tx *sql.Tx) error {
		s := source{ctx, tx}
		sums, err := s.lookThrough(p)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if t.derived {
				continue
			}
			p.begin("copying", t.name, sums[t.name].rows)
			if err := into.fill(s, t, p); err != nil {
				return err
			}
		}
		p.begin("working out", "student", 0)
		if err := into.list(); err != nil {
			return err
		}
		report, err = into.compare(sums, p, o)
		return err
	})
	if err != nil {
		return report, err
	}
	committing, stop := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer stop()
	if err := to.Commit(committing); err != nil {
		return report, fmt.Errorf("%w: %w", ErrUncertain, err)
	}
	return report, nil
}

// Compare says whether a database holds what a file holds: [ErrDiffers] where it
// does not, naming the tables.
func Compare(ctx context.Context, from *sqlite.ReadOnly, to *postgres.Filling, o Options) (report Report, err error) {
	p := &progress{tell: o.Progress}
	err = from.View(ctx, func(tx *sql.Tx) error {
		sums, err := source{ctx, tx}.lookThrough(p)
		if err == nil {
			report, err = target{ctx, to}.compare(sums, p, o)
		}
		return err
	})
	return report, err
}

// compare reads everything back, and verifies it.
func (t target) compare(sums map[string]sum, p *progress, o Options) (report Report, err error) {
	var differ []string
	for _, one := range tables {
		want := sums[one.name]
		p.begin("comparing", one.name, want.rows)
		got, err := t.sum(one, p)
		if err != nil {
			return report, err
		}
		switch {
		case got.rows != want.rows:
			differ = append(differ, fmt.Sprintf("%s has %d rows, the file %d", one.name, got.rows, want.rows))
		case got != want:
			differ = append(differ, fmt.Sprintf("%s has as many rows, and not all are the same", one.name))
		}
		if !one.derived {
			report.Tables = append(report.Tables, Counted{one.name, got.rows})
			report.Rows += got.rows
		}
	}
	if len(differ) > 0 {
		return report, fmt.Errorf("%w: %s", ErrDiffers, strings.Join(differ, "; "))
	}
	p.begin("verifying", "message", 0)
	report.Verified, err = t.Verify(t.ctx, func(f verify.Finding) {
		if o.Finding != nil {
			o.Finding(f)
		}
	})
	if err == nil && report.Verified.Findings > 0 && !o.AllowFindings {
		err = ErrFindings
	}
	return report, err
}
