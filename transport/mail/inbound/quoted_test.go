package inbound

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
)

var testAddresses = replymail.Addresses{Secret: make([]byte, 32), Domain: "reply.school.example"}

// testNotices writes mails as they are sent.
func testNotices(t *testing.T) *mail.Notices {
	t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	n, err := mail.NewNotices(mail.NoticeOptions{
		From: "Lincoln Unified <homeline@mg.school.example>", PublicURL: &url.URL{Scheme: "https", Host: "homeline.school.example"},
		Secret: make([]byte, 32), Words: catalogue, ReplyAddress: testAddresses.Of,
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// writtenLetter is about two messages of a teacher to a parent.
func writtenLetter(reveals roster.Reveals) notify.Letter {
	named := func(given, family string, role roster.Role) roster.Person {
		return roster.Person{ID: uuid.NewSHA1(uuid.Nil, []byte(given)), Given: given, Family: family, Roles: []roster.RoleAt{{Role: role}}}
	}
	carmen, rosa := named("Carmen", "Ortiz", roster.Teacher), named("Rosa", "Vega", roster.Parent)
	at := time.Date(2026, 12, 1, 16, 31, 0, 0, time.UTC)
	c := hub.Conversation{ID: uuid.NewSHA1(uuid.Nil, []byte("trip")), Subject: "Field trip on Friday", StartedBy: carmen.ID, LastSeq: 2}
	part := notify.LetterPart{Conversation: c, Count: 2, Schools: map[uuid.UUID]string{carmen.ID: "Lincoln High School"}}
	part.Conversation.Participants = []hub.Participant{
		{Person: carmen, Ties: []roster.Tie{{Person: carmen.ID, Part: roster.AsTeacher, Detail: "Algebra"}}},
		{Person: rosa, Ties: []roster.Tie{{Person: rosa.ID, Part: roster.AsGuardian, Detail: "parent"}}},
	}
	for i, body := range []string{
		"Dear family,\n\nplease sign the form by Thursday, and tell me yes or no.\nThe bus leaves at 7:45: https://docs.example/bus\n\nCarmen Ortiz",
		"One more thing: he needs a warm coat, a packed lunch that needs no fridge, and a bottle of water; please write his name on all of them, since last year we had three of each left.",
	} {
		part.Messages = append(part.Messages, hub.Message{
			Conversation: c.ID, Seq: int64(i + 1), Sender: carmen.ID, SentAt: at.Add(time.Duration(i) * time.Minute), Body: body,
		})
	}
	settings := roster.DefaultSettings()
	settings.MailReveals = reveals
	return notify.Letter{
		Mail: uuid.MustParse("01a23272-b15d-7a72-b92c-88e77829078e"), Reader: rosa, To: "rosa@example.org", Language: "en", Location: time.UTC,
		District: roster.District{ID: uuid.NewSHA1(uuid.Nil, []byte("district")), Slug: "lincoln", Name: "Lincoln Unified School District", Settings: settings},
		Now:      at.Add(15 * time.Minute), Parts: []notify.LetterPart{part},
	}
}

// markedBelow are announcements above a quotation whose lines are marked, as the
// common programs write them.
var markedBelow = []string{
	"On Tue, Dec 1, 2026 at 11:32 AM NAME <ADDR> wrote:",
	"El mar, 1 dic 2026 a las 11:32, NAME (<ADDR>) escribió:",
	"Vào Th 3, 1 thg 12, 2026 vào lúc 11:32 NAME <ADDR> đã viết:",
	"NAME <ADDR> 于2026年12月1日周二 11:32写道：",
	"NAME <ADDR> 於 2026年12月1日 週二 上午11:32寫道：",
	"2026년 12월 1일 (화) 오전 11:32, NAME <ADDR>님이 작성:",
	"2026年12月1日(火) 11:32 NAME <ADDR>:",
	"Noong Mar, Dis 1, 2026 nang 11:32 AM, sinulat ni NAME <ADDR> ang:",
	"मंगल, 1 दिस॰ 2026 को 11:32 am बजे को NAME <ADDR> ने लिखा:",
	"در تاریخ سه\u200cشنبه ۱ دسامبر ۲۰۲۶ ساعت ۱۱:۳۲ NAME <ADDR> نوشت:",
	"\u202bבתאריך יום ג׳, 1 בדצמ׳ 2026 ב-11:32 מאת \u202aNAME\u202c\u200f <\u202aADDR\u202c\u200f>:\u202c",
	"NAME <ADDR>, 1 Ara 2026 Sal, 11:32 tarihinde şunu yazdı:",
	"În mar., 1 dec. 2026 la 11:32, NAME <ADDR> a scris:",
	"Στις Τρί 1 Δεκ 2026 στις 11:32 π.μ., ο χρήστης NAME <ADDR> έγραψε:",
	"ในวันที่ อ. 1 ธ.ค. 2026 เวลา 11:32 NAME <ADDR> เขียนว่า:",
	"NAME <ADDR> ማክሰኞ፣ 1 ዲሴምበር 2026 11:32 ላይ ጽፏል፦",
	"Le mar. 1 déc. 2026 à 11:32, NAME <ADDR> a écrit :",
	"Am Di., 1. Dez. 2026 um 11:32 Uhr schrieb NAME <ADDR>:",
	"вт, 1 дек. 2026 г. в 11:32, NAME <ADDR>:",
	"wt., 1 gru 2026 o 11:32 NAME <ADDR> napisał(a):",
	"في الثلاثاء، ١ ديسمبر ٢٠٢٦ في ١١:٣٢ ص تمت كتابة ما يلي بواسطة NAME <ADDR>:",
	"On 12/1/26 11:32, NAME wrote:",
	"On Dec 1, 2026, at 11:32 AM, NAME <ADDR> wrote:",
	"",
}

// unmarkedBelow are those above a quotation without marks.
var unmarkedBelow = []string{
	"________________________________\nFrom: NAME <ADDR>\nSent: Tuesday, December 1, 2026 11:32 AM\nTo: Rosa Vega <rosa@example.org>\nSubject: SUBJECT",
	"________________________________\nFrom: NAME\nSent: Tuesday, December 1, 2026 11:32 AM\nTo: Rosa Vega\nSubject: SUBJECT",
	"De: NAME <ADDR>\nEnviado el: martes, 1 de diciembre de 2026 11:32\nPara: Rosa Vega\nAsunto: SUBJECT",
	"寄件者: NAME <ADDR>\n寄件日期: 2026年12月1日 上午 11:32\n收件者: Rosa Vega\n主旨: SUBJECT",
	"发件人：NAME <ADDR>\n发送时间：2026年12月1日 11:32\n收件人：Rosa Vega\n主题：SUBJECT",
	"보낸 사람: NAME <ADDR>\n보낸 날짜: 2026년 12월 1일 화요일 오전 11:32\n받는 사람: Rosa Vega\n제목: SUBJECT",
	"من: NAME <ADDR>\nتم الإرسال: الثلاثاء، ١ ديسمبر ٢٠٢٦ ١١:٣٢ ص\nإلى: Rosa Vega\nالموضوع: SUBJECT",
	"От: NAME <ADDR>\nОтправлено: 1 декабря 2026 г. 11:32\nКому: Rosa Vega\nТема: SUBJECT",
	"Від: NAME <ADDR>\nНадіслано: 1 грудня 2026 р. 11:32\nКому: Rosa Vega\nТема: SUBJECT",
	"Od: NAME <ADDR>\nWysłane: wtorek, 1 grudnia 2026 11:32\nDo: Rosa Vega\nTemat: SUBJECT",
	"Từ: NAME <ADDR>\nĐã gửi: Thứ Ba, 1 tháng 12, 2026 11:32 SA\nĐến: Rosa Vega\nChủ đề: SUBJECT",
	"-------- Original message --------\nFrom: NAME <ADDR>\nDate: 12/1/26 11:32 AM (GMT-05:00)\nTo: rosa@example.org\nSubject: SUBJECT",
	"-------- 원본 메시지 --------\n발신: NAME <ADDR>\n날짜: 2026/12/01 오전 11:32 (GMT-05:00)\n수신: rosa@example.org\n제목: SUBJECT",
	"    On Tuesday, December 1, 2026 at 11:32:33 AM EST, NAME <ADDR> wrote:  \n ",
	"    Vào 11:32:33 EST Thứ Ba, 1 tháng 12, 2026, NAME <ADDR> đã viết:  \n ",
	"    在 2026年12月1日星期二 11:32:33 EST，NAME <ADDR> 写道：  \n ",
	"On Tue, Dec 1, 2026, at 11:32 AM, NAME wrote:",
	"---- On Tue, 01 Dec 2026 11:32:50 -0500 NAME <mailto:ADDR> wrote ----",
	"---- On Tue, 01 Dec 2026 11:32:50 -0500 ADDR wrote ----",
	"",
}

// quoting is a mail of ours as a program quotes it.
type quoting struct {
	name, announced, mark string
	width                 int // at which lines are broken; 0: nowhere
}

func quotings() (all []quoting) {
	for i, a := range markedBelow {
		all = append(all, quoting{fmt.Sprint("marked ", i), a, "> ", 0}, quoting{fmt.Sprint("marked and wrapped ", i), a, "> ", 72})
		if strings.Contains(a, "Dec 1, 2026, at") { // Apple's is marked as well
			all = append(all, quoting{"Apple", "> " + a + "\n> ", "> ", 0})
		}
	}
	for i, a := range unmarkedBelow {
		all = append(all, quoting{fmt.Sprint("unmarked ", i), a, "", 0}, quoting{fmt.Sprint("unmarked and wrapped ", i), a, "", 72})
	}
	return all
}

// of returns what a program makes of a text of ours.
func (q quoting) of(m mail.Message, address, text string) (announced string, lines []string) {
	announced = strings.NewReplacer("NAME", "Lincoln Unified", "ADDR", address, "SUBJECT", m.Subject).Replace(q.announced)
	if q.width > 0 && !strings.Contains(announced, "\n") {
		announced = strings.Join(wrap(announced, q.width), "\n")
	}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		for _, part := range wrap(line, q.width) {
			lines = append(lines, strings.TrimRight(q.mark+part, " "))
		}
	}
	return announced, lines
}

// wrap breaks a line at spaces where it is longer than that.
func wrap(line string, width int) (lines []string) {
	if width == 0 {
		return []string{line}
	}
	words := strings.Split(line, " ")
	line = words[0]
	for _, word := range words[1:] {
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines, line = append(lines, line), word
			continue
		}
		line += " " + word
	}
	return append(lines, line)
}

// readingOf knows a letter in all its forms.
func readingOf(t *testing.T, letter notify.Letter) *reading {
	t.Helper()
	n := testNotices(t)
	var forms []string
	for _, form := range n.Forms(letter) {
		forms = append(forms, form.Text, textOf(form.HTML))
	}
	return newReading(n.Words, []string{"homeline@mg.school.example", "homeline.school.example"}, "Lincoln Unified").of(forms...)
}

// TestTheMarkerStandsOnceAndIsKnownInEveryLanguage holds both parts of a mail.
func TestTheMarkerStandsOnceAndIsKnownInEveryLanguage(t *testing.T) {
	n := testNotices(t)
	known := newLayout(n.Words)
	for _, unknown := range []bool{false, true} {
		for _, language := range n.Words.Languages() {
			l := writtenLetter(roster.RevealsFull)
			l.Language, l.LanguageUnknown = language.Tag, unknown
			m, err := n.Write(l)
			if err != nil {
				t.Fatal(err)
			}
			for part, text := range map[string]string{"text": m.Text, "HTML": textOf(m.HTML)} {
				found := 0
				for line := range strings.SplitSeq(text, "\n") {
					for _, mark := range []string{"", "> ", ">> *"} {
						found += known.marker([]string{mark + line})
					}
				}
				if found != 3 {
					t.Errorf("%s, %s: the marker is found %d times in\n%s", language.Tag, part, found, text)
				}
			}
		}
	}
	for _, line := range []string{"Reply above this line", "reply above this line, please", "- reply above this line"} {
		if known.marker([]string{line}) > 0 {
			t.Errorf("%q is a person's", line)
		}
	}
}

// TestAnAnswerIsKeptWhereverItStandsInAQuotation puts answers, some of them words of
// our own mail, below each line of what is quoted.
func TestAnAnswerIsKeptWhereverItStandsInAQuotation(t *testing.T) {
	letter := writtenLetter(roster.RevealsFull)
	r := readingOf(t, letter)
	sent, err := testNotices(t).Write(letter)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []quoting{{"marked", markedBelow[0], "> ", 0}, {"unmarked", unmarkedBelow[0], "", 72}, {"not announced", "", "", 0}} {
		for part, text := range map[string]string{"text": sent.Text, "HTML": textOf(sent.HTML)} {
			announced, lines := q.of(sent, "homeline@mg.school.example", text)
			for _, answer := range []string{"yes", "Yes, please sign the form", "No.", "Thursday", "> he is ill", "7:45 is too early for us, sorry", "-- Rosa", "Carmen: thank you!"} {
				for at := range len(lines) + 1 {
					mail := announced + "\n\n" + strings.Join(lines[:at], "\n") + "\n" + answer + "\n" + strings.Join(lines[at:], "\n")
					if got := r.visible(mail); !strings.Contains("\n"+got+"\n", "\n"+answer+"\n") {
						t.Errorf("%s, %s: below line %d %q, %q is lost in %q", q.name, part, at, lines[max(0, at-1)], answer, got)
					}
				}
			}
		}
	}
}

// TestWhateverProgramQuotesOurMailNothingButTheAnswerIsPosted has every program quote
// a mail that was really sent, at every level that it may be sent at, in both of its
// parts, with an answer above, below, and within.
func TestWhateverProgramQuotesOurMailNothingButTheAnswerIsPosted(t *testing.T) {
	const (
		above = "Yes, he may. From: Rosa\n> and his sister?"
		below = "And please call me:\n-- or write."
	)
	n := 0
	for _, level := range []roster.Reveals{roster.RevealsNames, roster.RevealsSubject, roster.RevealsFull} {
		letter := writtenLetter(level)
		letter.LanguageUnknown = level == roster.RevealsSubject
		sent, err := testNotices(t).Write(letter)
		if err != nil {
			t.Fatal(err)
		}
		r := readingOf(t, letter)
		for _, q := range quotings() {
			for _, address := range []string{"homeline@mg.school.example", testAddresses.Of(letter)} {
				for part, text := range map[string]string{"text": sent.Text, "HTML": textOf(sent.HTML)} {
					announced, lines := q.of(sent, address, text)
					whole, middle := strings.Join(lines, "\n"), len(lines)/2
					for where, c := range map[string]struct{ mail, want string }{
						"above":           {above + "\n\n" + announced + "\n\n" + whole, above},
						"right above":     {"Yes.\n" + announced + "\n" + whole, "Yes."},
						"below":           {announced + "\n" + whole + "\n\n" + below, below},
						"above and below": {above + "\n\n" + announced + "\n\n" + whole + "\n\n" + below, above + "\n\n" + below},
						"within":          {announced + "\n\n" + strings.Join(lines[:middle], "\n") + "\n\nThat is fine.\n\n" + strings.Join(lines[middle:], "\n"), "That is fine."},
					} {
						if announced == "" && where != "above" && where != "above and below" && where != "below" {
							continue
						}
						n++
						got := r.visible(c.mail)
						if where == "within" { // with the words that it answers, where these are a message's
							got = withoutContext(got)
						}
						if got != c.want {
							t.Errorf("%s, %s, %s, %s, %s: read\n%q\nwant\n%q\nof\n%s", level, q.name, address[:5], part, where, got, c.want, c.mail)
						}
					}
				}
			}
		}
	}
	t.Logf("%d replies are read", n)
}

// TestOfAReplyInHTMLAloneNothingButTheAnswerIsPosted has programs put our HTML into
// theirs.
func TestOfAReplyInHTMLAloneNothingButTheAnswerIsPosted(t *testing.T) {
	for _, level := range []roster.Reveals{roster.RevealsNames, roster.RevealsSubject, roster.RevealsFull} {
		letter := writtenLetter(level)
		r := readingOf(t, letter)
		sent, err := testNotices(t).Write(letter)
		if err != nil {
			t.Fatal(err)
		}
		_, ours, _ := strings.Cut(sent.HTML, "<body")
		ours, _, _ = strings.Cut("<div"+ours, "</body>")
		for name, around := range map[string]string{
			"Gmail":        `<div dir="ltr">ABOVE</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Dec 1, 2026 at 11:32 AM Lincoln Unified &lt;<a href="mailto:homeline@mg.school.example">homeline@mg.school.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote">OURS</blockquote></div>BELOW`,
			"Outlook":      `<div>ABOVE</div><hr><div id="divRplyFwdMsg"><font><b>From:</b> Lincoln Unified &lt;homeline@mg.school.example&gt;<br><b>Sent:</b> Tuesday, December 1, 2026 11:32 AM<br><b>To:</b> Rosa<br><b>Subject:</b> x</font></div>OURS<div>BELOW</div>`,
			"Outlook, ru":  `<p>ABOVE</p><div><p><b>От:</b> Lincoln Unified<br><b>Отправлено:</b> 1 декабря 2026 г. 11:32<br><b>Кому:</b> Rosa<br><b>Тема:</b> x</p></div>OURS<p>BELOW</p>`,
			"Yahoo":        `<div>ABOVE</div><div id="yahoo_quoted"><div>On Tuesday, December 1, 2026 at 11:32:33 AM EST, Lincoln Unified &lt;homeline@mg.school.example&gt; wrote:</div><div>OURS</div></div>BELOW`,
			"Apple":        `ABOVE<br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On Dec 1, 2026, at 11:32 AM, Lincoln Unified &lt;homeline@mg.school.example&gt; wrote:<br><br></blockquote></div><blockquote type="cite">OURS</blockquote>BELOW`,
			"nothing said": `<p>ABOVE</p>OURS<p>BELOW</p>`,
		} {
			for _, c := range [][2]string{{"Yes, at 5.", ""}, {"", "No, he is ill."}, {"Yes.", "And call me."}} {
				html := strings.NewReplacer("ABOVE", c[0], "BELOW", c[1], "OURS", ours).Replace(around)
				want := strings.TrimSpace(c[0] + "\n\n" + c[1])
				if got := r.visible(textOf(html)); got != want {
					t.Errorf("%s, %s: read\n%q\nwant\n%q", level, name, got, want)
				}
			}
		}
	}
}

func withoutContext(text string) string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, ">") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}
