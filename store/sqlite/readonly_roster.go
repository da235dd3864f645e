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
