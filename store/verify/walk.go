package verify

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Source is one state of a store.
type Source interface {
	// Districts are the one, or all where it is uuid.Nil, in the order of their ids.
	Districts(one uuid.UUID) ([]uuid.UUID, error)
	// Conversations are those after one, in the order of their ids.
	Conversations(district, after uuid.UUID, limit int) ([]uuid.UUID, error)
	Conversation(district, id uuid.UUID) (Conversation, error)
	// Messages calls do with each in the order of their numbers.
	Messages(district, conversation uuid.UUID, do func(hub.Message)) error
	// Inboxes are those of a district, in the order of the people.
	Inboxes(district uuid.UUID) ([]roster.Head, error)
}

// Conversation is what is kept of one beside its messages.
type Conversation struct {
	ID       uuid.UUID
	Starter  uuid.UUID
	Started  time.Time
	Begun    hub.NewConversation // subject, predecessor, participants and their ties, as they are now
	LastSeq  int64
	LastAt   time.Time
	LastHash [32]byte
	SealHash []byte // nil where the row does not know of a seal
	Seal     *hub.Seal
	Marks    []Mark
}

// Mark is what the row of a participant says.
type Mark struct {
	Person                     uuid.UUID
	Read, ReadSeq, Own, Bucket int64
	Mailed                     int64 // the number up to which they were mailed
}

// Walk is a verification under way.
type Walk struct {
	Summary
	tell func(Finding)
}

// New is a walk that tells of each finding.
func New(tell func(Finding)) *Walk { return &Walk{tell: tell} }

// Report tells of a finding and counts it.
func (w *Walk) Report(f Finding) {
	w.Findings++
	w.tell(f)
}

// Districts walks through one district, or all where it is uuid.Nil.
func (w *Walk) Districts(src Source, one uuid.UUID) error {
	ids, err := src.Districts(one)
	if err != nil {
		return err
	}
	for _, id := range ids {
		d := &district{Walk: w, src: src, id: id, unread: map[uuid.UUID]int64{}}
		if err := d.conversations(); err != nil {
			return err
		}
		if err := d.inboxes(); err != nil {
			return err
		}
	}
	return nil
}

// district counts, on its way along the conversations of a district, what
// everybody has not read.
type district struct {
	*Walk
	src    Source
	id     uuid.UUID
	unread map[uuid.UUID]int64
}

// step is how many conversations are listed at a time.
const step = 1000

func (d *district) conversations() error {
	for after := uuid.Nil; ; {
		ids, err := d.src.Conversations(d.id, after, step)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := d.conversation(id); err != nil {
				return fmt.Errorf("conversation %s: %w", id, err)
			}
		}
		if len(ids) < step {
			return nil
		}
		after = ids[len(ids)-1]
	}
}

// inboxes compares the totals that are kept with those that were counted.
func (d *district) inboxes() error {
	all, err := d.src.Inboxes(d.id)
	if err != nil {
		return err
	}
	for _, kept := range all {
		d.Inboxes++
		if counted := d.unread[kept.Person]; counted != kept.Unread {
			d.Report(Finding{District: d.id, Person: kept.Person, What: fmt.Sprintf(
				"the inbox says %d unread, counted are %d", kept.Unread, counted)})
		}
		delete(d.unread, kept.Person)
	}
	for _, person := range slices.SortedFunc(maps.Keys(d.unread), roster.CompareIDs) {
		d.Report(Finding{District: d.id, Person: person, What: fmt.Sprintf(
			"there is no inbox, counted are %d unread", d.unread[person])})
	}
	return nil
}
