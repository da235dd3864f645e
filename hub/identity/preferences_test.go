package identity_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

func TestPreferencesAreEmptyUntilChosenAndThenKept(t *testing.T) {
	s, _, session := signedIn(t)
	if p, err := s.Preferences(ctx, session); err != nil || p != (identity.Preferences{}) {
		t.Errorf("unasked: %+v, %v", p, err)
	}
	want := identity.Preferences{
		Language: "es-MX", TimeZone: "America/Chicago", Mail: identity.MailDaily, DailyAt: 7, Quiet: &roster.Quiet{From: "22:00", Until: "06:30"},
	}
	if err := s.SavePreferences(ctx, session, want); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Preferences(ctx, session); err != nil || !reflect.DeepEqual(p, want) {
		t.Errorf("kept: %+v, %v", p, err)
	}
}

func TestAPreferenceThatCannotBeIsRefusedAndNamed(t *testing.T) {
	s, _, session := signedIn(t)
	for field, p := range map[string]identity.Preferences{
		"language":    {Language: "not a language"},
		"time_zone":   {TimeZone: "Springfield/Nowhere"},
		"mail":        {Mail: "hourly"},
		"daily_at":    {Mail: identity.MailDaily, DailyAt: 24},
		"quiet_from":  {Quiet: &roster.Quiet{From: "9 pm", Until: "07:00"}},
		"quiet_until": {Quiet: &roster.Quiet{From: "21:00", Until: "21:00"}},
	} {
		var refused *hub.Error
		if err := s.SavePreferences(ctx, session, p); !errors.As(err, &refused) || refused.Code != hub.CodeInvalid || refused.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, name := range []string{"Local", "localtime", "posixrules"} {
		if identity.KnownTimeZone(name) {
			t.Errorf("%s is a zone", name)
		}
	}
}

func TestAllThatCannotBeIsSaidAtOnce(t *testing.T) {
	p := identity.Preferences{TimeZone: "Nowhere", DailyAt: -1, Quiet: &roster.Quiet{From: "x", Until: "y"}}
	var fields []string
	for _, wrong := range p.Wrong() {
		fields = append(fields, wrong.Field)
	}
	if want := []string{"time_zone", "daily_at", "quiet_from", "quiet_until"}; !slices.Equal(fields, want) {
		t.Errorf("%q, want %q", fields, want)
	}
	if wrong := (identity.Preferences{Quiet: &roster.Quiet{}}).Wrong(); len(wrong) != 0 {
		t.Errorf("no quiet hours are refused: %v", wrong)
	}
}

func TestWhoWantsNoMoreMailKeepsWhatElseTheyChose(t *testing.T) {
	s, _, session := signedIn(t)
	want := identity.Preferences{Language: "es", Mail: identity.MailDaily, DailyAt: 7, Quiet: &roster.Quiet{}}
	if err := s.SavePreferences(ctx, session, want); err != nil {
		t.Fatal(err)
	}
	want.Mail, want.DailyAt = identity.MailOff, 0
	for range 2 {
		if err := s.StopMail(ctx, session.District, session.Person); err != nil {
			t.Fatal(err)
		}
		if p, err := s.Preferences(ctx, session); err != nil || !reflect.DeepEqual(p, want) {
			t.Errorf("afterwards %+v, %v", p, err)
		}
	}
	if err := s.StopMail(ctx, session.District, uuid.New()); !errors.Is(err, roster.ErrNoPerson) {
		t.Errorf("of nobody: %v", err)
	}
}
