// Package identity knows who somebody is: sign-in links by mail, sessions, the
// addresses that several people share, and what each prefers.
package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Session is a signed-in browser or client.
type Session struct {
	ID       string // hash of the secret, hex: fit for comparing and for Out events, useless for signing in
	District uuid.UUID
	Person   uuid.UUID // uuid.Nil while one of an address's people is still to be chosen (R28)
	// Address is what was signed in with, empty for sessions that a command
	// made. With it one may change over to another of its people.
	Address string
	// Fixed: another of the address's people has signed out everywhere, or is
	// out, since then. One stays who one is, and changes over by another mail.
	Fixed     bool
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Link is a sign-in link that was mailed. It is used once, by a POST.
type Link struct {
	Hash      [32]byte // SHA-256 of the secret in the link
	District  uuid.UUID
	Address   string
	Next      string // path to land on, checked to be one of ours
	ExpiresAt time.Time
}

// AddressChange is a link that was mailed to an address that somebody wants to
// be theirs.
type AddressChange struct {
	Hash      [32]byte // SHA-256 of the secret in the link
	District  uuid.UUID
	Person    uuid.UUID
	Email     string
	ExpiresAt time.Time
}

// Preferences are what a person chose for themself. Empty means not asked yet;
// the district's setting stands in.
type Preferences struct {
	Language string // BCP 47
	TimeZone string // IANA
	Mail     MailChoice
	DailyAt  int           // the hour of MailDaily, 0 to 23, in one's time zone
	Quiet    *roster.Quiet // one's own quiet hours; nil: those of the district
	// HomeLanguage is what the district knows of the family (BCP 47), empty if it
	// knows nothing. SavePreferences leaves it as it is.
	HomeLanguage string
}

// ReadingLanguage returns the language that the person chose, else the one that
// the district knows, else "".
func (p Preferences) ReadingLanguage() string { return cmp.Or(p.Language, p.HomeLanguage) }

// HomeLanguage is the language that a person reads at home, by the district's
// overlay.
type HomeLanguage struct {
	SourcedID string // of the person
	Language  string // BCP 47; empty takes it back
}

// MailChoice is whether somebody who stays unread wants to be mailed.
type MailChoice string

// MailOn is after the district's delay, MailDaily at one hour of the day.
const (
	MailOn    MailChoice = ""
	MailDaily MailChoice = "daily"
	MailOff   MailChoice = "off"
)

// Errors of the store.
var (
	ErrNoSession = errors.New("no such session, or it has ended")
	// ErrExpired is an ErrNoSession of which it is known that it was one.
	ErrExpired = fmt.Errorf("the session has expired: %w", ErrNoSession)
	ErrNoLink  = errors.New("the link is unknown, used or too old")
)

// Store keeps sessions, links and preferences. Secrets come hashed.
type Store interface {
	// Holders are the people of all districts who have that address, not gone,
	// with whether the district has confirmed them for it. Where messaging is
	// off, one signs in as well: to read (R1).
	Holders(ctx context.Context, address string) ([]Holder, error)
	HoldersIn(ctx context.Context, district uuid.UUID, address string) ([]Holder, error)
	// ConfirmHolder says that a shared address is this person's (R28), and no
	// longer that of whoever was confirmed for it before.
	ConfirmHolder(ctx context.Context, district uuid.UUID, address string, person uuid.UUID) error

	SaveLink(ctx context.Context, l Link) error
	// Link finds a link that can still be used, without using it up.
	Link(ctx context.Context, hash [32]byte, now time.Time) (Link, error)
	// UseLink uses a link up and keeps the session, in one transaction.
	UseLink(ctx context.Context, hash [32]byte, s Session, now time.Time) error

	SaveSession(ctx context.Context, s Session) error
	// Session returns ErrNoSession for the unknown, the expired, and those of
	// people who are out (R24).
	Session(ctx context.Context, id string, now time.Time) (Session, error)
	// SignIns are what Session returns for each of the ids, with the holders of
	// its address as HoldersIn has them. Those without a session are left out;
	// there is no order. It is a fixed number of queries, however many there are.
	SignIns(ctx context.Context, ids []string, now time.Time) ([]SignIn, error)
	// ChoosePerson changes whose session it is.
	ChoosePerson(ctx context.Context, id string, person uuid.UUID) error
	ExtendSession(ctx context.Context, id string, until time.Time) error
	EndSession(ctx context.Context, id string) error
	// EndSessions ends all of a person's, and their links. Sessions of others
	// that were opened with an address of theirs go on, Fixed.
	EndSessions(ctx context.Context, district, person uuid.UUID) error
	// EndAll ends the sessions of all districts, tokens of programs among them,
	// and every link that has not been used: those of a backup may have ended
	// since it was made.
	EndAll(ctx context.Context) (Ended, error)
	// ChosenAddress is the address that somebody chose instead of the roster's,
	// empty where they chose none. Where there is one it is theirs, and the
	// roster's is not, for signing in as for mail.
	ChosenAddress(ctx context.Context, district, person uuid.UUID) (string, error)
	// ChooseAddress sets it, or takes it back where email is empty. No import
	// undoes it. roster.ErrNoPerson where the person is not of the district.
	ChooseAddress(ctx context.Context, district, person uuid.UUID, email string, now time.Time) error

	// SaveAddressChange keeps one that is still to be confirmed.
	SaveAddressChange(ctx context.Context, c AddressChange) error
	// AddressChange finds one that can still be used: ErrNoLink where there is
	// none, also where its person is out (R24).
	AddressChange(ctx context.Context, hash [32]byte, now time.Time) (AddressChange, error)
	// UseAddressChange uses it up with all others of its person, chooses the
	// address and says that it works, in one transaction.
	UseAddressChange(ctx context.Context, hash [32]byte, now time.Time) (AddressChange, error)

	// Sweep removes links that have expired, and sessions that have expired
	// ExpiredKept ago: until then it can be told that they were some.
	Sweep(ctx context.Context, now time.Time) error

	Preferences(ctx context.Context, district, person uuid.UUID) (Preferences, error)
	SavePreferences(ctx context.Context, district, person uuid.UUID, p Preferences) error
	// SaveHomeLanguages sets the home language of each, and returns the sourcedIds
	// that no person of the district has. No import changes what it sets.
	SaveHomeLanguages(ctx context.Context, district uuid.UUID, languages []HomeLanguage) (unknown []string, err error)
}

// SignIn is a session with those who hold its address: none where it has none.
type SignIn struct {
	Session
	Holders []Holder
}

// Ended is how much EndAll ended.
type Ended struct {
	Sessions       int64
	Links          int64 // to sign in
	AddressChanges int64 // that were still to be confirmed
}

// Holder is a person whom an address belongs to.
type Holder struct {
	District  uuid.UUID
	Person    uuid.UUID
	Staff     bool
	Student   bool
	Guardian  bool
	Confirmed bool
}

// Take notes a role that the holder has at school.
func (h *Holder) Take(role roster.Role) {
	h.Staff = h.Staff || role.Staff()
	h.Student = h.Student || role == roster.Student
	h.Guardian = h.Guardian || role.GuardianLike()
}
