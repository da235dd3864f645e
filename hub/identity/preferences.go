package identity

import (
	"context"
	"time"

	"golang.org/x/text/language"

	"github.com/homeline/homeline/hub"
)

// Preferences are what the session's person chose; empty is not asked yet.
func (s *Service) Preferences(ctx context.Context, session Session) (Preferences, error) {
	return s.store.Preferences(ctx, session.District, session.Person)
}

// SavePreferences keeps them. *hub.Error with CodeInvalid and the field
// language or time_zone for what is neither empty nor known.
func (s *Service) SavePreferences(ctx context.Context, session Session, p Preferences) error {
	if p.Language != "" {
		tag, err := language.Parse(p.Language)
		if err != nil {
			return &hub.Error{Code: hub.CodeInvalid, Field: "language"}
		}
		p.Language = tag.String()
	}
	if !KnownTimeZone(p.TimeZone) {
		return &hub.Error{Code: hub.CodeInvalid, Field: "time_zone"}
	}
	return s.store.SavePreferences(ctx, session.District, session.Person, p)
}

// KnownTimeZone says whether name is empty or an IANA zone that this machine
// knows. "Local" is none: it would be the server's.
func KnownTimeZone(name string) bool {
	if name == "Local" {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
