package web

import (
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
	file := mux.Vars(r)["name"]
	if s.opts.Demo.Outbox == nil || path.Ext(file) != ".eml" || !fs.ValidPath(file) || strings.Contains(file, "/") {
		return errNoPage
	}
	m, err := s.readMail(file, v)
	if err != nil {
		return errNoPage
	}
	p := &outboxPage{Mail: &m}
	p.Title = m.Subject
	return s.showDemo(w, r, v, "outbox", p)
}

func (s *Site) readMail(file string, v *visitor) (mailView, error) {
	f, err := s.opts.Demo.Outbox.Open(file)
	if err != nil {
		return mailView{}, fmt.Errorf("outbox: %w", err)
	}
	defer f.Close()
	m, err := mail.ReadMessage(io.LimitReader(f, maxMail))
	if err != nil {
		return mailView{}, fmt.Errorf("outbox: %s: %w", file, err)
	}
	text, err := plainText(m)
	if err != nil {
		return mailView{}, fmt.Errorf("outbox: %s: %w", file, err)
	}
	view := mailView{File: file, To: decodeHeader(m.Header.Get("To")), Subject: decodeHeader(m.Header.Get("Subject")), Body: paper(text)}
	if at, err := m.Header.Date(); err == nil && v != nil {
		view.When = v.moment(at).Exact
	}
	return view, nil
}
