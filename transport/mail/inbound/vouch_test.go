package inbound

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/transport/mail/inbound/inboundtest"
)

const (
	rosa     = "rosa@mail.example.com"
	answerTo = "reply-abc@reply.school.example"
)

func plain() string { return inboundtest.Mail(rosa, answerTo, "1@mail.example.com", "Yes.") }

func dns() inboundtest.Zone {
	return inboundtest.Zone{}.Publish("", "mail.example.com", "example.com", "other.example.com", "evil.example", "com", "co.uk", "rosa.github.io", "vera.github.io")
}

// made is when the mail was that is answered.
var made = time.Date(2026, 11, 24, 14, 59, 0, 0, time.UTC)

// found is what a mail is found to be.
func found(t *testing.T, z inboundtest.Zone, raw string) finding {
	t.Helper()
	m, err := parse([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return newVoucher(z.LookupTXT).examine(t.Context(), []byte(raw), m, answerTo, made)
}

func TestADomainVouchesForItsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		mail string
		zone inboundtest.Zone
	}{
		"its own signature":         {inboundtest.Signer{Domain: "mail.example.com"}.Sign(plain()), dns()},
		"of its organisation":       {inboundtest.Signer{Domain: "example.com"}.Sign(plain()), dns()},
		"of a sister":               {inboundtest.Signer{Domain: "other.example.com"}.Sign(plain()), dns()},
		"of a sister, as DMARC has": {inboundtest.Signer{Domain: "other.example.com"}.Sign(plain()), withDMARC("v=DMARC1; p=reject; adkim=r")},
		"its own, strictly":         {inboundtest.Signer{Domain: "mail.example.com"}.Sign(plain()), withDMARC("v=DMARC1; p=reject; adkim=s")},
		"not expired": {inboundtest.Signer{Domain: "mail.example.com", Tags: fmt.Sprintf("x=%d; ", time.Now().Add(time.Hour).Unix())}.Sign(plain()),
			dns()},
		"beside one that is broken": {inboundtest.Signer{Domain: "evil.example"}.Sign(inboundtest.Signer{Domain: "mail.example.com"}.Sign(plain())), inboundtest.Zone{}.Publish("", "mail.example.com")},
		"with plain line ends":      {strings.ReplaceAll(inboundtest.Signer{Domain: "mail.example.com"}.Sign(plain()), "\r\n", "\n"), dns()},
		"written larger":            {inboundtest.Signer{Domain: "MAIL.example.com"}.Sign(inboundtest.Mail("Rosa@Mail.Example.com", strings.ToUpper(answerTo), "1@x", "Yes.")), dns().Publish("", "MAIL.example.com")},
		"in copy":                   {inboundtest.Signer{Domain: "mail.example.com", Headers: "from:to:cc:subject:date:message-id"}.Sign(inboundtest.Mail(rosa, "ana@school.example", "1@x", "Yes.", "Cc: "+answerTo)), dns()},
		"as Outlook signs it":       {inboundtest.Signer{Domain: "mail.example.com", Headers: "from:date:subject:message-id:content-type:mime-version"}.Sign(plain()), dns()},
	} {
		t.Run(name, func(t *testing.T) {
			if f := found(t, c.zone, c.mail); !f.vouched || !f.identified {
				t.Errorf("it is %+v", f)
			}
		})
	}
}

func withDMARC(policy string) inboundtest.Zone {
	z := dns()
	z["_dmarc.example.com"] = policy
	return z
}

func TestNobodyVouchesForWhatMayBeForged(t *testing.T) {
	own := inboundtest.Signer{Domain: "mail.example.com"}
	signed := own.Sign(plain())
	five := signed
	for range maxSignatures {
		five = inboundtest.Signer{Domain: "evil.example"}.Sign(five)
	}
	for name, c := range map[string]struct {
		mail string
		zone inboundtest.Zone
	}{
		"not signed":                     {plain(), dns()},
		"signed by another domain":       {inboundtest.Signer{Domain: "evil.example"}.Sign(plain()), dns()},
		"signed by a public suffix":      {inboundtest.Signer{Domain: "com"}.Sign(plain()), dns()},
		"signed by a neighbour":          {inboundtest.Signer{Domain: "vera.github.io"}.Sign(inboundtest.Mail("rosa@rosa.github.io", answerTo, "1@x", "Yes.")), dns()},
		"a sister, against DMARC":        {inboundtest.Signer{Domain: "other.example.com"}.Sign(plain()), withDMARC("v=DMARC1; p=none; adkim=s")},
		"a sister, DMARC unknown":        {inboundtest.Signer{Domain: "other.example.com"}.Sign(plain()), withDMARC("broken")},
		"another text":                   {strings.Replace(signed, "Yes.", "No.", 1), dns()},
		"another sender":                 {strings.Replace(signed, rosa, "tom@mail.example.com", 1), dns()},
		"a second From, before":          {strings.Replace(signed, "From:", "From: Mallory <mallory@evil.example>\r\nFrom:", 1), dns()},
		"a second From, after":           {strings.Replace(signed, "To:", "From: Mallory <mallory@mail.example.com>\r\nTo:", 1), dns()},
		"two addresses in From":          {own.Sign(strings.Replace(plain(), "<"+rosa+">", "<"+rosa+">, Tom <tom@mail.example.com>", 1)), dns()},
		"a second kind":                  {strings.Replace(signed, "Content-Type:", "Content-Type: text/html\r\nContent-Type:", 1), dns()},
		"a second subject":               {strings.Replace(signed, "Subject:", "Subject: x\r\nSubject:", 1), dns()},
		"a second To":                    {strings.Replace(own.Sign(inboundtest.Mail(rosa, "else@mail.example", "1@x", "Yes.")), "To:", "To: "+answerTo+"\r\nTo:", 1), dns()},
		"a Cc that was put in":           {strings.Replace(own.Sign(inboundtest.Mail(rosa, "else@mail.example", "1@x", "Yes.")), "To:", "Cc: "+answerTo+"\r\nTo:", 1), dns()},
		"written before what it answers": {own.Sign(strings.Replace(plain(), "Tue, 24 Nov 2026 15", "Tue, 24 Nov 2026 13", 1)), dns()},
		"written at no time":             {own.Sign(strings.Replace(plain(), "Tue, 24 Nov 2026 15", "Tue, 24 Nov 2026 99", 1)), dns()},
		"sent to somebody else":          {own.Sign(inboundtest.Mail(rosa, "else@mail.example", "1@x", "Yes.")), dns()},
		"signed as far as a length":      {inboundtest.Signer{Domain: "mail.example.com", Tags: "l=6; "}.Sign(plain()), dns()},
		"signed as far, and more behind": {inboundtest.Signer{Domain: "mail.example.com", Tags: "l=6; "}.Sign(plain()) + "and more\r\n", dns()},
		"expired": {inboundtest.Signer{Domain: "mail.example.com", Tags: fmt.Sprintf("x=%d; ", time.Now().Add(-time.Hour).Unix())}.Sign(plain()),
			dns()},
		"a key that is tested":      {signed, inboundtest.Zone{}.Publish(" t=s:y;", "mail.example.com")},
		"no key":                    {signed, inboundtest.Zone{}},
		"a key that was withdrawn":  {signed, inboundtest.Zone{"s._domainkey.mail.example.com": "v=DKIM1; k=ed25519; p="}},
		"the DNS does not answer":   {signed, inboundtest.Zone{"s._domainkey.mail.example.com": "broken"}},
		"of very many headers":      {own.Sign(strings.Replace(plain(), "From:", strings.Repeat("A: b\r\n", maxFields)+"From:", 1)), dns()},
		"signed very often":         {inboundtest.Signer{Domain: "mail.example.com", Headers: "from:to:date:message-id" + strings.Repeat(":a", maxSigner/2)}.Sign(plain()), dns()},
		"with a sea of empty lines": {own.Sign(strings.TrimSuffix(plain(), "\r\n") + strings.Repeat("\r\n", maxEmpty) + "Yes.\r\n"), dns()},
		"behind five others":        {five, dns()},
		"the date not signed":       {inboundtest.Signer{Domain: "mail.example.com", Headers: "from:to:subject:message-id"}.Sign(plain()), dns()},
		"the sender not signed":     {inboundtest.Signer{Domain: "mail.example.com", Headers: "to:subject:date:message-id"}.Sign(plain()), dns()},
		"no sender":                 {own.Sign(strings.Replace(plain(), "From: Rosa Vega <"+rosa+">\r\n", "", 1)), dns()},
	} {
		t.Run(name, func(t *testing.T) {
			if f := found(t, c.zone, c.mail); f.vouched || f.identified {
				t.Errorf("it is %+v", f)
			}
		})
	}
}

// Yahoo signs no Message-ID: with another one the same mail would be another
// reply, and whoever has the mail could send it again.
func TestAMailWhoseNameIsNotSignedIsKnownByWhatIs(t *testing.T) {
	sign := inboundtest.Signer{Domain: "mail.example.com", Headers: "from:to:subject:date"}
	once := sign.Sign(inboundtest.Mail(rosa, answerTo, "1@mail.example.com", "Yes."))
	again := strings.Replace(once, "<1@mail.example.com>", "<2@mail.example.com>", 1)
	if f := found(t, dns(), again); !f.vouched || f.identified {
		t.Fatalf("it is %+v", f)
	}
	identities := map[string]bool{}
	for _, raw := range []string{once, again, sign.Sign(inboundtest.Mail(rosa, answerTo, "1@mail.example.com", "No."))} {
		m, err := parse([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		identities[m.identity()] = true
	}
	if len(identities) != 2 {
		t.Errorf("three mails, of which two are one, are %d", len(identities))
	}
}

// Nothing that comes in makes it panic, and nothing without a signature of the
// sender's domain is vouched for.
func FuzzExamine(f *testing.F) {
	f.Add(inboundtest.Signer{Domain: "mail.example.com"}.Sign(plain()))
	f.Add(inboundtest.Signer{Domain: "example.com", Tags: "l=1; "}.Sign(plain()))
	f.Add(plain())
	f.Fuzz(func(t *testing.T, raw string) {
		m, err := parse([]byte(raw))
		if err != nil {
			return
		}
		v := newVoucher(inboundtest.Zone{}.Publish("", "example.com", "mail.example.com").LookupTXT)
		if f := v.examine(context.Background(), []byte(raw), m, answerTo, made); f.vouched && !strings.HasSuffix(m.from, "example.com") {
			t.Errorf("it vouches for %q", raw)
		}
	})
}
