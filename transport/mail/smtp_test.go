package mail_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailtest"
)

func said(code int, enhanced smtp.EnhancedCode) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "said of <ana@school.example>"}
}

func TestSMTPIsAProvider(t *testing.T) {
	for scheme, implicit := range map[string]bool{"smtp": false, "smtps": true} {
		t.Run(scheme, func(t *testing.T) {
			mailtest.Run(t, func(t *testing.T) mailtest.Way {
				office := openPostOffice(t, implicit)
				return mailtest.Way{
					Provider:   office.open(scheme),
					Delivered:  office.delivered,
					Refuse:     func() { office.fault(smtpFaults{recipient: said(550, smtp.EnhancedCode{5, 1, 1})}) },
					Later:      func() { office.fault(smtpFaults{recipient: said(451, smtp.EnhancedCode{4, 7, 1})}) }, // greylisted
					Lose:       func() { office.fault(smtpFaults{cutBefore: true}) },
					LoseAnswer: func() { office.fault(smtpFaults{cutAfter: true}) },
					Stop:       office.stop,
				}
			})
		})
	}
}

func TestWhatAMailServersAnswersMean(t *testing.T) {
	none := smtp.NoEnhancedCode
	for name, c := range map[string]struct {
		faults smtpFaults
		want   string
	}{
		"sender unknown":           {smtpFaults{sender: said(553, smtp.EnhancedCode{5, 7, 1})}, later},
		"sender for now":           {smtpFaults{sender: said(451, smtp.EnhancedCode{4, 3, 0})}, later},
		"too large at the sender":  {smtpFaults{sender: said(552, smtp.EnhancedCode{5, 3, 4})}, refused},
		"sign in again":            {smtpFaults{sender: said(530, smtp.EnhancedCode{5, 7, 0})}, later},
		"no such mailbox":          {smtpFaults{recipient: said(550, smtp.EnhancedCode{5, 1, 1})}, badTo},
		"no such domain":           {smtpFaults{recipient: said(550, smtp.EnhancedCode{5, 1, 2})}, badTo},
		"no mail exchanger":        {smtpFaults{recipient: said(556, smtp.EnhancedCode{5, 1, 10})}, badTo},
		"mailbox disabled":         {smtpFaults{recipient: said(550, smtp.EnhancedCode{5, 2, 1})}, badTo},
		"no such, plainly":         {smtpFaults{recipient: said(550, none)}, badTo},
		"mailbox full":             {smtpFaults{recipient: said(552, smtp.EnhancedCode{5, 2, 2})}, laterForOne},
		"mailbox full, plainly":    {smtpFaults{recipient: said(552, none)}, laterForOne},
		"full at the end":          {smtpFaults{content: said(552, smtp.EnhancedCode{5, 2, 2})}, laterForOne},
		"too large at the end":     {smtpFaults{content: said(552, smtp.EnhancedCode{5, 3, 4})}, refused},
		"the sender's at fault":    {smtpFaults{recipient: said(550, smtp.EnhancedCode{5, 1, 8})}, refused},
		"relaying denied":          {smtpFaults{recipient: said(554, smtp.EnhancedCode{5, 7, 1})}, laterForOne},
		"relaying denied, plainly": {smtpFaults{recipient: said(554, none)}, laterForOne},
		"greylisted":               {smtpFaults{recipient: said(450, smtp.EnhancedCode{4, 2, 0})}, laterForOne},
		"content refused":          {smtpFaults{content: said(554, smtp.EnhancedCode{5, 7, 1})}, laterForOne},
		"mailbox at the end":       {smtpFaults{content: said(550, smtp.EnhancedCode{5, 1, 1})}, badTo},
		"closing at the address":   {smtpFaults{recipient: said(421, smtp.EnhancedCode{4, 3, 2})}, later},
		"busy at the end":          {smtpFaults{content: said(450, smtp.EnhancedCode{4, 2, 1})}, laterForOne},
		"later at the end":         {smtpFaults{content: said(452, smtp.EnhancedCode{4, 3, 1})}, later},
		"closing at the end":       {smtpFaults{content: said(421, smtp.EnhancedCode{4, 3, 2})}, later},
	} {
		t.Run(name, func(t *testing.T) {
			office := openPostOffice(t, false)
			office.fault(c.faults)
			err := office.open("smtp").Send(context.Background(), notice())
			if got := meaning(err); got != c.want {
				t.Errorf("it means %q (%v), want %q", got, err, c.want)
			}
			if mentions(err, "@") || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("it says an address, or more than a line: %v", err)
			}
			if mails := office.delivered(t); len(mails) != 0 {
				t.Errorf("%d mails arrived", len(mails))
			}
		})
	}
}

func TestAMailServerThatFallsSilentAfterTheMessageLeavesItUnknown(t *testing.T) {
	office := openPostOffice(t, false)
	s := office.open("smtp")
	office.fault(smtpFaults{hang: true})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-office.held
		cancel()
	}()
	if err := s.Send(ctx, notice()); meaning(err) != unknown || !errors.Is(err, context.Canceled) {
		t.Errorf("answered %v", err)
	}
	if mails := office.delivered(t); len(mails) != 1 {
		t.Errorf("%d mails arrived", len(mails))
	}
}

func TestNothingIsSentInClear(t *testing.T) {
	office := openPostOffice(t, false, func(s *smtp.Server) { s.TLSConfig = nil })
	s := office.open("smtp")
	if err := s.Send(context.Background(), notice()); !isLater(err) || !mentions(err, "STARTTLS") {
		t.Errorf("answered %v", err)
	}
	if err := s.Check(context.Background()); !mentions(err, "smtps://") {
		t.Errorf("Check says %v", err)
	}
}

func TestACertificateThatNobodyVouchesForIsNotTaken(t *testing.T) {
	for scheme, implicit := range map[string]bool{"smtp": false, "smtps": true} {
		office := openPostOffice(t, implicit)
		s, err := mail.NewSMTP(scheme+"://"+office.addr, mail.SMTPOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(context.Background(), notice()); !isLater(err) || !mentions(err, "certificate") {
			t.Errorf("%s: answered %v", scheme, err)
		}
	}
}

func TestAWrongPasswordIsSaidPlainlyAndNotRepeated(t *testing.T) {
	office := openPostOffice(t, false)
	s, err := mail.NewSMTP("smtp://homeline%40school.example:guess@"+office.addr, mail.SMTPOptions{RootCAs: office.roots})
	if err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"Check": s.Check(context.Background()), "Send": s.Send(context.Background(), notice())} {
		if !mentions(err, "user and password") || mentions(err, "guess") || mentions(err, "@") {
			t.Errorf("%s says %v", what, err)
		}
	}
}

func TestAServerThatSpeaksTLSFromTheStartIsNotTakenForOneThatDoesNot(t *testing.T) {
	office := openPostOffice(t, true)
	// It waits for us to begin, and we for it.
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if err := office.open("smtp").Check(ctx); !mentions(err, "smtps://") {
		t.Errorf("Check says %v", err)
	}
}

func TestASettingForSMTPThatIsWrongIsNamedWithoutThePassword(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://u:secret%zz@post.example": "no URL",
		"http://u:secret@post.example":    "smtps://",
		"smtp://u:secret@":                "no mail server",
		"smtp://u:se/cret@post.example":   "percent-encode",
		"smtp://u:secret@post.example/x":  "ends with the port",
		"smtp://secret@post.example":      "not both",
		"":                                "smtp://",
	} {
		if _, err := mail.NewSMTP(address, mail.SMTPOptions{}); !mentions(err, want) || mentions(err, "cret") {
			t.Errorf("%s: answered %v", address, err)
		}
	}
}

func TestHalfAMessageIsNoMessage(t *testing.T) {
	office := openPostOffice(t, false)
	s, err := mail.NewSMTP("smtp://homeline%40school.example:p%3Aw%2Fd@"+cutAfter(t, office.addr, 1<<18), mail.SMTPOptions{RootCAs: office.roots})
	if err != nil {
		t.Fatal(err)
	}
	m := notice()
	m.Text = strings.Repeat("A long letter.\n", 1<<18)
	if err := s.Send(context.Background(), m); err == nil {
		t.Error("it was taken")
	}
	if mails := office.delivered(t); len(mails) != 0 {
		t.Errorf("%d mails arrived", len(mails))
	}
}

// cutAfter is the address of a way to a server that breaks after so many bytes.
func cutAfter(t *testing.T, server string, bytes int64) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	t.Cleanup(func() {
		listener.Close()
		group.Wait()
	})
	group.Go(func() {
		in, err := listener.Accept()
		if err != nil {
			return
		}
		defer in.Close()
		out, err := net.Dial("tcp", server)
		if err != nil {
			return
		}
		defer out.Close()
		group.Go(func() { io.Copy(in, out) })
		io.CopyN(out, in, bytes)
	})
	return listener.Addr().String()
}

func TestTheNameOfAMailIsWhatTheServerQueuedItAs(t *testing.T) {
	for answer, want := range map[string]string{
		"Ok: queued as 4Xy2Zk0ABC":            "4Xy2Zk0ABC",
		"Ok: queued as <notice.1@mg.example>": "",
		"Thank you":                           "",
	} {
		office := openPostOffice(t, false)
		office.fault(smtpFaults{content: &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: answer}})
		if name, err := office.open("smtp").Deliver(context.Background(), notice()); name != want || err != nil {
			t.Errorf("%s: the name is %q, %v", answer, name, err)
		}
	}
}
