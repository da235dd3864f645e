package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/mail"
)

// unsubscribePath is where the link below each mail leads; the token follows it.
const unsubscribePath = "/unsubscribe/"

// unsubscribePage has the button that ends somebody's mails, and says so once
// they have ended. It says no more of them than their district.
type unsubscribePage struct {
	frame
	Action string // empty once it is done
	Words  string
}

func (s *Site) unsubscribeForm(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	district, person, err := s.unsubscribing(r)
	if err != nil {
		return err
	}
	lang := s.languageOfReader(r, district, person)
	p := &unsubscribePage{
		Action: unsubscribePath + url.PathEscape(mux.Vars(r)["token"]), Words: lang.Say("unsubscribe_words", "district", district.Name),
	}
	p.Title = lang.Say("unsubscribe_title")
	return s.showIn(w, r, lang, http.StatusOK, "unsubscribe", p)
}

// unsubscribe ends somebody's mails, whoever asks and whatever the request says:
// providers of mail send it for their users, without a cookie (RFC 8058).
func (s *Site) unsubscribe(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	district, person, err := s.unsubscribing(r)
	if err != nil {
		return err
	}
	// Who is no longer known gets no mail either.
	if err := s.opts.Identity.StopMail(r.Context(), district.ID, person); err != nil && !errors.Is(err, roster.ErrNoPerson) {
		return fmt.Errorf("unsubscribing: %w", err)
	}
	lang := s.languageOfReader(r, district, person)
	p := &unsubscribePage{Words: lang.Say("unsubscribed_words", "district", district.Name)}
	p.Title = lang.Say("unsubscribed_title")
	return s.showIn(w, r, lang, http.StatusOK, "unsubscribe", p)
}

func (s *Site) unsubscribing(r *http.Request) (d roster.District, person uuid.UUID, err error) {
	id, person, err := mail.ReadUnsubscribeToken(s.opts.LinkSecret, mux.Vars(r)["token"])
	if err != nil {
		return roster.District{}, uuid.Nil, errNoToken
	}
	if d, err = s.opts.Roster.District(r.Context(), id); errors.Is(err, roster.ErrNoDistrict) {
		return roster.District{}, uuid.Nil, errNoToken
	}
	return d, person, err
}
