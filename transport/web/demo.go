package web

import (
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/static/words"
)

// Demo makes the pages those of the demo: whoever opens them may be anybody of
// one district, and reads the mails that would have been sent.
type Demo struct {
	District uuid.UUID
	Cast     []CastMember
	Outbox   fs.FS // the folder of .eml files; nil for none
}

// CastMember is somebody whom the picker shows first.
type CastMember struct {
	Person uuid.UUID
	// Notes say who they are and what to try as them, by language; English
	// stands in.
	Notes map[string]string
}

// note is without the name that it may begin with: the picker shows that above.
func (c CastMember) note(lang *words.Language, name string) string {
	note, ok := c.Notes[lang.Tag]
	if !ok {
		note = c.Notes[words.Fallback]
	}
	if rest, ok := strings.CutPrefix(note, name); ok {
		return strings.TrimLeft(rest, ", ")
	}
	return note
}

func (s *Site) demoRoutes(get, post func(string, http.HandlerFunc)) {
	post("/demo/become", s.open(s.become))
	get("/demo/outbox", s.open(s.outbox))
	get("/demo/outbox/{name}", s.open(s.outboxMail))
	get("/demo/outbox/{name}/html", s.open(s.outboxHTML))
}

// demoBar is the picker in the header.
type demoBar struct {
	Name   string
	People []optionView
}

type pickPage struct {
	frame
	Search string
	Cast   []pickView
	Others []pickView
	More   string
	Second string // the same demo under a host whose cookies are others
}

type pickView struct {
	ID, Name, About, Note, Email string
	Current                      bool
}

func (s *Site) addDemoBar(r *http.Request, f *frame, v *visitor) error {
	if s.opts.Demo == nil {
		return nil
	}
	f.Demo = &demoBar{}
	current := uuid.Nil
	if v != nil {
		f.Demo.Name, current = v.person.Name(), v.person.ID
	}
	cast, err := s.cast(r, s.demoLanguage(r, v), current)
	if err != nil {
		return err
	}
	for _, c := range cast {
		f.Demo.People = append(f.Demo.People, optionView{Value: c.ID, Label: c.Name + " – " + c.About, Selected: c.Current})
	}
	return nil
}

func (s *Site) demoLanguage(r *http.Request, v *visitor) *words.Language {
	if v != nil {
		return v.lang
	}
	return s.languageOf(r)
}

func (s *Site) cast(r *http.Request, lang *words.Language, current uuid.UUID) ([]pickView, error) {
	var views []pickView
	for _, member := range s.opts.Demo.Cast {
		p, err := s.opts.Roster.Person(r.Context(), s.opts.Demo.District, member.Person)
		if err != nil {
			return nil, fmt.Errorf("cast of the demo: %w", err)
		}
		views = append(views, pickView{
			ID: p.ID.String(), Name: p.Name(), About: roleWords(lang, p), Note: member.note(lang, p.Name()), Email: p.Email,
			Current: p.ID == current,
		})
	}
	return views, nil
}

// pickPerson is the first page of the demo: whom to be.
func (s *Site) pickPerson(w http.ResponseWriter, r *http.Request, v *visitor) error {
	lang := s.demoLanguage(r, v)
	current := uuid.Nil
	if v != nil {
		current = v.person.ID
	}
	query := r.URL.Query()
	p := &pickPage{Search: clip(query.Get("name")), Second: secondHost(r)}
	p.Title = lang.Say("pick_title")
	var err error
	if p.Cast, err = s.cast(r, lang, current); err != nil {
		return err
	}
	if query.Has("name") {
		people, next, err := s.opts.Roster.FindPeople(r.Context(), s.opts.Demo.District, p.Search, query.Get("after"), 25)
		if err != nil {
			return fmt.Errorf("searching people: %w", err)
		}
		for _, found := range people {
			p.Others = append(p.Others, pickView{
				ID: found.ID.String(), Name: found.Name(), About: roleWords(lang, found), Email: found.Email, Current: found.ID == current,
			})
		}
		if next != "" {
			p.More = "/?" + url.Values{"name": {p.Search}, "after": {next}}.Encode()
		}
	}
	return s.showDemo(w, r, v, "pick", p)
}

// secondHost is the demo under the other name of this machine: there the same
// browser is somebody else at the same time. Empty where one came by neither.
func secondHost(r *http.Request) string {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	other := map[string]string{"localhost": "127.0.0.1", "127.0.0.1": "localhost"}[strings.ToLower(host)]
	if other == "" {
		return ""
	}
	if port != "" {
		other = net.JoinHostPort(other, port)
	}
	return "http://" + other + "/"
}

func (s *Site) showDemo(w http.ResponseWriter, r *http.Request, v *visitor, name string, p page) error {
	if v != nil {
		return s.show(w, r, v, http.StatusOK, name, p)
	}
	if err := s.addDemoBar(r, p.base(), nil); err != nil {
		return err
	}
	return s.render(w, r, s.languageOf(r), http.StatusOK, name, p)
}

// become makes the browser that person's.
func (s *Site) become(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	person, err := uuid.Parse(r.PostForm.Get("person"))
	if err != nil {
		return errNoPage
	}
	token, session, err := s.opts.Identity.Issue(r.Context(), s.opts.Demo.District, person, 0)
	if err != nil {
		return err
	}
	if v != nil {
		// The session of who one was ends, and with it their open sockets in
		// this browser; other browsers as that person go on.
		if err := s.opts.Identity.SignOut(r.Context(), v.session); err != nil {
			return err
		}
	}
	s.keepSession(w, token, session)
	return s.land(w, r, session, "/")
}
