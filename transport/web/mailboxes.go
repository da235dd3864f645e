package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/static/words"
)

// Mailboxes knows how the addresses of people take mail; notify.Store says what
// each method does.
type Mailboxes interface {
	Addresses(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]notify.PersonAddress, error)
	MarkAddress(ctx context.Context, district uuid.UUID, email string, s notify.AddressState, now time.Time) error
	Remind(ctx context.Context, district, person uuid.UUID, at time.Time) error
}

// mailboxView tells somebody that their address takes no mail.
type mailboxView struct {
	Words, Button string
	Next          string // where they are
}

// remind has what the visitor has not read mailed as they want it from now on:
// the district's delay later, as after a letter. What they changed is kept
// already, and not worth failing for.
func (s *Site) remind(ctx context.Context, v *visitor) {
	at := s.opts.Now().Add(v.district.Settings.MailDelay())
	if err := s.opts.Mailboxes.Remind(ctx, v.district.ID, v.person.ID, at); err != nil {
		s.opts.Log.ErrorContext(ctx, "what somebody has not read waits for their next letter to be mailed", "error", err)
	}
}

// mailboxes are the addresses of people, in one question.
func (s *Site) mailboxes(ctx context.Context, v *visitor, people ...uuid.UUID) (map[uuid.UUID]notify.Address, error) {
	list, err := s.opts.Mailboxes.Addresses(ctx, v.district.ID, people)
	if err != nil {
		return nil, fmt.Errorf("how addresses take mail: %w", err)
	}
	found := make(map[uuid.UUID]notify.Address, len(list))
	for _, a := range list {
		found[a.Person] = a.Address
	}
	return found, nil
}

// ownMailbox is what a page tells its reader of their own address.
func (s *Site) ownMailbox(r *http.Request, v *visitor) (*mailboxView, error) {
	known, err := s.mailboxes(r.Context(), v, v.person.ID)
	if err != nil {
		return nil, err
	}
	return mailbox(v, known[v.person.ID], nextOf(r)), nil
}

// mailbox is nil where there is nothing to tell. Who wants no mail need not hear
// that a complaint has ended it.
func mailbox(v *visitor, a notify.Address, next string) *mailboxView {
	if a.Email == "" || a.State == notify.AddressFine || a.State == notify.AddressComplained && v.prefs.Mail == identity.MailOff {
		return nil
	}
	key := "mailbox_" + string(a.State)
	return &mailboxView{
		Words: v.lang.Say(key+"_words", "address", words.Isolate(a.Email)), Button: v.lang.Say(key + "_button"), Next: next,
	}
}

// unreached says, in a line for each reason, who of a conversation cannot be
// reached by e-mail. Whether somebody wants mails is for them alone.
func unreached(lang *words.Language, parties []personView, known map[uuid.UUID]notify.Address) []string {
	names := map[string][]string{}
	for _, p := range parties {
		id, err := uuid.Parse(p.ID)
		if err != nil || p.Self || p.Gone {
			continue
		}
		switch a := known[id]; {
		case a.Email == "":
			names["none"] = append(names["none"], words.Isolate(p.Name))
		case a.State != notify.AddressFine:
			names[string(a.State)] = append(names[string(a.State)], words.Isolate(p.Name))
		}
	}
	var lines []string
	for _, why := range []string{string(notify.AddressBounced), string(notify.AddressComplained), "none"} {
		if who := names[why]; len(who) > 0 {
			lines = append(lines, lang.Count("unreached_"+why, int64(len(who)), "names", lang.List(who)))
		}
	}
	return lines
}

// mailboxWorks takes somebody's word that their address works again. A mail
// that comes back once more says otherwise, and harms who sends it: a few times
// a day are enough.
func (s *Site) mailboxWorks(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	if !s.works.Allow(v.person.ID.String()) {
		return &hub.Error{Code: hub.CodeRateLimited}
	}
	known, err := s.mailboxes(r.Context(), v, v.person.ID)
	if err != nil {
		return err
	}
	if email := known[v.person.ID].Email; email != "" {
		if err := s.opts.Mailboxes.MarkAddress(r.Context(), v.district.ID, email, notify.AddressFine, s.opts.Now()); err != nil {
			return fmt.Errorf("an address that works: %w", err)
		}
		s.remind(r.Context(), v)
	}
	s.flash(w, saidMailbox, 0)
	next := identity.LocalPath(r.PostForm.Get("next"))
	if next == "/" {
		next = "/preferences"
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}
