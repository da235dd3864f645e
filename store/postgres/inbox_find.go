package postgres

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/homeline/homeline/store/inbox"
)

// inboxOrder takes the conversations after a place in an inbox. Those of an hour
// stand in the index together in no order, so it takes whole hours, down to the
// one that holds the last of those wanted, and orders what it took. What is
// wanted is one more than a page, to know whether there is another.
const inboxOrder = `
SELECT c.id, c.last_at, c.last_seq - q.own - q.read AS unread
FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
WHERE q.district = $1 AND q.person = $2 AND q.bucket <= $5
  AND q.bucket >= coalesce((
    SELECT bucket FROM participant WHERE district = $1 AND person = $2 AND bucket < $5
    ORDER BY bucket DESC LIMIT 1 OFFSET $6), -1)
  AND (c.last_at, c.id) < ($3, $4)
ORDER BY c.last_at DESC, c.id DESC
LIMIT $6 + 1`

const (
	selectPage = `SELECT id, last_at, unread, true FROM (` + inboxOrder + `) l`

	selectFiltered = `
WITH looked_at AS MATERIALIZED (` + inboxOrder + `)
SELECT id, last_at, unread,
  (NOT $7 OR unread > 0)
  AND ($8::uuid IS NULL OR EXISTS (
    SELECT FROM tie t JOIN enrolment e ON e.district = t.district AND e.person = t.student AND e.section = $8
    WHERE t.district = $1 AND t.conversation = l.id AND t.part IN ('student', 'guardian') AND e.role = 'student'))
  AND (cardinality($9::text[]) = 0 OR EXISTS (
    SELECT FROM participant o JOIN person p ON p.district = o.district AND p.id = o.person
    WHERE o.district = $1 AND o.conversation = l.id AND o.person <> $2
      AND NOT EXISTS (SELECT FROM unnest($9::text[]) AS w (word) WHERE strpos(p.shown, word) = 0)))
FROM looked_at l
ORDER BY last_at DESC, id DESC`
)

// candidates are the next conversations after a place, at most one more than
// take, with whether they fit the filter.
func candidates(ctx context.Context, q queryer, of inboxOf, f inbox.Filter, after inbox.Cursor, take int) ([]inbox.Candidate, error) {
	query := selectPage
	args := []any{of.district, of.person, instant(after.LastAt), after.Conversation, min(after.Bucket(), math.MaxInt32), take}
	if f.Narrows() {
		query = selectFiltered
		args = append(args, f.UnreadOnly, orNull(f.Section), append([]string{}, f.Words...))
	}
	type found struct {
		inbox.Candidate
		at time.Time
	}
	rows, err := q.Query(ctx, query, args...)
	list, err := scanAll(rows, err, func(c *found) []any {
		return []any{&c.Conversation, &c.at, &c.Unread, &c.Fits}
	})
	all := make([]inbox.Candidate, len(list))
	for i, c := range list {
		c.LastAt = c.at.UnixMicro()
		all[i] = c.Candidate
	}
	return all, err
}

// instant is the place of a cursor in time; the place before all is after all
// times that PostgreSQL has.
func instant(us int64) any {
	if us == math.MaxInt64 {
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	}
	return time.UnixMicro(us)
}
