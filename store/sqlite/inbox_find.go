package sqlite

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// filter is what a page of an inbox is narrowed to.
type filter struct {
	unreadOnly bool
	words      []string // each with the space before it
	section    uuid.UUID
	// unread is how many messages there are to be found: those who have found
	// all need not look further.
	unread int64
}

// maxWords bounds the words of a name that are looked for.
const maxWords = 8

func filterOf(q hub.InboxQuery, head hub.Head) filter {
	words := roster.WordBeginnings(q.Name)
	return filter{
		unreadOnly: q.UnreadOnly, words: words[:min(len(words), maxWords)], section: q.Section, unread: head.Unread,
	}
}

func (f filter) narrows() bool { return f.unreadOnly || len(f.words) > 0 || f.section != uuid.Nil }

// candidate is a conversation in the order of an inbox.
type candidate struct {
	cursor
	unread int64
	fits   bool // the filter
}

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

// find takes the conversations of a page, and the cursor of the next one.
func (s *Store) find(ctx context.Context, tx *sql.Tx, of inboxOf, f filter, after cursor, limit int) (found []uuid.UUID, next string, err error) {
	if f.unreadOnly && f.unread == 0 {
		return nil, "", nil
	}
	take, most := limit, limit
	if f.narrows() {
		take, most = 2*limit, lookAtMost
	}
	fromTop, seen, last := after == newest, int64(0), after
	for looks := 0; looks < most; take *= 2 {
		take = min(take, most-looks)
		looks += take
		looked, err := s.candidates(ctx, tx, of, f, after, take)
		if err != nil {
			return nil, "", err
		}
		for i, c := range looked {
			if i == take {
				break
			}
			if c.fits && len(found) == limit {
				return found, last.String(), nil
			}
			after, seen = c.cursor, seen+c.unread
			if c.fits {
				found, last = append(found, c.conversation), c.cursor
			}
		}
		if len(looked) <= take || f.unreadOnly && fromTop && seen >= f.unread {
			return found, "", nil
		}
	}
	return found, after.String(), nil
}

// candidates are the next conversations after a place, at most one more than
// take, with whether they fit the filter.
func (s *Store) candidates(ctx context.Context, tx *sql.Tx, of inboxOf, f filter, after cursor, take int) ([]candidate, error) {
	text := selectPage
	args := []any{key(of.district), key(of.person), after.lastAt, key(after.conversation), after.bucket(), take}
	if f.narrows() {
		text = selectFiltered
		args = append(args, f.unreadOnly, orNull(f.section))
		for i := range maxWords {
			word := "" // is found in every name
			if i < len(f.words) {
				word = f.words[i]
			}
			args = append(args, word)
		}
	}
	rows, err := s.reads.query(ctx, tx, text, args...)
	return scanAll(rows, err, func(c *candidate) []any {
		return []any{&c.conversation, &c.lastAt, &c.unread, &c.fits}
	})
}
