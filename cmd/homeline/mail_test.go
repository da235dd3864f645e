package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/transport/mail/mailguntest"
)

// ours are settings of a Mailgun of ours.
func ours(g *mailguntest.Server) []string {
	return []string{
		"MAILGUN_DOMAIN=" + g.Domain(), "MAILGUN_API_KEY=" + g.APIKey(), "MAILGUN_SIGNING_KEY=" + g.SigningKey(), "MAILGUN_URL=" + g.BaseURL(),
	}
}

func openMailgun(t *testing.T, o mailguntest.Options) *mailguntest.Server {
	t.Helper()
	g := mailguntest.New(o)
	t.Cleanup(g.Close)
	return g
}

// deaf is an address at which nobody listens.
func deaf(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestMailSettingsThatCannotBeAreNamedAndNotRepeated(t *testing.T) {
	const secret = "value-of-it"
	for _, of := range []struct {
		env  []string
		says string
	}{
		{[]string{"SMTP_URL=smtp://" + secret}, "SMTP_URL is set: the setting is HOMELINE_SMTP_URL"},
		{[]string{"MAILGUN_API_KEY=" + secret}, "MAILGUN_DOMAIN is empty"},
		{[]string{"MAILGUN_DOMAIN=mg.school.example"}, "MAILGUN_API_KEY is empty"},
		{[]string{"MAILGUN_DOMAIN=mg.school.example", "MAILGUN_API_KEY=" + secret}, "MAILGUN_SIGNING_KEY is empty"},
		{[]string{"MAILGUN_DOMAIN=mg.school.example", "HOMELINE_SMTP_URL=smtp://u:" + secret + "@host"}, "both set"},
		{[]string{"HOMELINE_MAIL_CONCURRENCY=0"}, "--mail-concurrency is 0, and must be 1 to 256"},
		{[]string{"HOMELINE_SMTP_URL=http://u:" + secret + "@host"}, "HOMELINE_SMTP_URL begins"},
		{[]string{"HOMELINE_MAIL_FROM=" + secret}, "HOMELINE_MAIL_FROM is no address"},
		{[]string{"HOMELINE_REPLY_DOMAIN=reply.school.example"}, "MAILGUN_SIGNING_KEY is empty"},
	} {
		data := lincoln(t)
		for _, args := range [][]string{
			{"serve", "--listen", "127.0.0.1:0"}, {"mail", "test", "you@school.example"}, {"doctor"},
		} {
			r := runWith(t, of.env, append(args, "--data", data)...)
			r.expect(t, statusFailed, of.says)
			if strings.Contains(r.out+r.err, secret) {
				t.Errorf("%q repeats the value: %s%s", args, r.out, r.err)
			}
		}
	}
}

func TestTheDoctorAndATestMailSayWhatIsWrongWithAProvider(t *testing.T) {
	wrongKey := append(ours(openMailgun(t, mailguntest.Options{})), "MAILGUN_API_KEY=wrong")
	asleep := ours(openMailgun(t, mailguntest.Options{State: "unverified"}))
	nobody := []string{"HOMELINE_SMTP_URL=smtp://" + deaf(t)}
	for _, of := range []struct {
		env  []string
		says string
	}{{wrongKey, "MAILGUN_API_KEY"}, {asleep, "has not verified mg.school.example"}, {nobody, "mend HOMELINE_SMTP_URL"}} {
		runWith(t, of.env, "doctor", "--data", folder(t)).expect(t, statusFailed, "WRONG  mail: ", of.says)
		runWith(t, of.env, "mail", "test", "you@school.example", "--data", folder(t)).expect(t, statusFailed, of.says)
	}
}

func TestATestMailIsTakenAndTheDoctorIsContent(t *testing.T) {
	g := openMailgun(t, mailguntest.Options{})
	runWith(t, ours(g), "doctor", "--data", folder(t)).expect(t, 0, "ok     mail: Mailgun lets us in, for mg.school.example")
	if taken := g.Mails(); len(taken) != 0 {
		t.Errorf("the doctor sends %v", taken)
	}
	env := append(ours(g), "HOMELINE_PUBLIC_URL=https://homeline.example")
	runWith(t, env, "mail", "test", "you@school.example", "--data", folder(t)).expect(t, 0, "Taken, from Homeline <homeline@homeline.example>")
	taken := g.Mails()
	if len(taken) != 1 || taken[0].To != "you@school.example" || taken[0].From != "homeline@homeline.example" || taken[0].Text == "" {
		t.Errorf("taken is %+v", taken)
	}
}

func TestATestMailThatIsRefusedSaysSo(t *testing.T) {
	g := openMailgun(t, mailguntest.Options{Fault: func(mailguntest.Attempt) mailguntest.Fault {
		return mailguntest.Fault{Status: 400, Message: "'to' parameter is not a valid address. please check documentation"}
	}})
	runWith(t, ours(g), "mail", "test", "you@school.example", "--data", folder(t)).
		expect(t, statusFailed, "the provider lets us in, but the mail was refused", "the address is malformed")
}

func TestWithoutSettingsMailsLieInTheOutbox(t *testing.T) {
	data := folder(t)
	r := run(t, "doctor", "--data", data)
	r.expect(t, 0, "ok     mail: none is sent, since neither MAILGUN_DOMAIN nor HOMELINE_SMTP_URL is set", filepath.Join(data, "outbox"))
	if _, err := os.Stat(data); err == nil {
		t.Error("the doctor made the data folder")
	}
	r = run(t, "mail", "test", "you@school.example", "--data", data)
	r.expect(t, 0, "nothing is sent while")
	file := regexp.MustCompile(`\S+\.eml`).FindString(r.out)
	if content, err := os.ReadFile(file); err != nil || !bytes.Contains(content, []byte("you@school.example")) {
		t.Errorf("%q holds %q, %v", file, content, err)
	}
}

func TestTheStatusOfMailsOfANewSchoolIsNothing(t *testing.T) {
	r := run(t, "mail", "status", "--data", lincoln(t))
	r.expect(t, 0, "due", "due later", "sent", "given up")
	for line := range strings.Lines(r.out) {
		if !strings.HasSuffix(line, " 0\n") {
			t.Errorf("it says %q", line)
		}
	}
}

func TestTheStatusOfMailsIsALineForEachCount(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	printStatus(console{out: &out}, notify.Status{
		Due: 3, OldestDue: now.Add(-90 * time.Second), Pending: 2,
		Mails: map[notify.State]int{
			notify.Intended: 1, notify.Calling: 4, notify.Waiting: 5, notify.Sent: 60, notify.Cancelled: 7, notify.Failed: 8, notify.Unknown: 9,
		},
		Addresses: map[notify.AddressState]int{notify.AddressBounced: 10, notify.AddressComplained: 11},
	}, now)
	const want = `due                                              3, the oldest for 1m30s
due later                                        2
about to be sent                                 1
being sent, or in doubt                          4
to be tried again                                5
sent                                             60
not sent: read, or no longer wanted, before      7
given up                                         8
may have been sent: nobody knows                 9
addresses that bounced                           10
addresses that complained                        11
`
	if got := out.String(); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("it says\n%s", got)
	}
}

func TestWhatHasBeenDueForLongIsAnError(t *testing.T) {
	now := time.Now()
	for since, wrong := range map[time.Duration]bool{0: false, time.Minute: false, 16 * time.Minute: true} {
		s := notify.Status{}
		if since > 0 {
			s.OldestDue = now.Add(-since)
		}
		if err := overdue(s, now); (err != nil) != wrong {
			t.Errorf("due for %s: %v", since, err)
		}
	}
}

func TestServeSaysAtItsStartThatMailsCannotLeave(t *testing.T) {
	s := startWith(t, lincoln(t), []string{"HOMELINE_SMTP_URL=smtp://" + deaf(t)}, "serve", "--listen", "127.0.0.1:0")
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(s.output(), "mend HOMELINE_SMTP_URL"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it says\n%s", s.output())
		}
	}
}
