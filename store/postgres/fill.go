package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/homeline/homeline/store/verify"
)

// Filling is one transaction over the tables, for whoever fills them from
// elsewhere or compares them with it. What is filled in is there once Commit has
// succeeded, all of it, or else nothing.
type Filling struct {
	pgx.Tx
	pool *pgxpool.Pool
	conn *pgxpool.Conn
}

// filling says what a transaction that takes long is, and takes the bounds
// away that are for requests.
var filling = map[string]string{
	"application_name":                    "homeline copy",
	"statement_timeout":                   "0",
	"idle_in_transaction_session_timeout": "0",
}

// fillingWaits is how long others may keep what is to be filled.
const fillingWaits = 10 * time.Second

// ErrNotOwner: only the owner of the tables fills them.
var ErrNotOwner = errors.New("the role does not own the tables: name the one that runs homeline migrate")

// OpenFilling begins to fill a database as the owner of its tables, which must
// be of this program's version. No node serves from it meanwhile, and nobody
// else makes a district in it.
func OpenFilling(ctx context.Context, url string) (*Filling, error) {
	f, err := openFilling(ctx, url, toWrite, pgx.TxOptions{})
	if err != nil {
		return nil, err
	}
	if err := f.hold(ctx); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// OpenFilled is one state of a database that was filled, to be read.
func OpenFilled(ctx context.Context, url string) (*Filling, error) {
	return openFilling(ctx, url, toRead, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
}

func openFilling(ctx context.Context, url string, what need, o pgx.TxOptions) (*Filling, error) {
	pool, err := openPool(ctx, url, 1, what, common, filling)
	if err != nil {
		return nil, explain(err, filledSetting)
	}
	f := &Filling{pool: pool}
	if err := f.begin(ctx, o); err != nil {
		f.Close()
		return nil, explain(err, filledSetting)
	}
	return f, nil
}

func (f *Filling) begin(ctx context.Context, o pgx.TxOptions) (err error) {
	var number int
	var role string
	var super, readOnly, standby bool
	if err := f.pool.QueryRow(ctx, selectServer).Scan(&number, &role, &super, &readOnly, &standby); err != nil {
		return err
	}
	if number < 150000 {
		return fmt.Errorf("the server is PostgreSQL %d: 15 or newer is needed", number/10000)
	}
	if err := checkVersion(ctx, f.pool, role); err != nil {
		return err
	}
	if f.conn, err = f.pool.Acquire(ctx); err != nil {
		return err
	}
	// So that the server notices early that we were killed; not all systems can.
	_, _ = f.conn.Exec(ctx, `SET client_connection_check_interval = '1s'`)
	f.Tx, err = f.conn.BeginTx(ctx, o)
	return err
}

// hold keeps nodes and whoever else writes away. What a copy that was killed
// held is free as soon as the server notices.
func (f *Filling) hold(ctx context.Context) error {
	var owns bool
	if err := f.QueryRow(ctx, selectOwner).Scan(&owns); err != nil {
		return err
	}
	if !owns {
		return ErrNotOwner
	}
	for _, statement := range []string{
		`SET LOCAL lock_timeout = ` + milliseconds(fillingWaits),
		fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d)`, int64(nodesLock)),
		`LOCK TABLE public.district IN SHARE ROW EXCLUSIVE MODE`,
		`SET LOCAL lock_timeout = 0`,
	} {
		_, err := f.Exec(ctx, statement)
		if isCode(err, lockTimeout) {
			return errors.New("nodes serve from the database, or another copy is under way: stop them first")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Close ends the transaction, where it was not committed, without a trace.
func (f *Filling) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), connectTime)
	defer cancel()
	if f.Tx != nil {
		_ = f.Rollback(ctx)
	}
	if f.conn != nil {
		f.conn.Release()
	}
	f.pool.Close()
}

// ListStudents works out which students of a district can be found: the tables
// of that are not filled from elsewhere.
func (f *Filling) ListStudents(ctx context.Context, districts []uuid.UUID) error {
	if _, err := f.Exec(ctx, makeTouched); err != nil {
		return fmt.Errorf("listing students: %w", err)
	}
	for _, d := range districts {
		err := inOrder(ctx, f, d, `TRUNCATE pg_temp.touched, pg_temp.relisted`,
			`INSERT INTO pg_temp.touched (person) SELECT id FROM person WHERE district = $1`)
		if err == nil {
			err = relistTouched(ctx, f, d)
		}
		if err != nil {
			return fmt.Errorf("listing students: %w", err)
		}
	}
	return nil
}

// Verify is as [Store.Verify] for all districts, over what the transaction has
// done. It says nothing of the program's role, which it does not run as.
func (f *Filling) Verify(ctx context.Context, report func(Finding)) (Summary, error) {
	v := &verification{Walk: verify.New(report), ctx: ctx, tx: f.Tx}
	for _, step := range []func() error{
		v.safeguards, v.orphans, func() error { return v.Walk.Districts(v, uuid.Nil) },
	} {
		if err := step(); err != nil {
			return v.Summary, fmt.Errorf("verify: %w", err)
		}
	}
	return v.Summary, nil
}

// Kept is text as the columns of this store hold it, whatever bytes are in it.
func Kept(text string) string { return kept(text) }

// Plain is the reverse of [Kept].
func Plain(column string) string { return plain(column) }
