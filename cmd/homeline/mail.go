package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/homeline/homeline/transport/mail"
)

// mailSettings say how mail leaves: through Mailgun, through a mail server, or,
// with neither, into a folder.
type mailSettings struct {
	Outbox            string        `help:"Folder that mails are put into as .eml files where neither Mailgun nor a mail server is set; default the folder outbox in the data folder." type:"path" env:"HOMELINE_OUTBOX"`
	MailFrom          string        `help:"Address that mails come from; default homeline at the host of the public URL." placeholder:"ADDRESS" env:"HOMELINE_MAIL_FROM"`
	MailgunDomain     string        `help:"Domain at Mailgun that mails are sent through." placeholder:"DOMAIN" env:"MAILGUN_DOMAIN"`
	MailgunAPIKey     string        `name:"mailgun-api-key" help:"Key of the account, which reads events too; a sending key does not." placeholder:"KEY" env:"MAILGUN_API_KEY"`
	MailgunSigningKey string        `help:"Key that Mailgun signs its webhooks with." placeholder:"KEY" env:"MAILGUN_SIGNING_KEY"`
	MailgunRegion     string        `help:"us or eu, where the domain is." enum:"us,eu" default:"us" env:"MAILGUN_REGION"`
	MailgunTestMode   bool          `help:"Mailgun takes mails and sends none." env:"MAILGUN_TEST_MODE"`
	MailgunURL        string        `name:"mailgun-url" hidden:"" help:"Where the API is, with its version: for trying out." env:"MAILGUN_URL"`
	MailgunLag        time.Duration `hidden:"" help:"How long events may trail: for trying out." env:"MAILGUN_LAG"`
	ReplyDomain       string        `help:"Domain whose mail Mailgun receives, so that mails can be answered by mail; default: they cannot." placeholder:"DOMAIN" env:"HOMELINE_REPLY_DOMAIN"`
	MailConcurrency   int           `help:"How many mails a node has under way at once; mails an hour are at most this times 3600, divided by the seconds that the provider takes for one." default:"8" placeholder:"N" env:"HOMELINE_MAIL_CONCURRENCY"`
	SMTPURL           string        `name:"smtp-url" help:"Mail server, as smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465." placeholder:"URL" env:"HOMELINE_SMTP_URL"`
}

// provider is who mails are given to.
func (m mailSettings) provider(outbox string, log *slog.Logger) (mail.Provider, error) {
	switch {
	case m.MailgunDomain != "" && m.SMTPURL != "":
		return nil, errors.New("MAILGUN_DOMAIN and HOMELINE_SMTP_URL are both set: mail leaves by one of them; unset the other")
	case m.MailgunDomain != "" || m.MailgunAPIKey != "":
		return mail.NewMailgun(mail.MailgunOptions{
			Domain: m.MailgunDomain, APIKey: m.MailgunAPIKey, SigningKey: m.MailgunSigningKey, Region: m.MailgunRegion,
			BaseURL: m.MailgunURL, EventsLag: m.MailgunLag, TestMode: m.MailgunTestMode, Log: log,
		})
	case m.SMTPURL != "":
		return mail.NewSMTP(m.SMTPURL, mail.SMTPOptions{})
	}
	return mail.OpenOutbox(cmp.Or(m.Outbox, outbox))
}

// sends says whether mails leave at all, rather than to be put into a folder.
func (m mailSettings) sends() bool {
	return m.MailgunDomain != "" || m.MailgunAPIKey != "" || m.SMTPURL != ""
}

// from is the address that mails come from.
func (m mailSettings) from(origin *url.URL) string { return cmp.Or(m.MailFrom, senderAt(origin)) }

// sender is the address that mails of a node come from whose public URL is that;
// without one it is a node of this machine alone.
func (m mailSettings) sender(public *url.URL) string {
	return m.from(cmp.Or(public, &url.URL{Host: "localhost"}))
}

// senderAt is an address at the host of the origin.
func senderAt(origin *url.URL) string {
	host := origin.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		host = "localhost"
	}
	return "Homeline <homeline@" + host + ">"
}

// domainOf is the domain of an address that was taken for one before.
func domainOf(address string) string {
	_, domain, _ := strings.Cut(strings.TrimSuffix(address, ">"), "@")
	return domain
}

// mostMails bounds what a node has under way: each asks the database thrice.
const mostMails = 256

// check refuses what cannot be meant, and settings under names of other programs,
// rather than to let mails be waited for.
func (m mailSettings) check() error {
	switch {
	case os.Getenv("SMTP_URL") != "":
		return errors.New("SMTP_URL is set: the setting is HOMELINE_SMTP_URL")
	case m.MailConcurrency < 1 || m.MailConcurrency > mostMails:
		return fmt.Errorf("--mail-concurrency is %d, and must be 1 to %d", m.MailConcurrency, mostMails)
	case m.ReplyDomain != "" && m.MailgunSigningKey == "":
		return errors.New("HOMELINE_REPLY_DOMAIN is set and MAILGUN_SIGNING_KEY is empty: it is the HTTP webhook signing key in Mailgun's settings, not the API key")
	}
	if _, err := netmail.ParseAddress(m.MailFrom); m.MailFrom != "" && err != nil {
		return errors.New("HOMELINE_MAIL_FROM is no address: write it as `Lincoln Unified <homeline@mg.school.example>`")
	}
	return nil
}
