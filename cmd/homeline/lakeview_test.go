package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/sqlite"
)

// lakeviewDay is the day as of which deliveries of lakeview are read.
const lakeviewDay = "2026-12-01"

// files are those of a delivery by name.
type files map[string]string

// lakeview is the delivery in testdata/lakeview: OneRoster 1.1, bulk.
func lakeview(t testing.TB) files {
	t.Helper()
	f := files{}
	for _, name := range []string{"orgs", "academicSessions", "courses", "classes", "users", "enrollments"} {
		b, err := os.ReadFile(filepath.Join("testdata", "lakeview", name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		f[name+".csv"] = string(b)
	}
	return f
}

// lakeview12 is the same school as OneRoster 1.2 has it: roles in a file of
// their own, and the pronouns in the last column.
func lakeview12(t testing.TB) files {
	t.Helper()
	f := lakeview(t)
	users, roles := "", "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
	for n, row := range strings.Split(strings.TrimSpace(f["users.csv"]), "\n") {
		cells := strings.SplitN(row, ",", 7)
		if n > 0 {
			roles += fmt.Sprintf("r%d,,,%s,primary,%s,,,%s,\n", n, cells[0], cells[5], cells[4])
		}
		users += strings.Join([]string{cells[0], cells[1], cells[2], cells[3], cells[6]}, ",") + map[bool]string{true: ",pronouns\n", false: ",\n"}[n == 0]
	}
	f["users.csv"], f["roles.csv"] = users, roles
	return f
}

// with replaces a text in one file.
func (f files) with(name, old, new string) files {
	if !strings.Contains(f[name], old) {
		panic(name + " does not contain " + old)
	}
	c := maps.Clone(f)
	c[name] = strings.Replace(c[name], old, new, 1)
	return c
}

// delta is a delivery of these rows alone, each file with the header of f, or
// with one of its own if the first row is one.
func (f files) delta(version string, rows map[string][]string) files {
	d := files{"manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version," + version + "\n"}
	for _, name := range []string{"orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments"} {
		of, ok := rows[name+".csv"]
		if !ok {
			d["manifest.csv"] += "file." + name + ",absent\n"
			continue
		}
		header, _, _ := strings.Cut(f[name+".csv"], "\n")
		if strings.HasPrefix(of[0], "sourcedId") {
			header, of = of[0], of[1:]
		}
		d["manifest.csv"] += "file." + name + ",delta\n"
		d[name+".csv"] = header + "\n" + strings.Join(of, "\n") + "\n"
	}
	return d
}

// keeper is a school in a store, and how to look into it.
type keeper struct {
	name  string
	data  string
	env   []string
	state func(context.Context) (roster.State, error)
}

// keepers are an empty school called lakeview in each of the stores, or in one.
func keepers(t *testing.T, one bool) []keeper {
	t.Helper()
	data := folder(t)
	all := []keeper{
		{name: "sqlite", data: data, state: func(ctx context.Context) (roster.State, error) {
			s, err := sqlite.Open(ctx, filepath.Join(data, "homeline.db"))
			if err != nil {
				return roster.State{}, err
			}
			defer s.Close()
			return onlyState(ctx, s)
		}},
	}
	if !one {
		url := postgrestest.New(t)
		all = append(all, keeper{name: "postgres", data: folder(t), env: []string{"DATABASE_URL=" + url}, state: func(ctx context.Context) (roster.State, error) {
			s, err := postgres.Open(ctx, postgres.Options{URL: url})
			if err != nil {
				return roster.State{}, err
			}
			defer s.Close()
			return onlyState(ctx, s)
		}})
	}
	for _, k := range all {
		k.run(t, "district", "create", "lakeview").expect(t, 0)
	}
	return all
}

func onlyState(ctx context.Context, s roster.Store) (roster.State, error) {
	all, err := s.Districts(ctx)
	if err != nil || len(all) != 1 {
		return roster.State{}, fmt.Errorf("districts: %v, %w", all, err)
	}
	return s.State(ctx, all[0].ID)
}

func (k keeper) run(t testing.TB, args ...string) result {
	t.Helper()
	return runWith(t, k.env, append(args, "--data", k.data)...)
}

func (k keeper) imports(t testing.TB, f files, args ...string) result {
	t.Helper()
	return k.run(t, append([]string{"import", rosterFolder(t, f), "--today", lakeviewDay}, args...)...)
}

// stored is what the store has, a line for each record that is not gone.
func (k keeper) stored(t testing.TB) []string {
	t.Helper()
	state, err := k.state(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return inLines(state)
}

func inLines(s roster.State) (all []string) {
	add := func(gone bool, format string, args ...any) {
		if !gone {
			all = append(all, strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " "))
		}
	}
	for _, o := range s.Orgs {
		add(o.Gone, "org %s: %s, %s of %s", o.SourcedID, o.Name, o.Type, o.Parent)
	}
	for _, t := range s.Terms {
		add(t.Gone, "term %s: %s %s %s", t.SourcedID, t.Title, t.Begin, t.End)
	}
	for _, c := range s.Sections {
		add(c.Gone, "section %s: %s (%s) %s at %s, grades %v, terms %v", c.SourcedID, c.Title, c.Course, c.Period, c.Org, c.Grades, c.Terms)
	}
	for _, p := range s.People {
		var roles []string
		for _, r := range p.Roles {
			roles = append(roles, strings.TrimSpace(fmt.Sprintf("%s@%s %s %s", r.Role, r.Org, r.Begin, r.End)))
		}
		slices.Sort(roles)
		add(p.Gone, "person %s: %s %s %s <%s>, grades %v, %s", p.SourcedID, p.Given, p.Family, p.Preferred, p.Email, p.Grades, strings.Join(roles, " and "))
	}
	for _, e := range s.Enrolments {
		add(e.Gone, "enrolment %s: %s in %s as %s %s %s", e.SourcedID, e.Person, e.Section, e.Role, e.Begin, e.End)
	}
	for _, g := range s.Guardianships {
		add(false, "tie: %s is %s of %s", g.Guardian, g.Relation, g.Student)
	}
	return all
}

// changed are the lines that went (with a minus) and came (with a plus).
func changed(before, after []string) (all []string) {
	for _, line := range before {
		if !slices.Contains(after, line) {
			all = append(all, "-"+line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			all = append(all, "+"+line)
		}
	}
	slices.Sort(all)
	return all
}
