package notify

import (
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// MaxUnread bounds the conversations of one mail; more wait for the next.
const MaxUnread = 100

// Standing is how somebody stands at the moment at which they are judged, read
// under the lock of their inbox: no message to them and no reading of theirs is
// under way.
type Standing struct {
	District    roster.District
	Person      roster.Person // with roles, Gone
	Address     Address
	Preferences identity.Preferences
	// Unread are the conversations with messages that the person has not read,
	// at most MaxUnread: those with fresh ones first, then latest activity first.
	Unread []Unread
	More   bool // there are further ones
}

// Unread is a conversation with messages that somebody has not read.
type Unread struct {
	Conversation uuid.UUID
	LastSeq      int64
	ReadSeq      int64
	Mailed       Mailed
	// Fresh are the messages of others that were neither read nor mailed, and
	// FreshSeq is the number of the last of them: a mail is about no letter of
	// one's own, so that who has read all that it is about has read it all.
	FreshSeq int64
	// FreshSince is when the first of them was sent; zero where there is none.
	Fresh      int64
	FreshSince time.Time
}

// Mailed is what one was mailed of a conversation: kept with the participant,
// written by the worker alone.
type Mailed struct {
	Seq  int64 // the number up to which one was mailed; 0: never
	Step int   // how many mails in a row went unread: 1 with the first
	At   time.Time
}

// Unread says whether what was mailed last has not been read yet, so that the
// next mail waits longer. readSeq is the number up to which one has read.
func (m Mailed) Unread(readSeq int64) bool { return m.Seq > readSeq }

// Address is where somebody is mailed to.
type Address struct {
	Email string // what they chose, else what the roster says; empty where neither is
	State AddressState
	Since time.Time // of State
}

// AddressState is whether an address takes mail.
type AddressState string

// AddressFine is also what nothing is known of. To the others nothing more is
// sent until the address changes or the person says that it works again.
const (
	AddressFine       AddressState = ""
	AddressBounced    AddressState = "bounced"
	AddressComplained AddressState = "complained"
)

// Verdict is what is to be done with somebody's notice.
type Verdict struct {
	// Parts are mailed now; empty: nothing is.
	Parts []Part
	// Next is when the person is next due; zero: when the next message comes.
	Next time.Time
	// Why says why nothing is mailed though something may have been due.
	Why Why
}

// Why is why a notice led to no mail.
type Why string

// Reasons, as metrics and `mail status` name them.
const (
	WhyRead      Why = "read"       // before it was due
	WhyWaiting   Why = "waiting"    // not due yet: throttled, quiet hours, once a day
	WhyOff       Why = "off"        // the person wants none
	WhyMessaging Why = "messaging"  // switched off in the district (R1)
	WhyGone      Why = "gone"       // R24
	WhyNoAddress Why = "no_address" // none is known
	WhyAddress   Why = "address"    // it bounces or complained
	WhyUnwanted  Why = "unwanted"   // off, messaging or gone, since the mail was claimed
)

// Part is a piece of a conversation in a mail: its messages after After up to
// UpTo.
type Part struct {
	Conversation uuid.UUID
	After, UpTo  int64
	Step         int // Mailed.Step once this was mailed
}
