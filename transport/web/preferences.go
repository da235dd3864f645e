package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
)

// preferencesPage is what one chooses for oneself.
type preferencesPage struct {
	frame
	Languages, Zones []optionView
}

func (s *Site) preferences(w http.ResponseWriter, r *http.Request, v *visitor) error {
	return s.showPreferences(w, r, v, http.StatusOK, v.prefs, nil)
}

func (s *Site) showPreferences(w http.ResponseWriter, r *http.Request, v *visitor, status int, chosen identity.Preferences, wrong []problem) error {
	p := &preferencesPage{Zones: zones(v, chosen.TimeZone)}
	p.Languages = s.languages(v.lang.Tag)
	p.Title, p.Problems = v.lang.Say("preferences_title"), wrong
	return s.show(w, r, v, status, "preferences", p)
}

func (s *Site) savePreferences(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	chosen := v.prefs
	chosen.Language, chosen.TimeZone = r.PostForm.Get("language"), r.PostForm.Get("time_zone")
	err := s.checkedPreferences(r.Context(), v, chosen)
	var refused *hub.Error
	switch {
	case errors.As(err, &refused):
		wrong, _ := refusal(v.lang, refused)
		return s.showPreferences(w, r, v, statusOf(err), v.prefs, []problem{wrong})
	case err != nil:
		return err
	}
	s.flash(w, saidPreferences, 0)
	http.Redirect(w, r, "/preferences", http.StatusSeeOther)
	return nil
}

// checkedPreferences also refuses a language that the catalogue does not hold.
func (s *Site) checkedPreferences(ctx context.Context, v *visitor, p identity.Preferences) error {
	if !s.look.words.Has(p.Language) {
		return &hub.Error{Code: hub.CodeInvalid, Field: "language"}
	}
	return s.opts.Identity.SavePreferences(ctx, v.session, p)
}
