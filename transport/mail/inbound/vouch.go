package inbound

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

const (
	// maxSignatures are verified of one mail, the first ones.
	maxSignatures = 5
	// maxFields are in the header of a mail that is verified, and maxSigner is the
	// length of a signature: for each header that one names, the library goes
	// through all of them. maxEmpty are bytes of empty lines in a row: it keeps
	// those, and copies them with every 32 KiB that it reads.
	maxFields = 500
	maxSigner = 8 << 10
	maxEmpty  = 64 << 10
	// lookupTime bounds all questions to the DNS about one mail together.
	lookupTime = 20 * time.Second
)

// voucher says whether a mail is from whom it says.
type voucher struct {
	lookup func(ctx context.Context, domain string) ([]string, error)
}

func newVoucher(lookup func(ctx context.Context, domain string) ([]string, error)) voucher {
	if lookup == nil {
		lookup = net.DefaultResolver.LookupTXT
	}
	return voucher{lookup: lookup}
}

// finding is what was found out about a mail.
type finding struct {
	vouched    bool
	identified bool // the Message-ID was signed as well
}

// once are headers that a mail has at most once: a second one may be shown, or
// taken, instead of the one that was signed.
var once = []string{"From", "Sender", "To", "Cc", "Subject", "Date", "Message-Id", "Reply-To", "Mime-Version", "Content-Type", "Content-Transfer-Encoding"}

// slow is how far the clock of whoever wrote a mail may be behind.
const slow = time.Hour

// examine verifies the mail's DKIM signatures over it as it came in. It is vouched
// for where one holds whose domain is the sender's as DMARC aligns them, and the
// mail was written to the recipient, and after what it answers was made: a mail to
// somebody else or of before, signed and all, may be brought here by whoever has
// it. SPF says nothing here: it is about whoever brought it to Mailgun.
//
// Where the DNS does not answer, nobody vouches: the reply is held, not lost.
func (v voucher) examine(ctx context.Context, raw []byte, m message, recipient string, made time.Time) finding {
	if written, err := mail.ParseDate(m.header.Get("Date")); m.from == "" || err != nil || written.Before(made.Add(-slow)) {
		return finding{}
	}
	for _, name := range once {
		if len(m.header[name]) > 1 {
			return finding{}
		}
	}
	if laborious(m.header) || emptyLines(raw) > maxEmpty {
		return finding{}
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	_, domain, _ := strings.Cut(m.from, "@")
	signatures, err := dkim.VerifyWithOptions(bytes.NewReader(withCRLF(raw)), &dkim.VerifyOptions{
		LookupTXT:        func(name string) ([]string, error) { return v.key(ctx, name) },
		MaxVerifications: maxSignatures,
	})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return finding{}
	}
	found := finding{}
	for _, s := range signatures {
		if s.Err != nil || !v.aligned(ctx, s.Domain, domain) || !signs(s, "Date") || !m.writtenTo(strings.ToLower(recipient), s) {
			continue
		}
		found.vouched = true
		found.identified = found.identified || signs(s, "Message-ID")
	}
	return found
}

func signs(s *dkim.Verification, header string) bool {
	return slices.ContainsFunc(s.HeaderKeys, func(name string) bool { return strings.EqualFold(name, header) })
}

// laborious says whether a mail takes too much to verify.
func laborious(header textproto.MIMEHeader) bool {
	fields := 0
	for _, values := range header {
		fields += len(values)
	}
	return fields > maxFields || slices.ContainsFunc(header["Dkim-Signature"], func(s string) bool { return len(s) > maxSigner })
}

// emptyLines is how long the longest run of line ends is.
func emptyLines(raw []byte) (longest int) {
	run := 0
	for _, b := range raw {
		if run++; b != '\r' && b != '\n' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// writtenTo says whether a mail is to an address, as far as a signature tells: one
// of To alone says nothing of a Cc that was put in later. Outlook's is of neither.
func (m message) writtenTo(address string, s *dkim.Verification) bool {
	to, cc := signs(s, "To"), signs(s, "Cc")
	neither := !to && !cc
	return (to || neither) && slices.Contains(m.to, address) || (cc || neither) && slices.Contains(m.cc, address)
}

// key finds the key of a signature. One that its domain only tests vouches for
// nothing (RFC 6376, t=y), which the library does not tell.
func (v voucher) key(ctx context.Context, name string) ([]string, error) {
	records, err := v.lookup(ctx, name)
	for _, record := range records {
		for tag := range strings.SplitSeq(record, ";") {
			name, value, _ := strings.Cut(tag, "=")
			flags := strings.FieldsFunc(value, func(r rune) bool { return r == ':' || r == ' ' })
			if strings.TrimSpace(name) == "t" && slices.Contains(flags, "y") {
				return nil, errors.New("the key is being tested")
			}
		}
	}
	return records, err
}

// aligned says whether a signature's domain is the sender's: the same, or of the
// same organisation unless the sender's own policy forbids that.
func (v voucher) aligned(ctx context.Context, signer, sender string) bool {
	signer, sender = ascii(signer), ascii(sender)
	if signer == sender {
		return signer != ""
	}
	ofSigner, err := publicsuffix.EffectiveTLDPlusOne(signer)
	if err != nil {
		return false
	}
	ofSender, err := publicsuffix.EffectiveTLDPlusOne(sender)
	return err == nil && ofSigner == ofSender && v.relaxed(ctx, sender, ofSender)
}

// relaxed says whether the sender's DMARC policy, else its organisation's, allows
// another domain of the organisation to sign.
func (v voucher) relaxed(ctx context.Context, sender, organisation string) bool {
	for _, domain := range slices.Compact([]string{sender, organisation}) {
		policy, err := dmarc.LookupWithOptions(domain, &dmarc.LookupOptions{
			LookupTXT: func(name string) ([]string, error) { return v.lookup(ctx, name) },
		})
		switch {
		case errors.Is(err, dmarc.ErrNoPolicy):
			continue
		case err != nil:
			return false
		}
		return policy.DKIMAlignment != dmarc.AlignmentStrict
	}
	return true
}

func ascii(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(domain), "."))
	if a, err := idna.Lookup.ToASCII(domain); err == nil {
		return a
	}
	return domain
}

// withCRLF is a mail with the line ends that were signed, where on its way they
// became plain ones.
func withCRLF(raw []byte) []byte {
	if bytes.Contains(raw, []byte("\r\n")) {
		return raw
	}
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}
