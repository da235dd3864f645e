package memory

import (
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// Store is everything under one lock, which is held for no longer than a look or
// a change takes. A change looks at everything first and cannot fail once it has
// begun: so it happens whole or not at all.
type Store struct {
	mu        sync.Mutex
	fault     func(method string) Fault
	districts map[uuid.UUID]*district
	secrets   map[string][]byte
	epoch     uuid.UUID
}

var _ hub.Store = (*Store)(nil)

// New is a store without districts.
func New() *Store {
	return &Store{districts: map[uuid.UUID]*district{}, secrets: map[string][]byte{}, epoch: uuid.New()}
}

// district is all that there is of one district.
type district struct {
	roster.District
	says    roster.Snapshot // the roster
	columns []roster.Column // that imports had
	ids     map[record]uuid.UUID
	people  map[uuid.UUID]roster.Person
	bars    []roster.Bar
	grants  []roster.Grant

	conversations map[uuid.UUID]*conversation
	heads         map[uuid.UUID]*hub.Head
	sent          map[usedKey]*sent
	started       map[usedKey]*started
	drafts        map[draft]hub.Draft

	preferences map[uuid.UUID]identity.Preferences // by person
	notices     map[uuid.UUID]time.Time            // when a person is due
	mails       map[uuid.UUID]*mail
	unsettled   map[uuid.UUID]*mail       // unfinished ones
	marked      map[string]notify.Address // by address, in lower case
	nonces      map[string]time.Time      // of reports
}

// record is a row of the roster, by what the roster calls it.
type record struct {
	kind      roster.Kind
	sourcedID string
}

type usedKey struct{ sender, key uuid.UUID }

// sent is a message, in its conversation.
type sent struct {
	*conversation
	hub.Message
}

type started struct {
	fingerprint [32]byte
	keys        []uuid.UUID // of the first messages
}

type draft struct {
	person uuid.UUID
	slot   string
}

// conversation is one with its messages. Of hub.Conversation it has neither the
// participants nor the successors, which are worked out for each reader.
type conversation struct {
	hub.Conversation
	members  []*member
	messages []hub.Message
	hash     [32]byte // of the last message
}

// member is a participant with the marks that hub.Participant explains.
type member struct {
	person             uuid.UUID
	ties               []roster.Tie
	read, readSeq, own int64
	mailed             notify.Mailed
}

func (c *conversation) member(person uuid.UUID) *member {
	for _, m := range c.members {
		if m.person == person {
			return m
		}
	}
	return nil
}

func (m *member) unread(c *conversation) int64 { return c.LastSeq - m.own - m.read }

func (m *member) staff() bool { return hub.Participant{Ties: m.ties}.Staff() }

// in is a conversation with one who takes part in it. What is not there and what
// is not theirs are not told apart (G7).
func (s *Store) in(districtID, conversationID, person uuid.UUID) (*district, *conversation, *member, error) {
	d := s.districts[districtID]
	if d == nil || d.conversations[conversationID] == nil {
		return nil, nil, nil, hub.ErrNotFound
	}
	c := d.conversations[conversationID]
	m := c.member(person)
	if m == nil {
		return nil, nil, nil, hub.ErrNotFound
	}
	return d, c, m, nil
}

// stored is an instant as it is kept.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
