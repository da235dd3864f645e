package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/homeline/homeline/hub"
)

const (
	// A node that has left no sign for ten seconds is taken for gone. What is left of
	// it is swept up by whoever comes first.
	upsertNode = `
WITH swept AS (
	DELETE FROM node WHERE id IN (
		SELECT id FROM node WHERE at < clock_timestamp() - interval '1 minute' AND id <> $1 FOR UPDATE SKIP LOCKED)
)
INSERT INTO node AS n (id, count, broker_away, at) VALUES ($1, 1, $2, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET count = n.count + 1, broker_away = excluded.broker_away, at = excluded.at`
	selectNodes = `
SELECT id, count, broker_away FROM node
WHERE id <> $1 AND at > clock_timestamp() - interval '10 seconds' ORDER BY id LIMIT 1000`
)

// Heartbeat leaves a sign of life of a node, and returns the last ones of the
// others. It is tried once: another one follows.
func (s *Store) Heartbeat(ctx context.Context, b hub.Heartbeat) (others []hub.Heartbeat, err error) {
	err = s.within(ctx, s.pool, statementTime, func(ctx context.Context, conn *pgxpool.Conn) error {
		if _, err := conn.Exec(ctx, upsertNode, b.Node, b.BrokerAway); err != nil {
			return err
		}
		others, err = nodes(ctx, conn, b.Node)
		return err
	})
	return others, wrap("heartbeat", failure(err))
}

// Nodes are the last signs of life of all nodes.
func (s *Store) Nodes(ctx context.Context) (all []hub.Heartbeat, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		all, err = nodes(ctx, q, uuid.Nil)
		return err
	})
	return all, wrap("nodes", err)
}

func nodes(ctx context.Context, q queryer, but uuid.UUID) ([]hub.Heartbeat, error) {
	rows, err := q.Query(ctx, selectNodes, but)
	return scanAll(rows, err, func(b *hub.Heartbeat) []any { return []any{&b.Node, &b.Count, &b.BrokerAway} })
}
