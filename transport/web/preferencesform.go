package web

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// preferencesForm is what stands in the fields of the page.
type preferencesForm struct {
	Language, TimeZone, Mail, DailyAt, Quiet, QuietFrom, QuietUntil string
}

// What the choices of mail and quiet are called in the form.
const (
	mailOn = "on"

	quietDistrict = "district"
	quietNone     = "none"
	quietOwn      = "own"
)

// What is offered first to who has not chosen.
const (
	usualHour  = 17
	usualFrom  = "21:00"
	usualUntil = "07:00"
)

func formOf(v *visitor) preferencesForm {
	f := preferencesForm{
		Language: v.lang.Tag, TimeZone: v.prefs.TimeZone, Mail: string(v.prefs.Mail), DailyAt: strconv.Itoa(usualHour),
		Quiet: quietDistrict, QuietFrom: usualFrom, QuietUntil: usualUntil,
	}
	if v.prefs.Mail == identity.MailOn {
		f.Mail = mailOn
	}
	if v.prefs.Mail == identity.MailDaily {
		f.DailyAt = strconv.Itoa(v.prefs.DailyAt)
	}
	switch q := v.prefs.Quiet; {
	case q == nil:
	case noQuiet(*q):
		f.Quiet = quietNone
	default:
		f.Quiet, f.QuietFrom, f.QuietUntil = quietOwn, q.From, q.Until
	}
	return f
}

// typed is f with what a form says; what it does not speak of stays.
func (f preferencesForm) typed(form url.Values) preferencesForm {
	for name, field := range map[string]*string{
		"language": &f.Language, "time_zone": &f.TimeZone, "mail": &f.Mail, "daily_at": &f.DailyAt,
		"quiet": &f.Quiet, "quiet_from": &f.QuietFrom, "quiet_until": &f.QuietUntil,
	} {
		if form.Has(name) {
			*field = form.Get(name)
		}
	}
	return f
}

// preferences are those of the form, with the fields that cannot be.
func (f preferencesForm) preferences(known *words.Catalogue) (identity.Preferences, []*hub.Error) {
	p := identity.Preferences{Language: f.Language, TimeZone: f.TimeZone}
	var wrong []*hub.Error
	refuse := func(field string) { wrong = append(wrong, &hub.Error{Code: hub.CodeInvalid, Field: field}) }
	if !known.Has(f.Language) {
		refuse("language")
		p.Language = ""
	}
	switch f.Mail {
	case mailOn:
	case string(identity.MailOff):
		p.Mail = identity.MailOff
	case string(identity.MailDaily):
		hour, err := strconv.Atoi(f.DailyAt)
		if err != nil {
			hour = -1
		}
		p.Mail, p.DailyAt = identity.MailDaily, hour
	default:
		refuse("mail")
	}
	switch f.Quiet {
	case quietDistrict:
	case quietNone:
		p.Quiet = &roster.Quiet{}
	case quietOwn:
		p.Quiet = &roster.Quiet{From: f.QuietFrom, Until: f.QuietUntil}
		if *p.Quiet == (roster.Quiet{}) { // which would be none
			refuse("quiet_from")
		}
	default:
		refuse("quiet")
	}
	return p, append(wrong, p.Wrong()...)
}

// clocks are the times that one may choose from, each half hour, and the one
// that was chosen.
func clocks(chosen string) []optionView {
	var list []optionView
	for hour := range 24 {
		for _, minutes := range []string{"00", "30"} {
			at := clockOf(hour)[:3] + minutes
			list = append(list, optionView{Value: at, Label: at, Selected: at == chosen})
		}
	}
	if roster.IsClock(chosen) && !slices.ContainsFunc(list, func(o optionView) bool { return o.Selected }) {
		list = append(list, optionView{Value: chosen, Label: chosen, Selected: true})
	}
	return list
}

func hours(chosen string) []optionView {
	var list []optionView
	for hour := range 24 {
		value := strconv.Itoa(hour)
		list = append(list, optionView{Value: value, Label: clockOf(hour), Selected: value == chosen})
	}
	return list
}

// radioView is one of the choices of a name.
type radioView struct {
	Name, Value, Label string
	Checked            bool
}

func newRadio(name, value, chosen, label string) radioView {
	return radioView{Name: name, Value: value, Label: label, Checked: value == chosen}
}

// chooseView is a list to choose from, under a label of its own.
type chooseView struct {
	Name    string
	Options []optionView
	Problem problem
}

func newChoose(name string, options []optionView, wrong problem) chooseView {
	return chooseView{name, options, wrong}
}
