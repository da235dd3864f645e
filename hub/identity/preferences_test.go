package identity_test

import (
	"errors"
	"testing"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
)

func TestPreferencesAreEmptyUntilChosenAndThenKept(t *testing.T) {
	s, _, session := signedIn(t)
	if p, err := s.Preferences(ctx, session); err != nil || p != (identity.Preferences{}) {
		t.Errorf("unasked: %+v, %v", p, err)
	}
	want := identity.Preferences{Language: "es-MX", TimeZone: "America/Chicago"}
	if err := s.SavePreferences(ctx, session, want); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Preferences(ctx, session); err != nil || p != want {
		t.Errorf("kept: %+v, %v", p, err)
	}
}

func TestAnUnknownLanguageOrZoneIsRefusedAndNamed(t *testing.T) {
	s, _, session := signedIn(t)
	for field, p := range map[string]identity.Preferences{
		"language":  {Language: "not a language"},
		"time_zone": {TimeZone: "Springfield/Nowhere"},
	} {
		var refused *hub.Error
		if err := s.SavePreferences(ctx, session, p); !errors.As(err, &refused) || refused.Code != hub.CodeInvalid || refused.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if identity.KnownTimeZone("Local") {
		t.Error("the server's own zone passes for one of the reader's")
	}
}
