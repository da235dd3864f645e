package web

import (
	"fmt"
	"net/http"

	"github.com/homeline/homeline/hub"
)

// dashboardPage is where staff begin: what is unread, and what the district has
// to tell them.
type dashboardPage struct {
	frame
	Unread     []rowView
	Closed     []rowView
	Off        bool
	SealNumber bool
}

const dashboardRows = 5

func (s *Site) dashboard(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if !v.person.Staff() {
		return errNoPage
	}
	found, err := s.opts.Hub.Inbox(r.Context(), v.actor(), hub.InboxQuery{UnreadOnly: true, Limit: dashboardRows})
	if err != nil {
		return fmt.Errorf("dashboard: %w", err)
	}
	v.head = found.Head
	p := &dashboardPage{Off: !v.district.Enabled}
	p.Title, p.Section = v.lang.Say("dashboard_title"), "dashboard"
	if p.Unread, err = s.rows(r.Context(), v, found.Rows); err != nil {
		return err
	}
	markable(r, v, p.Unread)
	if p.Closed, err = s.closed(r.Context(), v); err != nil {
		return err
	}
	facts, err := s.facts(r.Context(), v)
	if err != nil {
		return err
	}
	p.SealNumber = facts.IsDistrictStaff(v.person.ID)
	if p.Mailbox, err = s.ownMailbox(r, v); err != nil {
		return err
	}
	return s.show(w, r, v, http.StatusOK, "dashboard", p)
}
