package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/replymail"
)

// heldReplyPage shows a reply that came by e-mail, with the button that sends it,
// and says so once it is sent. Whoever has the link may use it: it was mailed to
// the person's own address.
type heldReplyPage struct {
	frame
	Action       string // empty once it is sent
	Words, Text  string
	Until        string
	Conversation string
}

func (s *Site) heldReplyRoutes(get, post func(string, http.HandlerFunc)) {
	if s.opts.Replies == nil {
		return
	}
	get(replymail.HeldPath+"{secret}", s.open(s.heldReplyForm))
	post(replymail.HeldPath+"{secret}", s.open(s.confirmReply))
}

func (s *Site) heldReplyForm(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	secret := mux.Vars(r)["secret"]
	h, err := s.opts.Replies.HeldReply(r.Context(), secret)
	if err != nil {
		return err
	}
	if h.Confirmed {
		return s.replyConfirmed(w, r, h)
	}
	return s.showHeldReply(w, r, http.StatusOK, secret, h, nil)
}

func (s *Site) showHeldReply(w http.ResponseWriter, r *http.Request, status int, secret string, h replymail.HeldReply, refused error) error {
	district, err := s.opts.Roster.District(r.Context(), h.District)
	if err != nil {
		return fmt.Errorf("district: %w", err)
	}
	lang := s.languageOfReader(r, district, h.Person)
	until := lang.Moment(h.ExpiresAt, s.opts.Now(), district.Settings.Location()).Full
	p := &heldReplyPage{
		Action: replymail.HeldPath + url.PathEscape(secret), Text: h.Text,
		Words: lang.Say("held_words", "address", h.From), Until: lang.Say("held_not_yours", "time", until),
	}
	p.Title = lang.Say("held_title")
	if wrong, ok := s.refusal(r, lang, refused); ok {
		p.Problems = []problem{wrong}
	}
	return s.showIn(w, r, lang, status, "heldreply", p)
}

func (s *Site) confirmReply(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	secret := mux.Vars(r)["secret"]
	h, err := s.opts.Replies.Confirm(r.Context(), secret)
	var refused *hub.Error
	switch {
	case errors.As(err, &refused) && refused.Code != hub.CodeNotFound && h.Person != uuid.Nil:
		return s.showHeldReply(w, r, statusOf(err), secret, h, err)
	case err != nil:
		return err
	}
	return s.replyConfirmed(w, r, h)
}

func (s *Site) replyConfirmed(w http.ResponseWriter, r *http.Request, h replymail.HeldReply) error {
	district, err := s.opts.Roster.District(r.Context(), h.District)
	if err != nil {
		return fmt.Errorf("district: %w", err)
	}
	lang := s.languageOfReader(r, district, h.Person)
	p := &heldReplyPage{Words: lang.Say("held_sent_words"), Conversation: "/conversations/" + h.Conversation.String()}
	p.Title = lang.Say("held_sent_title")
	return s.showIn(w, r, lang, http.StatusOK, "heldreply", p)
}
