package main

import (
	"slices"
	"strings"
	"testing"
)

// rosterCase is a delivery that comes after another, and the right answer to it.
type rosterCase struct {
	name          string
	before, after files
	args          []string
	status        int
	says          []string
	not           []string // what is not said
	changes       []string // lines of what is stored that go and come
	one           bool     // about what is read: one store will do
}

func TestDeliveriesAfterAnotherTakeNothingThatTheyDoNotName(t *testing.T) {
	for _, c := range slices.Concat(rowCases(t), goneCases(t), deltaCases(t), deltaRoleCases(t), columnCases(t)) {
		t.Run(c.name, func(t *testing.T) {
			for _, k := range keepers(t, c.one) {
				if c.before != nil {
					k.imports(t, c.before, "--allow-large").expect(t, 0)
				}
				before := k.stored(t)
				r := k.imports(t, c.after, append(c.args, "--allow-large")...)
				r.expect(t, c.status, c.says...)
				for _, not := range c.not {
					if strings.Contains(r.out+r.err, not) {
						t.Errorf("%s: it says %q:\n%s%s", k.name, not, r.out, r.err)
					}
				}
				if got := changed(before, k.stored(t)); c.before != nil && !slices.Equal(got, c.changes) {
					t.Errorf("%s: changed are\n%s\nwant\n%s\n%s%s", k.name, strings.Join(got, "\n"), strings.Join(c.changes, "\n"), r.out, r.err)
				}
			}
		})
	}
}

func rowCases(t *testing.T) []rosterCase {
	f, f12 := lakeview(t), lakeview12(t)
	all := []rosterCase{
		{
			name: "an unquoted comma in a name", before: f, after: f.with("users.csv", "Ada,Lind,,", "Ada,Lind, Jr.,,"),
			status: 3, says: []string{"users.csv line 5 (a1): refused: it has 19 cells under 18 headers"},
		},
		{
			name: "an unquoted comma in a name of 1.2", before: f12, after: f12.with("users.csv", "Ada,Lind,,", "Ada,Lind, Jr.,,"),
			status: 3, says: []string{"users.csv line 5 (a1): refused: it has 18 cells under 17 headers"},
		},
		{
			name: "an address that is none", before: f, after: f.with("users.csv", "gil@home.example", "see office"),
			says: []string{"users.csv line 8 (g1): mended: its e-mail is not one address: left out, what is stored stays"},
		},
		{
			name: "marks and spaces that nobody sees", before: f,
			after: f.with("users.csv", "\na1,", "\n\uFEFFa1,").with("users.csv", "gia@home.example", "gia@home.example\u200B").
				with("users.csv", `"g1,g2"`, "\"g\u00AD1,\u2060g2\"").with("enrollments.csv", "e2,,,k1,s1,a1", "\uFEFF\"e2\",,,k\u200B1,s1,a1\u2060"),
			says: []string{"0 refused"},
		},
		{
			name: "two exports put together", before: f, after: f.with("users.csv", "g1,,,true", "\uFEFF"+f["users.csv"][:strings.Index(f["users.csv"], "\n")]+"\ng1,,,true"),
			says: []string{"users.csv line 8: mended: the header stands here again"},
		},
		{
			name: "two exports put together that have other columns", before: f,
			after:  f.with("users.csv", "g1,,,true", "sourcedId,status,dateLastModified,enabledUser,role,orgSourcedIds,givenName,familyName,email,agentSourcedIds,grades\ng1,,,true"),
			status: 1, says: []string{"users.csv line 8: another header stands here"},
		},
	}
	for _, name := range []string{"orgs.csv", "academicSessions.csv", "courses.csv", "classes.csv", "users.csv", "enrollments.csv"} {
		for _, row := range []string{"zz", "zz,Algebra, Honors,x", "zz," + strings.Repeat("x,", 40)} {
			after := f.with(name, "", "")
			after[name] += row + "\n"
			all = append(all, rosterCase{
				name: "a torn row in " + name + ": " + row[:min(len(row), 22)], before: f, after: after,
				status: 3, says: []string{name + " line ", "(zz): refused: it has "},
			})
		}
	}
	for i := range all {
		all[i].one = true
	}
	return all
}

func goneCases(t *testing.T) []rosterCase {
	f, f12 := lakeview(t), lakeview12(t)
	old := f.with("academicSessions.csv", "sp,,,Spring", "old,,,Old,term,2025-08-01,2026-06-01,,2026\nsp,,,Spring").
		with("orgs.csv", "s2,,", "s3,,,Old School,school,,d1\ns2,,").with("courses.csv", "c1,,", "c2,,,y,Botany,BOT,09,s1,,\nc1,,").
		with("classes.csv", "k1,,", "k3,,,Botany,09,c2,,,,s1,,,,\nk1,,")
	return []rosterCase{
		{
			name: "in bulk files what is to be deleted says no more than its sourcedId", before: old,
			after: old.with("users.csv", "g3,,,true,s1,parent,g3,,Guy,Moor,,,guy@home.example,,,,,", "g3,tobedeleted,2026-11-01T00:00:00Z,,,,,,,,,,,,,,,").
				with("academicSessions.csv", "old,,,Old,term,2025-08-01,2026-06-01,,2026", "old,tobedeleted,2026-11-01,,,,,,").
				with("orgs.csv", "s3,,,Old School,school,,d1", "s3,tobedeleted,,,,,").with("courses.csv", "c2,,,y,Botany,BOT,09,s1,,", "c2,tobedeleted,,,,,,,,").
				with("classes.csv", "k3,,,Botany,09,c2,,,,s1,,,,", "k3,tobedeleted,,,,,,,,,,,,").
				with("enrollments.csv", "e3,,,k1,s1,a2,student,,,", "e3,tobedeleted,2026-11-01,,,,,,,"),
			changes: []string{
				"-enrolment e3: a2 in k1 as student", "-org s3: Old School, school of d1", "-person g3: Guy Moor <guy@home.example>, grades [], parent@s1",
				"-section k3: Botany (Botany) at s1, grades [09], terms []", "-term old: Old 2025-08-01 2026-06-01",
			},
		},
		{
			name: "in delta files as well", before: old,
			after: old.delta("1.1", map[string][]string{
				"users.csv": {"g3,tobedeleted,2026-11-01T00:00:00Z,,,,,,,,,,,,,,,"}, "enrollments.csv": {"e3,tobedeleted,2026-11-01T00:00:00Z,,,,,,,"},
				"academicSessions.csv": {"old,tobedeleted,2026-11-01,,,,,,"}, "orgs.csv": {"s3,tobedeleted,,,,,"},
				"courses.csv": {"c2,tobedeleted,,,,,,,,"}, "classes.csv": {"k3,tobedeleted,,,,,,,,,,,,"},
			}),
			changes: []string{
				"-enrolment e3: a2 in k1 as student", "-org s3: Old School, school of d1", "-person g3: Guy Moor <guy@home.example>, grades [], parent@s1",
				"-section k3: Botany (Botany) at s1, grades [09], terms []", "-term old: Old 2025-08-01 2026-06-01",
			},
		},
		{
			name: "a role that is to be deleted, in bulk", before: f12,
			after:   f12.with("roles.csv", "r3,,,p1,primary,administrator,,,s1,", "r3,tobedeleted,2026-11-01,,,,,,,"),
			changes: []string{"+person p1: Pat Quinn <pat@school.example>, grades [],", "-person p1: Pat Quinn <pat@school.example>, grades [], administrator@s1"},
		},
		{
			name: "whoever is gone needs no good cells", before: f,
			after: f.with("users.csv", "g3,,,true,s1,parent", "g3,inactive,,perhaps,s1,nanny").
				with("users.csv", "p1,,,true,s1,administrator", "p1,,,false,s1,boss"),
			changes: []string{
				"-person g3: Guy Moor <guy@home.example>, grades [], parent@s1", "-person p1: Pat Quinn <pat@school.example>, grades [], administrator@s1",
			},
		},
	}
}
