package mail_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailtest"
)

const addressLink = "https://school.example/address/q1w2e3"

// mailAddress is what arrives when a mail about a change of address is sent.
func mailAddress(t *testing.T, kind identity.AddressMailKind, language string) mailtest.Mail {
	t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	outbox := openOutbox(t)
	mailer, err := mail.NewSignIn(outbox, "Homeline <homeline@school.example>", catalogue)
	if err != nil {
		t.Fatal(err)
	}
	m := identity.AddressMail{Kind: kind, To: "ana@new.example", Language: language, District: "Lincoln Unified", Life: identity.AddressChangeLife}
	if kind == identity.AddressConfirm {
		m.Link = addressLink
	}
	if err := mailer.MailAddress(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	kept := mailtest.Read(t, os.DirFS(outbox.Dir()))
	if len(kept) != 1 {
		t.Fatalf("%d mails in the outbox", len(kept))
	}
	return kept[0]
}

func TestTheMailToANewAddressHasTheLinkAndHowLongItLasts(t *testing.T) {
	kept := mailAddress(t, identity.AddressConfirm, "en")
	if !strings.Contains(kept.Text, "\n\n"+addressLink+"\n\n") || strings.Count(kept.HTML, `href="`+addressLink+`"`) != 2 {
		t.Errorf("it says\n%s\n%s", kept.Text, kept.HTML)
	}
	for _, part := range []string{kept.Text, kept.HTML} {
		if !strings.Contains(part, "60 minutes") || !strings.Contains(part, "Lincoln Unified") {
			t.Errorf("it says\n%s", part)
		}
	}
	if kept.To != "ana@new.example" || !kept.Suppresses {
		t.Errorf("it goes to %s, asking for no automatic answer: %t", kept.To, kept.Suppresses)
	}
}

func TestOtherMailsAboutAnAddressHaveNothingToPress(t *testing.T) {
	for _, kind := range []identity.AddressMailKind{identity.AddressTaken, identity.AddressAsked, identity.AddressLeft} {
		if kept := mailAddress(t, kind, "en"); strings.Contains(kept.Text, "http") || strings.Contains(kept.HTML, "href") {
			t.Errorf("%s says\n%s", kind, kept.Text)
		}
	}
}

func TestEveryWordOfTheMailsAboutAnAddressIsInTheCatalogue(t *testing.T) {
	said := map[string]bool{}
	for _, kind := range []identity.AddressMailKind{
		identity.AddressConfirm, identity.AddressTaken, identity.AddressAsked, identity.AddressLeft,
	} {
		for _, language := range []string{"en", "es"} {
			kept := mailAddress(t, kind, language)
			if all := kept.Subject + kept.Text + kept.HTML; strings.Contains(all, "mail_") || placeholder.MatchString(all) {
				t.Errorf("%s in %s says\n%s\n%s", kind, language, kept.Subject, kept.Text)
			}
			if said[kept.Text] {
				t.Errorf("%s in %s says what another says:\n%s", kind, language, kept.Text)
			}
			said[kept.Text] = true
		}
	}
}
