package web

import (
	"fmt"
	"net/http"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/static/words"
)

// preferencesPage is what one chooses for oneself.
type preferencesPage struct {
	frame
	Form             preferencesForm
	Languages, Zones []optionView
	Mails            string // which mails one gets
	Hours            []optionView
	From, Until      []optionView
	DistrictQuiet    string
	Address          addressView
}

// addressView is where one is reached by e-mail.
type addressView struct {
	Current string
	Whose   string // the school's or one's own choice
	Roster  string // the school's, where one has chosen another
	Typed   string // what stands in the field for a new one
	Fails   *mailboxView
}

func (s *Site) preferences(w http.ResponseWriter, r *http.Request, v *visitor) error {
	return s.showPreferences(w, r, v, http.StatusOK, &preferencesPage{Form: formOf(v)})
}

// showPreferences fills in what the form and the problems of p do not say.
func (s *Site) showPreferences(w http.ResponseWriter, r *http.Request, v *visitor, status int, p *preferencesPage) error {
	p.Title = v.lang.Say("preferences_title")
	p.Languages, p.Zones = s.languages(p.Form.Language), zones(v, p.Form.TimeZone)
	p.Hours, p.From, p.Until = hours(p.Form.DailyAt), clocks(p.Form.QuietFrom), clocks(p.Form.QuietUntil)
	p.DistrictQuiet = v.lang.Say("quiet_district_none")
	if q := v.district.Settings.Quiet; !noQuiet(q) {
		p.DistrictQuiet = v.lang.Say("quiet_district", "from", q.From, "until", q.Until)
	}
	known, err := s.mailboxes(r.Context(), v, v.person.ID)
	if err != nil {
		return err
	}
	p.Mails = mailWords(v, known[v.person.ID])
	if err := s.fillAddress(r, v, &p.Address, known[v.person.ID]); err != nil {
		return err
	}
	return s.show(w, r, v, status, "preferences", p)
}

func (s *Site) fillAddress(r *http.Request, v *visitor, a *addressView, known notify.Address) error {
	chosen, err := s.opts.Identity.ChosenAddress(r.Context(), v.session)
	if err != nil {
		return fmt.Errorf("chosen address: %w", err)
	}
	a.Current, a.Fails = known.Email, mailbox(v, known, "/preferences")
	switch {
	case known.Email == "":
		a.Whose = v.lang.Say("address_none")
	case chosen == "":
		a.Whose = v.lang.Say("address_of_school")
	case v.person.Email == "":
		a.Whose = v.lang.Say("address_chosen_alone")
	default:
		a.Roster = v.person.Email
		a.Whose = v.lang.Say("address_chosen", "address", words.Isolate(a.Roster))
	}
	return nil
}

func (s *Site) savePreferences(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	form := formOf(v).typed(r.PostForm)
	chosen, wrong := form.preferences(s.look.words)
	if len(wrong) > 0 {
		p := &preferencesPage{Form: form}
		for _, err := range wrong {
			said, _ := s.refusal(r, v.lang, err)
			p.Problems = append(p.Problems, said)
		}
		return s.showPreferences(w, r, v, http.StatusBadRequest, p)
	}
	if err := s.opts.Identity.SavePreferences(r.Context(), v.session, chosen); err != nil {
		return err
	}
	s.remind(r.Context(), v)
	s.flash(w, saidPreferences, 0)
	http.Redirect(w, r, "/preferences", http.StatusSeeOther)
	return nil
}
