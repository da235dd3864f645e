package live_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
)

var errAway = errors.New("the store is away")

// school is a store in memory, as exact about numbers and versions as the real
// ones, with what a test needs to commit. It works in virtual time, which real
// stores do not.
type school struct {
	mu            sync.Mutex
	district      uuid.UUID
	people        []uuid.UUID
	heads         map[uuid.UUID]hub.Head
	conversations map[uuid.UUID]*conversation
	ids           []uuid.UUID     // of conversations, in order
	ended         map[string]bool // sign-ins
	away          bool            // every read fails
	blind         bool            // Heads and Tails know nothing, and the epoch stays
	epoch         uuid.UUID
	reads         map[string]int    // by method
	asked         map[string]int    // ids in the last Heads and Tails
	before, after func(read string) // called before and after a read, outside the lock
}

type conversation struct {
	hub.Conversation
	messages []hub.Message
	marks    map[uuid.UUID]int64
}

func newSchool(people int) *school {
	s := &school{
		district: uuid.New(), epoch: uuid.New(), heads: map[uuid.UUID]hub.Head{}, conversations: map[uuid.UUID]*conversation{},
		ended: map[string]bool{}, reads: map[string]int{}, asked: map[string]int{}, before: func(string) {}, after: func(string) {},
	}
	for range people {
		id := uuid.New()
		s.people = append(s.people, id)
		s.heads[id] = hub.Head{Person: id}
	}
	return s
}

// start opens a conversation without messages; the first of its people is staff.
func (s *school) start(people ...uuid.UUID) uuid.UUID {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &conversation{marks: map[uuid.UUID]int64{}}
	c.ID = uuid.New()
	for i, id := range people {
		tie := roster.Tie{Person: id, Part: roster.AsGuardian}
		if i == 0 {
			tie.Part = roster.AsTeacher
		}
		c.Participants = append(c.Participants, hub.Participant{
			Person: roster.Person{ID: id, Given: "Person", Family: fmt.Sprint(i)}, Ties: []roster.Tie{tie},
		})
	}
	s.conversations[c.ID] = c
	s.ids = append(s.ids, c.ID)
	return c.ID
}

// post commits a message and returns what is to be published.
func (s *school) post(id, sender uuid.UUID, body string) hub.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[id]
	m := hub.Message{Conversation: id, Seq: c.LastSeq + 1, Sender: sender, SentAt: time.Now(), Body: body}
	c.messages = append(c.messages, m)
	c.LastSeq = m.Seq
	e := hub.Event{District: s.district, Conversation: id, Message: &hub.Letter{Message: m, SenderPart: roster.AsTeacher}}
	for _, p := range c.Participants {
		e.Audience = append(e.Audience, s.bump(c, p.Person.ID))
	}
	return e
}

// read commits a read mark; ok is false where it did not move.
func (s *school) read(id, person uuid.UUID, upTo int64) (e hub.Event, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[id]
	upTo = min(upTo, c.LastSeq)
	if upTo <= c.marks[person] {
		return hub.Event{}, false
	}
	c.marks[person] = upTo
	return hub.Event{
		District: s.district, Conversation: id, Audience: []hub.Told{s.bump(c, person)},
		Read: &hub.ReadMark{ReadSeq: upTo},
	}, true
}

// seal commits a seal.
func (s *school) seal(id uuid.UUID, seal hub.Seal) hub.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[id]
	c.Seal = &seal
	e := hub.Event{District: s.district, Conversation: id, Seal: &seal}
	for _, p := range c.Participants {
		e.Audience = append(e.Audience, s.bump(c, p.Person.ID))
	}
	return e
}

func (s *school) bump(c *conversation, person uuid.UUID) hub.Told {
	head := s.heads[person]
	head.Version++
	head.Unread = 0
	for _, other := range s.conversations {
		head.Unread += other.unread(person)
	}
	s.heads[person] = head
	return hub.Told{Head: head, Here: c.unread(person)}
}

func (c *conversation) unread(person uuid.UUID) int64 {
	if !slices.ContainsFunc(c.Participants, func(p hub.Participant) bool { return p.Person.ID == person }) {
		return 0
	}
	var n int64
	for _, m := range c.messages[c.marks[person]:] {
		if m.Sender != person {
			n++
		}
	}
	return n
}

func (s *school) reading(ctx context.Context, what string, asked int) error {
	s.mu.Lock()
	before := s.before
	s.mu.Unlock()
	before(what)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads[what]++
	s.asked[what] = asked
	if s.away {
		return errAway
	}
	return ctx.Err()
}

func (s *school) Conversation(ctx context.Context, district, id, person uuid.UUID) (hub.Conversation, error) {
	if err := s.reading(ctx, "conversation", 1); err != nil {
		return hub.Conversation{}, err
	}
	defer s.after("conversation")
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.seen(district, id, person)
	if err != nil {
		return hub.Conversation{}, err
	}
	out := c.Conversation
	out.Participants = slices.Clone(c.Participants)
	for i := range out.Participants {
		out.Participants[i].ReadSeq = c.marks[out.Participants[i].Person.ID]
	}
	return out, nil
}

func (s *school) Messages(ctx context.Context, district, id, person uuid.UUID, r hub.Range) ([]hub.Message, error) {
	if err := s.reading(ctx, "messages", 1); err != nil {
		return nil, err
	}
	defer s.after("messages")
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.seen(district, id, person)
	if err != nil {
		return nil, err
	}
	rest := c.messages[min(r.After, c.LastSeq):]
	return slices.Clone(rest[:min(len(rest), r.Limit)]), nil
}

func (s *school) seen(district, id, person uuid.UUID) (*conversation, error) {
	c := s.conversations[id]
	if c == nil || district != s.district ||
		!slices.ContainsFunc(c.Participants, func(p hub.Participant) bool { return p.Person.ID == person }) {
		return nil, hub.ErrNotFound
	}
	return c, nil
}

func (s *school) Heads(ctx context.Context, _ uuid.UUID, people []uuid.UUID) ([]hub.Head, error) {
	if err := s.reading(ctx, "heads", len(people)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []hub.Head
	if s.blind {
		return nil, nil
	}
	for _, id := range people {
		out = append(out, s.heads[id])
	}
	return out, nil
}

func (s *school) Tails(ctx context.Context, _ uuid.UUID, ids []uuid.UUID) ([]hub.Tail, error) {
	if err := s.reading(ctx, "tails", len(ids)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []hub.Tail
	if s.blind {
		return nil, nil
	}
	for _, id := range ids {
		c := s.conversations[id]
		out = append(out, hub.Tail{Conversation: id, LastSeq: c.LastSeq, Sealed: c.Seal != nil})
	}
	return out, nil
}

func (s *school) Standings(ctx context.Context, district uuid.UUID, seats []hub.Seat) ([]hub.Standing, error) {
	if err := s.reading(ctx, "standings", len(seats)); err != nil {
		return nil, err
	}
	defer s.after("standings")
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []hub.Standing
	for _, seat := range seats {
		if c, err := s.seen(district, seat.Conversation, seat.Person); err == nil {
			out = append(out, hub.Standing{
				Seat: seat, LastSeq: c.LastSeq, Sealed: c.Seal != nil, ReadSeq: c.marks[seat.Person],
			})
		}
	}
	return out, nil
}

// current returns the epoch of now, which nodes that run may renew.
func (s *school) current() uuid.UUID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch
}

func (s *school) Epoch(ctx context.Context) (uuid.UUID, error) {
	if err := s.reading(ctx, "epoch", 1); err != nil {
		return uuid.Nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch, nil
}

func (s *school) RenewEpoch(ctx context.Context, known uuid.UUID) (uuid.UUID, error) {
	if err := s.reading(ctx, "renew", 1); err != nil {
		return uuid.Nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.epoch == known && !s.blind {
		s.epoch = uuid.New()
	}
	return s.epoch, nil
}

// moves says that the store is at another place: what a store notices by itself.
func (s *school) moves() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.blind {
		s.epoch = uuid.New()
	}
}

// backup is everything that was committed, to be put back with restore.
func (s *school) backup() (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	heads, conversations, ids := maps.Clone(s.heads), map[uuid.UUID]conversation{}, slices.Clone(s.ids)
	for id, c := range s.conversations {
		kept := *c
		kept.messages, kept.marks = slices.Clone(c.messages), maps.Clone(c.marks)
		conversations[id] = kept
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.heads, s.ids, s.conversations = heads, ids, map[uuid.UUID]*conversation{}
		for id, c := range conversations {
			s.conversations[id] = &c
		}
	}
}

// Ended says whose sign-ins have ended, as live.SignIns.
func (s *school) Ended(ctx context.Context, who []live.Who) ([]string, error) {
	if err := s.reading(ctx, "ended", len(who)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, w := range who {
		if s.ended[w.SignIn] {
			out = append(out, w.SignIn)
		}
	}
	return out, nil
}

// setAway makes every read fail, or work again.
func (s *school) setAway(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = away
}

// out says that somebody is gone: what the store would do in one transaction.
func (s *school) out(person uuid.UUID, signIn string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended[signIn] = true
	for _, c := range s.conversations {
		for i := range c.Participants {
			if c.Participants[i].Person.ID == person {
				c.Participants[i].Person.Gone = true
			}
		}
	}
}
