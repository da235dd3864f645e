package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/homeline/homeline/store/postgres/migrations"
)

// MigrateOptions are what [Migrate] is told.
type MigrateOptions = migrations.Options

// Migrated is what [Migrate] did.
type Migrated = migrations.Done

// Migrate brings the tables up to date as their owner, and grants the program's
// role what it needs. Several at once wait for one another.
func Migrate(ctx context.Context, o MigrateOptions) (Migrated, error) {
	done, err := migrations.Up(ctx, o)
	if connect := new(pgconn.ConnectError); errors.As(err, &connect) {
		err = explain(err, ownerSetting)
	}
	return done, err
}

// RoleOf is the role that a URL of those who serve connects as.
func RoleOf(url string) (string, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return "", explain(err, servedSetting)
	}
	return config.User, nil
}
