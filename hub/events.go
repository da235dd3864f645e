package hub

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Events is told of what was committed, so that open pages hear of it. It is a
// hint: what is lost on the way is found by number. It must not block and must
// not fail a commit that has happened.
type Events interface {
	Publish(ctx context.Context, e Event)
}

// Event is one commit. Exactly one of Message, Read, Seal and Out is set, or none
// but an Audience whose inboxes have changed in several conversations. With
// nothing of it set it says that something may have been committed, and that what
// there is has to be looked for.
type Event struct {
	District uuid.UUID
	// Audience are the people to whom the commit brought something, with the
	// state of their inbox after it: they, and nobody else, are told.
	Audience []Told

	Conversation uuid.UUID
	Message      *Letter
	Read         *ReadMark
	Seal         *Seal
	Out          *Out
}

// Letter is a message with the words that an open page shows beside it, so that
// nobody who hears of it has to ask for them.
type Letter struct {
	Message
	SenderName string
	SenderPart roster.Part
}

// ReadMark is how far the one person of Event.Audience has read in
// Event.Conversation.
type ReadMark struct{ ReadSeq int64 }

// Out ends sessions: all of the people, or only the one session.
type Out struct {
	People  []uuid.UUID
	Session string // identity.Session.ID; empty for all of the people's
	Why     OutReason
}

// OutReason is why a session ended.
type OutReason string

// OutSignedOut is by the person's own act, OutGone by the roster.
const (
	OutSignedOut OutReason = "signed_out"
	OutGone      OutReason = "gone"
)

// Doubt says whether the event is none of which anything is known.
func (e Event) Doubt() bool {
	return len(e.Audience) == 0 && e.Message == nil && e.Read == nil && e.Seal == nil && e.Out == nil
}

// doubt tells of what may have been committed though err came back: the answer
// of a commit may be lost. Whoever tries again with the same key learns that it
// was, but the others were not told of it.
func (h *Hub) doubt(ctx context.Context, district uuid.UUID, err error) {
	if Failed(err) {
		h.publish(ctx, Event{District: district})
	}
}
