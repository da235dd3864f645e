package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/sqlite/sqlitetest"
	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/oneroster"
)

// inside is a school whose store is a file, that imports in this process.
type inside struct {
	control.School
	store *sqlite.Store
	day   roster.Date
}

// ApplyRoster is what the hub does, without pages that would hear of it.
func (s inside) ApplyRoster(ctx context.Context, district uuid.UUID, c roster.Changes) (roster.Effects, error) {
	return s.store.Apply(ctx, district, c, time.Now())
}

func (s inside) State(ctx context.Context, district uuid.UUID) (roster.State, error) {
	return s.store.State(ctx, district)
}

func (s inside) WouldSeal(ctx context.Context, district uuid.UUID, ended []roster.SnapshotGuardianship) ([]roster.Closing, error) {
	return s.store.WouldSeal(ctx, district, ended)
}

func (s inside) Accounts(ctx context.Context, district uuid.UUID) ([]roster.Account, error) {
	return s.store.Accounts(ctx, district, time.Now())
}

func newInside(t *testing.T) (inside, roster.District) {
	t.Helper()
	day, err := roster.ParseDate(lakeviewDay)
	if err != nil {
		t.Fatal(err)
	}
	s := inside{store: sqlitetest.Open(t, filepath.Join(t.TempDir(), "homeline.db"), sqlite.Open), day: day}
	d := roster.District{ID: uuid.Must(uuid.NewV7()), Slug: "lakeview", Settings: roster.DefaultSettings()}
	if err := s.store.CreateDistrict(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return s, d
}

// imports imports a delivery, and gives what is stored then.
func (s inside) imports(t *testing.T, d roster.District, f files, change func(*control.Import)) ([]string, error) {
	t.Helper()
	source, err := oneroster.Open(rosterFolder(t, f))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	snapshot, _, err := oneroster.Read(t.Context(), source, oneroster.Options{Today: s.day})
	if err != nil {
		t.Fatal(err)
	}
	wanted := control.Import{School: s, District: d, Snapshot: snapshot, Today: s.day, Large: true}
	if change != nil {
		change(&wanted)
	}
	_, importErr := wanted.Run(t.Context())
	state, err := s.store.State(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	return inLines(state), importErr
}

// full is lakeview12 with a value in every column that is read.
func full(t *testing.T) files {
	f := lakeview12(t)
	f["users.csv"] = strings.Replace(f["users.csv"], "pronouns\n", "preferredGivenName\n", 1)
	return f.with("users.csv", "g3,,,true", "g3,inactive,,true").with("users.csv", "a2,,,true", "a2,,,false").
		with("users.csv", `"g1,g2",09,,`, `"g1,g2",09,,Addie`).with("enrollments.csv", "e3,,", "e3,inactive,").
		with("orgs.csv", "s2,,", "s2,inactive,").with("academicSessions.csv", "sp,,", "sp,inactive,").
		with("classes.csv", "k2,,", "k2,inactive,").with("roles.csv", "p1,primary,administrator,,,s1", "p1,primary,administrator,2026-08-01,2027-07-01,s1").
		with("roles.csv", "r1,,", "r1,inactive,").with("roles.csv", "g2,primary,guardian,,", "g2,primary,guardian,,2026-09-01")
}

// Whatever column of whatever file is missing or named otherwise, the import is
// stopped; if it is told to go on, what is stored stays, that night and later.
func TestWhateverColumnIsMissingTakesAndGivesNothing(t *testing.T) {
	for name, f := range map[string]files{"1.1": lakeview(t), "1.2": full(t)} {
		for file := range f {
			header, rows, _ := strings.Cut(f[file], "\n")
			for n, column := range strings.Split(header, ",") {
				if !isRead(name, file, column) {
					continue
				}
				t.Run(name+" "+file+" "+column, func(t *testing.T) {
					cells := strings.Split(header, ",")
					cells[n] = "zzzzzzzz"
					missing := f.with(file, "", "")
					missing[file] = strings.Join(cells, ",") + "\n" + rows
					withoutColumn(t, f, missing)
				})
			}
		}
	}
}

func withoutColumn(t *testing.T, f, missing files) {
	s, d := newInside(t)
	before, err := s.imports(t, d, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.imports(t, d, missing, nil); !slices.Equal(got, before) || err == nil || !strings.Contains(err.Error(), "has no column") {
		t.Errorf("it is not stopped: %v, %v", err, changed(before, got))
	}
	accept := func(i *control.Import) { i.WithoutColumns = true }
	for night, change := range []func(*control.Import){accept, nil, nil} {
		if got, err := s.imports(t, d, missing, change); err != nil || !slices.Equal(got, before) {
			t.Errorf("night %d: %v, changed are %v", night, err, changed(before, got))
		}
	}
	if got, err := s.imports(t, d, f, nil); err != nil || !slices.Equal(got, before) {
		t.Errorf("with the column: %v, changed are %v", err, changed(before, got))
	}
}

// isRead reports whether a column is read for what is stored. By sourcedIds rows
// are known: without them no file can be read.
func isRead(version, file, column string) bool {
	if version == "1.2" && file == "users.csv" && (column == "role" || column == "orgSourcedIds") || file == "courses.csv" && column == "status" {
		return false
	}
	read := map[string][]string{
		"orgs.csv":             {"status", "name", "type", "parentSourcedId"},
		"academicSessions.csv": {"status", "title", "startDate", "endDate"},
		"courses.csv":          {"title"},
		"classes.csv":          {"status", "title", "grades", "courseSourcedId", "schoolSourcedId", "termSourcedIds", "periods"},
		"users.csv": {"status", "enabledUser", "orgSourcedIds", "role", "givenName", "familyName", "preferredGivenName", "email",
			"agentSourcedIds", "grades"},
		"roles.csv":       {"status", "role", "beginDate", "endDate", "orgSourcedId"},
		"enrollments.csv": {"status", "classSourcedId", "userSourcedId", "role", "beginDate", "endDate"},
	}
	return slices.Contains(read[file], column)
}

// A school that an older program imported has no columns kept: what has values
// had a column.
func TestWhatAnOlderProgramImportedHadTheColumnsOfItsValues(t *testing.T) {
	f := lakeview(t).with("users.csv", "g3,,,true", "g3,inactive,,true")
	for column, stops := range map[string]bool{"email": true, "agentSourcedIds": true, "role": true, "status": false, "middleName": false} {
		t.Run(column, func(t *testing.T) {
			s, d := newInside(t)
			before, err := s.imports(t, d, f, nil)
			if err != nil {
				t.Fatal(err)
			}
			state, err := s.store.State(t.Context(), d.ID)
			if err == nil {
				_, err = s.store.Apply(t.Context(), d.ID, roster.Changes{Base: state.Version, Columns: []roster.Column{}}, time.Now())
			}
			if err != nil {
				t.Fatal(err)
			}
			missing := f.with("users.csv", ","+column+",", ",zzzzzzzz,").with("users.csv", "g3,inactive", "g3,")
			got, err := s.imports(t, d, missing, nil)
			if (err != nil) != stops {
				t.Errorf("it ends with %v", err)
			}
			// Of those that say who is gone, enabledUser is there, and says that g3 is not.
			if stops && !slices.Equal(got, before) {
				t.Errorf("changed are %v", changed(before, got))
			}
		})
	}
}

// A system may have a status in its delta files alone, as OneRoster requires it
// only there.
func TestAColumnThatOnlyDeltaFilesHaveIsNotMissingFromTheNextBulkFile(t *testing.T) {
	f := lakeview(t)
	bulk := f.with("users.csv", "status", "zzzzzzzz")
	s, d := newInside(t)
	before, err := s.imports(t, d, bulk, nil)
	if err != nil {
		t.Fatal(err)
	}
	row := "t1,active,2026-11-01,true,s1,teacher,t1,,Tara,Olsen,,,tara@school.example,,,,,"
	for _, next := range []files{f.delta("1.1", map[string][]string{"users.csv": {row}}), bulk} {
		if got, err := s.imports(t, d, next, nil); err != nil || !slices.Equal(got, before) {
			t.Errorf("%v, changed are %v", err, changed(before, got))
		}
	}
}
