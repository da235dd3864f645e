package oneroster

import (
	"fmt"
	"slices"
	"strings"
)

// manifest is what manifest.csv says: of each file whether it is bulk, delta or
// absent.
type manifest struct {
	there bool
	modes map[string]string // by property, lower case
	lines map[string]int
}

// contradicted is the mode of a file of which the manifest says two things.
const contradicted = "contradicted"

func (r *reading) readManifest() error {
	t, err := r.openTable(manifestFile, kindProperty)
	r.report.Files = nil // it is no file of the roster
	if err != nil {
		return err
	}
	if t == nil {
		r.report.Remarks = append(r.report.Remarks, "There is no manifest.csv: each file that is there is taken to hold all there is (bulk).")
		return nil
	}
	r.manifest = manifest{there: true, modes: map[string]string{}, lines: map[string]int{}}
	property, value := t.col("propertyName"), t.col("value")
	err = t.each(func() error {
		name, v := strings.ToLower(string(t.cell(property))), strings.ToLower(string(t.cell(value)))
		before, twice := r.manifest.modes[name]
		if twice && before != v && strings.HasPrefix(name, "file.") {
			t.refuse(name, fmt.Sprintf("it says %s, and line %d says %s: nothing follows from what is missing in the file",
				quote([]byte(v)), r.manifest.lines[name], quote([]byte(before))))
			v = contradicted
		}
		r.manifest.modes[name] = v
		r.manifest.lines[name] = t.row.line
		return nil
	})
	r.report.Version = r.manifest.modes["oneroster.version"]
	if !slices.ContainsFunc([]string{"1.0", "1.1", "1.2"}, func(known string) bool {
		return r.report.Version == known || strings.HasPrefix(r.report.Version, known+".")
	}) {
		r.report.Remarks = append(r.report.Remarks,
			fmt.Sprintf("manifest.csv names the OneRoster version %q; it is read by its columns, as 1.1 or 1.2.", r.report.Version))
	}
	return err
}

// mode is how a file was delivered. A file that is there without the manifest
// saying bulk is read, and nothing follows from what is missing in it.
func (r *reading) mode(s spec, there bool) Mode {
	if s.name == manifestFile || !r.manifest.there {
		if there {
			return Bulk
		}
		return Absent
	}
	property := strings.ToLower(s.property())
	said, line := r.manifest.modes[property], r.manifest.lines[property]
	switch {
	case there && said == string(Bulk):
		return Bulk
	case there && (said == string(Delta) || said == contradicted):
		return Delta
	case there:
		r.report.Remarks = append(r.report.Remarks, fmt.Sprintf(
			"%s is there though manifest.csv does not say bulk or delta of it: what is in it is taken, nothing follows from what is missing.", s.name))
		return Delta
	case said == string(Bulk), said == string(Delta):
		r.found(Finding{
			File: manifestFile, Lines: []Span{{line, line}}, Action: Refused,
			Reason: fmt.Sprintf("it says %s of %s, which is not in the delivery", said, s.name),
		})
	}
	return Absent
}
