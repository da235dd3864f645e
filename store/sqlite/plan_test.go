package sqlite

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Rows are walked one by one only where they are few and in memory: the list
// that a statement was given, a page that was found, a single row.
var harmlessScan = regexp.MustCompile(`^SCAN (e VIRTUAL TABLE|l$|CONSTANT ROW|\(subquery|looked_at)`)

func TestNoStatementWalksATable(t *testing.T) {
	s := openTemp(t)
	for _, text := range slices.Concat(readTexts, writeTexts, []string{selectThrough, selectSignIns, selectSignInHolders}) {
		for _, step := range planOf(t, s, text) {
			if strings.HasPrefix(step, "SCAN") && !harmlessScan.MatchString(step) {
				t.Errorf("%s\nwalks a table: %s", text, step)
			}
			if strings.HasSuffix(step, "(district=?)") {
				t.Errorf("%s\nwalks a district: %s", text, step)
			}
		}
	}
}

func TestAnInboxIsReadByItsIndex(t *testing.T) {
	s := openTemp(t)
	for text, want := range map[string][]string{
		selectPage: {
			"SEARCH q USING INDEX participant_inbox (district=? AND person=? AND bucket>? AND bucket<?)",
			"SEARCH c USING PRIMARY KEY (district=? AND id=?)",
			"SEARCH participant USING COVERING INDEX participant_inbox (district=? AND person=? AND bucket<?)",
		},
		selectFiltered: {
			"SEARCH q USING INDEX participant_inbox (district=? AND person=? AND bucket>? AND bucket<?)",
			"SEARCH participant USING COVERING INDEX participant_inbox (district=? AND person=? AND bucket<?)",
			"SEARCH o USING PRIMARY KEY (district=? AND conversation=?)",
			"SEARCH t USING PRIMARY KEY (district=? AND conversation=?)",
		},
		selectHead:  {"SEARCH inbox USING PRIMARY KEY (district=? AND person=?)"},
		selectHeads: {"SEARCH i USING PRIMARY KEY (district=? AND person=?)"},
		selectTails: {"SEARCH c USING PRIMARY KEY (district=? AND id=?)"},
		selectStandings: {
			"SEARCH q USING PRIMARY KEY (district=? AND conversation=? AND person=?)",
			"SEARCH c USING PRIMARY KEY (district=? AND id=?)",
		},
		selectMessagesBefore: {"SEARCH message USING PRIMARY KEY (district=? AND conversation=? AND seq<?)"},
		selectByKey:          {"SEARCH m USING INDEX sqlite_autoindex_message_2 (district=? AND sender=? AND key=?)"},
		selectThrough:        {"SEARCH t USING COVERING INDEX tie_guardian (district=? AND person=? AND student=?)"},
		bumpInboxes:          {"SEARCH participant USING PRIMARY KEY (district=? AND conversation=?)"},
	} {
		steps := planOf(t, s, text)
		for _, step := range want {
			if !slices.Contains(steps, step) {
				t.Errorf("%s\nhas the plan\n%s\nwithout\n%s", text, strings.Join(steps, "\n"), step)
			}
		}
	}
}

// The order of an inbox must not need a sort of more than the page, nor the
// search for its last hour any sort at all.
func TestTheLastHourOfAPageIsFoundWithoutSorting(t *testing.T) {
	sorts := 0
	for _, step := range planOf(t, openTemp(t), selectPage) {
		if strings.Contains(step, "TEMP B-TREE") {
			sorts++
		}
	}
	if sorts != 1 {
		t.Errorf("%d sorts, not the one of the page", sorts)
	}
}

// planOf is how SQLite says that it runs a statement.
func planOf(t *testing.T, s *Store, text string) []string {
	t.Helper()
	var args []any
	for i := 1; strings.Contains(text, fmt.Sprintf("?%d", i)); i++ {
		args = append(args, nil)
	}
	rows, err := s.writer.Query("EXPLAIN QUERY PLAN "+text, args...)
	type step struct {
		id, parent, unused int
		detail             string
	}
	steps, err := scanAll(rows, err, func(s *step) []any { return []any{&s.id, &s.parent, &s.unused, &s.detail} })
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	details := make([]string, len(steps))
	for i, s := range steps {
		details[i] = s.detail
	}
	return details
}
