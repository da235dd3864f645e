package mail

import (
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// Forms returns a letter in each form in which it may have been sent: in all
// languages and at all levels, since neither is kept with a mail. The first is the
// one in which it would be sent now.
func (n *Notices) Forms(l notify.Letter) (forms []Message) {
	add := func(l notify.Letter) {
		if m, err := n.Write(l); err == nil {
			forms = append(forms, m)
		}
	}
	add(l)
	for _, language := range n.Words.Languages() {
		for _, reveals := range []roster.Reveals{roster.RevealsFull, roster.RevealsSubject, roster.RevealsNames, roster.RevealsNeutral} {
			for _, unknown := range []bool{false, true} {
				form := l
				form.Language, form.LanguageUnknown, form.District.Settings.MailReveals = language.Tag, unknown, reveals
				add(form)
			}
		}
	}
	return forms
}
