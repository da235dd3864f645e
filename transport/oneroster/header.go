package oneroster

import (
	"fmt"
	"strings"
	"unicode"
)

// header says in which column of a file what is read stands.
type header struct {
	at    map[string]int // by the specification's name
	width int            // columns up to the last that has a name
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
}

// newHeader reads a header row. Letter case, spaces and underscores do not
// matter; a name that is at most two letters away from one that is missing is
// taken for it, and said in mended.
func newHeader(s spec, cells [][]byte) (h header, mended, unknown []string, err error) {
	h.at = map[string]int{}
	wanted := map[string]string{}
	for _, name := range append(append([]string{}, s.required...), s.optional...) {
		wanted[plain(name)] = name
	}
	known := map[string]bool{}
	for _, name := range s.others {
		known[plain(name)] = true
	}
	var strangers []int
	for i, cell := range cells {
		p := plain(string(cell))
		if p == "" {
			continue
		}
		h.width = i + 1
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
	for _, name := range s.required {
		if _, ok := h.at[name]; !ok {
			return h, nil, nil, fmt.Errorf("there is no column %s", name)
		}
	}
	return h, mended, unknown, nil
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
	if min(len(a), len(b)) < 6 || max(len(a), len(b)) > 40 || abs(len(a)-len(b)) > apart {
		return false
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
	return row[len(b)] <= apart
}

func abs(n int) int { return max(n, -n) }
