package oneroster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

func TestHeadersAreReadHoweverTheyAreSpelt(t *testing.T) {
	for name, c := range map[string]struct{ old, new, finding string }{
		"other letters":       {"givenName", " Given_Name ", ""},
		"misspelt":            {"familyName", "famlyName", `users.csv line 1: mended: the header "famlyName" is read as familyName`},
		"another version's":   {"preferredGivenName", "preferredFirstName", `users.csv line 1: mended: the header "preferredFirstName" is read as preferredGivenName`},
		"unread and misspelt": {"dateLastModified", "dataLastModified", ""},
		"an extension":        {"password", "metadata.secret", ""},
		"empty":               {"userMasterIdentifier", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := lakeside().with("users.csv", c.old, c.new).read(t)
			if c.finding == "" {
				expect(t, r)
			} else {
				expect(t, r, c.finding)
			}
			if p := person(t, s, "leo"); p.Given != "Leonardo" || p.Family != "Diaz" || p.Preferred != "Leo" {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestUnknownColumnsAreNamedAndNotRead(t *testing.T) {
	_, r := lakeside().with("users.csv", "password", "shoeSize").read(t)
	expect(t, r)
	if !strings.Contains(remarks(r), `users.csv: columns that are not OneRoster's are not read: "shoeSize"`) {
		t.Errorf("remarks: %s", remarks(r))
	}
}

func TestEmptyHeaderCellsAndRowsWithoutThem(t *testing.T) {
	_, r := lakeside().with("roles.csv", "userProfileSourcedId", "userProfileSourcedId,,").
		with("roles.csv", "r1,,,ruiz,primary,teacher,,,north,", "r1,,,ruiz,primary,teacher,,,north,,,").
		with("roles.csv", "r2,,,leo,primary,student,,,north,", "r2,,,leo,primary,student,,,north").
		with("roles.csv", "r3,,,eva,primary,student,,,north,", "r3,,,eva,primary,student,,,north,,,").read(t)
	expect(t, r)
}

// Where the header row alone ends in empty cells, they are no room for a comma that
// nobody quoted: the cells behind it stand under other headers.
func TestR24EmptyHeaderCellsHideNoRowWithSurplusCells(t *testing.T) {
	for _, name := range []string{"Diaz, Jr.", "Diaz, Jr., III"} {
		d := lakeside().with("users.csv", ",primaryOrgSourcedId", ",primaryOrgSourcedId,,").with("users.csv", "Leonardo,Diaz,", "Leonardo,"+name+",")
		s, r := d.read(t)
		if r.Refused() == 0 || !strings.HasPrefix(r.Findings[0].String(), "users.csv line 3 (leo): refused: it has 2") || !s.Unknown[roster.KindPerson]["leo"] {
			t.Errorf("%s: %v", name, r.Findings)
		}
	}
}

func TestAFileWithoutItsColumnsIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		d      delivery
		file   string
		reason string
	}{
		"missing":       {lakeside().with("enrollments.csv", "sourcedId", "number"), "enrollments.csv", `there is no column sourcedId: the first row is "number", "status"`},
		"a spreadsheet": {lakeside().with("orgs.csv", "sourcedId", "sep=,\nsourcedId"), "orgs.csv", `there is no column sourcedId: the first row is "sep=", ""`},
		"twice":         {lakeside().with("users.csv", "sms", "email"), "users.csv", "the column email stands there twice"},
		"no header":     {lakeside().with("orgs.csv", "sourcedId,status,dateLastModified,name", "1,,,North"), "orgs.csv", "there is no column sourcedId"},
		"an empty file": {func() delivery { d := lakeside(); d["roles.csv"] = ""; return d }(), "roles.csv", "the file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			if e := c.d.refusal(t, c.file, 1); !strings.Contains(e.Reason, c.reason) {
				t.Errorf("got %v", e)
			}
		})
	}
}

func TestAColumnIsNotGuessedWhereTwoCouldBeMeant(t *testing.T) {
	_, err := guessed("roles.csv", "userSourcedId,role,beginDat,endDat")
	if err != nil {
		t.Fatal(err)
	}
	h, err := guessed("academicSessions.csv", "sourcedId,startDate,endDate,titel,statsu")
	if err != nil || h.at["status"] != 4 {
		t.Errorf("got %v, %v", h.at, err)
	}
	if _, ok := h.at["title"]; ok {
		t.Error("five letters are too few to guess by")
	}
}

func guessed(file, header string) (header, error) {
	s, _ := specOf(file)
	var cells [][]byte
	for _, c := range strings.Split(header, ",") {
		cells = append(cells, []byte(c))
	}
	h, _, _, err := newHeader(s, cells)
	return h, err
}

func TestMoreRowsThanThereMayBeRefused(t *testing.T) {
	if MaxRefused > MaxRows {
		t.Error("the limit of findings can never be met")
	}
	var f Finding
	for n := range 3 {
		f.Lines = append(f.Lines, Span{10*n + 1, 10*n + 1 + n})
	}
	f.File, f.Action, f.Reason = "users.csv", Mended, "why"
	if got := fmt.Sprint(f); got != "users.csv lines 1, 11-12, 21-23: mended: why" {
		t.Errorf("got %s", got)
	}
}
