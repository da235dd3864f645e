package web

import (
	"net/http"

	"github.com/homeline/homeline/hub"
)

// welcomePage asks for the language at the first sign-in.
type welcomePage struct {
	frame
	Next      string
	Languages []optionView
}

// optionView is one choice of a list.
type optionView struct {
	Value, Label string
	Selected     bool
}

func (s *Site) languages(current string) []optionView {
	var list []optionView
	for _, l := range s.look.words.Languages() {
		list = append(list, optionView{Value: l.Tag, Label: l.Name, Selected: l.Tag == current})
	}
	return list
}

func (s *Site) welcomeForm(w http.ResponseWriter, r *http.Request, v *visitor) error {
	p := &welcomePage{Next: nextOf(r), Languages: s.languages(v.lang.Tag)}
	p.Title = v.lang.Say("welcome_title")
	return s.show(w, r, v, http.StatusOK, "welcome", p)
}

func (s *Site) welcome(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	chosen := r.PostForm.Get("language")
	if !s.look.words.Has(chosen) {
		return &hub.Error{Code: hub.CodeInvalid, Field: "language"}
	}
	prefs := v.prefs
	prefs.Language = chosen
	if err := s.opts.Identity.SavePreferences(r.Context(), v.session, prefs); err != nil {
		return err
	}
	next := nextOf(r)
	if next == "/" {
		next = v.home()
	}
	http.Redirect(w, r, atNew(next), http.StatusSeeOther)
	return nil
}
