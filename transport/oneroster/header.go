package oneroster

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// header says in which column of a file what is read stands.
type header struct {
	at    map[string]int // by the specification's name
	width int            // columns, those without a name at the end included
	named int            // columns up to the last that has a name
	read  int            // columns up to the last that is read
}

// aliases are names that exporters use for columns of the specification.
var aliases = map[string]string{
	"preferredfirstname": "preferredGivenName",
	"orgsourcedid":       "orgSourcedIds", // users.csv of early exports
	"grade":              "grades",
	"period":             "periods",
	"termsourcedid":      "termSourcedIds",
	"agentsourcedid":     "agentSourcedIds",
	"agents":             "agentSourcedIds", // OneRoster 1.0
}

// likely are columns that exporters have for those of the specification under
// another name. They are not read, for they may mean something else: where the
// one is missing, the other is named.
var likely = map[string][]string{
	"email":           {"emails", "mail", "emailaddress", "primaryemail"},
	"termSourcedIds":  {"sessionsourcedids", "sessionsourcedid", "academicsessionsourcedids", "terms"},
	"orgSourcedIds":   {"schoolsourcedids", "schoolsourcedid", "primaryorgsourcedid"},
	"orgSourcedId":    {"orgsourcedids", "schoolsourcedid"},
	"schoolSourcedId": {"orgsourcedid", "orgsourcedids"},
	"status":          {"recordstatus", "state", "active"},
	"enabledUser":     {"enabled", "isenabled", "active"},
	"givenName":       {"firstname", "first"},
	"familyName":      {"lastname", "surname", "last"},
	"grades":          {"gradelevel", "gradelevels"},
	"agentSourcedIds": {"guardians", "guardiansourcedids", "parents", "relationships"},
	"beginDate":       {"startdate"},
	"startDate":       {"begindate"},
	"classSourcedId":  {"sectionsourcedid", "sectionid"},
	"userSourcedId":   {"personsourcedid", "userid"},
	"parentSourcedId": {"parentorgsourcedid", "parent"},
}

// nearestTo is the header among cells that is most like a column that is
// missing: one that is known to mean it, or that has most of its letters. Those
// that are read, or OneRoster's own, do not come into question.
func (h header) nearestTo(s spec, name string, cells [][]byte) string {
	taken := map[int]bool{}
	for _, at := range h.at {
		taken[at] = true
	}
	best, found := len(name)/2+1, ""
	for i, cell := range cells {
		p := plain(string(cell))
		if p == "" || taken[i] {
			continue
		}
		apart := distance(p, plain(name))
		switch {
		case slices.Contains(likely[name], p):
			apart = 0
		case slices.ContainsFunc(s.others, func(o string) bool { return plain(o) == p }):
			continue
		case strings.Contains(p, plain(name)) || strings.Contains(plain(name), p) && len(p) > 3:
			apart = min(apart, 1)
		}
		if apart < best {
			best, found = apart, string(visible(cell))
		}
	}
	found, _ = cutText(found)
	return found
}

// newHeader reads a header row. Letter case, spaces and underscores do not
// matter; a name that is at most two letters away from one that is missing is
// taken for it, and said in mended.
func newHeader(s spec, cells [][]byte) (h header, mended, unknown []string, err error) {
	h.at = map[string]int{}
	wanted := map[string]string{}
	for _, c := range s.columns {
		wanted[plain(c.name)] = c.name
	}
	known := map[string]bool{}
	for _, name := range s.others {
		known[plain(name)] = true
	}
	h.width = len(cells)
	var strangers []int
	for i, cell := range cells {
		p := plain(string(cell))
		if p == "" {
			continue
		}
		h.named = i + 1
		name, ok := wanted[p]
		switch {
		case ok:
			if _, twice := h.at[name]; twice {
				return h, nil, nil, fmt.Errorf("the column %s stands there twice", name)
			}
			h.at[name], h.read = i, i+1
		case !known[p] && !strings.HasPrefix(p, "metadata"):
			strangers = append(strangers, i)
		}
	}
	for _, i := range strangers {
		cell := quote(cells[i])
		name, ok := h.guess(plain(string(cells[i])), wanted)
		if !ok {
			if !nearest(plain(string(cells[i])), s.others) {
				unknown = append(unknown, cell)
			}
			continue
		}
		h.at[name], h.read = i, max(h.read, i+1)
		mended = append(mended, fmt.Sprintf("the header %s is read as %s", cell, name))
	}
	for _, c := range s.columns {
		if _, ok := h.at[c.name]; !ok && c.needs == required {
			return h, nil, nil, fmt.Errorf("there is no column %s: the first row is %s", c.name, rowShown(cells))
		}
	}
	return h, mended, unknown, nil
}

// rowShown is the beginning of a row, fit to be repeated in a reason.
func rowShown(cells [][]byte) string {
	const most = 3
	var shown []string
	for _, cell := range cells[:min(len(cells), most)] {
		shown = append(shown, quote(cell))
	}
	if len(cells) > most {
		shown = append(shown, "…")
	}
	return strings.Join(shown, ", ")
}

// guess finds the one missing column that a strange name must mean.
func (h header) guess(p string, wanted map[string]string) (string, bool) {
	if name, ok := aliases[p]; ok && wanted[plain(name)] != "" {
		if _, there := h.at[name]; !there {
			return name, true
		}
	}
	found := ""
	for w, name := range wanted {
		if _, there := h.at[name]; there || !near(p, w) {
			continue
		}
		if found != "" {
			return "", false
		}
		found = name
	}
	return found, found != ""
}

func nearest(p string, names []string) bool {
	for _, name := range names {
		if near(p, plain(name)) {
			return true
		}
	}
	return false
}

// plain is a name without what exporters write differently.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// near says whether two names of some length are at most two letters apart.
func near(a, b string) bool {
	const apart = 2
	return min(len(a), len(b)) >= 6 && max(len(a), len(b)) <= 40 && distance(a, b) <= apart
}

// distance is how many letters two names are apart. Of long ones it is only said
// that they are.
func distance(a, b string) int {
	const long = 64
	if max(len(a), len(b)) > long {
		return long
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
