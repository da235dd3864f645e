package inbound

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

const (
	rosa     = "rosa@mail.example.com"
	answerTo = "reply-abc@reply.school.example"
)

func plain() string { return mailOf(rosa, answerTo, "1@mail.example.com", "Yes.") }

func dns() zone {
	return zone{}.publish("", "mail.example.com", "example.com", "other.example.com", "evil.example", "com", "co.uk", "rosa.github.io", "vera.github.io")
}

// found is what a mail is found to be.
func found(t *testing.T, z zone, raw string) finding {
	t.Helper()
	m, err := parse([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return newVoucher(z.LookupTXT).examine(t.Context(), []byte(raw), m, answerTo)
}

func TestADomainVouchesForItsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		mail string
		zone zone
	}{
		"its own signature":         {signer{domain: "mail.example.com"}.sign(plain()), dns()},
		"of its organisation":       {signer{domain: "example.com"}.sign(plain()), dns()},
		"of a sister":               {signer{domain: "other.example.com"}.sign(plain()), dns()},
		"of a sister, as DMARC has": {signer{domain: "other.example.com"}.sign(plain()), withDMARC("v=DMARC1; p=reject; adkim=r")},
		"its own, strictly":         {signer{domain: "mail.example.com"}.sign(plain()), withDMARC("v=DMARC1; p=reject; adkim=s")},
		"not expired": {signer{domain: "mail.example.com", tags: fmt.Sprintf("x=%d; ", time.Now().Add(time.Hour).Unix())}.sign(plain()),
			dns()},
		"beside one that is broken": {signer{domain: "evil.example"}.sign(signer{domain: "mail.example.com"}.sign(plain())), zone{}.publish("", "mail.example.com")},
		"with plain line ends":      {strings.ReplaceAll(signer{domain: "mail.example.com"}.sign(plain()), "\r\n", "\n"), dns()},
		"written larger":            {signer{domain: "MAIL.example.com"}.sign(mailOf("Rosa@Mail.Example.com", strings.ToUpper(answerTo), "1@x", "Yes.")), dns().publish("", "MAIL.example.com")},
		"in copy":                   {signer{domain: "mail.example.com"}.sign(mailOf(rosa, "ana@school.example", "1@x", "Yes.", "Cc: "+answerTo)), dns()},
	} {
		t.Run(name, func(t *testing.T) {
			if f := found(t, c.zone, c.mail); !f.vouched || !f.identified {
				t.Errorf("it is %+v", f)
			}
		})
	}
}

func withDMARC(policy string) zone {
	z := dns()
	z["_dmarc.example.com"] = policy
	return z
}

func TestNobodyVouchesForWhatMayBeForged(t *testing.T) {
	own := signer{domain: "mail.example.com"}
	signed := own.sign(plain())
	five := signed
	for range maxSignatures {
		five = signer{domain: "evil.example"}.sign(five)
	}
	for name, c := range map[string]struct {
		mail string
		zone zone
	}{
		"not signed":                     {plain(), dns()},
		"signed by another domain":       {signer{domain: "evil.example"}.sign(plain()), dns()},
		"signed by a public suffix":      {signer{domain: "com"}.sign(plain()), dns()},
		"signed by a neighbour":          {signer{domain: "vera.github.io"}.sign(mailOf("rosa@rosa.github.io", answerTo, "1@x", "Yes.")), dns()},
		"a sister, against DMARC":        {signer{domain: "other.example.com"}.sign(plain()), withDMARC("v=DMARC1; p=none; adkim=s")},
		"a sister, DMARC unknown":        {signer{domain: "other.example.com"}.sign(plain()), withDMARC("broken")},
		"another text":                   {strings.Replace(signed, "Yes.", "No.", 1), dns()},
		"another sender":                 {strings.Replace(signed, rosa, "tom@mail.example.com", 1), dns()},
		"a second From, before":          {strings.Replace(signed, "From:", "From: Mallory <mallory@evil.example>\r\nFrom:", 1), dns()},
		"a second From, after":           {strings.Replace(signed, "To:", "From: Mallory <mallory@mail.example.com>\r\nTo:", 1), dns()},
		"two addresses in From":          {own.sign(strings.Replace(plain(), "<"+rosa+">", "<"+rosa+">, Tom <tom@mail.example.com>", 1)), dns()},
		"a second kind":                  {strings.Replace(signed, "Content-Type:", "Content-Type: text/html\r\nContent-Type:", 1), dns()},
		"a second subject":               {strings.Replace(signed, "Subject:", "Subject: x\r\nSubject:", 1), dns()},
		"a second To":                    {strings.Replace(own.sign(mailOf(rosa, "else@mail.example", "1@x", "Yes.")), "To:", "To: "+answerTo+"\r\nTo:", 1), dns()},
		"sent to somebody else":          {own.sign(mailOf(rosa, "else@mail.example", "1@x", "Yes.")), dns()},
		"signed as far as a length":      {signer{domain: "mail.example.com", tags: "l=6; "}.sign(plain()), dns()},
		"signed as far, and more behind": {signer{domain: "mail.example.com", tags: "l=6; "}.sign(plain()) + "and more\r\n", dns()},
		"expired": {signer{domain: "mail.example.com", tags: fmt.Sprintf("x=%d; ", time.Now().Add(-time.Hour).Unix())}.sign(plain()),
			dns()},
		"a key that is tested":     {signed, zone{}.publish(" t=s:y;", "mail.example.com")},
		"no key":                   {signed, zone{}},
		"a key that was withdrawn": {signed, zone{"s._domainkey.mail.example.com": "v=DKIM1; k=ed25519; p="}},
		"the DNS does not answer":  {signed, zone{"s._domainkey.mail.example.com": "broken"}},
		"behind five others":       {five, dns()},
		"the date not signed":      {signer{domain: "mail.example.com", headers: "from:to:subject:message-id"}.sign(plain()), dns()},
		"the sender not signed":    {signer{domain: "mail.example.com", headers: "to:subject:date:message-id"}.sign(plain()), dns()},
		"no sender":                {own.sign(strings.Replace(plain(), "From: Rosa Vega <"+rosa+">\r\n", "", 1)), dns()},
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
	sign := signer{domain: "mail.example.com", headers: "from:to:subject:date"}
	once := sign.sign(mailOf(rosa, answerTo, "1@mail.example.com", "Yes."))
	again := strings.Replace(once, "<1@mail.example.com>", "<2@mail.example.com>", 1)
	if f := found(t, dns(), again); !f.vouched || f.identified {
		t.Fatalf("it is %+v", f)
	}
	identities := map[string]bool{}
	for _, raw := range []string{once, again, sign.sign(mailOf(rosa, answerTo, "1@mail.example.com", "No."))} {
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
	f.Add(signer{domain: "mail.example.com"}.sign(plain()))
	f.Add(signer{domain: "example.com", tags: "l=1; "}.sign(plain()))
	f.Add(plain())
	f.Fuzz(func(t *testing.T, raw string) {
		m, err := parse([]byte(raw))
		if err != nil {
			return
		}
		v := newVoucher(zone{}.publish("", "example.com", "mail.example.com").LookupTXT)
		if f := v.examine(context.Background(), []byte(raw), m, answerTo); f.vouched && !strings.HasSuffix(m.from, "example.com") {
			t.Errorf("it vouches for %q", raw)
		}
	})
}
