package sample

import (
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// Letter is a conversation of the demo, by the sourcedIds of the roster: who
// starts it and who answers. It keeps the rules: From may write to everybody in To.
type Letter struct {
	From    string
	Side    roster.Side
	To      []To
	Mode    roster.Mode
	Subject string
	Body    string
	Ago     time.Duration // how long before the demo's first start
	// Replies are in order. Where Mode makes several conversations, each goes
	// into the first that its sender takes part in.
	Replies []Reply
	// ReadBy have read everything; whoever else did not write the last letter
	// has something unread.
	ReadBy []string
}

// To is a recipient, and the student they are written to about.
type To struct{ Person, Student string }

// Reply is an answer in a conversation.
type Reply struct {
	From string
	Body string
	Ago  time.Duration
}

const day = 24 * time.Hour

// Letters are the conversations that the demo begins with, oldest first.
func Letters() []Letter {
	return append(schoolLetters(), familyLetters()...)
}
