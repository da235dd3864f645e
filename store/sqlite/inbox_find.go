package sqlite

import (
	"context"
	"database/sql"

	"github.com/homeline/homeline/store/inbox"
)

// inboxOrder takes the conversations after a place in an inbox. Those of an hour
// stand in the index together in no order, so it takes whole hours, down to the
// one that holds the last of those wanted, and orders what it took. What is
// wanted is one more than a page, to know whether there is another.
const inboxOrder = `
SELECT c.id, c.last_at, c.last_seq - q.own - q.read AS unread
FROM participant q INDEXED BY participant_inbox
CROSS JOIN conversation c ON c.district = q.district AND c.id = q.conversation
WHERE q.district = ?1 AND q.person = ?2 AND q.bucket <= ?5
  AND q.bucket >= coalesce((
    SELECT bucket FROM participant INDEXED BY participant_inbox
    WHERE district = ?1 AND person = ?2 AND bucket < ?5
    ORDER BY bucket DESC LIMIT 1 OFFSET ?6), -1)
  AND (c.last_at, c.id) < (?3, ?4)
ORDER BY c.last_at DESC, c.id DESC
LIMIT ?6 + 1`

const (
	selectPage = `SELECT id, last_at, unread, 1 FROM (` + inboxOrder + `)`

	selectFiltered = `
WITH looked_at AS MATERIALIZED (` + inboxOrder + `)
SELECT id, last_at, unread,
  (NOT ?7 OR unread > 0)
  AND (?8 IS NULL OR EXISTS (
    SELECT 1 FROM tie t
    CROSS JOIN enrolment e ON e.district = t.district AND e.person = t.student AND e.section = ?8
    WHERE t.district = ?1 AND t.conversation = l.id AND t.part IN ('student', 'guardian') AND e.role = 'student'))
  AND (?9 = '' OR EXISTS (
    SELECT 1 FROM participant o
    CROSS JOIN person p ON p.district = o.district AND p.id = o.person
    WHERE o.district = ?1 AND o.conversation = l.id AND o.person <> ?2
      AND instr(p.shown, ?9) > 0 AND instr(p.shown, ?10) > 0 AND instr(p.shown, ?11) > 0
      AND instr(p.shown, ?12) > 0 AND instr(p.shown, ?13) > 0 AND instr(p.shown, ?14) > 0
      AND instr(p.shown, ?15) > 0 AND instr(p.shown, ?16) > 0))
FROM looked_at l
ORDER BY last_at DESC, id DESC`
)

// candidates are the next conversations after a place, at most one more than
// take, with whether they fit the filter.
func (s *Store) candidates(ctx context.Context, tx *sql.Tx, of inboxOf, f inbox.Filter, after inbox.Cursor, take int) ([]inbox.Candidate, error) {
	text := selectPage
	args := []any{key(of.district), key(of.person), after.LastAt, key(after.Conversation), after.Bucket(), take}
	if f.Narrows() {
		text = selectFiltered
		args = append(args, f.UnreadOnly, orNull(f.Section))
		for i := range inbox.MaxWords {
			word := "" // is found in every name
			if i < len(f.Words) {
				word = f.Words[i]
			}
			args = append(args, word)
		}
	}
	rows, err := s.reads.query(ctx, tx, text, args...)
	return scanAll(rows, err, func(c *inbox.Candidate) []any {
		return []any{&c.Conversation, &c.LastAt, &c.Unread, &c.Fits}
	})
}
