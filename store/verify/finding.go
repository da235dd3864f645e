// Package verify looks for what a store keeps that the program has not done, or
// has done wrongly: it follows the hash chains of conversations and counts again
// what everybody has not read. Stores give it what they keep as a [Source], and
// look themselves for what only they know: whether tables and triggers are whole.
package verify

import (
	"bytes"
	"fmt"

	"github.com/google/uuid"
)

// Finding is something in a store that the program has not done, or has done
// wrongly.
type Finding struct {
	District     uuid.UUID
	Conversation uuid.UUID // uuid.Nil where it concerns none
	Seq          int64     // number of the message, 0 where it concerns none
	Person       uuid.UUID // uuid.Nil where it concerns nobody
	What         string
}

// String names the place and what is wrong there.
func (f Finding) String() string {
	var b bytes.Buffer
	if f.District != uuid.Nil {
		fmt.Fprintf(&b, "district %s: ", f.District)
	}
	if f.Conversation != uuid.Nil {
		fmt.Fprintf(&b, "conversation %s: ", f.Conversation)
	}
	if f.Seq != 0 {
		fmt.Fprintf(&b, "message %d: ", f.Seq)
	}
	if f.Person != uuid.Nil {
		fmt.Fprintf(&b, "person %s: ", f.Person)
	}
	b.WriteString(f.What)
	return b.String()
}

// Summary is what a verification has looked at.
type Summary struct {
	Conversations, Messages, Inboxes int
	Findings                         int
}
