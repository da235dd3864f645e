package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/static/words"
)

func (s *Site) addressRoutes(get, post func(string, http.HandlerFunc)) {
	post("/preferences/address", s.signedIn(s.requestAddress))
	post("/preferences/address/roster", s.signedIn(s.rosterAddress))
	post("/preferences/address/works", s.signedIn(s.mailboxWorks))
	for _, path := range []string{"/preferences/address", "/preferences/address/roster", "/preferences/address/works"} {
		get(path, s.signedIn(s.backToPreferences))
	}
	get(identity.AddressPath+"{secret}", s.open(s.addressForm))
	post(identity.AddressPath+"{secret}", s.open(s.useAddress))
}

// addressSentPage says what happens next, whoever the address belongs to.
type addressSentPage struct {
	frame
	Address string
}

func (s *Site) requestAddress(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	typed := r.PostForm.Get("address")
	err := s.opts.Identity.RequestAddressChange(r.Context(), v.session, typed, s.opts.ClientIP(r))
	if err == nil {
		p := &addressSentPage{Address: typed}
		p.Title = v.lang.Say("address_sent_title")
		return s.show(w, r, v, http.StatusOK, "addresssent", p)
	}
	return s.refuseAddress(w, r, v, typed, err)
}

// refuseAddress says at the field why an address cannot be, and keeps it.
func (s *Site) refuseAddress(w http.ResponseWriter, r *http.Request, v *visitor, typed string, err error) error {
	p := &preferencesPage{Form: formOf(v)}
	p.Address.Typed = typed
	wrong, ok := s.refusal(r, v.lang, err)
	status := statusOf(err)
	switch {
	case errors.Is(err, identity.ErrSameAddress):
		wrong.Words, status = v.lang.Say("address_same"), http.StatusBadRequest
	case errors.Is(err, identity.ErrAddressTaken):
		wrong.Words, status = v.lang.Say("address_taken"), http.StatusConflict
	case !ok:
		return err
	}
	wrong.Field = "address"
	p.Problems = []problem{wrong}
	return s.showPreferences(w, r, v, status, p)
}

// rosterAddress goes back to the address that the school has.
func (s *Site) rosterAddress(w http.ResponseWriter, r *http.Request, v *visitor) error {
	token, session, err := s.opts.Identity.UseRosterAddress(r.Context(), v.session)
	if errors.Is(err, identity.ErrAddressTaken) {
		return s.refuseAddress(w, r, v, "", err)
	}
	if err != nil {
		return err
	}
	if token != "" {
		s.keepSession(w, token, session)
	}
	s.remind(r.Context(), v)
	s.flash(w, saidAddress, 0)
	http.Redirect(w, r, "/preferences", http.StatusSeeOther)
	return nil
}

func (s *Site) backToPreferences(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	http.Redirect(w, r, "/preferences", http.StatusSeeOther)
	return nil
}

// addressPage has the button that makes an address somebody's, and says so once
// it is.
type addressPage struct {
	frame
	Action, Words string // without Action there is nothing to press
	In            bool   // they are signed in here
}

func (s *Site) addressForm(w http.ResponseWriter, r *http.Request, v *visitor) error {
	secret := mux.Vars(r)["secret"]
	change, err := s.opts.Identity.CheckAddressChange(r.Context(), secret)
	if err != nil {
		return addressLinkError(err)
	}
	lang, err := s.languageFor(r, v, change)
	if err != nil {
		return err
	}
	p := &addressPage{
		Action: identity.AddressPath + url.PathEscape(secret), Words: lang.Say("address_link_words", "address", masked(change.Email)),
	}
	p.Title = lang.Say("address_link_title")
	return s.render(w, r, lang, http.StatusOK, "address", p)
}

func (s *Site) useAddress(w http.ResponseWriter, r *http.Request, v *visitor) error {
	var in identity.Session
	if v != nil && v.session.Person != uuid.Nil {
		in = v.session
	}
	secret := mux.Vars(r)["secret"]
	change, err := s.opts.Identity.CheckAddressChange(r.Context(), secret)
	if err != nil {
		return addressLinkError(err)
	}
	token, session, err := s.opts.Identity.UseAddressChange(r.Context(), secret, in)
	if err != nil {
		return addressLinkError(err)
	}
	if session.Person != uuid.Nil {
		if token != "" {
			s.keepSession(w, token, session)
		}
		s.remind(r.Context(), v)
		s.flash(w, saidAddress, 0)
		http.Redirect(w, r, "/preferences", http.StatusSeeOther)
		return nil
	}
	lang, err := s.languageFor(r, v, change)
	if err != nil {
		return err
	}
	p := &addressPage{Words: lang.Say("address_used_words"), In: v != nil}
	p.Title = lang.Say("address_used_title")
	return s.render(w, r, lang, http.StatusOK, "address", p)
}

// languageFor is the visitor's language, or where nobody is signed in that of
// whose address changes.
func (s *Site) languageFor(r *http.Request, v *visitor, c identity.AddressChange) (*words.Language, error) {
	if v != nil {
		return v.lang, nil
	}
	district, err := s.opts.Roster.District(r.Context(), c.District)
	if err != nil {
		return nil, fmt.Errorf("district: %w", err)
	}
	return s.languageOfReader(r, district, c.Person), nil
}

// addressLinkError tells a link that changes an address from one to sign in.
func addressLinkError(err error) error {
	switch {
	case errors.Is(err, identity.ErrNoLink):
		return errNoAddressLink
	case errors.Is(err, identity.ErrAddressTaken):
		return errAddressTaken
	}
	return err
}
