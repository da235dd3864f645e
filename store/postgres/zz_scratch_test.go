package postgres

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/storetest"
)

const scratchURL = "postgres://homeline@127.0.0.1:25499/big?sslmode=disable"

func TestScratchLoad(t *testing.T) {
	if os.Getenv("SCRATCH") == "" {
		return
	}
	ctx := context.Background()
	if _, err := Migrate(ctx, MigrateOptions{URL: "postgres://homeline_owner@127.0.0.1:25499/big?sslmode=disable", AppRole: "homeline"}); err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, Options{URL: scratchURL})
	if err != nil {
		t.Fatal(err)
	}
	d := roster.District{ID: uuid.MustParse("01a20e0e-0000-7000-8000-000000000001"), Slug: "big", Settings: roster.DefaultSettings()}
	if err := s.CreateDistrict(ctx, d); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if _, err := s.Apply(ctx, d.ID, storetest.BigDistrict(100_000), time.Now()); err != nil {
		t.Fatal(err)
	}
	fmt.Println("loaded", time.Since(begun))
	s.Close()
}

func TestScratchPlans(t *testing.T) {
	if os.Getenv("PLANS") == "" {
		return
	}
	ctx := context.Background()
	s, err := Open(ctx, Options{URL: scratchURL})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := uuid.MustParse("01a20e0e-0000-7000-8000-000000000001")
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	scope := func(sourcedID string) roster.Scope {
		p, err := s.PersonBySourcedID(ctx, d, sourcedID)
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.Facts(ctx, d, []uuid.UUID{p.ID}, now)
		if err != nil {
			t.Fatal(err)
		}
		return f.Scope(p.ID)
	}
	district, teacher := scope("boss"), scope("person99997")
	school := roster.Scope{Orgs: district.Orgs[5:6], Today: district.Today}
	secs := teacher
	mixed := roster.Scope{Orgs: school.Orgs, Sections: secs.Sections, Today: district.Today}
	for _, of := range []struct {
		name string
		roster.Scope
	}{{"district", district}, {"school", school}, {"teacher", teacher}, {"mixed", mixed}} {
		for _, want := range []roster.StudentQuery{{}, {Name: "m"}, {Name: "mari jo"}, {Name: "nobody"}, {School: school.Orgs[0]}, {Course: "Course 7"}, {Course: "Course 7", Grade: "09", Name: "m"}} {
			for range 2 {
				s.FindStudents(ctx, d, of.Scope, want)
			}
			begun := time.Now()
			page, err := s.FindStudents(ctx, d, of.Scope, want)
			fmt.Printf("%-9s %-60v total %5d %v %v\n", of.name, fmt.Sprint(want.Name, "|", want.School != uuid.Nil, "|", want.Course, "|", want.Grade), page.Total, time.Since(begun).Round(100*time.Microsecond), err)
			if os.Getenv("PLANS") == of.name+want.Name+want.Course {
				s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
					q, _ := newSearch(ctx, tx, d, of.Scope)
					q.as(want)
					rows, err := tx.Query(ctx, `EXPLAIN (ANALYZE, BUFFERS) `+`WITH found AS MATERIALIZED (SELECT s.sort_key, s.person`+q.students("")+`) SELECT count(*) FROM found`, q.given(nil)...)
					lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
					fmt.Println(strings.Join(lines, "\n"), err)
					return nil
				})
			}
		}
		begun := time.Now()
		f, err := s.Facets(ctx, d, of.Scope, roster.StudentQuery{})
		fmt.Printf("%-9s facets %d %d %d %d %d %v %v\n", of.name, len(f.Schools), len(f.Grades), len(f.Courses), len(f.Sections), len(f.Teachers), time.Since(begun).Round(100*time.Microsecond), err)
	}
	begun := time.Now()
	s.FindPeople(ctx, d, "qqqq", "", 10)
	fmt.Println("find nobody", time.Since(begun))
}
