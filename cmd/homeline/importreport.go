package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/oneroster"
)

// findingsShown is how many findings are printed; --report writes all.
const findingsShown = 40

// importReport says to a person what became of an import.
type importReport struct {
	console
	report   oneroster.Report
	passages []passage // about the plan
	recycled int       // sourcedIds that were refused
}

func (r *importReport) printFindings() {
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	for _, f := range r.report.Files {
		if f.Mode != oneroster.Absent {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d refused\n", f.Name, f.Mode, counted(f.Rows, "row"), f.Refused)
		}
	}
	w.Flush()
	shown := r.report.Shown(findingsShown)
	for _, f := range shown {
		r.printf("%s\n", f.Brief())
	}
	if more := len(r.report.Findings) - len(shown); more > 0 {
		r.printf("… and %d more: --report FILE writes all\n", more)
	}
	for _, remark := range r.report.Remarks {
		r.printf("%s\n", remark)
	}
}

// remark says what came out once the roster was compared with what is stored.
func (r *importReport) remark(lacking []roster.LackingColumn, remarks []string) {
	remarks = append(roster.LackingWords(lacking), remarks...)
	for _, remark := range remarks {
		r.printf("%s\n", remark)
	}
	r.report.Remarks = append(r.report.Remarks, remarks...)
}

// openReport opens the file of --report for its owner alone, since it names people; nil
// for no path. It is opened before anything is imported: one that cannot be written is
// no surprise afterwards.
func openReport(path string) (*os.File, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("--report: %w", err)
	}
	return f, nil
}

// write writes all findings into a file and closes it, if there is one.
func (r *importReport) write(f *os.File) (err error) {
	if f == nil {
		return nil
	}
	w := bufio.NewWriter(f)
	for _, finding := range r.report.Findings {
		fmt.Fprintln(w, finding)
	}
	for _, remark := range r.report.Remarks {
		fmt.Fprintln(w, remark)
	}
	for _, p := range r.passages {
		p.write(w)
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return fmt.Errorf("--report: %w", err)
	}
	return nil
}

func (r *importReport) printPlan(p control.Plan) {
	r.printf("Nothing was changed. The import would bring:\n")
	r.printSummary(p.Changes.Summary)
	r.printImpact(p)
	r.printf("It would seal %s.\n", counted(len(p.Closings), "conversation"))
}

func (r *importReport) printReaches(reach roster.ReachReport) {
	r.printReach("Teachers, through their sections:", reach.BySection, reach.MoreBySection)
	r.printReach("Staff, through their organisations:", reach.ByOrg, reach.MoreByOrg)
	r.printReach("Staff, through access that the district gave them:", reach.ByGrant, reach.MoreByGrant)
	if len(reach.BySection)+len(reach.ByOrg)+len(reach.ByGrant) == 0 {
		r.printf("No staff would gain or lose reach.\n")
	}
	r.printf("Afterwards %d of staff would reach a student through a section.\n", reach.Taught)
}

func (r *importReport) printReach(heading string, changes []roster.ReachChange, more int) {
	if len(changes) == 0 {
		return
	}
	r.printf("%s\n", heading)
	for _, c := range changes {
		r.printf("  %s\n", c)
	}
	if more > 0 {
		r.printf("  … and %d more\n", more)
	}
}

func (r *importReport) printDone(d roster.District, done control.Done) {
	r.printf("Imported into %s:\n", d.Slug)
	r.printSummary(done.Changes.Summary)
	r.printImpact(done.Plan)
	r.printf("Gone, and signed out wherever they were: %d. Sealed: %s.\n", len(done.Effects.Out), counted(len(done.Effects.Sealed), "conversation"))
}

// kinds are the records of a roster in the order and the words of a summary.
var kinds = []struct {
	kind roster.Kind
	word string
}{
	{roster.KindOrg, "organisations"},
	{roster.KindTerm, "terms"},
	{roster.KindSection, "sections"},
	{roster.KindPerson, "people"},
	{roster.KindRole, "roles"},
	{roster.KindEnrolment, "enrolments"},
	{roster.KindGuardianship, "ties of guardians"},
}

func (r *importReport) printSummary(s roster.Summary) {
	for _, k := range kinds {
		var said []string
		loose := "left out: they name what nobody knows"
		if k.kind == roster.KindGuardianship {
			loose = "left out: they name people who are not active, or whom nobody knows"
		}
		for _, part := range []struct {
			n    int
			word string
		}{
			{s.New[k.kind], "new"}, {s.Changed[k.kind], "changed"}, {s.Gone[k.kind], "gone"},
			{s.Unchanged[k.kind], "as they were"}, {s.Loose[k.kind], loose},
			{s.Partial[k.kind], "left out: they are not stored yet, and what the file says of them is too little"},
		} {
			if part.n > 0 {
				said = append(said, fmt.Sprintf("%d %s", part.n, part.word))
			}
		}
		if len(said) > 0 {
			r.printf("  %s: %s\n", k.word, strings.Join(said, ", "))
		}
	}
	if s.Returned > 0 {
		r.printf("  of the people, %d were gone and are back\n", s.Returned)
	}
}
