package replymailtest

import (
	"net/textproto"
	"strings"
	"testing"
	"time"

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
		replymail.WhyExpired: func(d *desk, _ *replymail.Incoming) { d.pass(16 * 24 * time.Hour) },
		replymail.WhyTooLong: func(_ *desk, m *replymail.Incoming) { m.Text = strings.Repeat("ñ", hub.MaxBody+1) },
		replymail.WhyEmpty:   func(_ *desk, m *replymail.Incoming) { m.Text = " \n" },
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

func TestAnAddressIsAnsweredAFewTimesADay(t *testing.T) {
	d := open(t)
	for range replymail.MaxAnswers {
		d.comes(d.mail(""), replymail.Answered)
	}
	d.comes(d.mail(""), replymail.Dropped)
	d.comes(d.mail("Yes."), replymail.Stored)
	d.pass(24 * time.Hour)
	d.comes(d.mail(""), replymail.Answered)
	d.answered(replymail.MaxAnswers + 1)
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
		"autoreply":              func(m *replymail.Incoming) { m.Header.Set("X-Autoreply", "yes") },
		"out of the office":      func(m *replymail.Incoming) { m.Subject = "Out of Office: The trip" },
		"automatic reply":        func(m *replymail.Incoming) { m.Subject = "Automatic reply: New message from Ms Ortiz" },
		"fuera de la oficina":    func(m *replymail.Incoming) { m.Subject = "Respuesta automática: Mensaje nuevo" },
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
		{"Auto-Submitted": {"no"}}, {"Precedence": {"normal"}}, {"Message-Id": {"<notice.1@mail.example>"}}, {"Message-Id": {"<1@" + mailDomain + ">"}},
	} {
		m := d.mail("Yes.")
		m.Header = header
		d.comes(m, replymail.Stored)
	}
	m := d.mail("Yes.")
	m.Subject = "Re: Out of office hours on Friday"
	d.comes(m, replymail.Stored)
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
