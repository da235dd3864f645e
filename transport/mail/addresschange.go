package mail

import (
	"context"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/static/words"
)

// MailAddress writes one mail about somebody's change of address and sends it.
func (s *SignIn) MailAddress(ctx context.Context, m identity.AddressMail) error {
	return s.send(ctx, "address", m.To, s.addressPage(m))
}

func (s *SignIn) addressPage(m identity.AddressMail) signInPage {
	lang := s.words.Language(m.Language)
	district := oneLine(m.District, mostName)
	key := "mail_address_" + string(m.Kind) + "_"
	say := func(what string) string { return lang.Say(key+what, "district", words.Isolate(district)) }
	minutes := int64(m.Life.Minutes())
	p := signInPage{
		frame: frame{Language: lang.Tag, Dir: lang.Dir, Place: district, Title: say("subject")},
		Intro: say("intro"), Ignore: say("ignore"),
	}
	switch m.Kind {
	case identity.AddressConfirm:
		p.Button, p.Link, p.LinkHint = say("button"), m.Link, say("hint")
		p.Once = lang.Count("mail_sign_in_once", minutes)
	case identity.AddressAsked:
		p.Intro = lang.Count(key+"intro", minutes, "district", words.Isolate(district))
	}
	p.Heading, p.Preheader = p.Title, p.Once
	return p
}
