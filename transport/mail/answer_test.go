package mail_test

import (
	"context"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailtest"
)

var answersNow = time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)

// mailAnswer is what arrives when somebody is answered, with the file it is in.
func mailAnswer(t *testing.T, a replymail.Answer) (mailtest.Mail, string) {
	t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	outbox := openOutbox(t)
	public := &url.URL{Scheme: "https", Host: "school.example"}
	answers, err := mail.NewAnswers(outbox, "Homeline <homeline@mg.school.example>", public, catalogue, func() time.Time { return answersNow })
	if err != nil {
		t.Fatal(err)
	}
	if err := answers.MailAnswer(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	folder := os.DirFS(outbox.Dir())
	kept := mailtest.Read(t, folder)
	if len(kept) != 1 {
		t.Fatalf("%d mails in the outbox", len(kept))
	}
	names, err := os.ReadDir(outbox.Dir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name.Name(), ".eml") {
			raw, err := os.ReadFile(outbox.Dir() + "/" + name.Name())
			if err != nil {
				t.Fatal(err)
			}
			return kept[0], string(raw)
		}
	}
	return kept[0], ""
}

func answerTo(language string, why replymail.Why) replymail.Answer {
	return replymail.Answer{
		ID: "answer.1", To: "rosa@home.example", Language: language, District: "Lincoln Unified", Why: why,
		InReplyTo: "<1@home.example>", Conversation: "/conversations/0199d3a0-0000-7000-8000-000000000001",
	}
}

func TestAnAnswerSaysWhyAReplyWasNotTakenInEveryLanguage(t *testing.T) {
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range catalogue.Languages() {
		said := map[string]replymail.Why{}
		for _, why := range []replymail.Why{
			replymail.WhyExpired, replymail.WhyTooLong, replymail.WhyEmpty, replymail.WhyAttachments,
			replymail.WhySealed, replymail.WhyOff, replymail.WhyOut, replymail.WhyShared, replymail.WhyWaiting,
			replymail.WhyUnreadable, replymail.WhySilent, replymail.WhyStray, replymail.WhyCrowded, replymail.WhyFiles,
		} {
			m, _ := mailAnswer(t, answerTo(lang.Tag, why))
			if other, known := said[m.Text]; known {
				t.Errorf("%s: %s says what %s does", lang.Tag, why, other)
			}
			said[m.Text] = why
			const page = "https://school.example/conversations/0199d3a0-0000-7000-8000-000000000001"
			if linked := strings.Contains(m.Text, "\n"+page+"\n") && strings.Contains(m.HTML, `href="`+page+`"`); linked == (why == replymail.WhyOut) {
				t.Errorf("%s: %s leads to the conversation: %t", lang.Tag, why, linked)
			}
			for what, text := range map[string]string{"subject": m.Subject, "text": m.Text, "HTML": m.HTML} {
				if strings.Contains(text, "mail_answer") || regexp.MustCompile(`\{\w+\}`).MatchString(text) {
					t.Errorf("%s: %s: the %s is not in words: %s", lang.Tag, why, what, text)
				}
			}
		}
	}
}

func TestAnAnswerSaysWhatMoreThereIsToSay(t *testing.T) {
	again := answerTo("en", replymail.WhyEmpty)
	again.Again = true
	elsewhere := answerTo("en", replymail.WhyEmpty)
	elsewhere.From = "rosa@work.example"
	stray := answerTo("en", replymail.WhyStray)
	stray.Conversation = replymail.Inbox
	held := answerTo("en", "")
	held.Confirm, held.Until, held.Doubt, held.From, held.Files = replymail.HeldPath+"s3cret", answersNow.Add(replymail.HeldLife), replymail.DoubtAutomatic, "rosa@work.example", true
	for _, c := range []struct {
		answer replymail.Answer
		says   []string
	}{
		{again, []string{"There was no text", "not answered one by one"}},
		{elsewhere, []string{"It came from rosa@work.example.", "came in your name"}},
		{stray, []string{"Nobody reads the address", "https://school.example/inbox", "Open your inbox"}},
		{answerTo("en", replymail.WhyFiles), []string{"without its files", "were left out"}},
		{held, []string{"automatic answer", "It came from rosa@work.example.", "Files that came with it are left out."}},
	} {
		m, _ := mailAnswer(t, c.answer)
		for _, want := range c.says {
			if !strings.Contains(m.Subject+m.Text, want) || !strings.Contains(m.Subject+m.HTML, want) {
				t.Errorf("%q is not in\n%s\n%s", want, m.Subject, m.Text)
			}
		}
	}
}

func TestNoProgramAnswersAnAnswer(t *testing.T) {
	m, raw := mailAnswer(t, answerTo("en", replymail.WhyEmpty))
	for _, header := range []string{
		"Auto-Submitted: auto-replied\r\n", "X-Auto-Response-Suppress: All\r\n", "In-Reply-To: <1@home.example>\r\n", "References: <1@home.example>\r\n",
	} {
		if !strings.Contains(raw, header) {
			t.Errorf("it lacks %q:\n%s", header, raw)
		}
	}
	if m.To != "rosa@home.example" || m.MessageID != "answer.1@mg.school.example" {
		t.Errorf("it goes to %s as %s", m.To, m.MessageID)
	}
}

func TestAHeldReplysMailLeadsToItsPageAndDoesNotRepeatIt(t *testing.T) {
	for language, want := range map[string]string{"en": "It waits for 3 days.", "es": "Espera 3 días."} {
		a := answerTo(language, "")
		a.Confirm, a.Until = replymail.HeldPath+"s3cret", answersNow.Add(replymail.HeldLife-time.Second)
		m, _ := mailAnswer(t, a)
		if !strings.Contains(m.Text, "\nhttps://school.example/held-replies/s3cret\n") || !strings.Contains(m.HTML, `href="https://school.example/held-replies/s3cret"`) {
			t.Errorf("it does not lead there:\n%s", m.Text)
		}
		if !strings.Contains(m.Text, want) || strings.Contains(m.Text, "/conversations/") {
			t.Errorf("it says\n%s", m.Text)
		}
	}
}
