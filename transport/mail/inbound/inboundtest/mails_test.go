package inboundtest_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/transport/mail/inbound/inboundtest"
	"github.com/homeline/homeline/transport/schooltest"
)

// became is what is to become of a mail of testdata: what is posted, or why it is
// answered; held without either, or dropped.
type became struct {
	posted  string
	why     replymail.Why
	held    bool
	dropped bool
}

var becomes = map[string]became{
	"e01-plain":                {posted: "e01 Yes, we come."},
	"e02-dup":                  {posted: "e02 once only"},
	"e04-upper":                {posted: "e04 upper case"},
	"e05-plus":                 {held: true},
	"e08-ooo-zh":               {dropped: true},
	"e10-ooo-vi":               {dropped: true},
	"e10b-ooo-ko":              {dropped: true},
	"e10c-ooo-en":              {posted: "e10c I am away until Jan 5."},
	"e11-xauto":                {dropped: true},
	"e11b-exch":                {dropped: true},
	"e11c-msip":                {dropped: true},
	"e13-calendar":             {why: replymail.WhyEmpty},
	"e14-winmail":              {posted: "e14 text beside winmail"},
	"e16-html":                 {posted: "e16 Yes,\nwe come.\n\nAna & Leo"},
	"e17-table":                {posted: "e17 times:\n\nMonday | 8:00\nTuesday | 9:30"},
	"e17b-pre":                 {posted: "e17b line one\nline two\nline three"},
	"e17c-emoji-img":           {posted: "e17c thanks 👍 and this form <https://docs.example/x>"},
	"e17d-strike":              {posted: "e17d pick up at ~~3 pm~~ 5 pm"},
	"e19-b64-footer":           {posted: "e19 We come at five o clock on Friday. Please keep Leo inside until then, he is ill."},
	"e19b-b64-pad":             {posted: "e19b We come at five o clock!"},
	"e20-cp1252-as-utf8":       {posted: "e20 José can’t come mañana"},
	"e20b-cp1252-as-latin1":    {posted: "e20b José can’t come – 5 €"},
	"e20c-utf8-as-ascii":       {posted: "e20c José can’t come"},
	"e22-gb2312-but-gbk":       {posted: "e22 好的，朱镕基"},
	"e22b-gb18030":             {posted: "e22b 好的 㐀"},
	"e22c-euckr":               {posted: "e22c 네, 갈게요 똠"},
	"e22d-utf7":                {posted: "e22d José comes"},
	"e23-zwsp":                 {why: replymail.WhyEmpty},
	"e25-gateway-banner-first": {posted: "e25 Yes, we come."},
	"e26-text-and-photo":       {posted: "e26 Here is the note of the doctor.", why: replymail.WhyFiles},
	"e28-pgp":                  {why: replymail.WhyUnreadable},
	"e29-unknown-charset":      {posted: "e29 Plain words"},
	"e34-listid":               {dropped: true},
	"e35-emoji":                {posted: "👍"},
	"e37-nozone":               {held: true},
	"e37b-nodate":              {held: true},
	"e37c-date-comment":        {posted: "e37c"},
	"e38-nbsp-plain":           {posted: "e38 the real text"},
	"e38b-stub-plain":          {posted: "e38b the real text"},
	"e41-from-comma":           {posted: "e41 unquoted comma in my name"},
	"e41b-from-latin1":         {posted: "e41b raw latin1 name"},
	"e41c-from-at-name":        {posted: "e41c address as name"},
	"e41d-from-bad-word":       {posted: "e41d encoded word with a space"},
	"e41e-from-dot-name":       {posted: "e41e brackets in name"},
	"e43-two-from":             {dropped: true},
	"e44-no-mid":               {posted: "e44 no message-id"},
	"e46-8bit-ctrl":            {posted: "e46 abcd"},
	"loop":                     {posted: "I am away until January 5."},
}

// mailOf is a mail of testdata as one of Rosa's, signed by her domain.
func (o *office) mailOf(file string) string {
	o.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		o.Fatal(err)
	}
	mail := strings.NewReplacer(
		"guardian-098", "rosa", "GUARDIAN-098", "ROSA", "example.com", "example.org", "EXAMPLE.COM", "EXAMPLE.ORG",
		"@@RCPT@@", o.to, "@@DATE@@", o.now.Format(time.RFC1123Z), "@@ID@@", uuid.NewString()+"@", "Tue, 1 Dec 2026 11:45:00 -0500 (EST)", o.now.Format(time.RFC1123Z)+" (EST)",
		"Tue, 01 Dec 2026 16:40:00", o.now.Format("Mon, 02 Jan 2006 15:04:05"), "\n", "\r\n",
	).Replace(string(raw))
	return inboundtest.Signer{Domain: "example.org"}.Sign(mail)
}

func TestMailsAsTheyComeArePostedOrTheirSendersAreTold(t *testing.T) {
	files, err := filepath.Glob("../testdata/mails/*.eml")
	if err != nil || len(files) != len(becomes) {
		t.Fatalf("%d mails, and what becomes of %d, %v", len(files), len(becomes), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".eml")
		t.Run(name, func(t *testing.T) {
			o, want := openOffice(t), becomes[name]
			mail := o.mailOf(file)
			o.brings(o.call(mail), http.StatusOK)
			o.brings(o.call(mail), http.StatusOK) // brought again
			if want.posted != "" {
				o.says(want.posted)
			} else {
				o.says()
			}
			asked := want.held || want.why != ""
			if len(o.answers) != map[bool]int{true: 1}[asked] {
				t.Fatalf("answered %+v", o.answers)
			}
			if asked && (o.answers[0].Why != want.why || (o.answers[0].Confirm != "") != want.held || o.answers[0].To != "rosa@example.org") {
				t.Errorf("answered %+v", o.answers)
			}
		})
	}
}

// TestOneLineOfAHeaderThatNoProgramCanReadIsNoReasonToRefuseAMail has the line before
// and between those that are signed.
func TestOneLineOfAHeaderThatNoProgramCanReadIsNoReasonToRefuseAMail(t *testing.T) {
	for name, line := range map[string]string{
		"a scanner's": "X Virus Scan: clean", "garbage": "garbage", "a name that is not ASCII": "X-Prüfung: ja", "of a mailbox": "From rosa@example.org Tue Nov 24 09:00:00 2026",
		"not folded": "by mx.example.org id 1; Tue, 1 Dec 2026 11:45:00 -0500", "a space before the colon": "X-Virus : clean",
	} {
		for _, before := range []string{"From: ", "Subject: "} {
			o := openOffice(t)
			mail := strings.Replace(o.reply("1@example.org", "Yes."), "\r\n"+before, "\r\n"+line+"\r\n"+before, 1)
			o.brings(o.call(mail), http.StatusOK)
			o.says("Yes.")
			if len(o.answers) != 0 {
				t.Errorf("%s before %s: answered %+v", name, before, o.answers)
			}
		}
	}
}

// TestAMailWhoseFromNobodyCanReadWaits: the address that it came to says whose it is.
func TestAMailWhoseFromNobodyCanReadWaits(t *testing.T) {
	for _, from := range []string{"Sophie", "mallory@mail.example <rosa@example.org>", "rosa@example.org, ana@example.org"} {
		o := openOffice(t)
		mail := strings.Replace(inboundtest.Mail("rosa@example.org", o.to, "1@example.org", "Yes."), "From: Rosa Vega <rosa@example.org>", "From: "+from, 1)
		o.brings(o.call(inboundtest.Signer{Domain: "example.org"}.Sign(mail)), http.StatusOK)
		o.says()
		if len(o.answers) != 1 || o.answers[0].Confirm == "" || o.answers[0].To != "rosa@example.org" {
			t.Errorf("from %q: answered %+v", from, o.answers)
		}
	}
}

func TestAMailToTheSenderOfMailsIsAnsweredThatNobodyReadsIt(t *testing.T) {
	o := openOffice(t)
	o.to = "homeline@mg.school.example"
	call := o.call(o.reply("1@example.org", "Yes."))
	call.Set("recipient", "Homeline@MG.school.example")
	o.brings(call, http.StatusOK)
	if len(o.answers) != 1 || o.answers[0].Why != replymail.WhyStray || o.answers[0].To != "rosa@example.org" {
		t.Errorf("answered %+v", o.answers)
	}
	o.says()
}

// TestAProgramThatRepliesWithoutEndIsStopped brings the same answer 120 times, each as
// another mail.
func TestAProgramThatRepliesWithoutEndIsStopped(t *testing.T) {
	o := openOffice(t)
	for range 120 {
		o.brings(o.call(o.mailOf("../testdata/mails/loop.eml")), http.StatusOK)
	}
	ana := o.Actor(schooltest.Ana)
	messages, err := o.Store.Messages(t.Context(), ana.District, o.conversation, ana.Person, hub.Range{Limit: 50})
	if err != nil || len(messages) != 1+replymail.MaxPosted || len(o.answers) != 1 {
		t.Errorf("%d messages are posted, %d answers, %v", len(messages)-1, len(o.answers), err)
	}
}
