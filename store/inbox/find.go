package inbox

import (
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Filter is what a page of an inbox is narrowed to.
type Filter struct {
	UnreadOnly bool
	Words      []string // each with the space before it, at most MaxWords
	Section    uuid.UUID
	// unread is how many messages there are to be found: those who have found
	// all need not look further.
	unread int64
}

// MaxWords bounds the words of a name that are looked for.
const MaxWords = 8

// FilterOf is what a query narrows an inbox with that head to.
func FilterOf(q hub.InboxQuery, head hub.Head) Filter {
	words := roster.WordBeginnings(q.Name)
	return Filter{
		UnreadOnly: q.UnreadOnly, Words: words[:min(len(words), MaxWords)], Section: q.Section, unread: head.Unread,
	}
}

// Narrows says whether anything is left out.
func (f Filter) Narrows() bool { return f.UnreadOnly || len(f.Words) > 0 || f.Section != uuid.Nil }

// A page with a filter looks at no more than lookAtMost conversations: it may
// end early, with a cursor for what it has not looked at. Without that, somebody
// who has read all of ten thousand conversations would pay for all of them with
// each look at what is unread. It looks at twice a page first, and doubles.
const lookAtMost = 1000

// Candidate is a conversation in the order of an inbox.
type Candidate struct {
	Cursor
	Unread int64
	Fits   bool // the filter
}

// Find takes the conversations of a page after a place, and the cursor of the
// next one. next are the conversations after a place in their order, with
// whether they fit the filter, at most one more than take.
func (f Filter) Find(after Cursor, limit int, next func(after Cursor, take int) ([]Candidate, error)) (found []uuid.UUID, cursor string, err error) {
	if f.UnreadOnly && f.unread == 0 {
		return nil, "", nil
	}
	take, most := limit, limit
	if f.Narrows() {
		take, most = 2*limit, lookAtMost
	}
	fromTop, seen, last := after == newest, int64(0), after
	for looks := 0; looks < most; take *= 2 {
		take = min(take, most-looks)
		looks += take
		looked, err := next(after, take)
		if err != nil {
			return nil, "", err
		}
		for i, c := range looked {
			if i == take {
				break
			}
			if c.Fits && len(found) == limit {
				return found, last.String(), nil
			}
			after, seen = c.Cursor, seen+c.Unread
			if c.Fits {
				found, last = append(found, c.Conversation), c.Cursor
			}
		}
		if len(looked) <= take || f.UnreadOnly && fromTop && seen >= f.unread {
			return found, "", nil
		}
	}
	return found, after.String(), nil
}
