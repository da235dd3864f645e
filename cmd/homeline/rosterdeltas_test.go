package main

import "testing"

func deltaCases(t *testing.T) []rosterCase {
	f, f12 := lakeview(t), lakeview12(t)
	two := f.with("users.csv", "t1,,,true,s1,teacher,t1,,Tara,Olsen,,,tara@school.example,,,,,\n",
		"t1,,,true,s1,teacher,t1,,Tara,Olsen,,,tara@school.example,,,,,\nt1,,,true,s2,parent,t1,,Tara,Olsen,,,tara@school.example,,,,,\n")
	return []rosterCase{
		{
			name: "a part says nothing of the whole", before: f,
			after: f.delta("1.1", map[string][]string{
				"users.csv":       {`a1,active,2026-11-01,true,s1,student,a1,,Ada,Lind,,,ada@school.example,,,"g1,g2",09,`},
				"enrollments.csv": {"e3,tobedeleted,2026-11-01,k1,s1,a2,student,,,"},
			}),
			says: []string{"1 of 3 students have no guardian in the roster."}, not: []string{"No enrolment is current", "1 of 1"},
			changes: []string{"-enrolment e3: a2 in k1 as student"},
		},
		{
			name: "a student's row names a guardian whom the store knows", before: f,
			after:   f.delta("1.1", map[string][]string{"users.csv": {"a3,active,2026-11-01,true,s1,student,a3,,Cal,Nunn,,,cal@school.example,,,g3,09,"}}),
			changes: []string{"+tie: g3 is parent of a3"},
		},
		{
			name: "a guardian's row names a student whom the store knows", before: f,
			after:   f.delta("1.1", map[string][]string{"users.csv": {"g3,active,2026-11-01,true,s1,parent,g3,,Guy,Moor,,,guy@home.example,,,a3,,"}}),
			changes: []string{"+tie: g3 is parent of a3"},
		},
		{
			name: "a row that names a teacher or nobody ties nobody", before: f,
			after: f.delta("1.1", map[string][]string{"users.csv": {`a3,active,2026-11-01,true,s1,student,a3,,Cal,Nunn,,,cal@school.example,,,"t1,ghost",09,`}}),
			says:  []string{"ties of guardians: ", "2 left out: they name"},
		},
		{
			name: "in 1.2 the roles of both ends are stored", before: f12,
			after:   f12.delta("1.2", map[string][]string{"users.csv": {"a3,active,2026-11-01,true,a3,,Cal,Nunn,,,cal@school.example,,,g3,09,,"}}),
			changes: []string{"+tie: g3 is parent of a3"},
		},
		{
			name: "the other role stays", before: two,
			after: f.delta("1.1", map[string][]string{"users.csv": {"t1,active,2026-11-01,true,s1,teacher,t1,,Tara,Olsen,,,tara.olsen@school.example,,,,,"}}),
			changes: []string{
				"+person t1: Tara Olsen <tara.olsen@school.example>, grades [], parent@s2 and teacher@s1",
				"-person t1: Tara Olsen <tara@school.example>, grades [], parent@s2 and teacher@s1",
			},
		},
		{
			name: "columns that are not there, and cells that are empty, change nothing", before: f,
			after: f.delta("1.1", map[string][]string{
				"users.csv":            {"sourcedId,status,dateLastModified,givenName", "a1,active,2026-11-01,Adele", "g3,active,2026-11-01,", "b9,active,2026-11-01,Bo"},
				"classes.csv":          {"sourcedId,status,periods", "k1,active,4", "k2,,"},
				"enrollments.csv":      {"sourcedId,status,endDate", "e1,active,2027-01-10", "e2,,"},
				"academicSessions.csv": {"sourcedId,title", "f,Autumn"}, "orgs.csv": {"sourcedId,name", "s2,Lakeview Junior"},
			}),
			changes: []string{
				"+enrolment e1: t1 in k1 as teacher 2027-01-10", "+org s2: Lakeview Junior, school of d1", "+person a1: Adele Lind <ada@school.example>, grades [09], student@s1",
				"+person b9: Bo <>, grades [],", "+section k1: Algebra 1 (Algebra) 4 at s1, grades [09], terms [f sp]", "+term f: Autumn 2026-08-01 2027-01-15",
				"-enrolment e1: t1 in k1 as teacher", "-org s2: Lakeview Middle, school of d1", "-person a1: Ada Lind <ada@school.example>, grades [09], student@s1",
				"-section k1: Algebra 1 (Algebra) 3 at s1, grades [09], terms [f sp]", "-term f: Fall 2026-08-01 2027-01-15",
			},
		},
		{
			name: "a manifest that says delta and bulk", before: f,
			after: manifest(f.with("users.csv", "g3,,,true,s1,parent,g3,,Guy,Moor,,,guy@home.example,,,,,\n", ""),
				"file.orgs,bulk", "file.academicSessions,bulk", "file.courses,bulk", "file.classes,bulk", "file.users,delta", "file.users,bulk", "file.enrollments,bulk"),
			status: 3, says: []string{`manifest.csv line 9 (file.users): refused: it says "bulk", and line 8 says "delta"`, "users.csv             delta"},
		},
	}
}

func deltaRoleCases(t *testing.T) []rosterCase {
	f, f12 := lakeview(t), lakeview12(t)
	const noAdministrator = "+person p1: Pat Quinn <pat@school.example>, grades [],"
	const administrator = "-person p1: Pat Quinn <pat@school.example>, grades [], administrator@s1"
	return []rosterCase{
		{
			name: "a role ends by what it says", before: f,
			after:   f.delta("1.2", map[string][]string{"roles.csv": {"sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId", "r1,tobedeleted,2026-11-01,p1,primary,administrator,,,s1,"}}),
			changes: []string{noAdministrator, administrator},
		},
		{
			name: "a role ends by its sourcedId", before: f12,
			after:   f12.delta("1.2", map[string][]string{"roles.csv": {"r3,tobedeleted,2026-11-01,,,,,,,"}}),
			changes: []string{noAdministrator, administrator},
		},
		{
			name: "a principal becomes a teacher", before: f12,
			after: f12.delta("1.2", map[string][]string{"roles.csv": {
				"r3,tobedeleted,2026-11-01,p1,primary,administrator,,,s1,", "r77,active,2026-11-01,p1,primary,teacher,,,s2,",
			}}),
			changes: []string{"+person p1: Pat Quinn <pat@school.example>, grades [], teacher@s2", administrator},
		},
		{
			name: "a role gets an end", before: f12,
			after:   f12.delta("1.2", map[string][]string{"roles.csv": {"r3,active,2026-11-01,p1,,,,2026-11-30,,"}}),
			changes: []string{"+person p1: Pat Quinn <pat@school.example>, grades [], administrator@s1 2026-11-30", administrator},
		},
		{
			name: "roles of strangers are left out", before: f12,
			after: f12.delta("1.2", map[string][]string{"roles.csv": {
				"r99,active,2026-11-01,nobody,primary,teacher,,,s2,", "r98,tobedeleted,2026-11-01,nobody,primary,teacher,,,s2,",
			}}),
			says: []string{"people: ", "1 left out"},
		},
	}
}

// manifest is a delivery with a manifest of these lines.
func manifest(f files, lines ...string) files {
	f["manifest.csv"] = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n"
	for _, line := range lines {
		f["manifest.csv"] += line + "\n"
	}
	return f
}
