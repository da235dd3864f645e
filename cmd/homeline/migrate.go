package main

import (
	"context"
	"errors"

	"github.com/homeline/homeline/store/postgres"
)

type migrate struct {
	DatabaseURL string `help:"PostgreSQL, as the role that owns the tables, or will." required:"" placeholder:"URL" env:"HOMELINE_MIGRATE_DATABASE_URL,DATABASE_URL"`
	AppRole     string `help:"The role that serve connects as; it must exist, and own nothing." default:"homeline" env:"HOMELINE_APP_ROLE"`
}

// Run brings the tables of PostgreSQL up to date.
func (m migrate) Run(ctx context.Context, c console) error {
	done, err := postgres.Migrate(ctx, postgres.MigrateOptions{URL: m.DatabaseURL, AppRole: m.AppRole})
	switch {
	case err != nil:
		return errors.Join(errors.New("nothing was migrated"), err)
	case done.From == done.To:
		c.printf("The tables are of version %d already; %s may use them.\n", done.To, m.AppRole)
	default:
		c.printf("Brought the tables from version %d to %d; %s may use them.\n", done.From, done.To, m.AppRole)
	}
	return nil
}
