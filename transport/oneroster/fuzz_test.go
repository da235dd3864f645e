package oneroster

import (
	"errors"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

// FuzzAZip opens and reads whatever is given to it as a zip.
func FuzzAZip(f *testing.F) {
	f.Add(lakeside().zipped(f, ""))
	f.Add(lakeside().without("manifest.csv").zipped(f, "export/"))
	f.Add(lakeside().zipped(f, "../"))
	f.Add(delivery{"users.csv": "sourcedId\n\"1", "__MACOSX/users.csv": "\x00"}.zipped(f, `a\`))
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

// FuzzADelta reads delta files of any content about lakeside, which is stored.
func FuzzADelta(f *testing.F) {
	d := lakeside()
	f.Add(d["orgs.csv"], d["academicSessions.csv"], d["courses.csv"], d["classes.csv"], d["users.csv"], d["roles.csv"], d["enrollments.csv"])
	f.Add("sourcedId,name\nd,D", "sourcedId,title\nautumn,A\n", "c9\n", "sourcedId,status,title\nalgebra,tobedeleted,", "sourcedId,agentSourcedIds\neva,ana\nruiz,eva",
		"sourcedId,status,userSourcedId,role\nr1,tobedeleted,,\nr9,,eva,ext:nurse\n", "sourcedId,status\ne1,tobedeleted\ne2,\n")
	f.Fuzz(func(t *testing.T, orgs, terms, courses, classes, users, roles, enrolments string) {
		d := lakeside()
		d["manifest.csv"] = strings.ReplaceAll(d["manifest.csv"], ",bulk", ",delta")
		for name, content := range map[string]string{
			"orgs.csv": orgs, "academicSessions.csv": terms, "courses.csv": courses, "classes.csv": classes, "users.csv": users,
			"roles.csv": roles, "enrollments.csv": enrolments,
		} {
			if d[name] = content; content == "" {
				d = d.without(name)
			}
		}
		source, err := zipSource(d.zipped(t, ""))
		if err != nil {
			return
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
		named := p.Given+p.Family != "" || p.Gone || p.Silent&(roster.FieldGiven|roster.FieldFamily) != 0
		if p.SourcedID == "" || people[p.SourcedID] || !named {
			t.Fatalf("a person without an identifier or a name of their own: %+v", p)
		}
		people[p.SourcedID] = true
		if s.Unknown[roster.KindPerson][p.SourcedID] {
			t.Fatalf("%s was refused, and taken", p.SourcedID)
		}
	}
	enrolled := map[string]bool{}
	for _, e := range s.Enrolments {
		says := func(f roster.Fields) bool { return !e.Gone && e.Silent&f == 0 }
		if enrolled[e.SourcedID] || s.Unknown[roster.KindEnrolment][e.SourcedID] || says(roster.FieldPerson) && e.Person == "" ||
			says(roster.FieldSection) && e.Section == "" || says(roster.FieldRole) && !e.Role.Known() {
			t.Fatalf("an enrolment taken that must not be: %+v", e)
		}
		enrolled[e.SourcedID] = true
	}
	for _, g := range s.Guardianships {
		if g.Guardian == g.Student || g.Guardian == "" || g.Student == "" || !g.Relation.GuardianLike() {
			t.Fatalf("a tie that is none: %+v", g)
		}
	}
	compared(t, s)
	for _, f := range r.Findings {
		if f.File == "" || f.Reason == "" || (f.Action != Refused && f.Action != Mended) {
			t.Fatalf("a finding that says nothing: %+v", f)
		}
	}
}

// compared compares a snapshot with nothing, and with the lakeside that is
// stored. Nobody goes whom no row says is gone, if the files do not hold all.
func compared(t *testing.T, s roster.Snapshot) {
	t.Helper()
	stored, _ := lakeside().read(t)
	stored.Named, stored.Columns = nil, nil
	roster.Remarks(roster.State{}, roster.Compare(roster.State{}, s), today)
	state := roster.State{Snapshot: stored}
	c := roster.Compare(state, s)
	roster.Remarks(state, c, today)
	said := map[string]bool{}
	for _, p := range s.People {
		said[p.SourcedID] = p.Gone
	}
	for _, p := range c.PutPeople {
		if p.Gone && !s.Whole[roster.KindPerson] && !said[p.SourcedID] {
			t.Fatalf("%s goes, and no row says so", p.SourcedID)
		}
		if p.Silent != 0 || p.Ended != nil || p.Given+p.Family == "" && !p.Gone {
			t.Fatalf("a person is put who is not whole: %+v", p)
		}
	}
	for _, e := range c.PutEnrolments {
		if e.Person == "" || e.Section == "" || !e.Role.Known() || e.Silent != 0 {
			t.Fatalf("an enrolment is put that is not whole: %+v", e)
		}
	}
	if len(c.RemoveGuardianships) > 0 && !s.Whole[roster.KindGuardianship] {
		t.Fatalf("a tie ends: %v", c.RemoveGuardianships)
	}
}
