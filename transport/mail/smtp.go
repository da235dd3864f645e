package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"time"

	"github.com/homeline/homeline/hub/notify"
)

// SMTPOptions are what a URL does not say.
type SMTPOptions struct {
	RootCAs *x509.CertPool // who vouches for the server; nil: the system's
	Timeout time.Duration  // of a delivery, from the connection on. Zero: 30 s
}

const smtpTimeout = 30 * time.Second

// SMTP sends through a mail server, over TLS always: a connection for each
// message, so that what happened to one is never mixed with another.
type SMTP struct {
	host, port     string
	implicit       bool // TLS from the start, instead of STARTTLS
	user, password string
	tls            *tls.Config
	timeout        time.Duration
}

// NewSMTP takes smtp://user:password@host:587, where STARTTLS is required, or
// smtps://user:password@host:465. Both ports are the default, user and password
// may be left out, and what they hold of :/?#[]@% is percent-encoded. Errors do
// not repeat the URL.
func NewSMTP(address string, o SMTPOptions) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("HOMELINE_SMTP_URL is no URL: percent-encode what user and password hold of :/?#[]@%")
	}
	s := &SMTP{host: u.Hostname(), port: u.Port(), timeout: o.Timeout}
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return nil, errors.New("HOMELINE_SMTP_URL begins with neither smtp:// nor smtps://")
	case s.host == "":
		return nil, errors.New("HOMELINE_SMTP_URL names no mail server")
	case u.Path != "" && u.Path != "/", u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("HOMELINE_SMTP_URL ends with the port: percent-encode what user and password hold of :/?#[]@%")
	}
	s.implicit = u.Scheme == "smtps"
	if s.port == "" {
		s.port = map[bool]string{true: "465", false: "587"}[s.implicit]
	}
	if u.User != nil {
		password, given := u.User.Password()
		if s.user, s.password = u.User.Username(), password; s.user == "" || !given {
			return nil, errors.New("HOMELINE_SMTP_URL holds a user or a password, but not both")
		}
	}
	if s.timeout == 0 {
		s.timeout = smtpTimeout
	}
	s.tls = &tls.Config{ServerName: s.host, RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12}
	return s, nil
}

// Send is Deliver.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	_, err := s.Deliver(ctx, m)
	return err
}

// Deliver is taken once the server has answered the whole message with 250; what
// it says until then is for sure. From the full stop that ends the message to
// that answer nobody knows. The name is what the server queued it as.
func (s *SMTP) Deliver(ctx context.Context, m Message) (string, error) {
	m, err := checked(m)
	if err != nil {
		return "", refuse(err)
	}
	msg, err := compose(m)
	if err != nil {
		return "", refuse(err)
	}
	// Written beforehand: what fails here must not end half a message.
	var content bytes.Buffer
	if _, err := msg.WriteTo(&content); err != nil {
		return "", refuse(err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	c, err := s.connect(ctx)
	if err != nil {
		return "", &notify.LaterError{Err: err}
	}
	defer c.hangUp()
	return c.transfer(addressOf(m.From), addressOf(m.To), content.Bytes())
}

// Ask cannot: a mail server keeps no record that we could read.
func (s *SMTP) Ask(context.Context, string, string, time.Time) (notify.Fate, error) {
	return notify.FateUnknowable, nil
}

// Lag is negative: see Ask.
func (s *SMTP) Lag() time.Duration { return -1 }

// Check connects and signs in.
func (s *SMTP) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	c, err := s.connect(ctx)
	if err != nil {
		return err
	}
	c.bye()
	c.hangUp()
	return nil
}

func (s *SMTP) server() string { return net.JoinHostPort(s.host, s.port) }
