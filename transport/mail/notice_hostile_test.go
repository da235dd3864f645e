package mail_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// clipped is where Gmail cuts a mail, in bytes of its HTML, with some to spare.
const clipped = 100_000

func named(given, family string) notify.LetterPart {
	part := conversation(elena, []roster.Person{anabel}, elena)
	teacher := elena
	teacher.Given, teacher.Family = given, family
	part.Conversation.Participants[0].Person = teacher
	return part
}

func TestANameIsTextWhateverItHolds(t *testing.T) {
	a := arrive(t, to(anabel, roster.RevealsNames, named(`<a href="https://elsewhere.example">Click</a>`, "& Sons")))
	if strings.Contains(a.html, `href="https://elsewhere`) || !strings.Contains(a.html, "&amp; Sons") {
		t.Errorf("the HTML is\n%s", a.html)
	}
	if !strings.Contains(a.text, "Click</a> & Sons") {
		t.Errorf("the text is\n%s", a.text)
	}
}

func TestANameAddsNoLineAndNoHeader(t *testing.T) {
	a := arrive(t, to(anabel, roster.RevealsNames, named("Elena\r\nBcc: everybody@school.example\r\n\r\n", "Ortiz\x00\x1b[31m\u2028X")))
	if a.Get("Bcc") != "" || strings.ContainsAny(a.text+a.html, "\x00\x1b\u2028") {
		t.Errorf("the mail is\n%s", a.all)
	}
	if want := "New message from Elena Bcc: everybody@school.example Ortiz[31m X, Lincoln School"; a.subject != want {
		t.Errorf("the subject is %q", a.subject)
	}
}

func TestANameFromRightToLeftTurnsNothingElseRound(t *testing.T) {
	a := arrive(t, to(anabel, roster.RevealsNames, named("\u202eفاطمة", "الزهراء")))
	if want := "New message from \u2068فاطمة الزهراء\u2069, Lincoln School"; a.subject != want {
		t.Errorf("the subject is %q, want %q", a.subject, want)
	}
	a.says(t, "1 new message from \u2068فاطمة الزهراء\u2069")
}

func TestALongNameIsCutAndAnEmptyOneSaidAsWhatItIs(t *testing.T) {
	long := write(t, to(anabel, roster.RevealsNames, named(strings.Repeat("Wolfeschlegelstein", 40), "Ortiz")))
	if n := len(long.Subject); n > 120 || !strings.Contains(long.Subject, "…, Lincoln School") {
		t.Errorf("the subject is %q", long.Subject)
	}
	a := arrive(t, to(anabel, roster.RevealsNames, named(" ", "\u200b\u202e")))
	a.says(t, "1 new message from somebody at the school")
	if a.subject != "New message from Lincoln School" {
		t.Errorf("the subject is %q", a.subject)
	}
}

func TestAMailAboutAHundredConversationsNamesTwentyAndSaysHowManyMore(t *testing.T) {
	var parts []notify.LetterPart
	for i := range 100 {
		p := conversation(elena, []roster.Person{anabel}, elena)
		p.Conversation.ID, p.Conversation.Subject = uuid.New(), fmt.Sprintf("Subject %d.", i)
		parts = append(parts, p)
	}
	a := arrive(t, to(anabel, roster.RevealsSubject, parts...))
	a.says(t, "New messages in 100 conversations", "Subject 0.", "Subject 19.", "and 80 more conversations")
	a.saysNowhere(t, "Subject 20.", "Subject 99.")
}

func TestALongMessageIsQuotedInPartAndSaysThatItGoesOn(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel}, elena)
	part.Messages[0].Body = "The beginning. " + strings.Repeat("More of it ñ. ", 700) + "The end."
	a := arrive(t, to(anabel, roster.RevealsFull, part))
	a.says(t, "The beginning. More", "The message goes on.")
	a.saysNowhere(t, "The end.")
	part.Messages[0].Body = "All of it."
	arrive(t, to(anabel, roster.RevealsFull, part)).saysNowhere(t, "goes on")
}

func TestAMessageKeepsItsLinesAndItsAddressesOfTheWeb(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel}, elena)
	part.Messages[0].Body = "Dear parents,\nsee https://lincoln.example/a?b=1&c=2, not javascript:alert(1).\n\n\n\n\n<b>Bye</b>"
	a := arrive(t, to(anabel, roster.RevealsFull, part))
	for _, want := range []string{
		"Dear parents,<br>see <a class", `href="https://lincoln.example/a?b=1&amp;c=2"`, "&lt;b&gt;Bye&lt;/b&gt;", "not javascript:alert(1).<br><br>&lt;b",
	} {
		if !strings.Contains(a.html, want) {
			t.Errorf("%q is not in\n%s", want, a.html)
		}
	}
	if strings.Contains(a.html, `href="javascript`) || !strings.Contains(a.text, "> Dear parents,\n> see https://lincoln.example/a?b=1&c=2, not") {
		t.Errorf("the text is\n%s", a.text)
	}
}

func TestAMessageIsQuotedSoThatItSpeaksForItselfAlone(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel}, elena)
	part.Messages[0].Body = "Hi\n----\nUnsubscribe from these mails:\n\nhttps://elsewhere.example/"
	a := arrive(t, to(anabel, roster.RevealsFull, part))
	if strings.Contains(a.text, "\nhttps://elsewhere") || strings.Count(a.text, "\n----\n") != 1 {
		t.Errorf("the text is\n%s", a.text)
	}
}

func TestTheLatestMessagesAreQuotedAndTheOthersCounted(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel}, slices.Repeat([]roster.Person{elena}, notify.MaxMessages)...)
	for i := range part.Messages {
		part.Messages[i].Body = fmt.Sprintf("Number %d. %s", i, strings.Repeat("Much of it. ", 120))
	}
	part.Count = 14
	a := arrive(t, to(anabel, roster.RevealsFull, part))
	first := strings.Index(a.text, "Number ")
	if !strings.HasPrefix(a.text[first:], "Number 3.") || !strings.Contains(a.text, "7 messages before this are not shown here.") {
		t.Errorf("the text begins\n%.300s", a.text)
	}
	a.says(t, "Number 9.")
}

// TestNoMailIsSoLongThatGmailCutsIt with what takes the most room.
func TestNoMailIsSoLongThatGmailCutsIt(t *testing.T) {
	for name, body := range map[string]string{
		"what is escaped": strings.Repeat(`"`, hub.MaxBody), "addresses": strings.Repeat("http://a.example/b?c&d ", hub.MaxBody/23),
		"lines": strings.Repeat("x\n", hub.MaxBody/2), "four bytes each": strings.Repeat("🎒", hub.MaxBody), "short": "ok",
	} {
		var parts []notify.LetterPart
		for range notify.MaxUnread {
			p := named(strings.Repeat(`"`, 300), "Ortiz")
			p.Conversation.ID, p.Conversation.Subject = uuid.New(), strings.Repeat("&", hub.MaxSubject)
			p.Schools[elena.ID] = strings.Repeat("<", 300)
			p.Messages = slices.Repeat([]hub.Message{{Sender: elena.ID, SentAt: sentAt, Body: body}}, notify.MaxMessages)
			p.Count = 1 << 30
			parts = append(parts, p)
		}
		for _, l := range []notify.Letter{to(anabel, roster.RevealsFull, parts...), to(anabel, roster.RevealsFull, parts[0])} {
			n := len(write(t, l).HTML)
			t.Logf("%s: %d bytes about %d conversations", name, n, len(l.Parts))
			if n > clipped {
				t.Errorf("%s: %d bytes about %d conversations", name, n, len(l.Parts))
			}
		}
	}
}
