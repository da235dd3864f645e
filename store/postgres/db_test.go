package postgres

import (
	"errors"
	"sync"
	"testing"

	"github.com/homeline/homeline/store/postgres/migrations"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// openTemp opens a fresh database.
func openTemp(t testing.TB) *Store {
	t.Helper()
	return openURL(t, postgrestest.New(t))
}

func openURL(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestMigratedTablesAreOpened(t *testing.T) { openTemp(t) }

func TestManyMayMigrateAtOnce(t *testing.T) {
	d := postgrestest.Shared(t).Empty(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := Migrate(t.Context(), MigrateOptions{URL: d.Owner, AppRole: postgrestest.AppRole}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	openURL(t, d.URL)
	again, err := Migrate(t.Context(), MigrateOptions{URL: d.Owner, AppRole: postgrestest.AppRole})
	if want := (Migrated{From: migrations.Version, To: migrations.Version}); err != nil || again != want {
		t.Errorf("migrated again: %+v, %v", again, err)
	}
}

func TestTablesOfAnotherVersionAreNotOpened(t *testing.T) {
	d := postgrestest.Shared(t).Empty(t)
	_, err := Open(t.Context(), Options{URL: d.URL})
	var schema *SchemaError
	if !errors.As(err, &schema) || schema.Have != 0 {
		t.Errorf("without tables: %v", err)
	}
	d = postgrestest.Open(t)
	d.Exec(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`)
	if _, err = Open(t.Context(), Options{URL: d.URL}); !errors.As(err, &schema) || schema.Have != 999 {
		t.Errorf("with newer tables: %v", err)
	}
	if _, err := Migrate(t.Context(), MigrateOptions{URL: d.Owner, AppRole: postgrestest.AppRole}); err == nil {
		t.Error("an older program migrated newer tables")
	}
}

func TestWhoOwnsTheTablesDoesNotServe(t *testing.T) {
	d := postgrestest.Open(t)
	for _, url := range []string{d.Owner, d.Admin} {
		if _, err := Open(t.Context(), Options{URL: url}); !errors.Is(err, ErrOwner) {
			t.Errorf("%v", err)
		}
	}
}
