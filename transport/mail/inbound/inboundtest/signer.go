// Package inboundtest makes mails that are signed by domains of its own, and holds
// what becomes of them in a whole school.
package inboundtest

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"time"
)

// Zone is a DNS of ours: TXT records by their names. One that says broken is of a
// server that does not answer.
type Zone map[string]string

// LookupTXT finds a record.
func (z Zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	switch record, ok := z[name]; {
	case record == "broken":
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	case ok:
		return []string{record}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// Signer signs mails for a domain, in the simplest way that there is.
type Signer struct {
	Domain  string
	Tags    string // further ones, each with a ; behind it
	Headers string // that it signs, with : between them; empty: the usual ones
}

var testKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

const signedHeaders = "from:to:subject:date:message-id"

// Publish puts the key of domains into the zone, with such flags.
func (z Zone) Publish(flags string, domains ...string) Zone {
	key := base64.StdEncoding.EncodeToString(testKey.Public().(ed25519.PublicKey))
	for _, domain := range domains {
		z["s._domainkey."+domain] = "v=DKIM1; k=ed25519;" + flags + " p=" + key
	}
	return z
}

// Sign puts a signature before a mail. Of a header that is there more than once
// the last is signed, as signers do.
func (s Signer) Sign(mail string) string {
	if s.Headers == "" {
		s.Headers = signedHeaders
	}
	head, body, _ := strings.Cut(mail, "\r\n\r\n")
	body = strings.TrimRight(body, "\r\n") + "\r\n"
	hash := sha256.Sum256([]byte(body))
	field := fmt.Sprintf("DKIM-Signature: v=1; a=ed25519-sha256; d=%s; s=s; %sh=%s; bh=%s; b=", s.Domain, s.Tags, s.Headers,
		base64.StdEncoding.EncodeToString(hash[:]))
	var signed strings.Builder
	for _, name := range strings.Split(s.Headers, ":") {
		signed.WriteString(lastHeader(head, name))
	}
	signed.WriteString(field)
	sum := sha256.Sum256([]byte(signed.String()))
	return field + base64.StdEncoding.EncodeToString(ed25519.Sign(testKey, sum[:])) + "\r\n" + mail
}

// lastHeader is a header with its line end, empty where there is none.
func lastHeader(head, name string) (found string) {
	for _, line := range strings.Split(head, "\r\n") {
		if key, _, _ := strings.Cut(line, ":"); strings.EqualFold(key, name) {
			found = line + "\r\n"
		}
	}
	return found
}

// Mail is a mail of Rosa's as her program sends it.
func Mail(from, to, id, text string, headers ...string) string {
	return strings.Join(append([]string{
		"From: Rosa Vega <" + from + ">", "To: Lincoln School <" + to + ">", "Subject: Re: New message",
		"Date: " + time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC).Format(time.RFC1123Z), "Message-ID: <" + id + ">",
		"MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
	}, headers...), "\r\n") + "\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
}
