package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/homeline/homeline/store/postgres"
)

type migrate struct {
	DatabaseURL string `help:"PostgreSQL, as the role that owns the tables, or will." placeholder:"URL" env:"HOMELINE_MIGRATE_DATABASE_URL"`
	ServedURL   string `hidden:"" env:"DATABASE_URL"`
	AppRole     string `help:"The role that serve connects as; it must exist, and own nothing. Default that of DATABASE_URL, else homeline." placeholder:"ROLE" env:"HOMELINE_APP_ROLE"`
}

// Validate says what is missing on the command line.
func (m migrate) Validate() error {
	if m.DatabaseURL == "" && m.ServedURL == "" {
		return errors.New("no database is named: set HOMELINE_MIGRATE_DATABASE_URL, or --database-url, as the role that owns the tables, or will")
	}
	return nil
}

// Run brings the tables of PostgreSQL up to date.
func (m migrate) Run(ctx context.Context, c console) error {
	app, err := m.appRole()
	if err != nil {
		return err
	}
	done, err := postgres.Migrate(ctx, postgres.MigrateOptions{URL: cmp.Or(m.DatabaseURL, m.ServedURL), AppRole: app})
	switch {
	case err != nil && m.DatabaseURL == "":
		return fmt.Errorf("nothing was migrated: %w; DATABASE_URL is what serves: set HOMELINE_MIGRATE_DATABASE_URL to the owner's", err)
	case err != nil:
		return fmt.Errorf("nothing was migrated: %w", err)
	case done.From == done.To:
		c.printf("The tables are of version %d already.\n", done.To)
	default:
		c.printf("Brought the tables from version %d to %d.\n", done.From, done.To)
	}
	c.printf("The role %s may serve from them, and no other: DATABASE_URL has to name it. For another one, run this again with --app-role or HOMELINE_APP_ROLE.\n", app)
	return nil
}

// appRole is the role that serves. Where there is only the URL of those who serve
// it is taken for the owner's, as it may be before anybody serves.
func (m migrate) appRole() (string, error) {
	if m.AppRole != "" || m.DatabaseURL == "" || m.ServedURL == "" {
		return cmp.Or(m.AppRole, "homeline"), nil
	}
	return postgres.RoleOf(m.ServedURL)
}
