package roster_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

func lincoln() roster.District {
	return roster.District{ID: uuid.New(), Slug: "lincoln", Name: "Lincoln Unified", Settings: roster.DefaultSettings()}
}

func TestADistrictAsItIsMadeCanBe(t *testing.T) {
	if err := lincoln().Check(); err != nil {
		t.Error(err)
	}
}

func TestASettingThatCannotBeIsNamed(t *testing.T) {
	for setting, spoil := range map[string]func(*roster.District){
		"slug":               func(d *roster.District) { d.Slug = "Lincoln Unified" },
		"name":               func(d *roster.District) { d.Name = strings.Repeat("é", 201) },
		"time_zone":          func(d *roster.District) { d.Settings.TimeZone = "Local" },
		"language":           func(d *roster.District) { d.Settings.Language = "" },
		"recipient_limit":    func(d *roster.District) { d.Settings.RecipientLimit = 501 },
		"students_from":      func(d *roster.District) { d.Settings.StudentsFrom = "seventh" },
		"mail_delay_minutes": func(d *roster.District) { d.Settings.MailDelayMinutes = 0 },
		"mail_reveals":       func(d *roster.District) { d.Settings.MailReveals = "everything" },
		"quiet_from":         func(d *roster.District) { d.Settings.Quiet = roster.Quiet{From: "9 pm", Until: "07:00"} },
		"quiet_until":        func(d *roster.District) { d.Settings.Quiet = roster.Quiet{From: "21:00"} },
	} {
		d := lincoln()
		spoil(&d)
		var wrong *roster.SettingError
		if err := d.Check(); !errors.As(err, &wrong) || wrong.Setting != setting {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestASlugIsAWordForCommandsAndAddresses(t *testing.T) {
	for slug, ok := range map[string]bool{
		"lincoln": true, "lincoln-unified-2": true, "7": true,
		"": false, "-lincoln": false, "lincoln-": false, "a--b": false, "a b": false, "../x": false, "é": false,
		strings.Repeat("a", 41): false,
	} {
		d := lincoln()
		d.Slug = slug
		if err := d.Check(); (err == nil) != ok {
			t.Errorf("%q: %v", slug, err)
		}
	}
}

func TestADistrictThatWasKeptBeforeThereWereMailsHasTheirDefaults(t *testing.T) {
	d := lincoln()
	kept := `{"time_zone":"America/Chicago","language":"es","recipient_limit":50,"guardians_always":false,"students_from":""}`
	if err := json.Unmarshal([]byte(kept), &d.Settings); err != nil {
		t.Fatal(err)
	}
	if s := d.Settings; d.Check() != nil || s.MailDelayMinutes != 15 || s.MailReveals != roster.RevealsNames || s.Language != "es" {
		t.Errorf("%+v: %v", s, d.Check())
	}
}
