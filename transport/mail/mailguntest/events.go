package mailguntest

import (
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"
)

// event is one of a mail. It is shown from shown on.
type event struct {
	Name  string
	Mail  Mail
	At    time.Time
	Shown time.Time
	ID    string
}

const maxPage = 300

// happen is called with the lock held. Events of one moment keep their order.
func (s *Server) happen(name string, m Mail) {
	now := s.opts.Now()
	s.events = append(s.events, event{Name: name, Mail: m, At: now, Shown: now.Add(s.opts.Lag(name)), ID: newToken()[:22]})
}

// Happen adds an event of a message that was taken, as failed or rejected.
func (s *Server) Happen(name, messageID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.mails {
		if m.MessageID == messageID {
			s.happen(name, m)
			return
		}
	}
}

// Reject takes back what happened to a message: its only event is that Mailgun
// rejected it.
func (s *Server) Reject(messageID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.mails {
		if m.MessageID == messageID {
			s.events = slices.DeleteFunc(s.events, func(e event) bool { return e.Mail.MessageID == messageID })
			s.happen("rejected", m)
			return
		}
	}
}

func (s *Server) listEvents(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	offset := 0
	if page := mux.Vars(r)["page"]; page != "" {
		var err error
		if offset, err = strconv.Atoi(page); err != nil {
			answer(w, http.StatusBadRequest, "Invalid page")
			return
		}
	}
	begin, err := mail.ParseDate(query.Get("begin"))
	if err != nil || query.Get("end") == "" && query.Get("ascending") == "" {
		answer(w, http.StatusBadRequest, "Either the end of the range or the direction must be given")
		return
	}
	limit := s.opts.PageSize
	if asked, err := strconv.Atoi(query.Get("limit")); err == nil && asked > 0 {
		limit = min(limit, asked)
	}
	found := s.find(query, begin)
	from := min(offset, len(found))
	to := min(from+limit, len(found))
	next := *r.URL
	next.Path = "/v3/" + s.opts.Domain + "/events/" + strconv.Itoa(to)
	items := make([]map[string]any, 0, to-from)
	for _, e := range found[from:to] {
		items = append(items, e.data())
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"items": items,
		// There is always a next page; the last is empty.
		"paging": map[string]string{"next": s.http.URL + next.RequestURI(), "first": s.http.URL + r.URL.RequestURI()},
	})
}

func (s *Server) find(query url.Values, begin time.Time) []event {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	var found []event
	for _, e := range s.events {
		forgotten := s.opts.Kept > 0 && now.Sub(e.At) > s.opts.Kept
		if e.Shown.After(now) || forgotten || e.At.Before(begin) ||
			!matches(query.Get("message-id"), e.Mail.MessageID) ||
			!matches(query.Get("recipient"), e.Mail.To) || !matches(query.Get("event"), e.Name) {
			continue
		}
		found = append(found, e)
	}
	slices.SortStableFunc(found, func(a, b event) int { return a.At.Compare(b.At) })
	if query.Get("ascending") == "no" {
		slices.Reverse(found)
	}
	return found
}

// matches is the API's filter expression, as far as anybody here uses it.
func matches(filter, value string) bool {
	if filter == "" {
		return true
	}
	return slices.ContainsFunc(strings.Split(filter, " OR "), func(f string) bool { return strings.EqualFold(f, value) })
}

// data is the event as the API writes it.
func (e event) data() map[string]any {
	return map[string]any{
		"event": e.Name, "id": e.ID, "timestamp": float64(e.At.UnixMicro()) / 1e6,
		"recipient": e.Mail.To, "tags": e.Mail.Tags, "user-variables": e.Mail.Variables,
		"message": map[string]any{
			"headers": map[string]string{
				"message-id": e.Mail.MessageID, "to": e.Mail.To, "from": e.Mail.From, "subject": e.Mail.Subject,
			},
		},
		"flags": map[string]bool{"is-test-mode": e.Mail.Options["testmode"] == "yes"},
	}
}
