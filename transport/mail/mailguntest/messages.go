package mailguntest

import (
	"net/http"
	"net/mail"
	"strings"
	"time"

	"github.com/gorilla/mux"
)

// Mail is one that the server took.
type Mail struct {
	MessageID string // without angle brackets
	From, To  string
	Subject   string
	Text      string
	HTML      string
	Tags      []string
	Headers   map[string]string // of h:, by name
	Variables map[string]string // of v:, by name
	Options   map[string]string // of o:, but for tags, by name
	At        time.Time
}

const (
	maxMessage = 25 << 20
	maxOptions = 16 << 10 // of o:, h: and v: together
	maxTags    = 3
)

// Mails are those that were taken, in the order in which they were.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Recipients are the addresses by Message-ID, one for each time that it was
// taken.
func (s *Server) Recipients() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	recipients := make(map[string][]string, len(s.mails))
	for _, m := range s.mails {
		recipients[m.MessageID] = append(recipients[m.MessageID], m.To)
	}
	return recipients
}

func (s *Server) send(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxMessage)
	if err := r.ParseMultipartForm(maxMessage); err != nil {
		answer(w, http.StatusBadRequest, "the body is no form")
		return
	}
	m, wrong := s.read(r)
	if wrong != "" {
		answer(w, http.StatusBadRequest, wrong)
		return
	}
	s.mu.Lock()
	s.attempts[m.MessageID]++
	attempt := Attempt{MessageID: m.MessageID, To: m.To, Number: s.attempts[m.MessageID], Caller: mux.Vars(r)["caller"]}
	s.mu.Unlock()
	fault := s.opts.Fault(attempt)
	good := fault.Status == 0 && !fault.Cut && !fault.Half && !fault.Hang
	if good && fault.Slow > 0 && !s.wait(r, fault.Slow) {
		return
	}
	if good || fault.Taken {
		s.take(m)
	}
	if fault.Then != nil && !fault.Half {
		fault.Then()
	}
	if !good {
		s.fail(w, r, fault)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"id": "<" + m.MessageID + ">", "message": "Queued. Thank you."})
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, f Fault) {
	if f.Slow > 0 && !s.wait(r, f.Slow) {
		return
	}
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
		panic(http.ErrAbortHandler)
	case f.Half:
		s.answerHalf(w, f)
	case f.Cut:
		panic(http.ErrAbortHandler)
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Message == "" {
		f.Message = http.StatusText(f.Status)
	}
	answer(w, f.Status, f.Message)
}

func (s *Server) answerHalf(w http.ResponseWriter, f Fault) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "100")
	w.Write([]byte(`{"id": "<`))
	http.NewResponseController(w).Flush()
	if f.Then != nil {
		f.Then()
	}
	panic(http.ErrAbortHandler)
}

// wait is false where the client went away meanwhile.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.closing:
	}
	return false
}

func (s *Server) take(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.At = s.opts.Now()
	s.mails = append(s.mails, m)
	s.happen("accepted", m)
	s.happen("delivered", m)
}

// read is the message of a form, or what the API says is wrong with it.
func (s *Server) read(r *http.Request) (m Mail, wrong string) {
	m = Mail{
		From: r.FormValue("from"), To: r.FormValue("to"), Subject: r.FormValue("subject"),
		Text: r.FormValue("text"), HTML: r.FormValue("html"), Tags: r.Form["o:tag"],
		Headers: make(map[string]string), Variables: make(map[string]string), Options: make(map[string]string),
	}
	size := 0
	for key, values := range r.Form {
		kind, name, found := strings.Cut(key, ":")
		into := map[string]map[string]string{"h": m.Headers, "v": m.Variables, "o": m.Options}[kind]
		if !found || into == nil {
			continue
		}
		if key != "o:tag" {
			into[name] = values[0]
		}
		size += len(key) + len(values[0])
	}
	switch {
	case m.To == "":
		return m, "to parameter is missing"
	case m.From == "":
		return m, "from parameter is missing"
	case m.Text == "" && m.HTML == "":
		return m, "Need at least one of 'text' or 'html' parameters specified"
	case size > maxOptions:
		return m, "Send options (parameters starting with o:, h:, or v:) are limited to 16 kB total"
	case len(m.Tags) > maxTags:
		return m, "Too many tags"
	}
	for _, a := range []struct {
		name  string
		value *string
	}{{"from", &m.From}, {"to", &m.To}} {
		parsed, err := mail.ParseAddress(*a.value)
		if err != nil {
			return m, "'" + a.name + "' parameter is not a valid address. please check documentation"
		}
		*a.value = parsed.Address
	}
	m.MessageID = s.messageID(m.Headers["Message-Id"])
	return m, ""
}

// messageID is the one of the header, or another where it is not one.
func (s *Server) messageID(header string) string {
	id, opened := strings.CutPrefix(header, "<")
	id, closed := strings.CutSuffix(id, ">")
	if !opened || !closed || strings.Count(id, "@") != 1 {
		return newToken()[:24] + "@" + s.opts.Domain
	}
	return id
}
