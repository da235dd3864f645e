package oneroster

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

func TestACleanDeliveryIsReadWhole(t *testing.T) {
	s, r := lakeside().read(t)
	expect(t, r)
	want := roster.Snapshot{
		Orgs: []roster.SnapshotOrg{
			{SourcedID: "d", Name: "Lakeside District", Type: "district"},
			{SourcedID: "north", Name: "North School", Type: "school", Parent: "d"},
		},
		Terms: []roster.SnapshotTerm{{
			SourcedID: "autumn", Title: "Autumn", Begin: roster.NewDate(2026, 8, 20), End: roster.NewDate(2027, 1, 20),
		}},
		Sections: []roster.SnapshotSection{{
			SourcedID: "algebra", Title: "Algebra 1", Course: "Mathematics", Period: "3", Org: "north",
			Grades: []string{"09"}, Terms: []string{"autumn"},
		}},
		People: []roster.SnapshotPerson{
			{SourcedID: "ruiz", Given: "Clara", Family: "Ruiz", Email: "clara.ruiz@example.org", Roles: []roster.SnapshotRole{{SourcedID: "r1", Org: "north", Role: roster.Teacher}}},
			{SourcedID: "leo", Given: "Leonardo", Family: "Diaz", Preferred: "Leo", Grades: []string{"09"}, Roles: []roster.SnapshotRole{{SourcedID: "r2", Org: "north", Role: roster.Student}}},
			{SourcedID: "eva", Given: "Eva", Family: "Diaz", Grades: []string{"09"}, Roles: []roster.SnapshotRole{{SourcedID: "r3", Org: "north", Role: roster.Student}}},
			{SourcedID: "ana", Given: "Ana", Family: "Diaz", Email: "ana@example.com", Roles: []roster.SnapshotRole{{SourcedID: "r4", Org: "d", Role: roster.Parent}}},
		},
		Enrolments: []roster.SnapshotEnrolment{
			{SourcedID: "e1", Person: "ruiz", Section: "algebra", Role: roster.Teacher},
			{SourcedID: "e2", Person: "leo", Section: "algebra", Role: roster.Student, Begin: roster.NewDate(2026, 8, 20), End: roster.NewDate(2027, 1, 20)},
			{SourcedID: "e3", Person: "eva", Section: "algebra", Role: roster.Student},
		},
		Guardianships: []roster.SnapshotGuardianship{
			{Guardian: "ana", Student: "eva", Relation: roster.Parent}, {Guardian: "ana", Student: "leo", Relation: roster.Parent},
		},
		Whole:   everything(),
		Unknown: map[roster.Kind]map[string]bool{},
		Today:   today,
	}
	for _, c := range s.Columns {
		if !c.There || !c.Bulk {
			t.Errorf("a column that is missed: %+v", c)
		}
	}
	s.Columns = nil
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got\n%+v\nwant\n%+v", s, want)
	}
}

func everything() roster.Whole {
	return roster.Whole{
		roster.KindOrg: true, roster.KindTerm: true, roster.KindSection: true, roster.KindPerson: true,
		roster.KindRole: true, roster.KindEnrolment: true, roster.KindGuardianship: true,
	}
}

// In 1.1 the role and the organisations stand in users.csv.
func TestRolesOfVersion11AreReadFromUsers(t *testing.T) {
	d := lakeside().without("roles.csv").with("manifest.csv", "file.roles,bulk\n", "").with("manifest.csv", "version,1.2", "version,1.1")
	d["users.csv"] = lines("sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
		`boss,,,TRUE,"north, d",administrator,,,Ada,Boss,,,,,,,,`,
		"leo,,,TRUE,north,student,,,Leo,Diaz,,,,,,ana,9,", "ana,,,TRUE,,guardian,,,Ana,Diaz,,,,,,,,")
	d["enrollments.csv"] = lines("sourcedId,status,classSourcedId,userSourcedId,role", "e1,,algebra,leo,student")
	s, r := d.read(t)
	expect(t, r, "users.csv line 3: mended: grades are read")
	if got := person(t, s, "boss").Roles; !slices.Equal(got, []roster.SnapshotRole{{Org: "north", Role: roster.Administrator}, {Org: "d", Role: roster.Administrator}}) {
		t.Errorf("the administrator holds %v", got)
	}
	if got := person(t, s, "ana").Roles; !slices.Equal(got, []roster.SnapshotRole{{Role: roster.Guardian}}) {
		t.Errorf("the guardian without an organisation holds %v", got)
	}
	if len(s.Guardianships) != 1 || s.Guardianships[0].Relation != roster.Guardian {
		t.Errorf("ties: %v", s.Guardianships)
	}
	if !reflect.DeepEqual(s.Whole, everything()) {
		t.Errorf("whole: %v", s.Whole)
	}
}

func TestAFolderAZipAndAFolderInAZipAreReadAlike(t *testing.T) {
	want, _ := lakeside().read(t)
	for _, prefix := range []string{"", "export/", "a/b c/", `windows\`} {
		source, err := zipSource(lakeside().zipped(t, prefix))
		if err != nil {
			t.Fatalf("%q: %v", prefix, err)
		}
		got, _, err := Read(t.Context(), source, Options{Today: today})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v", prefix, err)
		}
	}
}

func TestPasswordsAppearNowhere(t *testing.T) {
	d := lakeside().and("users.csv", "torn,,,true,,,Tom,Torn,,,,,,,,S3cret,,,north,extra,more")
	s, r := d.read(t)
	for _, f := range r.Findings {
		if strings.Contains(f.String(), "S3cret") {
			t.Errorf("the report has it: %s", f)
		}
	}
	for _, p := range s.People {
		if strings.Contains(strings.Join(append(p.Grades, p.Given, p.Family, p.Preferred, p.Email), " "), "S3cret") {
			t.Errorf("the snapshot has it: %+v", p)
		}
	}
}

func TestProgressIsToldForEveryFile(t *testing.T) {
	told := map[string]int{}
	lakeside().read(t, func(o *Options) { o.Progress = func(p Progress) { told[p.File] = p.Rows } })
	if told["users.csv"] != 4 || told["enrollments.csv"] != 3 || told["orgs.csv"] != 2 {
		t.Errorf("told %v", told)
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	source, err := Open(lakeside().folder(t))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Read(ctx, source, Options{Today: today}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTheDayMustBeGiven(t *testing.T) {
	source, err := Open(lakeside().folder(t))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if _, _, err := Read(t.Context(), source, Options{}); err == nil {
		t.Error("read without a day")
	}
}
