package mail_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailtest"
)

const (
	smtpUser     = "homeline@school.example"
	smtpPassword = "p:w/d"
)

// smtpFaults are of the next message alone; the zero value is none.
type smtpFaults struct {
	sender, recipient, content *smtp.SMTPError
	cutBefore, cutAfter, hang  bool
}

// postOffice is a real mail server that keeps what it takes.
type postOffice struct {
	t      *testing.T
	server *smtp.Server
	addr   string
	roots  *x509.CertPool
	gone   chan struct{}
	held   chan struct{} // told of a message that is held
	stop   func()

	mu     sync.Mutex
	faults smtpFaults
	mails  [][]byte
	to     []string
}

type certified struct {
	keys   []tls.Certificate
	parsed *x509.Certificate
}

// certificate is of this machine's loopback address, as httptest makes it. It is
// the one that crypto/tls keeps in its cache, and held: where many handshakes at
// once parse it anew, the race detector suspects that cache.
var certificate = sync.OnceValue(func() certified {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	resp, err := server.Client().Get(server.URL)
	if err != nil {
		panic(err)
	}
	resp.Body.Close()
	return certified{keys: server.TLS.Certificates, parsed: resp.TLS.PeerCertificates[0]}
})

// openPostOffice has TLS from the start, or STARTTLS.
func openPostOffice(t *testing.T, implicit bool, with ...func(*smtp.Server)) *postOffice {
	t.Helper()
	p := &postOffice{t: t, roots: x509.NewCertPool(), gone: make(chan struct{}), held: make(chan struct{}, 1)}
	certified := certificate()
	p.roots.AddCert(certified.parsed)
	p.server = smtp.NewServer(p)
	p.server.TLSConfig = &tls.Config{Certificates: certified.keys}
	p.server.Domain = "post.school.example"
	p.server.ErrorLog = discard{}
	for _, w := range with {
		w(p.server)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = listener.Addr().String()
	if implicit {
		listener = tls.NewListener(listener, p.server.TLSConfig)
	}
	p.stop = func() {
		p.server.Close()
		listener.Close() // which the server may not know yet
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		p.server.Serve(listener)
	}()
	t.Cleanup(func() {
		close(p.gone)
		p.stop()
		<-served
	})
	return p
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// open is an SMTP that sends through the office.
func (p *postOffice) open(scheme string) *mail.SMTP {
	p.t.Helper()
	s, err := mail.NewSMTP(fmt.Sprintf("%s://homeline%%40school.example:p%%3Aw%%2Fd@%s", scheme, p.addr), mail.SMTPOptions{RootCAs: p.roots})
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *postOffice) fault(f smtpFaults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = f
}

func (p *postOffice) takeFault(of func(*smtpFaults) *smtp.SMTPError) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := of(&p.faults); err != nil {
		p.faults = smtpFaults{}
		return err
	}
	return nil
}

func (p *postOffice) delivered(t *testing.T) []mailtest.Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	var mails []mailtest.Mail
	for i, content := range p.mails {
		m := mailtest.Parse(t, fmt.Sprint(i), content)
		m.To = p.to[i]
		mails = append(mails, m)
	}
	return mails
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &counter{office: p, conn: c}, nil
}

// counter is where one connection is served.
type counter struct {
	office *postOffice
	conn   *smtp.Conn
	signed bool
	to     string
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if _, secret := c.conn.TLSConnectionState(); !secret {
			return errors.New("in clear")
		}
		if user != smtpUser || password != smtpPassword {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no such user " + user}
		}
		c.signed = true
		return nil
	}), nil
}

func (c *counter) Mail(string, *smtp.MailOptions) error {
	if !c.signed {
		return smtp.ErrAuthRequired
	}
	return c.office.takeFault(func(f *smtpFaults) *smtp.SMTPError { return f.sender })
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	return c.office.takeFault(func(f *smtpFaults) *smtp.SMTPError { return f.recipient })
}

func (c *counter) Data(r io.Reader) error {
	c.office.mu.Lock()
	faults := c.office.faults
	c.office.faults = smtpFaults{}
	c.office.mu.Unlock()
	if faults.cutBefore {
		return c.conn.Conn().Close()
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if faults.content != nil && faults.content.Code >= 400 {
		return faults.content
	}
	c.office.mu.Lock()
	c.office.mails, c.office.to = append(c.office.mails, content), append(c.office.to, c.to)
	c.office.mu.Unlock()
	if faults.hang {
		c.office.held <- struct{}{}
		<-c.office.gone
	}
	if faults.cutAfter {
		return c.conn.Conn().Close()
	}
	if faults.content != nil {
		return faults.content
	}
	return nil
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }
