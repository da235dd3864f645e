package oneroster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/homeline/homeline/hub/roster"
)

var orgTypes = []string{"district", "school", "department", "local", "state", "national"}

func (r *reading) readOrgs() error {
	t, err := r.openTable(orgsFile, roster.KindOrg)
	if t == nil || err != nil {
		return err
	}
	id, status, name := t.col("sourcedId"), t.col("status"), t.col("name")
	kind, parent := t.col("type"), t.col("parentSourcedId")
	err = t.each(func() error {
		sourcedID, ok := t.id(id)
		if !ok {
			return nil
		}
		gone, ok := t.gone(status, sourcedID)
		if !ok {
			return nil
		}
		org := roster.SnapshotOrg{
			SourcedID: sourcedID, Name: t.line(name), Parent: t.idIn(t.cell(parent)), Gone: gone, Silent: t.silent(roster.KindOrg),
		}
		if org.Name == "" && org.Silent&roster.FieldName == 0 {
			org.Name = sourcedID
			t.mend(sourcedID, "it has no name: its sourcedId stands for it")
		}
		org.Type, ok = orgType(t.cell(kind))
		if !ok && org.Silent&roster.FieldType == 0 {
			t.mend(sourcedID, fmt.Sprintf("the type %s is not OneRoster's: taken for a school", quote(t.cell(kind))))
		}
		take(t, &r.orgs, sourcedID, org)
		return nil
	})
	if err == nil {
		t.settleParents()
	}
	return err
}

// orgType is a type in OneRoster's letters. What is none of them is taken for a
// school, which gives nobody a reach over others.
func orgType(cell []byte) (string, bool) {
	i := slices.IndexFunc(orgTypes, func(s string) bool { return strings.EqualFold(s, string(cell)) })
	if i < 0 {
		return "school", false
	}
	return orgTypes[i], true
}

// settleParents leaves out parents that are in no file, and those that lead
// back to where one came from.
func (t *table) settleParents() {
	for i := range t.orgs.list {
		org := &t.orgs.list[i]
		if org.Parent == "" || t.orgs.lines[i] == dropped {
			continue
		}
		reason := ""
		switch _, there := t.orgs.find([]byte(org.Parent)); {
		case !there && t.whole[roster.KindOrg] && !t.orgs.isRefused([]byte(org.Parent)):
			reason = fmt.Sprintf("its parent %s is not in the file: taken without a parent", org.Parent)
		case t.leadsBack(org):
			reason = fmt.Sprintf("its parent %s is below it: taken without a parent", org.Parent)
		default:
			continue
		}
		org.Parent = ""
		line := int(t.orgs.lines[i])
		t.over = false
		t.mendAt(org.SourcedID, Span{line, line}, reason)
	}
}

// leadsBack says whether one comes from org to itself by its parents.
func (t *table) leadsBack(org *roster.SnapshotOrg) bool {
	at := org
	for range t.orgs.list {
		parent, ok := t.orgs.find([]byte(at.Parent))
		if !ok || parent == org {
			return ok
		}
		at = parent
	}
	return false
}

// orgOf is the organisation that a cell names; where orgs.csv holds all there
// is and not this one, it is left out.
func (t *table) orgOf(cell []byte, id string) string {
	if len(cell) == 0 {
		return ""
	}
	if org, ok := t.orgs.find(cell); ok {
		return org.SourcedID
	}
	if t.whole[roster.KindOrg] && !t.orgs.isRefused(cell) {
		t.mend(id, fmt.Sprintf("the organisation %s is not in %s: left out", quote(cell), orgsFile))
		return ""
	}
	return t.idIn(cell)
}
