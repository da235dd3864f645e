package main

import (
	"encoding/pem"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	post "net/mail"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
)

// postOffice is a mail server, with STARTTLS. It keeps nothing that anybody could
// ask about.
type postOffice struct {
	server  *smtp.Server
	address string
	trusted string // file with its certificate
	served  chan struct{}
	whole   atomic.Bool

	mu     sync.Mutex
	random *rand.Rand
	taken  []accept
}

// One mail of so many is put off, and after one of so many the connection is cut,
// once it was taken.
const (
	putOff = 10
	cut    = 10
)

func openPostOffice(o options, folder string) (*postOffice, error) {
	certified := httptest.NewUnstartedServer(nil) // for the certificate that it makes
	certified.StartTLS()
	certified.Close()
	p := &postOffice{
		trusted: folder + "/post-office.pem", served: make(chan struct{}), random: rand.New(rand.NewPCG(o.seed, 0x736d7470)),
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certified.Certificate().Raw})
	if err := os.WriteFile(p.trusted, block, 0o644); err != nil {
		return nil, err
	}
	p.server = smtp.NewServer(p)
	p.server.TLSConfig = certified.TLS
	p.server.TLSConfig.NextProtos = nil // as HTTP's
	p.server.Domain = "post.school.example"
	p.server.ErrorLog = silent{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p.address = listener.Addr().String()
	go func() {
		defer close(p.served)
		_ = p.server.Serve(listener) // until it is closed
	}()
	return p, nil
}

// silent takes what the server says of connections that are cut.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

func (p *postOffice) settings(string) []string {
	return []string{"HOMELINE_SMTP_URL=smtp://" + p.address, "SSL_CERT_FILE=" + p.trusted}
}

// moments: a server does not know which node it is that sends.
func (p *postOffice) moments() []moment { return []moment{whenIntended, whenCalling, whenSettled} }
func (p *postOffice) askable() bool     { return false }
func (p *postOffice) mend()             { p.whole.Store(true) }

func (p *postOffice) close() {
	p.server.Close()
	<-p.served
}

func (p *postOffice) accepts() []accept {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]accept(nil), p.taken...)
}

// NewSession implements smtp.Backend.
func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) { return &counter{p, c, ""}, nil }

// counter is where one connection is served.
type counter struct {
	office *postOffice
	conn   *smtp.Conn
	to     string
}

// Mail implements smtp.Session, as do the others.
func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt puts some mails off.
func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	if c.office.fails(putOff) {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"}
	}
	return nil
}

// Data takes a mail, and cuts the connection after some.
func (c *counter) Data(r io.Reader) error {
	m, err := post.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil {
		return err
	}
	name := strings.TrimPrefix(strings.Trim(m.Header.Get("Message-Id"), "<>"), "notice.")
	id, err := uuid.Parse(name[:min(len(name), 36)])
	if err != nil {
		return errors.New("a mail under another name")
	}
	told := !c.office.fails(cut)
	c.office.mu.Lock()
	c.office.taken = append(c.office.taken, accept{mail: id, to: c.to, at: time.Now(), told: told})
	c.office.mu.Unlock()
	if !told {
		return c.conn.Conn().Close()
	}
	return nil
}

// Reset and Logout have nothing to do.
func (c *counter) Reset() {}

// Logout: see Reset.
func (c *counter) Logout() error { return nil }

func (p *postOffice) fails(once int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.whole.Load() && p.random.IntN(once) == 0
}
