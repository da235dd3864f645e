package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/oneroster"
)

type importing struct {
	chosenDistrict
	Path                 string   `arg:"" help:"Folder or zip of OneRoster 1.1 or 1.2 CSV files." type:"path"`
	DryRun               bool     `help:"Say what would change, and who would gain and lose reach; change nothing."`
	AllowLarge           bool     `help:"Import even if more than a tenth would go or change, or many conversations be sealed."`
	AcceptMissingColumns bool     `help:"Import even where a file lacks a column that the last import had; what is stored of it stays."`
	ForgetColumns        bool     `help:"Take the columns of this delivery for all that there are, whatever imports had before; rows without a status count as active."`
	SamePerson           []string `help:"sourcedIds under which the roster has another name and another address, and which are of the same person as before; or all." placeholder:"SOURCED_ID"`
	NewPerson            []string `help:"Such sourcedIds that are another person's now: the one before becomes inactive, and the new one begins with nothing; or all." placeholder:"SOURCED_ID"`
	Today                string   `help:"Read the roster as of this day, as 2006-01-02; default today in the district." placeholder:"DATE"`
	Report               string   `help:"Write every refused and mended row into this file." type:"path" placeholder:"FILE"`
}

// Run imports a roster. The exit status is 3 where rows were refused and the
// rest imported, 4 where a limit or a missing column stopped it and nothing was
// changed.
func (i importing) Run(ctx context.Context, c console) error {
	spareMemory()
	school, d, closer, err := i.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	today, err := i.day(d)
	if err != nil {
		return err
	}
	who, err := i.identities()
	if err != nil {
		return err
	}
	file, err := openReport(i.Report)
	if err != nil {
		return err
	}
	snapshot, report, err := i.read(ctx, c, today)
	said := importReport{console: c, report: report}
	said.printFindings()
	if err == nil {
		snapshot.AllColumns = i.ForgetColumns
		err = i.change(ctx, &said, control.Import{
			School: school, District: d, Snapshot: snapshot, Today: today, Large: i.AllowLarge, WithoutColumns: i.AcceptMissingColumns,
			Identities: who,
		})
	}
	if fileErr := said.write(file); err == nil {
		err = fileErr
	}
	if err != nil {
		return err
	}
	if n := report.Refused() + said.recycled; n > 0 {
		return exit{status: statusRefused, message: fmt.Sprintf("%s refused; what is stored of them stays as it is", counted(n, "finding"))}
	}
	return nil
}

// importMemory is the heap from which on a process that imports, a command or the
// server behind it, collects garbage eagerly. A
// roster of 200,000 people, compared with one as large, holds 400 MB at the
// most; without a bound the heap would grow to twice that between collections.
const importMemory = 300 << 20

// spareMemory leaves GOMEMLIMIT its say.
func spareMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(importMemory)
	}
}

func (i importing) day(d roster.District) (roster.Date, error) {
	day, err := roster.ParseDate(i.Today)
	if err != nil {
		return roster.NoDate, fmt.Errorf("--today: %w", err)
	}
	if day == roster.NoDate {
		day = d.Today(time.Now())
	}
	return day, nil
}

// identities are what the flags say of recycled sourcedIds.
func (i importing) identities() (who roster.Identities, err error) {
	who.Same, who.AllSame = sourcedIDs(i.SamePerson)
	who.New, who.AllNew = sourcedIDs(i.NewPerson)
	if who.AllSame && who.AllNew {
		return who, errors.New("--same-person and --new-person both say all")
	}
	for id := range who.New {
		if who.Same[id] {
			return who, fmt.Errorf("--same-person and --new-person both name %s", id)
		}
	}
	return who, nil
}

// everybody stands for all recycled sourcedIds.
const everybody = "all"

func sourcedIDs(list []string) (named map[string]bool, all bool) {
	named = map[string]bool{}
	for _, id := range list {
		if id == everybody {
			all = true
		} else {
			named[id] = true
		}
	}
	return named, all
}

// read reads the delivery, with progress for a person who waits.
func (i importing) read(ctx context.Context, c console, today roster.Date) (roster.Snapshot, oneroster.Report, error) {
	source, err := oneroster.Open(i.Path)
	if err != nil {
		return roster.Snapshot{}, oneroster.Report{}, err
	}
	defer source.Close()
	progress := newProgress(c)
	defer progress.clear()
	return oneroster.Read(ctx, source, oneroster.Options{Today: today, Progress: progress.show})
}

func (i importing) change(ctx context.Context, said *importReport, wanted control.Import) error {
	if i.DryRun {
		plan, err := wanted.Plan(ctx)
		if err != nil {
			return err
		}
		said.remark(plan.Changes.Lacking, plan.Remarks)
		said.printPlan(plan)
		said.printReaches(plan.Reach)
		return stopped(wanted.Check(plan))
	}
	done, err := wanted.Run(ctx)
	said.remark(done.Changes.Lacking, done.Remarks)
	if end := (exit{}); errors.As(stopped(err), &end) {
		said.printPlan(done.Plan)
		return end
	}
	if err != nil {
		return stopped(err)
	}
	said.printDone(wanted.District, done)
	return nil
}

// stopped is the end of an import that a limit or a missing column stopped, with
// what would have it go on; any other error as it is.
func stopped(err error) error {
	var all []string
	var columns *control.ColumnsError
	if errors.As(err, &columns) {
		if columns.Fatal {
			return columns
		}
		all = append(all, columns.Error()+" (correct the export, or import it with --accept-missing-columns; with --forget-columns if it has no such column any more)")
	}
	var excess *control.ExcessError
	if errors.As(err, &excess) {
		all = append(all, excess.Error()+" (--dry-run shows it, --allow-large imports it all the same)")
	}
	if len(all) == 0 {
		return err
	}
	return exit{status: statusLimits, message: strings.Join(all, "\n")}
}
