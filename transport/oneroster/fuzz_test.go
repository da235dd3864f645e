package oneroster

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

// FuzzAZip opens and reads whatever is given to it as a zip.
func FuzzAZip(f *testing.F) {
	f.Add(lakeside().zipped(f, ""))
	f.Add(lakeside().without("manifest.csv").zipped(f, "export/"))
	f.Add(lakeside().zipped(f, "../"))
	f.Add(delivery{"users.csv": "sourcedId\n\"1", "__MACOSX/users.csv": "\x00"}.zipped(f, `a\`))
	for _, name := range []string{"catalyst-Test_full_data_set.zip", "catalyst-v1p2_full_dataset.zip"} {
		if b, err := os.ReadFile(filepath.Join(others, name)); err == nil {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		source, err := zipSource(b)
		if err != nil {
			return
		}
		sound(t, source)
	})
}

// FuzzADelivery reads users, roles, classes and enrolments of any content.
func FuzzADelivery(f *testing.F) {
	d := lakeside()
	f.Add(d["users.csv"], d["roles.csv"], d["classes.csv"], d["enrollments.csv"])
	f.Add("sourcedId,role,orgSourcedIds,givenName,agentSourcedIds\na,student,d,A,\"b,a,c\"\nb,parent,,B,a\na,teacher,,A,\n", "",
		"sourcedId,title,termSourcedIds\ns,S,\"autumn,x\"\n", "sourcedId,classSourcedId,userSourcedId,role,beginDate,endDate\ne,s,a,student,1/2/2026,13/2/2026\n")
	f.Add("sourcedId;givenName\n1;\xe9\n\"2;x", "userSourcedId,role\n1,parent\n", "sourcedId,title\n,\n", "")
	f.Fuzz(func(t *testing.T, users, roles, classes, enrolments string) {
		d := lakeside()
		d["users.csv"], d["roles.csv"], d["classes.csv"], d["enrollments.csv"] = users, roles, classes, enrolments
		if roles == "" {
			d = d.without("roles.csv")
		}
		source, err := zipSource(d.zipped(t, ""))
		if err != nil {
			t.Fatal(err)
		}
		sound(t, source)
	})
}

// sound holds what must be true of every snapshot, whatever it was read from.
func sound(t *testing.T, source *Source) {
	t.Helper()
	s, r, err := Read(t.Context(), source, Options{Today: today})
	if err != nil {
		var e *FileError
		if !errors.As(err, &e) || e.File == "" {
			t.Fatalf("an error that names no file: %v", err)
		}
		return
	}
	people := map[string]bool{}
	for _, p := range s.People {
		if p.SourcedID == "" || people[p.SourcedID] || p.Given+p.Family == "" {
			t.Fatalf("a person without an identifier or a name of their own: %+v", p)
		}
		people[p.SourcedID] = true
		if s.Unknown[roster.KindPerson][p.SourcedID] {
			t.Fatalf("%s was refused, and taken", p.SourcedID)
		}
	}
	enrolled := map[string]bool{}
	for _, e := range s.Enrolments {
		if enrolled[e.SourcedID] || s.Unknown[roster.KindEnrolment][e.SourcedID] || e.Person == "" || e.Section == "" || !e.Role.Known() {
			t.Fatalf("an enrolment taken that must not be: %+v", e)
		}
		enrolled[e.SourcedID] = true
	}
	for _, g := range s.Guardianships {
		if g.Guardian == g.Student || g.Guardian == "" || g.Student == "" || !g.Relation.GuardianLike() {
			t.Fatalf("a tie that is none: %+v", g)
		}
	}
	for _, f := range r.Findings {
		if f.File == "" || f.Reason == "" || (f.Action != Refused && f.Action != Mended) {
			t.Fatalf("a finding that says nothing: %+v", f)
		}
	}
}
