package inbound

import (
	"strings"
	"sync"
	"testing"

	"github.com/homeline/homeline/static/words"
)

var layoutOnce = sync.OnceValues(func() (*reading, error) {
	catalogue, err := words.Load()
	if err != nil {
		return nil, err
	}
	return newReading(catalogue, nil, ""), nil
})

// testReading knows addresses and hosts of ours.
func testReading(t *testing.T, ours []string) *reading {
	t.Helper()
	of, err := layoutOnce()
	if err != nil {
		t.Fatal(err)
	}
	return of.knowing(ours, "Lincoln School")
}

// visible is what is read of a reply to a mail that was sent as one of the texts.
func visible(t *testing.T, text string, ours []string, sent ...string) string {
	t.Helper()
	return testReading(t, ours).of(sent...).visible(text)
}

// ours are what our mails name in these tests.
var ours = []string{"mg.school.example", "homeline.school.example"}

// quoted is our mail as mail programs quote it, without marks.
const quoted = `1 new message from Ms Ortiz
Lincoln School

Written Tue 24 Nov, 09:12 CST

Read and reply:

https://homeline.school.example/conversations/0199d3a0-0000-7000-8000-000000000001

You can also reply to this mail. Ms Ortiz will read your reply.

----
Unsubscribe from these mails:

https://homeline.school.example/unsubscribe/c2VjcmV0
`

// behind is a text with a mark before each line.
func behind(mark, text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(mark+line, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// shapes are mails as programs write them, with what the person wrote.
var shapes = map[string]struct{ mail, wrote string }{
	"Gmail": {"Thanks, we will come at 5.\n\nBest,\nRosa\n\nOn Tue, Nov 24, 2026 at 9:12 AM Lincoln School <\nreply-abc@mg.school.example> wrote:\n\n" + behind("> ", quoted),
		"Thanks, we will come at 5.\n\nBest,\nRosa"},
	"Gmail on one line": {"Yes.\n\nOn Tue, Nov 24, 2026, 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n\n" + behind("> ", quoted), "Yes."},
	"Gmail in Spanish": {"Gracias, iremos.\n\nEl mar, 24 nov 2026 a las 9:12, Lincoln School (<reply-abc@mg.school.example>)\nescribió:\n\n" + behind("> ", quoted),
		"Gracias, iremos."},
	"Gmail in Spanish, on one line": {"Sí.\n\nEl mar., 24 de nov. de 2026 9:12 a. m., Lincoln School <homeline@mg.school.example> escribió:\n" + behind("> ", quoted), "Sí."},
	"Gmail with a signature": {"We come.\n\n-- \nRosa Vega\nTel. 555 0100\n\nOn Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n\n" + behind("> ", quoted),
		"We come."},
	"Outlook": {"We will come.\r\n\r\nFrom: Lincoln School <homeline@mg.school.example>\r\nSent: Tuesday, November 24, 2026 9:12 AM\r\nTo: Rosa Vega <rosa@mail.example>\r\nSubject: New message from Ms Ortiz, Lincoln School\r\n\r\n" + strings.ReplaceAll(quoted, "\n", "\r\n"),
		"We will come."},
	"Outlook on the web": {"We will come.\n\nRosa\n________________________________\nFrom: Lincoln School <homeline@mg.school.example>\nSent: Tuesday, November 24, 2026 9:12 AM\nTo: Rosa Vega <rosa@mail.example>\nSubject: New message from Ms Ortiz, Lincoln School\n\n" + quoted,
		"We will come.\n\nRosa"},
	"Outlook that names no address": {"We will come.\n\nFrom: Lincoln School\nSent: Tuesday, November 24, 2026 9:12 AM\nTo: Rosa Vega\nSubject: New message from Ms Ortiz, Lincoln School\n\n" + quoted,
		"We will come."},
	"Outlook in Spanish": {"Iremos.\r\n\r\nDe: Lincoln School <homeline@mg.school.example>\r\nEnviado el: martes, 24 de noviembre de 2026 9:12\r\nPara: Rosa Vega <rosa@mail.example>\r\nAsunto: Mensaje nuevo de Ms Ortiz\r\n\r\n" + quoted,
		"Iremos."},
	"Outlook in Spanish, bold": {"Iremos.\n\n*De:* Lincoln School <homeline@mg.school.example>\n*Enviado:* martes, 24 de noviembre de 2026 9:12\n*Para:* Rosa Vega <rosa@mail.example>\n*Asunto:* Mensaje nuevo\n\n" + quoted,
		"Iremos."},
	"Outlook for iOS": {"See you.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Lincoln School <homeline@mg.school.example>\nSent: Tuesday, November 24, 2026 9:12:00 AM\nTo: Rosa <rosa@mail.example>\nSubject: New message\n\n" + quoted,
		"See you."},
	"Outlook para Android": {"Nos vemos.\n\nObtener Outlook para Android<https://aka.ms/AAb9ysg>\n________________________________\nDe: Lincoln School <homeline@mg.school.example>\nEnviado: martes, 24 de noviembre de 2026 9:12\nPara: Rosa <rosa@mail.example>\nAsunto: Mensaje nuevo\n\n" + quoted,
		"Nos vemos."},
	"iPhone": {"See you then.\n\nSent from my iPhone\n\n> On Nov 24, 2026, at 9:12 AM, Lincoln School <reply-abc@mg.school.example> wrote:\n> \n" + behind("> ", quoted),
		"See you then."},
	"iPhone in Spanish": {"Nos vemos.\n\nEnviado desde mi iPhone\n\n> El 24 nov 2026, a la(s) 9:12 a. m., Lincoln School <reply-abc@mg.school.example> escribió:\n> \n" + behind("> ", quoted),
		"Nos vemos."},
	"Apple Mail": {"See you then.\n\nRosa\n\n> On 24. Nov 2026, at 09:12, Lincoln School <homeline@mg.school.example> wrote:\n> \n" + behind("> ", quoted),
		"See you then.\n\nRosa"},
	"Yahoo": {" Thank you!\n    On Tuesday, November 24, 2026 at 09:12:33 AM CST, Lincoln School <homeline@mg.school.example> wrote:  \n \n " + quoted,
		"Thank you!"},
	"Yahoo on Android":    {"ok\n\nSent from Yahoo Mail on Android\n\n  On Tue, Nov 24, 2026 at 9:12, Lincoln School<homeline@mg.school.example> wrote:   " + quoted, "ok"},
	"Samsung":             {"ok\n\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: Lincoln School <homeline@mg.school.example>\nDate: 11/24/26 9:12 AM (GMT-06:00)\nTo: rosa@mail.example\nSubject: New message\n\n" + quoted, "ok"},
	"Samsung in Spanish":  {"ok\n\nEnviado desde mi Galaxy\n\n\n-------- Mensaje original --------\nDe: Lincoln School <homeline@mg.school.example>\nFecha: 24/11/26 9:12 (GMT-06:00)\nA: rosa@mail.example\nAsunto: Mensaje nuevo\n\n" + quoted, "ok"},
	"Thunderbird":         {"On 11/24/26 09:12, Lincoln School wrote:\n" + behind("> ", quoted) + "\nWe come at 5.\n", "We come at 5."},
	"below the quotation": {"On Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n" + behind("> ", quoted) + "\nWe come at 5.\n\nRosa\n\n-- \nRosa Vega\n", "We come at 5.\n\nRosa"},
	"between the lines": {"On Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n> Can you come at 5?\nYes.\n> Will Leo come?\nNo, he is ill.\n> " + "Bye\n",
		"> Can you come at 5?\nYes.\n> Will Leo come?\nNo, he is ill."},
	"above and between": {"My answers are below.\n\nOn Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n> Can you come at 5?\n\nYes.\n\n> Bye\n",
		"My answers are below.\n\n> Can you come at 5?\n\nYes."},
	"below, announced on two lines": {"On Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example>\nwrote:\n\n> Can you come?\n\nYes.\n", "Yes."},
	"between, announced on two lines": {"El mar, 24 nov 2026 a las 9:12, Lincoln School (<homeline@mg.school.example>)\nescribió:\n\n> ¿Viene?\n\nSí.\n\n> ¿Y Leo?\n\nNo.\n",
		"> ¿Viene?\n\nSí.\n\n> ¿Y Leo?\n\nNo."},
	"nothing quoted":      {"Yes, we will.\n", "Yes, we will."},
	"nothing but a quote": {"On Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n" + behind("> ", quoted), ""},
	"nothing but a phone": {"Sent from my iPhone\n", ""},
}

func TestWhatAPersonWroteIsFoundInWhatTheirProgramSends(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			if got := visible(t, s.mail, ours); got != s.wrote {
				t.Errorf("found\n%q\nwant\n%q", got, s.wrote)
			}
		})
	}
}

// What is sent cannot be taken back, and what is lost is not missed by whoever
// reads it.
func TestNoWordThatAPersonWroteIsLost(t *testing.T) {
	for _, wrote := range []string{
		"Yes please.\nFrom my side that is fine.\nThanks",
		"At lunch he was sick, the nurse said.\nWe keep him home.",
		"Hello,\nOn Friday we cannot come.\nLeo is ill, as the doctor said.\nRosa",
		"Sent by post yesterday.",
		"First part\n---\nSecond part",
		"De: lo que hablamos ayer\nPara: mañana",
		"Hola\nFecha: viernes\nLugar: escuela\nAsunto: la nota",
		"The page https://homeline.school.example/conversations/1 does not open.\nWhat now?",
		"El médico escribió:\nque no venga",
		"On 24 Nov, Dr Hart wrote:\nhe may come back on Monday",
		"Call me\nTel: 555 0100\nDate: any",
	} {
		for quote, below := range map[string]string{
			"nothing quoted": "", "Gmail": "\n\nOn Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n\n" + behind("> ", quoted),
			"Outlook": "\n\n________________________________\nFrom: Lincoln School <homeline@mg.school.example>\nSent: Tuesday, November 24, 2026 9:12 AM\nTo: Rosa <rosa@mail.example>\nSubject: New message\n\n" + quoted,
		} {
			if got := visible(t, wrote+below, ours); got != wrote {
				t.Errorf("%s: of %q there is %q", quote, wrote, got)
			}
		}
	}
}

// A person names our address too: in a list, and in what they pass on that was written
// to us.
func TestWhatNamesOurAddressIsNoAnnouncementUnlessOurMailFollows(t *testing.T) {
	for _, wrote := range []string{
		"I have these addresses:\nOld: rosa@old.example\nSchool: homeline@mg.school.example\nNew: rosa@example.org\nWhich one is right?",
		"I have these addresses:\nOld: rosa@old.example\nSchool: homeline@mg.school.example\nNew: rosa@example.org",
		"From: 8:00\nTo: homeline@mg.school.example\nSubject: x\nThat is what I see.",
		"Name: Leo\nSchool: homeline@mg.school.example\n> is that right?\nThanks",
		"On Monday 11/30/2026 at 10:30 I wrote to <homeline@mg.school.example>:\n> Leo is ill\n> he has fever\nNobody answered.",
		"See below.\n\n---------- Forwarded message ---------\nFrom: Dr Hart <h@x.example>\nDate: Mon, Nov 23, 2026 at 9:00 AM\nSubject: note\nTo: <homeline@mg.school.example>\n\nHe may come back.\n> no sports\n> no milk",
	} {
		for _, below := range []string{"", "\n\nOn Tue, Nov 24, 2026 at 9:12 AM Lincoln School <homeline@mg.school.example> wrote:\n\n" + behind("> ", quoted)} {
			if got := visible(t, wrote+below, ours, quoted); got != wrote {
				t.Errorf("of %q there is %q", wrote, got)
			}
		}
	}
}

// TestHoweverAMailIsWrittenItIsReadWithBoundedWork holds the bound on what is
// compared: a mail of ours that says one word again and again, and a reply that does.
func TestHoweverAMailIsWrittenItIsReadWithBoundedWork(t *testing.T) {
	said := strings.Repeat("> a a a a a a a a a a\n", 300)
	for name, line := range map[string]string{
		"marks": ">>>>", "labels": "De: a@mg.school.example", "dashes": "--", "one word": strings.Repeat("a ", 40) + "b",
		"announcements": "On 24 Nov 2026 at 9:12 x <homeline@mg.school.example> wrote:", "links": "https://homeline.school.example/unsubscribe/" + strings.Repeat("x", 80),
		"long": strings.Repeat("wrote on ", 4_000) + "1:", "digits": strings.Repeat("2", 900) + ":", "ours": "1 new message from x",
	} {
		lines := strings.Split(strings.TrimSuffix(strings.Repeat(line+"\n", min(maxLines, maxText/len(line))), "\n"), "\n")
		q := testReading(t, ours).of(said, quoted).find(lines)
		if used := maxSteps - q.steps; used > maxSteps+maxLines {
			t.Errorf("%s: %d words are compared", name, used)
		}
	}
	if got := visible(t, strings.Repeat(">>>>\n", maxText/5), ours); got != "" && !strings.HasPrefix(got, ">>>>") {
		t.Errorf("of nothing but marks there is %.20q", got)
	}
}

// Whoever has somebody's link ends their mails.
func TestNoLinkThatIsOnePersonsAloneIsSentHoweverItIsQuoted(t *testing.T) {
	const address = "reply-abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvw@reply.school.example"
	token := strings.Repeat("c2VjcmV0", 11)[:tokenLength]
	mail := strings.ReplaceAll(quoted, "c2VjcmV0", token)
	wrapped := strings.ReplaceAll(quoted, "c2VjcmV0", "\n"+token[:70]+"\n"+token[70:])
	for name, text := range map[string]string{
		"an announcement in another language": "Vâng.\n\nVào T3, 24 thg 11, 2026 Lincoln School <" + address + "> đã viết\n\n" + mail,
		"Outlook in another language":         "Да.\n\nОт: Lincoln School <" + address + ">\nОтправлено: 24 ноября 2026 г.\nКому: Rosa\n\n" + mail,
		"answered below":                      mail + "\nYes.",
		"wrapped, and answered below":         wrapped + "\nTomorrow",
		"answered between":                    behind("> ", wrapped[:strings.Index(wrapped, "You can")]) + "Yes.\n" + behind("> ", wrapped[strings.Index(wrapped, "You can"):]) + "Tomorrow",
	} {
		got := visible(t, text, append(ours, "reply.school.example"))
		if strings.Contains(got, token[:10]) || strings.Contains(got, token[70:]) || strings.Contains(got, "abcdefgh") {
			t.Errorf("%s: it says %q", name, got)
		}
		if last := text[strings.LastIndex(text, "\n")+1:]; !strings.Contains(got, last) {
			t.Errorf("%s: %q is lost in %q", name, last, got)
		}
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range shapes {
		f.Add(s.mail)
	}
	f.Fuzz(func(t *testing.T, mail string) { visible(t, mail, ours, quoted) })
}
