package replymailtest

import (
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/schooltest"
)

func TestAReplyByMailLandsAsAnyOtherAndLive(t *testing.T) {
	d := open(t)
	d.comes(d.mail("Yes, he may.\r\nRosa\r\n"), replymail.Stored)
	d.says("Yes, he may.\nRosa")
	d.answered(0)
	if len(d.heard) != 1 || d.heard[0].Conversation != d.conversation || d.heard[0].Message == nil || len(d.heard[0].Audience) != 3 {
		t.Errorf("published: %+v", d.heard)
	}
}

func TestAReplyByMailMovesNoReadMark(t *testing.T) {
	d := open(t)
	d.comes(d.mail("Yes."), replymail.Stored)
	rosa := d.Actor(schooltest.Rosa)
	row, err := d.Store.Row(t.Context(), rosa.District, d.conversation, rosa.Person)
	if err != nil || row.Unread != 1 {
		t.Errorf("she has %d unread, %v: what she answered she may not have seen", row.Unread, err)
	}
}

func TestAMailThatComesAgainIsOneReply(t *testing.T) {
	d := open(t)
	m := d.mail("Yes.")
	d.comes(m, replymail.Stored)
	for range 3 {
		d.comes(m, replymail.Repeated)
	}
	altered := m
	altered.Text = "No."
	d.comes(altered, replymail.Repeated)
	d.comes(d.mail("Yes."), replymail.Stored) // the same words, another mail
	d.says("Yes.", "Yes.")
}

func TestOneMailToTwoConversationsLandsInBoth(t *testing.T) {
	d := open(t)
	second := d.Start(t, "The bus", "When does he come?")
	d.pass(2 * time.Hour)
	other := d.mailed(schooltest.Rosa)
	m := d.mail("At five.")
	d.comes(m, replymail.Stored)
	m.Recipient = other
	d.comes(m, replymail.Stored)
	ana := d.Actor(schooltest.Ana)
	messages, err := d.Store.Messages(t.Context(), ana.District, second, ana.Person, hub.Range{Limit: 50})
	if err != nil || len(messages) != 2 {
		t.Errorf("the second has %+v, %v", messages, err)
	}
}

func TestTheAddressIsRosasHoweverSheWritesIt(t *testing.T) {
	d := open(t)
	m := d.mail("Yes.")
	m.From, m.Recipient = "Rosa@Example.ORG", strings.ToUpper(m.Recipient)
	d.comes(m, replymail.Stored)
	rosa := d.Actor(schooltest.Rosa)
	if err := d.Store.ChooseAddress(t.Context(), rosa.District, rosa.Person, "rosa@new.example", d.clock()); err != nil {
		t.Fatal(err)
	}
	d.comes(d.mail("from the old one"), replymail.Held)
	m = d.mail("from the new one")
	m.From = "rosa@new.example"
	d.comes(m, replymail.Stored)
	if to := d.answered(1).To; to != "rosa@new.example" {
		t.Errorf("it is confirmed at %s", to)
	}
}

func TestWhatCannotBeTakenIsAnsweredOnceAndSaysWhy(t *testing.T) {
	shared := func(d *desk) {
		leo := d.Actor(schooltest.Leo)
		if err := d.Store.ChooseAddress(d.Context(), leo.District, leo.Person, "rosa@example.org", d.clock()); err != nil {
			d.Fatal(err)
		}
	}
	for why, prepare := range map[replymail.Why]func(*desk, *replymail.Incoming){
		replymail.WhyExpired:    func(d *desk, _ *replymail.Incoming) { d.pass(16 * 24 * time.Hour) },
		replymail.WhyTooLong:    func(_ *desk, m *replymail.Incoming) { m.Text = strings.Repeat("ñ", hub.MaxBody+1) },
		replymail.WhyEmpty:      func(_ *desk, m *replymail.Incoming) { m.Text = " \u200b\n\u200c" },
		replymail.WhyUnreadable: func(_ *desk, m *replymail.Incoming) { m.Unreadable = true },
		replymail.WhyAttachments: func(_ *desk, m *replymail.Incoming) {
			m.Text, m.Attachments = "", 1
		},
		replymail.WhySealed: func(d *desk, _ *replymail.Incoming) {
			if _, err := d.hub.Seal(d.Context(), d.Actor(schooltest.Ana), d.conversation, "done"); err != nil {
				d.Fatal(err)
			}
		},
		replymail.WhyOff:    func(d *desk, _ *replymail.Incoming) { d.district(func(c *roster.District) { c.Enabled = false }) },
		replymail.WhyOut:    func(d *desk, _ *replymail.Incoming) { d.leaves(schooltest.Rosa) },
		replymail.WhyShared: func(d *desk, _ *replymail.Incoming) { shared(d) },
	} {
		t.Run(string(why), func(t *testing.T) {
			d := open(t)
			m := d.mail("Yes.")
			prepare(d, &m)
			d.comes(m, replymail.Answered)
			a := d.answered(1)
			if a.Why != why || a.To != "rosa@example.org" || a.Confirm != "" || a.InReplyTo != m.Identity || a.Language != "en" {
				t.Errorf("answered %+v", a)
			}
			d.comes(m, replymail.Dropped)
			d.answered(1)
			d.says()

			stranger := m
			stranger.From, stranger.Identity = "else@mail.example", "<other@mail.example>"
			before := d.Count(replymail.Held)
			if _, err := d.Receive(t.Context(), stranger); err != nil {
				t.Error(err)
			}
			for _, a := range d.answers {
				if a.To != "rosa@example.org" {
					t.Errorf("somebody else learns %+v", a)
				}
			}
			if held := d.Count(replymail.Held) > before; held && (why == replymail.WhyExpired || why == replymail.WhyShared) {
				t.Error("it is held")
			}
		})
	}
}

func TestAnAnswerIsInTheLanguageOfWhoGetsIt(t *testing.T) {
	d := open(t)
	rosa := d.Actor(schooltest.Rosa)
	p, err := d.Store.Preferences(t.Context(), rosa.District, rosa.Person)
	if err != nil {
		t.Fatal(err)
	}
	p.Language = "es"
	if err := d.Store.SavePreferences(t.Context(), rosa.District, rosa.Person, p); err != nil {
		t.Fatal(err)
	}
	d.comes(d.mail(""), replymail.Answered)
	if a := d.answered(1); a.Language != "es" {
		t.Errorf("answered in %s", a.Language)
	}
}

func TestAnAddressIsAnsweredAFewTimesADayAndThenOnceAnHourForAll(t *testing.T) {
	d := open(t)
	d.pass(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour))) // at the full hour
	for range replymail.MaxAnswers {
		d.comes(d.mail(""), replymail.Answered)
		if d.answers[len(d.answers)-1].Again {
			t.Error("it is answered with others")
		}
	}
	m := d.mail("")
	d.comes(m, replymail.Answered)
	if a := d.answered(replymail.MaxAnswers + 1); !a.Again || a.Why != replymail.WhyEmpty {
		t.Errorf("answered %+v", a)
	}
	d.comes(m, replymail.Dropped) // the same again
	for range 20 {
		d.comes(d.mail(""), replymail.Dropped)
	}
	d.comes(d.mail("Yes."), replymail.Stored)
	d.pass(time.Hour)
	d.comes(d.mail(""), replymail.Answered)
	if a := d.answered(replymail.MaxAnswers + 2); !a.Again {
		t.Errorf("answered %+v", a)
	}
	d.pass(24 * time.Hour)
	d.comes(d.mail(""), replymail.Answered)
	if a := d.answered(replymail.MaxAnswers + 3); a.Again {
		t.Errorf("answered %+v", a)
	}
}

func TestNoProgramIsTakenForAPersonOrAnswered(t *testing.T) {
	d := open(t)
	for name, of := range map[string]func(*replymail.Incoming){
		"replied by a program": func(m *replymail.Incoming) { m.Header.Set("Auto-Submitted", "auto-replied; owner-email=x") },
		"made by a program":    func(m *replymail.Incoming) { m.Header.Set("Auto-Submitted", "Auto-Generated") },
		"bulk":                 func(m *replymail.Incoming) { m.Header.Set("Precedence", " Bulk") },
		"of a list":            func(m *replymail.Incoming) { m.Header.Set("List-Id", "<a.b>") },
		"a bounce":             func(m *replymail.Incoming) { m.ReturnPath = "" },
		"a bounce in brackets": func(m *replymail.Incoming) { m.ReturnPath = "<>" },
		"a daemon":             func(m *replymail.Incoming) { m.From = "MAILER-DAEMON@example.org" },
		"a notice come back":   func(m *replymail.Incoming) { m.Header.Set("Message-Id", "<notice.1@"+mailDomain+">") },
		"an answer come back":  func(m *replymail.Incoming) { m.Header.Set("Message-Id", "<answer.1@MG.school.example>") },
		"a receipt": func(m *replymail.Incoming) {
			m.Header.Set("Content-Type", "multipart/report; report-type=disposition-notification; boundary=b")
		},
		"autoreply":           func(m *replymail.Incoming) { m.Header.Set("X-Autoreply", "yes") },
		"out of the office":   func(m *replymail.Incoming) { m.Subject = "Out of Office: The trip" },
		"automatic reply":     func(m *replymail.Incoming) { m.Subject = "Automatic reply: New message from Ms Ortiz" },
		"fuera de la oficina": func(m *replymail.Incoming) { m.Subject = "Respuesta automática: Mensaje nuevo" },
		"an Exchange rule": func(m *replymail.Incoming) {
			m.Header.Set("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent")
		},
		"with a comment":         func(m *replymail.Incoming) { m.Header.Set("Auto-Submitted", "auto-replied (vacation)") },
		"with comments in one":   func(m *replymail.Incoming) { m.Header.Set("Auto-Submitted", "(no) auto-replied (a (long) one") },
		"said twice":             func(m *replymail.Incoming) { m.Header["Auto-Submitted"] = []string{"no", "auto-replied"} },
		"undeliverable":          func(m *replymail.Incoming) { m.Subject = "Undeliverable: New message" },
		"from nobody":            func(m *replymail.Incoming) { m.From = "" },
		"to an address not ours": func(m *replymail.Incoming) { m.Recipient = "reply-x@reply.school.example" },
	} {
		for _, text := range []string{"I am away.", ""} {
			t.Run(name, func(t *testing.T) {
				m := d.mail(text)
				of(&m)
				d.comes(m, replymail.Dropped)
			})
		}
	}
	d.answered(0)
	d.says()
}

func TestAPersonIsNotTakenForAProgram(t *testing.T) {
	d := open(t)
	for _, header := range []textproto.MIMEHeader{
		{"Auto-Submitted": {"no"}}, {"Auto-Submitted": {"no (person)"}}, {"Auto-Submitted": {" No ; x=y"}}, {"Auto-Submitted": {"(by (a) person) no (not (a) program)"}}, {"Precedence": {"normal"}}, {"Message-Id": {"<notice.1@mail.example>"}}, {"Message-Id": {"<1@" + mailDomain + ">"}},
	} {
		d.pass(replymail.PostedWithin)
		m := d.mail("Yes.")
		m.Header = header
		d.comes(m, replymail.Stored)
	}
	d.pass(2 * replymail.PostedWithin)
	m := d.mail("Yes.")
	m.Subject = "Re: Out of office hours on Friday"
	d.comes(m, replymail.Stored)
}

// TestWhoeverIsAwayInAnyLanguageIsNotPosted has the subjects that programs give the
// answers of those who are away, with nothing else that tells them from a person's.
func TestWhoeverIsAwayInAnyLanguageIsNotPosted(t *testing.T) {
	d := open(t)
	for _, subject := range []string{
		"自动回复: Field trip", "自動回覆: Field trip", "自動応答: Field trip", "자동 회신: Field trip", "Trả lời tự động: Field trip", "Tra\u0309 lời tự động: Field trip",
		"Automatisch antwoord: Field trip", "Automatische Antwort: x", "Abwesenheitsnotiz: x", "Réponse automatique : x", "Respuesta automática: x", "Resposta automática: x",
		"Risposta automatica: x", "Automatiskt svar: x", "Autosvar: x", "Automatisk svar: x", "Odpowiedź automatyczna: x", "Автоматический ответ: x", "Автоответ: x",
		"Автоматична відповідь: x", "Otomatik yanıt: x", "رد تلقائي: x", "מענה אוטומטי: x", "Αυτόματη απάντηση: x", "Automatická odpověď: x", "Automatikus válasz: x",
		"Răspuns automat: x", "ตอบกลับอัตโนมัติ: x", "Balasan otomatis: x", "پاسخ خودکار: x", "Out of Office Re: x", "[Auto-Reply] x", "Automaattinen vastaus: x", "부재중: x", "不在通知: x",
	} {
		m := d.mail("x")
		m.Subject = subject
		d.comes(m, replymail.Dropped)
	}
	d.says()
	d.answered(0)
}

// TestWhatMayBeAnAutomaticAnswerWaits: a person may say that they are away.
func TestWhatMayBeAnAutomaticAnswerWaits(t *testing.T) {
	texts := []string{
		"I am out of the office until January 5.", "Hello,\n\nthis is an automatic reply: I am on vacation.", "Thank you for your email. I will be out of the office.",
		"Estoy fuera de la oficina hasta el lunes.", "Ich bin derzeit nicht im Büro.", "Je suis actuellement absente.", "您好，我最近正在休假中，无法亲自回复您的邮件。", "부재중입니다.", "Tôi đang đi nghỉ.",
	}
	for _, text := range texts {
		d := open(t)
		d.comes(d.mail(text), replymail.Held)
		if a := d.answered(1); a.Doubt != replymail.DoubtAutomatic {
			t.Errorf("%q: asked %+v", text, a)
		}
		d.says()
	}
	for _, subject := range []string{"Afwezig: Leo", "Abwesend: Leo", "Message d’absence de Leo", "Ausência temporária do Leo", "Vắng mặt: Leo", "Undelivered lunch money", "Auto: no arranca"} {
		d := open(t)
		m := d.mail("Leo is ill.")
		m.Subject = subject
		d.comes(m, replymail.Held)
		if a := d.answered(1); a.Doubt != replymail.DoubtAutomatic {
			t.Errorf("%q: asked %+v", subject, a)
		}
	}
	for _, text := range []string{"I am away until Jan 5.", "We were out of the office when you called.", "Leo is on vacation with his father.", "Is the office open?"} {
		d := open(t)
		d.comes(d.mail(text), replymail.Stored)
		d.says(text)
	}
}

// TestAProgramThatAnswersWithoutEndIsStopped: each answer is another mail.
func TestAProgramThatAnswersWithoutEndIsStopped(t *testing.T) {
	d := open(t)
	d.pass(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour)))
	outcomes := map[replymail.Outcome]int{}
	for range 120 {
		outcome, err := d.Receive(t.Context(), d.mail("I am away until January 5."))
		if err != nil {
			t.Fatal(err)
		}
		outcomes[outcome]++
	}
	if outcomes[replymail.Stored] != replymail.MaxPosted || outcomes[replymail.Answered] != 1 || outcomes[replymail.Dropped] != 120-replymail.MaxPosted-1 {
		t.Errorf("of 120 replies: %v", outcomes)
	}
	if a := d.answered(1); a.Why != replymail.WhyCrowded || a.To != "rosa@example.org" {
		t.Errorf("answered %+v", a)
	}
	d.pass(replymail.PostedWithin + time.Second)
	d.comes(d.mail("It was my vacation message."), replymail.Stored)
}

func TestAReplyWithFilesIsPostedAndItsSenderToldThatTheyWereLeftOut(t *testing.T) {
	d := open(t)
	m := d.mail("Here is the note of the doctor.")
	m.Attachments = 1
	d.comes(m, replymail.Stored)
	d.comes(m, replymail.Repeated)
	d.says("Here is the note of the doctor.")
	if a := d.answered(1); a.Why != replymail.WhyFiles || a.To != "rosa@example.org" {
		t.Errorf("answered %+v", a)
	}
	held := d.unvouched("Here is another.")
	held.Attachments = 1
	d.comes(held, replymail.Held)
	if a := d.answered(2); !a.Files {
		t.Errorf("answered %+v", a)
	}
}

func TestAReplyWhoseSenderCannotBeReadWaitsForThePersonWhoseAddressItIs(t *testing.T) {
	d := open(t)
	m := d.mail("Yes.")
	m.From, m.FromUnclear, m.Vouched = "", true, false
	d.comes(m, replymail.Held)
	a := d.answered(1)
	if a.To != "rosa@example.org" {
		t.Errorf("it asks %s", a.To)
	}
	if _, err := d.Confirm(t.Context(), d.secretOf(a)); err != nil {
		t.Error(err)
	}
	d.says("Yes.")
}

func TestAReplyToAMailThatCannotBeAnsweredIsAnsweredWithTheWayToTheConversation(t *testing.T) {
	d := open(t)
	mail, _, err := d.Parse(d.to)
	if err != nil {
		t.Fatal(err)
	}
	m := d.mail("Yes.")
	m.Recipient = d.MakeSilent(mail)
	if m.Recipient == d.to || !d.Silent(m.Recipient) || d.Silent(d.to) || !d.Offered(m.Recipient) {
		t.Error("the two kinds of address are not told apart")
	}
	d.comes(m, replymail.Answered)
	if a := d.answered(1); a.Why != replymail.WhySilent || a.Conversation != "/conversations/"+d.conversation.String() {
		t.Errorf("answered %+v", a)
	}
	d.says()
}

func TestAReplyToAMailThatIsNotRememberedAnyMoreIsAnsweredToo(t *testing.T) {
	d := open(t)
	m := d.mail("Yes.")
	m.Recipient = d.Make(uuid.Must(uuid.NewV7()))
	d.comes(m, replymail.Answered)
	if a := d.answered(1); a.Why != replymail.WhyExpired || a.To != "rosa@example.org" || a.Conversation != replymail.Inbox {
		t.Errorf("answered %+v", a)
	}
	other := d.mail("Yes.")
	other.Recipient, other.Vouched = m.Recipient, false
	d.comes(other, replymail.Dropped)
}

func TestWhoWritesToTheSenderOfMailsIsToldThatNobodyReadsIt(t *testing.T) {
	d := open(t)
	m := d.mail("Yes.")
	m.Recipient = "homeline@" + mailDomain
	stray := func(m replymail.Incoming, want replymail.Outcome) {
		t.Helper()
		if got, err := d.Stray(t.Context(), m); err != nil || got != want {
			t.Errorf("it is %s, %v; want %s", got, err, want)
		}
	}
	stray(m, replymail.Answered)
	stray(m, replymail.Dropped)
	if a := d.answered(1); a.Why != replymail.WhyStray || a.Conversation != "/inbox" || a.To != "rosa@example.org" {
		t.Errorf("answered %+v", a)
	}
	for _, change := range []func(*replymail.Incoming){
		func(m *replymail.Incoming) { m.Vouched = false }, func(m *replymail.Incoming) { m.From = "else@mail.example" },
		func(m *replymail.Incoming) { m.Subject = "Automatic reply: x" }, func(m *replymail.Incoming) { m.From = "" },
	} {
		other := d.mail("No.")
		change(&other)
		stray(other, replymail.Dropped)
	}
	d.answered(1)
	d.says()
}

func TestWhoWantsNoAnswerOfAProgramGetsNone(t *testing.T) {
	d := open(t)
	for _, text := range []string{"", "Yes."} {
		m := d.mail(text)
		m.Header.Set("X-Auto-Response-Suppress", "DR, OOF, AutoReply")
		if _, err := d.Receive(t.Context(), m); err != nil {
			t.Error(err)
		}
	}
	d.answered(0)
	d.says("Yes.")
}
