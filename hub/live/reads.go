package live

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/batch"
	"github.com/homeline/homeline/hub/wire"
)

// reads are what those who come back ask the store for. When a node has died
// thousands come back to each of the others at once: what they ask for at the
// same time is one query.
//
// Each is asked only after the one who asks has registered for events, so that
// nothing falls between what is read and what is told.
type reads struct {
	signIns   *batch.Reader[struct{}, Who, struct{}] // has those that have ended
	heads     *batch.Reader[uuid.UUID, uuid.UUID, hub.Head]
	standings *batch.Reader[uuid.UUID, hub.Seat, hub.Standing]
	pages     *batch.Reader[pageOf, uuid.UUID, page] // by who reads it
}

// pageOf is a page of a conversation: the messages after a number.
type pageOf struct {
	district, conversation uuid.UUID
	after                  int64
}

// page is the same for all in the conversation, but for their own marks.
type page struct {
	conversation hub.Conversation
	messages     []wire.Message
}

func newReads(store Store, signIns SignIns) reads {
	return reads{
		signIns: batch.NewReader(storePatience, func(ctx context.Context, _ struct{}, who []Who) (map[Who]struct{}, error) {
			return endedOf(ctx, signIns, who)
		}),
		heads: batch.NewReader(storePatience, func(ctx context.Context, district uuid.UUID, people []uuid.UUID) (map[uuid.UUID]hub.Head, error) {
			heads, err := store.Heads(ctx, district, people)
			return by(heads, func(h hub.Head) uuid.UUID { return h.Person }), err
		}),
		standings: batch.NewReader(storePatience, func(ctx context.Context, district uuid.UUID, seats []hub.Seat) (map[hub.Seat]hub.Standing, error) {
			standings, err := store.Standings(ctx, district, seats)
			return by(standings, func(s hub.Standing) hub.Seat { return s.Seat }), err
		}),
		pages: batch.NewReader(storePatience, func(ctx context.Context, of pageOf, readers []uuid.UUID) (map[uuid.UUID]page, error) {
			p, err := readPage(ctx, store, of, readers[0])
			pages := make(map[uuid.UUID]page, len(readers))
			for _, reader := range readers {
				pages[reader] = p
			}
			return pages, err
		}),
	}
}

func by[K comparable, V any](values []V, key func(V) K) map[K]V {
	m := make(map[K]V, len(values))
	for _, v := range values {
		m[key(v)] = v
	}
	return m
}

// endedOf are those whose sign-in has ended, or is no longer theirs. They are
// asked for so that no sign-in stands for two people at once: who has changed
// over to another person of the address does not end with who they were (R28).
func endedOf(ctx context.Context, signIns SignIns, who []Who) (map[Who]struct{}, error) {
	out := map[Who]struct{}{}
	for len(who) > 0 {
		one, rest := oneOfEach(who)
		ids, err := signIns.Ended(ctx, slices.Collect(maps.Values(one)))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			out[one[id]] = struct{}{}
		}
		who = rest
	}
	return out, nil
}

// oneOfEach is the first of each sign-in, and those who are somebody else.
func oneOfEach(who []Who) (one map[string]Who, rest []Who) {
	one = make(map[string]Who, len(who))
	for _, w := range who {
		switch first, there := one[w.SignIn]; {
		case !there:
			one[w.SignIn] = w
		case first != w:
			rest = append(rest, w)
		}
	}
	return one, rest
}

// readPage reads a conversation and then what it had after a number, in the name
// of one who takes part: what came between the two is left out, since who is in
// the conversation as it was read may be gone by then.
func readPage(ctx context.Context, store Store, of pageOf, reader uuid.UUID) (page, error) {
	c, err := store.Conversation(ctx, of.district, of.conversation, reader)
	if err != nil || of.after >= c.LastSeq {
		return page{conversation: c}, err
	}
	messages, err := store.Messages(ctx, of.district, of.conversation, reader, hub.Range{After: of.after, Limit: MaxMessages, Bytes: wire.MessagesBytes})
	if err != nil {
		return page{}, err
	}
	for len(messages) > 0 && messages[len(messages)-1].Seq > c.LastSeq {
		messages = messages[:len(messages)-1]
	}
	return page{c, wire.Page(wire.FromMessages(messages, c), wire.MessagesBytes)}, nil
}

// isFor says whether somebody was in the conversation, and not gone (R24), when
// the last of its messages was there.
func (p page) isFor(person uuid.UUID) bool {
	in, found := p.conversation.Participant(person)
	return found && !in.Person.Gone
}

// endsBefore says whether the conversation has messages that the page lacks.
func (p page) endsBefore(lastSeq int64) bool {
	n := len(p.messages)
	return n == 0 || p.messages[n-1].Seq < lastSeq
}
