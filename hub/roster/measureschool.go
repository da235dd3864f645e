package roster

import (
	"fmt"
	"slices"
	"strings"
)

// measureSchools measures what harms people if it is a mistake at one school as well: a
// tenth of a large district is a school whose columns were moved by a row. changed are
// people who stay, of all in the district who are counted. Only the school where most
// changes is told, and only if that is too much.
func (w *weighing) measureSchools(format string, changed []*SnapshotPerson, all int, counted func(*SnapshotPerson) bool) {
	if len(changed) <= Handful || len(changed) > most(all) { // the district's own limit says so
		return
	}
	changes, of := map[string]int{}, map[string]int{}
	for _, p := range changed {
		if at := w.place(p.SourcedID); at != nobody && w.people[at].had != nil {
			for _, org := range orgsOf(w.people[at].had) {
				changes[org]++
			}
		}
	}
	for _, p := range w.people {
		if p.had == nil || p.had.Gone || p.next.Gone || !counted(p.had) {
			continue
		}
		for _, org := range orgsOf(p.had) {
			of[org]++
		}
	}
	worst := ""
	for org, n := range changes {
		if n > most(of[org]) && (n > changes[worst] || n == changes[worst] && org < worst) {
			worst = org
		}
	}
	if worst != "" {
		w.measured(Measure(fmt.Sprintf(format, strings.ReplaceAll(w.orgName(worst), "%", "%%"))), changes[worst], of[worst])
	}
}

// orgsOf are the organizations that a person has roles at, each once.
func orgsOf(p *SnapshotPerson) (orgs []string) {
	for _, r := range p.Roles {
		if r.Org != "" && !slices.Contains(orgs, r.Org) {
			orgs = append(orgs, r.Org)
		}
	}
	return orgs
}

func (w *weighing) orgName(id string) string {
	for i := range w.state.Orgs {
		if w.state.Orgs[i].SourcedID == id && w.state.Orgs[i].Name != "" {
			return w.state.Orgs[i].Name
		}
	}
	return id
}
