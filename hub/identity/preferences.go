package identity

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Preferences are what the session's person chose; empty is not asked yet.
func (s *Service) Preferences(ctx context.Context, session Session) (Preferences, error) {
	return s.store.Preferences(ctx, session.District, session.Person)
}

// SavePreferences keeps them, or answers the first of what Wrong says.
func (s *Service) SavePreferences(ctx context.Context, session Session, p Preferences) error {
	if wrong := p.Wrong(); len(wrong) > 0 {
		return wrong[0]
	}
	if p.Language != "" {
		p.Language = language.MustParse(p.Language).String()
	}
	return s.store.SavePreferences(ctx, session.District, session.Person, p)
}

// SaveHomeLanguages sets what the district knows of the languages that families
// read, and returns the sourcedIds that no person of the district has. It returns
// a *[hub.Error] with CodeInvalid if a language is no BCP 47 tag.
func (s *Service) SaveHomeLanguages(ctx context.Context, district uuid.UUID, languages []HomeLanguage) ([]string, error) {
	for i, l := range languages {
		if !knownLanguage(l.Language) {
			return nil, &hub.Error{Code: hub.CodeInvalid, Field: "language"}
		}
		if l.Language != "" {
			languages[i].Language = language.MustParse(l.Language).String()
		}
	}
	return s.store.SaveHomeLanguages(ctx, district, languages)
}

// Wrong is what cannot be, by field: language, time_zone, mail, daily_at,
// quiet_from, quiet_until.
func (p Preferences) Wrong() []*hub.Error {
	var wrong []*hub.Error
	for _, c := range []struct {
		ok    bool
		field string
	}{
		{knownLanguage(p.Language), "language"},
		{KnownTimeZone(p.TimeZone), "time_zone"},
		{p.Mail == MailOn || p.Mail == MailDaily || p.Mail == MailOff, "mail"},
		{p.DailyAt >= 0 && p.DailyAt <= 23, "daily_at"},
		{p.Quiet == nil || *p.Quiet == roster.Quiet{} || roster.IsClock(p.Quiet.From), "quiet_from"},
		// A span that ends as it begins is none: who wants that says so.
		{p.Quiet == nil || *p.Quiet == roster.Quiet{} || roster.IsClock(p.Quiet.Until) && p.Quiet.Until != p.Quiet.From, "quiet_until"},
	} {
		if !c.ok {
			wrong = append(wrong, &hub.Error{Code: hub.CodeInvalid, Field: c.field})
		}
	}
	return wrong
}

func knownLanguage(tag string) bool {
	if tag == "" {
		return true
	}
	_, err := language.Parse(tag)
	return err == nil
}

// KnownTimeZone says whether name is empty or an IANA zone that this machine
// knows. "Local" is none, nor what some systems keep beside the zones: it would
// be the server's, another on each node.
func KnownTimeZone(name string) bool {
	switch name {
	case "Local", "localtime", "posixrules":
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// StopMail says for a person that they want no mail any more. What else they
// prefer stays. roster.ErrNoPerson for who is not of the district.
func (s *Service) StopMail(ctx context.Context, district, person uuid.UUID) error {
	p, err := s.store.Preferences(ctx, district, person)
	if err != nil {
		return fmt.Errorf("preferences: %w", err)
	}
	if p.Mail == MailOff {
		return nil
	}
	p.Mail, p.DailyAt = MailOff, 0
	return s.store.SavePreferences(ctx, district, person, p)
}
