package mail_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailtest"
)

const link = "https://school.example/sign-in/q1w2e3"

// mailSignIn is what arrives when m is mailed.
func mailSignIn(t *testing.T, m identity.Mail) mailtest.Mail {
	t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	outbox := openOutbox(t)
	signIn, err := mail.NewSignIn(outbox, "Homeline <homeline@school.example>", catalogue)
	if err != nil {
		t.Fatal(err)
	}
	if err := signIn.MailSignIn(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	kept := mailtest.Read(t, os.DirFS(outbox.Dir()))
	if len(kept) != 1 {
		t.Fatalf("%d mails in the outbox", len(kept))
	}
	return kept[0]
}

func signInMail() identity.Mail {
	return identity.Mail{To: "ana@school.example", Language: "en", District: "Lincoln Unified", Link: link, Life: identity.LinkLife}
}

func TestTheSignInMailHasTheLinkAloneOnItsLineAndInItsButton(t *testing.T) {
	kept := mailSignIn(t, signInMail())
	if !strings.Contains(kept.Text, "\n\n"+link+"\n\n") {
		t.Errorf("the text is\n%s", kept.Text)
	}
	if got := strings.Count(kept.HTML, `href="`+link+`"`); got != 2 {
		t.Errorf("the HTML links it %d times:\n%s", got, kept.HTML)
	}
	if kept.To != "ana@school.example" || !kept.Suppresses {
		t.Errorf("it goes to %s, asking for no automatic answer: %t", kept.To, kept.Suppresses)
	}
}

func TestTheSignInMailSaysWhichDistrictItIsForAndHowLongItLasts(t *testing.T) {
	kept := mailSignIn(t, signInMail())
	for _, part := range []string{kept.Text, kept.HTML} {
		for _, want := range []string{"Lincoln Unified", "30 minutes"} {
			if !strings.Contains(part, want) {
				t.Errorf("%q is not in\n%s", want, part)
			}
		}
	}
	if !strings.Contains(kept.Subject, "Lincoln Unified") {
		t.Errorf("the subject is %q", kept.Subject)
	}
}

func TestTheSignInMailSpeaksTheReadersLanguage(t *testing.T) {
	m := signInMail()
	m.Language = "es-MX"
	kept := mailSignIn(t, m)
	if !strings.Contains(kept.HTML, `<html lang="es"`) || !strings.Contains(kept.Text, "30 minutos") {
		t.Errorf("it says\n%s\n%s", kept.Text, kept.HTML)
	}
}

func TestTheSignInEmailIsInAllLanguagesIfTheReadersIsUnknown(t *testing.T) {
	unknown, unspoken := signInMail(), signInMail()
	unknown.LanguageUnknown = true
	unspoken.Language = "vi"
	for _, m := range []identity.Mail{unknown, unspoken} {
		kept := mailSignIn(t, m)
		for _, part := range []string{kept.Text, kept.HTML} {
			en, es := strings.Index(part, "30 minutes"), strings.Index(part, "30 minutos")
			if en < 0 || es < en {
				t.Errorf("English is at %d, Spanish at %d of\n%s", en, es, part)
			}
		}
		if !strings.Contains(kept.Subject, " / ") || strings.Count(kept.Text, link) != 2 {
			t.Errorf("the subject is %q, the text\n%s", kept.Subject, kept.Text)
		}
		if !strings.Contains(kept.HTML, `<html lang="en"`) || !strings.Contains(kept.HTML, `lang="es"`) {
			t.Errorf("the HTML does not name its languages:\n%s", kept.HTML)
		}
	}
}

// placeholder is one that nothing was put at.
var placeholder = regexp.MustCompile(`\{\w+\}`)

func TestEveryWordOfTheSignInMailIsInTheCatalogue(t *testing.T) {
	shared := signInMail()
	shared.Link = ""
	for _, m := range []identity.Mail{signInMail(), shared} {
		for _, language := range []string{"en", "es"} {
			m.Language = language
			kept := mailSignIn(t, m)
			if all := kept.Subject + kept.Text + kept.HTML; strings.Contains(all, "mail_") || placeholder.MatchString(all) {
				t.Errorf("in %s it says\n%s\n%s", language, kept.Subject, kept.Text)
			}
		}
	}
}

func TestAMailToASharedAddressHasNoLink(t *testing.T) {
	m := signInMail()
	m.Link = ""
	kept := mailSignIn(t, m)
	if strings.Contains(kept.Text, "http") || strings.Contains(kept.HTML, "href") {
		t.Errorf("it says\n%s\n%s", kept.Text, kept.HTML)
	}
}

func TestADistrictsNameIsTextInTheMailNotMarkup(t *testing.T) {
	m := signInMail()
	m.District = `<a href="https://elsewhere.example">Lincoln</a>`
	if kept := mailSignIn(t, m); strings.Contains(kept.HTML, "<a href=\"https://elsewhere") {
		t.Errorf("the HTML is\n%s", kept.HTML)
	}
}

func TestAMailLoadsNothingFromAnywhere(t *testing.T) {
	kept := mailSignIn(t, signInMail())
	for _, loads := range []string{"<img", "<link", "src=", "url(", "@import"} {
		if strings.Contains(kept.HTML, loads) {
			t.Errorf("%q is in the HTML", loads)
		}
	}
}

func TestASenderThatIsNoAddressIsRefusedAtTheStart(t *testing.T) {
	var wrong *mail.AddressError
	if _, err := mail.NewSignIn(openOutbox(t), "Homeline", nil); !errors.As(err, &wrong) || wrong.Field != "from" {
		t.Errorf("answered %v", err)
	}
}

func TestAFailingSenderFailsTheSignInMail(t *testing.T) {
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	signIn, err := mail.NewSignIn(openOutbox(t), "homeline@school.example", catalogue)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(context.Background(), time.Now())
	defer cancel()
	if err := signIn.MailSignIn(ctx, signInMail()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("answered %v", err)
	}
}
