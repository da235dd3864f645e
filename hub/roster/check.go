package roster

import (
	"fmt"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// SettingError is a setting of a district that cannot be.
type SettingError struct {
	Setting string // as in the JSON of Settings; slug or name; quiet_from or quiet_until
	Reason  string
}

// Error names the setting and says what may be.
func (e *SettingError) Error() string { return e.Setting + ": " + e.Reason }

// MaxRecipients is the largest recipient limit of a district, and how many people
// one start may write to over all its conversations (R7).
const MaxRecipients = 500

const (
	maxSlug         = 40
	maxDistrictName = 200
	maxMailDelay    = 7 * 24 * 60 // minutes

	quietReason = "a time of the day such as 21:00; both, or both empty for no quiet hours"
)

var reveals = []Reveals{RevealsNeutral, RevealsNames, RevealsSubject, RevealsFull}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Check says what of a district cannot be, as a *SettingError. It does not know
// which languages there are words for.
func (d District) Check() error {
	s := d.Settings
	_, zoneErr := time.LoadLocation(s.TimeZone)
	for _, c := range []struct {
		ok              bool
		setting, reason string
	}{
		{len(d.Slug) <= maxSlug && slug.MatchString(d.Slug), "slug", fmt.Sprintf("lower-case letters, digits and single hyphens, at most %d", maxSlug)},
		{d.Name != "" && utf8.RuneCountInString(d.Name) <= maxDistrictName, "name", fmt.Sprintf("from 1 to %d characters", maxDistrictName)},
		{s.TimeZone != "" && s.TimeZone != "Local" && zoneErr == nil, "time_zone", "an IANA name such as America/Chicago"},
		{s.Language != "", "language", "a language such as en or es"},
		{s.RecipientLimit >= 1 && s.RecipientLimit <= MaxRecipients, "recipient_limit", fmt.Sprintf("from 1 to %d", MaxRecipients)},
		{s.StudentsFrom == "" || slices.Contains(grades, s.StudentsFrom), "students_from", fmt.Sprintf("a grade: one of %v, or empty for all", grades)},
		{s.MailDelayMinutes >= 1 && s.MailDelayMinutes <= maxMailDelay, "mail_delay_minutes", fmt.Sprintf("from 1 to %d", maxMailDelay)},
		{slices.Contains(reveals, s.MailReveals), "mail_reveals", fmt.Sprintf("one of %v", reveals)},
		{s.Quiet.none() || IsClock(s.Quiet.From), "quiet_from", quietReason},
		{s.Quiet.none() || IsClock(s.Quiet.Until), "quiet_until", quietReason},
	} {
		if !c.ok {
			return &SettingError{Setting: c.setting, Reason: c.reason}
		}
	}
	return nil
}

func (q Quiet) none() bool { return q == Quiet{} }

// IsClock says whether text is a time of the day as HH:MM.
func IsClock(text string) bool {
	t, err := time.Parse("15:04", text)
	return err == nil && t.Format("15:04") == text
}
