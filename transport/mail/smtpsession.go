package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"github.com/homeline/homeline/hub/notify"
)

// smtpSession is one connection to a mail server, signed in. It uses the
// library's protocol, and not its client, which answers a failure in the middle
// of a message with QUIT: that ends the message, and the server takes the half.
type smtpSession struct {
	conn   net.Conn // below TLS
	client *smtp.Client
	ctx    context.Context
	stop   func() bool
}

// connect dials, has TLS, and signs in. Its errors take nothing, and say in one
// line what is wrong and how to mend it.
func (s *SMTP) connect(ctx context.Context) (*smtpSession, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.server())
	if err != nil {
		return nil, fmt.Errorf("the mail server was not reached: %w: mend HOMELINE_SMTP_URL, or let this machine connect to it", ended(ctx, err))
	}
	c := &smtpSession{conn: conn, ctx: ctx}
	// What is under way ends with the context.
	c.stop = context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	if err := c.open(s); err != nil {
		c.hangUp()
		return nil, err
	}
	return c, nil
}

func (c *smtpSession) open(s *SMTP) error {
	conn := c.conn
	if s.implicit {
		secure := tls.Client(conn, s.tls)
		if err := secure.HandshakeContext(c.ctx); err != nil {
			return s.insecure(c.ctx, err)
		}
		conn = secure
	}
	var err error
	if c.client, err = smtp.NewClient(conn, s.host); err != nil {
		return fmt.Errorf("%s does not greet as a mail server: %w: smtp:// is for port 587, smtps:// for 465", s.server(), told(c.ctx, err))
	}
	if err := c.client.Hello(ourName()); err != nil {
		return fmt.Errorf("%s does not answer: %w", s.server(), told(c.ctx, err))
	}
	if !s.implicit {
		if offered, _ := c.client.Extension("STARTTLS"); !offered {
			return fmt.Errorf("%s offers no STARTTLS, and nothing is sent in clear: use smtps:// or another server", s.server())
		}
		if err := c.client.StartTLS(s.tls); err != nil {
			return s.insecure(c.ctx, err)
		}
	}
	return c.signIn(s)
}

func (s *SMTP) insecure(ctx context.Context, err error) error {
	var clear tls.RecordHeaderError
	if errors.As(err, &clear) {
		return fmt.Errorf("%s does not speak TLS: smtp:// is for port 587, smtps:// for 465", s.server())
	}
	return fmt.Errorf("%s cannot be spoken to in secret: %w: its certificate must be of the name in HOMELINE_SMTP_URL, and from somebody this machine trusts", s.server(), told(ctx, err))
}

func (c *smtpSession) signIn(s *SMTP) error {
	if s.user == "" {
		return nil
	}
	_, offered := c.client.Extension("AUTH")
	for _, m := range []struct {
		name string
		auth smtp.Auth
	}{ // in clear within TLS is what every server has
		{"PLAIN", smtp.PlainAuth("", s.user, s.password, s.host, false)},
		{"LOGIN", smtp.LoginAuth(s.user, s.password, s.host, false)},
		{"SCRAM-SHA-256", smtp.ScramSHA256Auth(s.user, s.password)},
		{"CRAM-MD5", smtp.CRAMMD5Auth(s.user, s.password)},
	} {
		if !slices.Contains(strings.Fields(offered), m.name) {
			continue
		}
		if err := c.client.Auth(m.auth); err != nil {
			return fmt.Errorf("%s does not take the user and password: %w: mend HOMELINE_SMTP_URL", s.server(), told(c.ctx, err))
		}
		return nil
	}
	return fmt.Errorf("%s offers no way to sign in that we know: leave user and password out of HOMELINE_SMTP_URL, or use another port", s.server())
}

// transfer hands over one message.
func (c *smtpSession) transfer(from, to string, content []byte) (name string, err error) {
	if err := c.client.Mail("<" + from + ">"); err != nil {
		return "", ofSender(c.ctx, err)
	}
	if err := c.client.Rcpt("<" + to + ">"); err != nil {
		return "", ofRecipient(c.ctx, err)
	}
	data, err := c.client.Data()
	if err != nil {
		return "", ofContent(c.ctx, err)
	}
	if _, err := data.Write(content); err != nil {
		// The end of the message was not sent, so that it was none.
		return "", &notify.LaterError{Err: fmt.Errorf("the connection ended within the message: %w", told(c.ctx, err))}
	}
	if err := data.Close(); err != nil {
		if code(err) < 400 { // none, or one that means nothing here
			return "", fmt.Errorf("the mail server did not answer the message: %w", told(c.ctx, err))
		}
		return "", ofContent(c.ctx, err)
	}
	if closed, ok := data.(*smtp.DataCloser); ok {
		name = queuedAs(closed.ServerResponse())
	}
	c.bye()
	return name, nil
}

const maxBye = 2 * time.Second

// bye says that nothing more comes. All is settled: what it is answered does not
// matter, and is not waited for long.
func (c *smtpSession) bye() {
	if !c.stop() {
		return // the context has ended, and the connection with it
	}
	c.conn.SetDeadline(time.Now().Add(maxBye))
	_ = c.client.Quit()
}

// hangUp ends the connection without a word.
func (c *smtpSession) hangUp() {
	c.stop()
	c.conn.Close()
}

var queued = regexp.MustCompile(`(?i)\bqueued (?:mail )?(?:as|for delivery as) ([!-~]{1,100})`)

// queuedAs is the queue's name for the message, where the server says it as
// Postfix and its like do.
func queuedAs(response string) string {
	if found := queued.FindStringSubmatch(response); found != nil && !strings.Contains(found[1], "@") {
		return found[1]
	}
	return ""
}

// ourName is what we introduce ourselves as.
func ourName() string {
	if name, err := os.Hostname(); err == nil && validName.MatchString(name) {
		return name
	}
	return "localhost"
}

var validName = regexp.MustCompile(`^[A-Za-z0-9.-]{1,255}$`)

// ended is why the context ended where that is what an error comes from.
func ended(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	var unexpected *net.OpError
	if errors.As(err, &unexpected) && unexpected.Timeout() {
		return context.DeadlineExceeded
	}
	return err
}
