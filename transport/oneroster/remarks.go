package oneroster

import (
	"fmt"
	"strings"

	"github.com/homeline/homeline/hub/roster"
)

const othersShown = 20

// remark says about the delivery what an operator would otherwise wonder about.
// What is so of the school is said once it is compared (roster.Remarks).
func (r *reading) remark(s roster.Snapshot) {
	say := func(format string, args ...any) {
		r.report.Remarks = append(r.report.Remarks, fmt.Sprintf(format, args...))
	}
	var absent []string
	for _, f := range r.report.Files {
		if f.Mode == Absent && !(f.Name == rolesFile && r.rolesFrom == usersFile) {
			absent = append(absent, f.Name)
		}
	}
	if len(absent) > 0 {
		say("Not in the delivery, so that nothing follows about what they would hold: %s.", strings.Join(absent, ", "))
	}
	if others := r.source.others; len(others) > 0 {
		shown := others[:min(len(others), othersShown)]
		say("Files that are not read: %s%s.", strings.Join(shown, ", "), map[bool]string{true: " …"}[len(others) > len(shown)])
	}
	if r.rolesFrom == "" && len(s.People) > 0 && r.whole[roster.KindPerson] {
		say("There is neither a roles.csv nor a column role in users.csv: the roles of people stay as they are stored.")
	}
}
