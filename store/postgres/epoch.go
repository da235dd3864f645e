package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A history is bound to its place: the cluster, the database, the table and the
// timeline of the log. Restoring a dump changes one of the first three, promoting
// a standby or restoring to a point in time the last. A standby does not say.
const (
	selectHistory = `
SELECT epoch, place, CASE WHEN pg_is_in_recovery() THEN '' ELSE concat_ws('/',
    (SELECT system_identifier FROM pg_control_system()),
    (SELECT oid FROM pg_database WHERE datname = current_database()),
    'public.history'::regclass::oid, left(pg_walfile_name(pg_current_wal_lsn()), 8)) END
FROM history`
	selectEpoch = `SELECT epoch FROM history`
	updateEpoch = `UPDATE history SET epoch = $2 WHERE epoch = $1`
	updatePlace = `UPDATE history SET place = $1 WHERE place = ''`
	moveHistory = `UPDATE history SET place = $1, epoch = $3 WHERE place = $2`
)

// history is the row of the table, and the place that it is at now; empty if the
// server does not tell.
type history struct {
	epoch    uuid.UUID
	was, now string
}

// Epoch implements hub.Store. It renews the epoch itself if the rows have moved
// to another place.
func (s *Store) Epoch(ctx context.Context) (uuid.UUID, error) {
	h, err := s.history(ctx)
	if err == nil && h.now != "" && h.now != h.was {
		if err = s.move(ctx, h); err == nil {
			h, err = s.history(ctx)
		}
	}
	if err != nil {
		return uuid.Nil, fmt.Errorf("epoch: %w", err)
	}
	return h.epoch, nil
}

func (s *Store) history(ctx context.Context) (h history, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		if s.placeless.Load() {
			return q.QueryRow(ctx, selectEpoch).Scan(&h.epoch)
		}
		return q.QueryRow(ctx, selectHistory).Scan(&h.epoch, &h.was, &h.now)
	})
	if noPlace(err) && !s.placeless.Swap(true) {
		s.log.Warn("the server does not say where the database is: a failover is noticed only by what is missing", "error", err)
		return s.history(ctx)
	}
	return h, err
}

// noPlace reports whether the server never tells the place: the role may not ask,
// or a server that is like PostgreSQL has no log of its kind.
func noPlace(err error) bool {
	return isCode(err, noPermission) || isCode(err, notSupported) || isCode(err, noFunction)
}

// move notes the place, and gives the rows another epoch unless they had none
// yet. Of many who do so at once, one does.
func (s *Store) move(ctx context.Context, h history) error {
	return s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if h.was == "" {
			_, err := tx.Exec(ctx, updatePlace, h.now)
			return err
		}
		_, err := tx.Exec(ctx, moveHistory, h.now, h.was, uuid.New())
		return err
	})
}

// RenewEpoch implements hub.Store.
func (s *Store) RenewEpoch(ctx context.Context, known uuid.UUID) (epoch uuid.UUID, err error) {
	fresh := uuid.New() // the same for every attempt
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, updateEpoch, known, fresh); err != nil {
			return err
		}
		return tx.QueryRow(ctx, selectEpoch).Scan(&epoch)
	})
	return epoch, wrap("renew the epoch", err)
}

// RenewEpoch gives what is filled an epoch of its own: it has a history of its
// own from now on, whatever was told of the database before, or of the source.
func (f *Filling) RenewEpoch(ctx context.Context) error {
	_, err := f.Exec(ctx, `UPDATE public.history SET epoch = $1`, uuid.New())
	return wrap("renew the epoch", err)
}
