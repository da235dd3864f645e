package web

import "net/http"

type signedOutPage struct{ frame }

func (s *Site) signOut(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if v != nil {
		if err := s.opts.Identity.SignOut(r.Context(), v.session); err != nil {
			return err
		}
	}
	return s.signedOut(w, r, v, saidSignedOut)
}

func (s *Site) signOutEverywhere(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if v == nil {
		s.signInFirst(w, r)
		return nil
	}
	if err := s.opts.Identity.SignOutEverywhere(r.Context(), v.session); err != nil {
		return err
	}
	return s.signedOut(w, r, v, saidSignedOutEverywhere)
}

// signedOut leaves nothing of the person in the browser: what the client kept
// of their letters goes too.
func (s *Site) signedOut(w http.ResponseWriter, r *http.Request, v *visitor, said confirmation) error {
	for _, name := range []string{sessionCookie, flashCookie, keptCookie, lastCookie} {
		s.cookies.drop(w, name)
	}
	w.Header().Set("Clear-Site-Data", `"storage"`)
	lang := s.languageOf(r)
	if v != nil {
		lang = v.lang
	}
	p := &signedOutPage{}
	p.Title, p.Said = lang.Say("signed_out_title"), confirm(lang, said, 0)
	return s.render(w, r, lang, http.StatusOK, "signedout", p)
}
