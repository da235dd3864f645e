package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// visitor is who asks for a page, with what every page needs to know of them.
type visitor struct {
	session  identity.Session
	person   roster.Person
	district roster.District
	prefs    identity.Preferences
	lang     *words.Language
	zone     *time.Location
	epoch    uuid.UUID // of head and whatever else the page shows
	head     hub.Head
	now      time.Time

	facts *roster.Facts // see Site.facts
}

func (v *visitor) actor() hub.Actor {
	return hub.Actor{District: v.session.District, Person: v.session.Person}
}

// home is where somebody begins.
func (v *visitor) home() string {
	if v.person.Staff() {
		return "/dashboard"
	}
	return "/inbox"
}

func (v *visitor) moment(t time.Time) words.Moment { return v.lang.Moment(t, v.now, v.zone) }

// task is a handler for somebody signed in. Its error becomes a page.
type task func(w http.ResponseWriter, r *http.Request, v *visitor) error

// signedIn lets a task be done by whoever is signed in, as one of their
// address's people. Others sign in first; what they had typed is kept.
func (s *Site) signedIn(do task) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := s.visitor(r)
		switch {
		case errors.Is(err, identity.ErrNoSession):
			s.signInFirst(w, r)
			return
		case err != nil:
			s.fail(w, r, nil, err)
			return
		case v.session.Person == uuid.Nil:
			http.Redirect(w, r, "/choose?next="+escapeNext(nextOf(r)), http.StatusSeeOther)
			return
		}
		s.refreshCookie(w, r, v)
		if r.Method == http.MethodPost {
			if err := parseForm(r); err != nil {
				s.fail(w, r, v, badForm(err))
				return
			}
			plainNames(r.PostForm)
		}
		if !s.pace.Allow(v.person.ID.String()) {
			s.fail(w, r, v, &hub.Error{Code: hub.CodeRateLimited})
			return
		}
		do := do
		if ofOthers(v, r.PostForm.Get(readerField)) {
			do = s.refuseOthers
		}
		if err := do(w, r, v); err != nil {
			s.fail(w, r, v, err)
		}
	}
}

// refreshCookie lets the browser keep a session for as long as the server does,
// where that has just been extended.
func (s *Site) refreshCookie(w http.ResponseWriter, r *http.Request, v *visitor) {
	if v.session.Address != "" && v.session.ExpiresAt.Sub(v.now) > identity.SessionIdle-time.Minute {
		s.keepSession(w, s.cookies.get(r, sessionCookie), v.session)
	}
}

// open serves a page that needs no sign-in; v is nil for who has not signed in.
func (s *Site) open(do task) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := s.visitor(r)
		if err != nil && !errors.Is(err, identity.ErrNoSession) {
			s.fail(w, r, nil, err)
			return
		}
		if err := do(w, r, v); err != nil {
			s.fail(w, r, v, err)
		}
	}
}

// visitor returns identity.ErrNoSession where nobody is signed in.
func (s *Site) visitor(r *http.Request) (*visitor, error) {
	token := s.cookies.get(r, sessionCookie)
	if token == "" {
		return nil, identity.ErrNoSession
	}
	session, err := s.opts.Identity.Authenticate(r.Context(), token)
	if err != nil {
		return nil, err
	}
	return s.describe(r.Context(), r, session)
}

func (s *Site) describe(ctx context.Context, r *http.Request, session identity.Session) (*visitor, error) {
	v := &visitor{session: session, now: s.opts.Now()}
	var err error
	if v.district, err = s.opts.Roster.District(ctx, session.District); err != nil {
		return nil, fmt.Errorf("district of the session: %w", err)
	}
	if session.Person != uuid.Nil {
		if v.person, err = s.opts.Roster.Person(ctx, session.District, session.Person); err != nil {
			return nil, fmt.Errorf("person of the session: %w", err)
		}
		if v.prefs, err = s.opts.Identity.Preferences(ctx, session); err != nil {
			return nil, fmt.Errorf("preferences: %w", err)
		}
		if v.epoch, err = s.opts.Epoch(ctx); err != nil { // before what it is of
			return nil, fmt.Errorf("epoch: %w", err)
		}
		if v.head, err = s.opts.Hub.Unread(ctx, v.actor()); err != nil {
			return nil, fmt.Errorf("unread: %w", err)
		}
	}
	v.lang = s.look.words.Language(v.prefs.Language, r.Header.Get("Accept-Language"), v.prefs.HomeLanguage, v.district.Settings.Language)
	v.zone = zoneOf(v.prefs.TimeZone, v.district)
	return v, nil
}

// zoneOf is the zone a person chose, else the district's.
func zoneOf(chosen string, d roster.District) *time.Location {
	if chosen != "" {
		if loc, err := time.LoadLocation(chosen); err == nil {
			return loc
		}
	}
	return d.Settings.Location()
}

// names gives people by their id, for showing who takes part.
type names map[uuid.UUID]roster.Person

func (n names) first(id uuid.UUID) string { return words.Isolate(n[id].FirstName()) }

func (s *Site) people(ctx context.Context, v *visitor, ids []uuid.UUID) (names, error) {
	found := names{}
	if len(ids) == 0 {
		return found, nil
	}
	people, err := s.opts.Roster.People(ctx, v.district.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	for _, p := range people {
		found[p.ID] = p
	}
	return found, nil
}
