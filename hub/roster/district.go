package roster

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// District is one customer: its schools, people and conversations are seen by
// no other district.
type District struct {
	ID       uuid.UUID
	Slug     string // short name for commands and addresses: lower-case letters, digits, hyphens
	Name     string
	Enabled  bool // messaging is switched on (R1)
	Settings Settings
	// RosterVersion grows with every import, bar and change of settings.
	RosterVersion int64
}

// Settings are what a district decides for itself.
type Settings struct {
	TimeZone        string `json:"time_zone"`        // IANA name; default America/New_York
	Language        string `json:"language"`         // BCP 47, of people who chose none; default en
	RecipientLimit  int    `json:"recipient_limit"`  // R7; default 50, from 1 to 500
	GuardiansAlways bool   `json:"guardians_always"` // R27; default off
	StudentsFrom    string `json:"students_from"`    // R27: OneRoster grade (CEDS), empty for all
	// MailDelayMinutes is how long somebody stays unread before they are mailed;
	// default 15, from 1 to 10,080 (a week).
	MailDelayMinutes int     `json:"mail_delay_minutes"`
	MailReveals      Reveals `json:"mail_reveals"` // default names
	// Quiet are the hours in which nobody is mailed who has none of their own.
	Quiet Quiet `json:"quiet"`
}

// Reveals is how much a mail that says that something is unread may say: mail
// is forwarded, and addresses are shared.
type Reveals string

// Each reveals what the one before it does, and more: the school and how many
// messages; which staff wrote, no child, no other family; the subject; the
// messages themselves.
const (
	RevealsNeutral Reveals = "neutral"
	RevealsNames   Reveals = "names"
	RevealsSubject Reveals = "subject"
	RevealsFull    Reveals = "full"
)

// Quiet is a span of the day in the time zone of the reader, from From
// (inclusive) to Until (exclusive), each HH:MM; over midnight where From is the
// later. Both empty, or both the same, is no span.
type Quiet struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// DefaultSettings are those of a new district.
func DefaultSettings() Settings {
	return Settings{TimeZone: "America/New_York", Language: "en", RecipientLimit: 50, MailDelayMinutes: 15, MailReveals: RevealsNames}
}

// UnmarshalJSON leaves the default where a district was kept before there was a
// setting.
func (s *Settings) UnmarshalJSON(b []byte) error {
	type plain Settings
	d := DefaultSettings()
	kept := plain{MailDelayMinutes: d.MailDelayMinutes, MailReveals: d.MailReveals}
	if err := json.Unmarshal(b, &kept); err != nil {
		return err
	}
	*s = Settings(kept)
	return nil
}

// Location is the time zone of the district, UTC where its name is unknown
// (settings are checked when they are set).
func (s Settings) Location() *time.Location {
	loc, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// MailDelay is MailDelayMinutes, or the default where it was never set.
func (s Settings) MailDelay() time.Duration {
	if s.MailDelayMinutes <= 0 {
		return 15 * time.Minute
	}
	return time.Duration(s.MailDelayMinutes) * time.Minute
}

// Today is the day it is in the district at that instant.
func (d District) Today(now time.Time) Date { return DateOf(now.In(d.Settings.Location())) }

// Districts keeps the districts of an installation.
type Districts interface {
	Districts(ctx context.Context) ([]District, error)
	// District returns ErrNoDistrict where there is none of that id.
	District(ctx context.Context, id uuid.UUID) (District, error)
	// CreateDistrict keeps a new one; the slug must be free (ErrSlugTaken).
	CreateDistrict(ctx context.Context, d District) error
	// SaveDistrict changes name, enabled and settings under the exclusive lock
	// of the district and raises its RosterVersion.
	SaveDistrict(ctx context.Context, d District) error
}
