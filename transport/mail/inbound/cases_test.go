package inbound

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sentNames is the mail that the first cases quote, sentFull that of the later ones,
// as they were sent.
const (
	sentNames = `1 new message from Ms Ortiz
Lincoln School

Written Tue 24 Nov, 09:12 CST

Read and reply:

https://homeline.school.example/conversations/0199d3a0-0000-7000-8000-000000000001

You can also reply to this mail. Ms Ortiz will read your reply.
`
	sentFull = `Field trip on Friday
Lincoln High School

1 new message from Carmen Ortiz

Carmen Ortiz, Tue 1 Dec, 11:31 EST:
> Dear family,
>
> please sign the form by Thursday.
> The bus leaves at 7:45.
>
> Carmen Ortiz

Read and reply:

https://homeline.school.example/conversations/01a23272-b15d-7a72-b92c-88e77829078e

You can also reply to this mail. Carmen Ortiz will read your reply.

----
For Sophie Abbott. You get this mail because somebody wrote to you at Lincoln Unified School District and you have not read it yet.

Get fewer mails, or one a day:

https://homeline.school.example/preferences

Unsubscribe from these mails:

https://homeline.school.example/unsubscribe/AaIycUdMdLy_Jkkbe80XCwGiMnFI7XNduiVrOBFkBHlNM9oQWmAb7zchIZtlfNu3BUir2EcGWnBYhvOaAvSeGw
`
)

// written are the replies of testdata/replies with what their people wrote.
var writtenIn = map[string]string{
	"01-sent-via-mail.txt":               "The form is signed.\n\nSent via mail yesterday, on its way.",
	"02-sent-with-only.txt":              "Sent with Leo today, number of my phone is on it",
	"04-two-dashes.txt":                  "We will come on Friday.\n--\nOne more thing: Leo needs his inhaler at noon.",
	"05-two-dashes-no-quote.txt":         "We will come on Friday.\n--\nOne more thing: Leo needs his inhaler at noon.",
	"07-arrow-list-then-quote.txt":       "He needs at school:\n> inhaler at 10\n> no peanuts",
	"08-doctors-mail-pasted.txt":         "This is what the doctor sent us:\n\n> He may go back on Monday.\n> No sports for two weeks.",
	"10-outlook-answer-below.txt":        "Yes, we come at 5. Leo is allergic to nuts.",
	"11-outlook-above-and-below.txt":     "Hello\n\nYes, we come at 5. Leo is allergic to nuts.",
	"13-gmail-signature-below-quote.txt": "Yes.",
	"14-full-mail-outlook.txt":           "Yes, at 5.",
	"16-outlook-vietnamese.txt":          "Vâng.",
	"17-gmail-vietnamese.txt":            "Vâng.",
	"19-own-from-block.txt":              "Please put this on the list:\n\nFrom: 8:00\nTo: 9:30\nDate: Friday 27 Nov\nSubject: the dentist\n\nI wrote it at homeline.school.example too.",
	// Nothing tells a job and a telephone number that one signs with from those that
	// one wants to be known: they stay.
	"20-signature-plain.txt":             "Yes.\n\nBest regards,\nAna Ruiz\nAccount Manager | Acme Corp\n(555) 010-0100",
	"22-apple-watch.txt":                 "Yes.",
	"23-proton.txt":                      "Yes.",
	"25-iphone-zh.txt":                   "好的",
	"26-iphone-ko.txt":                   "네",
	"28-iphone-ru.txt":                   "Да",
	"29-samsung-en.txt":                  "Yes",
	"31-xfinity.txt":                     "Yes.",
	"32-aol-app.txt":                     "Yes.",
	"34-aol-link.txt":                    "Yes.",
	"35-yahoo-overview.txt":              "Yes.",
	"37-sorry-emoticon.txt":              "Sorry, I forgot\n>_<",
	"38-greater-than.txt":                "The fever is\n> 39 since last night",
	"40-apple-breaks-long-lines.txt":     "Yes.",
	"41-outlook-no-address-full.txt":     "Yes.",
	"43-outlook-no-address-neutral.txt":  "Yes.",
	"44-fastmail-unmarked-full.txt":      "Yes.",
	"46-gmail-interleaved-full.txt":      "> > Dear family,\n\n> > please sign the form by Thursday.\n\nDone!",
	"47-outlook-full-es.txt":             "Sí.",
	"49-yahoo-full-vi.txt":               "Vâng.",
	"50-gmail-sig-below-quote-short.txt": "Yes.\n\nAna Ruiz\nAcme Corp",
	"h1-gmail-html.html":                 "Yes, at 5.",
	"h2-outlook-html.html":               "Yes, at 5.",
	"h3-outlook-html-noaddr.html":        "Yes, at 5.",
	"h4-yahoo-html.html":                 "Yes, at 5.",
	"h5-apple-html.html":                 "Yes, at 5.",
	"h6-outlook-ru-html.html":            "Да.",
}

// TestNothingOfARepliesWordsIsLostAndNothingOfOurMailIsLeft reads each reply as one
// to a mail that is known, and as one to a mail that nobody knows any more.
func TestNothingOfARepliesWordsIsLostAndNothingOfOurMailIsLeft(t *testing.T) {
	files, err := filepath.Glob("testdata/replies/*")
	if err != nil || len(files) != len(writtenIn) {
		t.Fatalf("%d replies, and what was written in %d, %v", len(files), len(writtenIn), err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, name := string(b), filepath.Base(file)
		ways := map[string][]string{"known": {sentFull, sentNames}, "not known": nil}
		if strings.HasSuffix(name, ".html") { // of one that nobody knows too much is kept
			_, sent, _ := strings.Cut(text, `<div style="display:none`)
			text, ways = textOf(text), map[string][]string{"known": {textOf(`<div style="display:none` + sent)}}
		}
		for how, sent := range ways {
			t.Run(name+" "+how, func(t *testing.T) {
				if got := visible(t, text, ours, sent...); got != writtenIn[name] {
					t.Errorf("read\n%q\nwant\n%q", got, writtenIn[name])
				}
			})
		}
	}
}
