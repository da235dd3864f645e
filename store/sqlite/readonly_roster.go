package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Districts is as [Store.Districts].
func (r *ReadOnly) Districts(ctx context.Context) (all []roster.District, err error) {
	err = r.View(ctx, func(tx *sql.Tx) error {
		all, err = collect(ctx, tx, scanDistrict, selectDistrict+` ORDER BY slug`)
		return err
	})
	return all, wrap("districts", err)
}

// State is as [Store.State].
func (r *ReadOnly) State(ctx context.Context, district uuid.UUID) (state roster.State, err error) {
	err = r.View(ctx, func(tx *sql.Tx) error {
		state, err = stateTx(ctx, tx, district)
		return err
	})
	return state, wrap("roster state", err)
}

// Accounts is as [Store.Accounts].
func (r *ReadOnly) Accounts(ctx context.Context, district uuid.UUID, now time.Time) (accounts []roster.Account, err error) {
	err = r.View(ctx, func(tx *sql.Tx) error {
		accounts, err = accountsTx(ctx, tx, district, now)
		return err
	})
	return accounts, wrap("accounts", err)
}

// People is as [Store.People].
func (r *ReadOnly) People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) (people []roster.Person, err error) {
	err = r.View(ctx, func(tx *sql.Tx) error {
		people, err = peopleTx(ctx, tx, district, ids)
		return err
	})
	return people, wrap("people", err)
}

// Grants is as [Store.Grants].
func (r *ReadOnly) Grants(ctx context.Context, district uuid.UUID) (grants []roster.Grant, err error) {
	err = r.View(ctx, func(tx *sql.Tx) error {
		grants, err = collect(ctx, tx, scanGrant, selectGrants, key(district))
		return err
	})
	return grants, wrap("grants", err)
}

// Entries is as [Store.Entries].
func (r *ReadOnly) Entries(ctx context.Context, district uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) (found []roster.Entry, err error) {
	err = r.View(ctx, func(tx *sql.Tx) error {
		found, err = entriesTx(ctx, tx, district, kind, ids, sourcedIDs)
		return err
	})
	return found, wrap("entries", err)
}
