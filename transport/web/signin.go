package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub/identity"
)

func (s *Site) signInRoutes(get, post func(string, http.HandlerFunc)) {
	get("/sign-in", s.open(s.signInForm))
	post("/sign-in", s.open(s.requestLink))
	get(identity.LinkPath+"{secret}", s.open(s.linkForm))
	post(identity.LinkPath+"{secret}", s.open(s.useLink))
	get("/choose", s.open(s.chooseForm))
	post("/choose", s.open(s.choose))
	get("/welcome", s.signedIn(s.welcomeForm))
	post("/welcome", s.signedIn(s.welcome))
	post("/sign-out", s.open(s.signOut))
	post("/sign-out/everywhere", s.open(s.signOutEverywhere))
}

// signInPage asks for an address. Whatever is typed, what follows looks the
// same: the page never says whether an address is known.
type signInPage struct {
	frame
	Address, Next string
	Sent          bool
	Again         *againView
	Gone          string // why whoever was here last is out
}

// front is the way in.
func (s *Site) front(w http.ResponseWriter, r *http.Request, v *visitor) error {
	switch {
	case s.opts.Demo != nil:
		return s.pickPerson(w, r, v)
	case v != nil && v.session.Person != uuid.Nil:
		http.Redirect(w, r, v.home(), http.StatusSeeOther)
	default:
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	}
	return nil
}

func (s *Site) signInForm(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if v != nil && s.opts.Demo == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	p := &signInPage{Next: nextOf(r), Gone: s.goneWords(r)}
	p.Title = s.languageOf(r).Say("sign_in_title")
	return s.showAnyone(w, r, http.StatusOK, "signin", p)
}

func (s *Site) requestLink(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	lang := s.languageOf(r)
	p := &signInPage{Address: r.PostForm.Get("address"), Next: nextOf(r), Again: s.againFrom(r)}
	p.Title = lang.Say("sign_in_title")
	err := s.opts.Identity.RequestLink(r.Context(), p.Address, p.Next, s.opts.ClientIP(r))
	if err == nil {
		p.Sent, p.Title = true, lang.Say("sign_in_sent_title")
		return s.showAnyone(w, r, http.StatusOK, "signin", p)
	}
	wrong, ok := s.refusal(r, lang, err)
	if !ok {
		return err
	}
	wrong.Field = "address"
	p.Problems = []problem{wrong}
	return s.showAnyone(w, r, statusOf(err), "signin", p)
}

// goneWords tells whoever was signed in here last that the roster no longer has
// them, where it is so (R24). Their session is gone with them: their browser
// still knows who it was.
func (s *Site) goneWords(r *http.Request) string {
	district, person, ok := s.last(r)
	if !ok {
		return ""
	}
	p, err := s.opts.Roster.Person(r.Context(), district, person)
	if err != nil || !p.Gone {
		return ""
	}
	d, err := s.opts.Roster.District(r.Context(), district)
	if err != nil {
		return ""
	}
	return s.languageOf(r).Say("sign_in_gone", "district", d.Name)
}

// linkPage has the button that uses a link up: mail scanners open links, but
// press no buttons.
type linkPage struct {
	frame
	Action  string
	Address string // whom it signs in, enough of it to know one's own
}

func (s *Site) linkForm(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	secret := mux.Vars(r)["secret"]
	link, err := s.opts.Identity.CheckLink(r.Context(), secret)
	if err != nil {
		return err
	}
	p := &linkPage{Action: identity.LinkPath + url.PathEscape(secret), Address: masked(link.Address)}
	p.Title = s.languageOf(r).Say("link_title")
	return s.showAnyone(w, r, http.StatusOK, "link", p)
}

// masked keeps the first character of an address and its domain.
func masked(address string) string {
	name, domain, _ := strings.Cut(address, "@")
	_, size := utf8.DecodeRuneInString(name)
	return name[:size] + "…@" + domain
}

func (s *Site) useLink(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	secret := mux.Vars(r)["secret"]
	link, err := s.opts.Identity.CheckLink(r.Context(), secret)
	if err != nil {
		return err
	}
	token, session, err := s.opts.Identity.UseLink(r.Context(), secret)
	if err != nil {
		return err
	}
	s.keepSession(w, token, session)
	return s.land(w, r, session, link.Next)
}

// keepSession gives the browser its session for as long as one that is used
// lasts at most; the server ends it earlier.
func (s *Site) keepSession(w http.ResponseWriter, token string, session identity.Session) {
	age := identity.SessionIdle
	if session.Address == "" {
		age = session.ExpiresAt.Sub(s.opts.Now())
	}
	s.cookies.set(w, sessionCookie, token, age)
}

// land sends who has just signed in, or become somebody, to where they wanted
// to be: by way of what is still to be asked, and of what they had typed when
// their sign-in ended.
func (s *Site) land(w http.ResponseWriter, r *http.Request, session identity.Session, next string) error {
	next = identity.LocalPath(next)
	if session.Person == uuid.Nil {
		http.Redirect(w, r, "/choose?next="+escapeNext(next), http.StatusSeeOther)
		return nil
	}
	v, err := s.describe(r.Context(), r, session)
	if err != nil {
		return err
	}
	s.cookies.set(w, lastCookie, lastText(session.District, session.Person), identity.SessionIdle)
	kept, err := s.restore(w, r, v)
	if err != nil {
		return err
	}
	if kept != "" {
		next = kept
	}
	if next == "/" {
		next = v.home()
	}
	if v.prefs.Language == "" && s.opts.Demo == nil {
		next = "/welcome?next=" + escapeNext(next)
	}
	http.Redirect(w, r, atNew(next), http.StatusSeeOther)
	return nil
}

// nextOf is where to go on after signing in: what the form says, else the page
// that was asked for. It is always a path of ours.
func nextOf(r *http.Request) string {
	if next := r.FormValue("next"); next != "" {
		return identity.LocalPath(next)
	}
	if r.Method != http.MethodGet || r.URL.Path == "/sign-in" || r.URL.Path == "/choose" || r.URL.Path == "/welcome" {
		return "/"
	}
	return identity.LocalPath(r.URL.RequestURI())
}

func escapeNext(next string) string { return url.QueryEscape(next) }
