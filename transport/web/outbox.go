package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"net/mail"
	"path"
	"slices"
	"strings"

	"github.com/gorilla/mux"
)

// outboxPage lists the mails that the demo would have sent.
type outboxPage struct {
	frame
	Mails []mailView
	Mail  *mailView
	More  bool
}

type mailView struct {
	File, To, Subject, When string
	Body                    template.HTML
	Designed                bool // there is a part in HTML too
}

const (
	mostMails = 100
	maxMail   = 256 << 10 // bytes of a mail that are shown
)

func (s *Site) outbox(w http.ResponseWriter, r *http.Request, v *visitor) error {
	p := &outboxPage{}
	p.Title = s.demoLanguage(r, v).Say("outbox_title")
	if s.opts.Demo.Outbox == nil {
		return s.showDemo(w, r, v, "outbox", p)
	}
	files, err := fs.Glob(s.opts.Demo.Outbox, "*.eml")
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	slices.Sort(files) // their names begin with the time
	slices.Reverse(files)
	if len(files) > mostMails {
		files, p.More = files[:mostMails], true
	}
	for _, file := range files {
		m, err := s.readMail(file, v)
		if err != nil {
			return err
		}
		p.Mails = append(p.Mails, m)
	}
	return s.showDemo(w, r, v, "outbox", p)
}

func (s *Site) outboxMail(w http.ResponseWriter, r *http.Request, v *visitor) error {
	file, ok := s.outboxFile(r)
	if !ok {
		return errNoPage
	}
	m, err := s.readMail(file, v)
	if err != nil {
		return errNoPage
	}
	html, err := s.readMailPart(file, "text/html")
	if err != nil {
		return errNoPage
	}
	m.Designed = html != ""
	w.Header().Set("Content-Security-Policy", s.policy(r)+"; frame-src 'self'")
	p := &outboxPage{Mail: &m}
	p.Title = m.Subject
	return s.showDemo(w, r, v, "outbox", p)
}

// outboxHTML is the HTML of a mail, as a mailbox shows it: in a frame of its
// own, in which nothing runs and nothing is loaded, and the links of which lead
// on in the whole window.
func (s *Site) outboxHTML(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	file, ok := s.outboxFile(r)
	if !ok {
		return errNoPage
	}
	html, err := s.readMailPart(file, "text/html")
	if err != nil || html == "" {
		return errNoPage
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, err = io.WriteString(w, strings.Replace(html, "<head>", `<head><base target="_top">`, 1))
	return err
}

func (s *Site) outboxFile(r *http.Request) (file string, ok bool) {
	file = mux.Vars(r)["name"]
	return file, s.opts.Demo.Outbox != nil && path.Ext(file) == ".eml" && fs.ValidPath(file) && !strings.Contains(file, "/")
}

func (s *Site) readMail(file string, v *visitor) (mailView, error) {
	text, err := s.readMailPart(file, "text/plain")
	if err != nil {
		return mailView{}, err
	}
	m, err := s.openMail(file)
	if err != nil {
		return mailView{}, err
	}
	view := mailView{File: file, To: decodeHeader(m.Header.Get("To")), Subject: decodeHeader(m.Header.Get("Subject")), Body: paper(text)}
	if at, err := m.Header.Date(); err == nil && v != nil {
		view.When = v.moment(at).Exact
	}
	return view, nil
}

func (s *Site) openMail(file string) (*mail.Message, error) {
	content, err := fs.ReadFile(s.opts.Demo.Outbox, file)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(content[:min(len(content), maxMail)]))
	if err != nil {
		return nil, fmt.Errorf("outbox: %s: %w", file, err)
	}
	return m, nil
}

func (s *Site) readMailPart(file, kind string) (string, error) {
	m, err := s.openMail(file)
	if err != nil {
		return "", err
	}
	text, err := mailPart(m, kind)
	if err != nil {
		return "", fmt.Errorf("outbox: %s: %w", file, err)
	}
	return text, nil
}
