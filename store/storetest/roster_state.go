package storetest

import (
	"errors"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

var districtTests = []rosterTest{
	{"districts are kept with their settings", districtsAreKept},
	{"a slug is used once", aSlugIsUsedOnce},
	{"saving a district raises its version", savingRaisesTheVersion},
}

func districtsAreKept(t *testing.T, s roster.Store) {
	d := newDistrict(t, s, "lincoln")
	d.Settings.TimeZone, d.Settings.StudentsFrom, d.Name, d.Enabled = "America/Los_Angeles", "09", "Lincoln Unified", true
	must(t, s.SaveDistrict(t.Context(), d))
	other := newDistrict(t, s, "adams")
	got := given(s.District(t.Context(), d.ID))(t)
	d.RosterVersion = got.RosterVersion
	if got != d {
		t.Errorf("kept %+v, want %+v", got, d)
	}
	if all := given(s.Districts(t.Context()))(t); len(all) != 2 || all[0] != other || all[1] != d {
		t.Errorf("districts by slug: %+v", all)
	}
	unknown := roster.District{ID: newID(), Slug: "nowhere"}
	if _, err := s.District(t.Context(), unknown.ID); !errors.Is(err, roster.ErrNoDistrict) {
		t.Errorf("an unknown district: %v", err)
	}
	if err := s.SaveDistrict(t.Context(), unknown); !errors.Is(err, roster.ErrNoDistrict) {
		t.Errorf("saving an unknown district: %v", err)
	}
}

func aSlugIsUsedOnce(t *testing.T, s roster.Store) {
	newDistrict(t, s, "lincoln")
	err := s.CreateDistrict(t.Context(), roster.District{ID: newID(), Slug: "lincoln"})
	if !errors.Is(err, roster.ErrSlugTaken) {
		t.Errorf("a slug taken: %v", err)
	}
}

func savingRaisesTheVersion(t *testing.T, s roster.Store) {
	d := newDistrict(t, s, "lincoln")
	d.RosterVersion = 99 // is the store's to say
	must(t, s.SaveDistrict(t.Context(), d))
	if got := given(s.District(t.Context(), d.ID))(t); got.RosterVersion != 1 {
		t.Errorf("version %d after the first change, want 1", got.RosterVersion)
	}
}
