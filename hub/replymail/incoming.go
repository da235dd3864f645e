package replymail

import (
	"net/textproto"
	"time"
)

// Incoming is a mail that came to an address of ours, as whoever received it has
// read and examined it.
type Incoming struct {
	Recipient string // the address that it came to, of the envelope
	// From is the address of its only From header. It is empty if there is more than
	// one, or if FromUnclear says that nobody knows which address is meant.
	From        string
	FromUnclear bool
	// ReturnPath is the sender of the envelope, empty for what answers nobody.
	ReturnPath string
	// Identity is the same whenever the same mail comes again: its Message-ID, or
	// where none is vouched for, something else that is.
	Identity string
	Subject  string
	Header   textproto.MIMEHeader
	// Text is what the person wrote, without what they quoted or signed with.
	Text string
	// Attachments are files that came with it, not small pictures within the text.
	Attachments int
	// Unreadable says that a text of it could not be read: its characters are not
	// known, or it is encrypted. Cut says that it is longer than is looked at.
	Unreadable, Cut bool
	// Vouched says that the domain of From signed the mail, so that From is whom
	// it came from.
	Vouched bool
}

// Outcome is what became of an incoming mail.
type Outcome string

// Outcomes. Dropped is answered to nobody: it was not for us, not by a person,
// or one answer too many.
const (
	Stored   Outcome = "stored"
	Repeated Outcome = "repeated"
	Held     Outcome = "held"
	Answered Outcome = "answered"
	Dropped  Outcome = "dropped"
)

// Outcomes are all there are.
func Outcomes() []Outcome { return []Outcome{Stored, Repeated, Held, Answered, Dropped} }

// Why is why a reply was not taken.
type Why string

// Reasons. The keys of the catalogue of words end in them.
const (
	WhyExpired     Why = "expired"  // the address is too old
	WhyTooLong     Why = "too_long" // hub.MaxBody
	WhyEmpty       Why = "empty"
	WhyAttachments Why = "attachments" // nothing but them
	WhySealed      Why = "sealed"
	WhyOff         Why = "off"     // messaging is (R1)
	WhyOut         Why = "out"     // the person is (R24)
	WhyShared      Why = "shared"  // the address may be anybody's (R28)
	WhyWaiting     Why = "waiting" // too many wait to be confirmed already
	WhyUnreadable  Why = "unreadable"
	WhySilent      Why = "silent"  // the mail cannot be replied to
	WhyStray       Why = "stray"   // it came to the address that mails come from
	WhyCrowded     Why = "crowded" // too many within a minute
	// WhyFiles is about a reply that was posted without the files beside its text.
	WhyFiles Why = "files"
)

// Doubt is why a reply waits to be confirmed.
type Doubt string

// Doubts. The keys of the catalogue of words end in them.
const (
	DoubtSender    Doubt = "intro" // nothing vouches that it is from the person
	DoubtAutomatic Doubt = "automatic"
)

// Inbox is the path of the page that lists one's conversations, below the public URL.
const Inbox = "/inbox"

// Answer is a mail to who replied: that the reply was not taken, and why, or,
// where Confirm is set, that it waits for them.
type Answer struct {
	ID       string // of the Message-ID: the same for the same answer
	To       string
	Language string // BCP 47
	District string // its name
	Why      Why
	// InReplyTo is the Message-ID that is answered, empty where it is not fit to
	// be repeated.
	InReplyTo string
	// Again says that further replies that are not taken within the hour are answered
	// by this one.
	Again bool
	// Conversation is its page's path below the public URL; Inbox if it is of none.
	Conversation string
	// Confirm is the path of the page on which a held reply is confirmed, until
	// Until; then Why is empty.
	Confirm string
	Until   time.Time
	Doubt   Doubt
	From    string // where a held reply came from
	Files   bool   // with a held reply came files, which are left out
}
