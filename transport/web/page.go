package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static"
	"github.com/homeline/homeline/static/words"
)

// look holds the templates, parsed once for each language, so that a page says
// everything in one.
type look struct {
	words *words.Catalogue
	pages map[string]map[string]*template.Template // language, page
}

// partials are the templates that pages share.
const partials = "parts/*.html"

func loadLook(a *assets) (*look, error) {
	catalogue, err := words.Load()
	if err != nil {
		return nil, err
	}
	l := &look{words: catalogue, pages: map[string]map[string]*template.Template{}}
	files := static.Templates()
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	for _, lang := range catalogue.Languages() {
		shared, err := template.New("").Funcs(funcs(lang, a)).ParseFS(files, partials)
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		l.pages[lang.Tag] = map[string]*template.Template{}
		for _, name := range names {
			page, err := template.Must(shared.Clone()).ParseFS(files, name)
			if err != nil {
				return nil, fmt.Errorf("templates: %w", err)
			}
			l.pages[lang.Tag][strings.TrimSuffix(path.Base(name), ".html")] = page
		}
	}
	return l, nil
}

func funcs(lang *words.Language, a *assets) template.FuncMap {
	return template.FuncMap{
		"t":       lang.Say,
		"n":       func(key string, count any, pairs ...any) string { return lang.Count(key, whole(count), pairs...) },
		"asset":   a.path,
		"table":   newTable,
		"radio":   newRadio,
		"choose":  newChoose,
		"scripts": a.scripts,
		"lang":    func() *words.Language { return lang },
	}
}

func whole(count any) int64 {
	switch n := count.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	}
	panic(fmt.Sprintf("web: a template counts a %T", count))
}

// frame is what every page has around its own content.
type frame struct {
	Title    string
	Visitor  *visitorView // nil where nobody is signed in
	Said     string       // the confirmation of what was just done
	Problems []problem
	Mailbox  *mailboxView // that the reader's own address takes no mail
	Section  string       // which tab of the header one is in: dashboard, students, messages
	Demo     *demoBar
}

// page is a page's own content with its frame.
type page interface{ base() *frame }

func (f *frame) base() *frame { return f }

// visitorView is what the header says of the reader.
type visitorView struct {
	PersonID, Name, District, Zone string
	Staff, Family                  bool
	Unread, Version                int64
	Epoch                          string
	MayChange                      bool // others share the address that one signed in with (R28)
	Home                           string
}

func (v *visitor) view() *visitorView {
	view := &visitorView{
		District: v.district.Name, Zone: v.zone.String(), Home: v.home(),
	}
	if v.session.Person == uuid.Nil {
		return view
	}
	view.PersonID, view.Name = v.person.ID.String(), v.person.Name()
	view.Staff, view.Family = v.person.Staff(), v.person.IsFamily()
	view.Epoch, view.Unread, view.Version = v.epoch.String(), v.head.Unread, v.head.Version
	return view
}

// show renders a page for somebody signed in.
func (s *Site) show(w http.ResponseWriter, r *http.Request, v *visitor, status int, name string, p page) error {
	f := p.base()
	f.Visitor = v.view()
	var err error
	if f.Visitor.MayChange, err = s.mayChange(r, v); err != nil {
		return err
	}
	if openedByPerson(r) {
		f.Said = s.takeFlash(w, r, v.lang)
	}
	if err := s.addDemoBar(r, f, v); err != nil {
		return err
	}
	return s.render(w, r, v.lang, status, name, p)
}

// showAnyone renders a page for who has not signed in, in the language that
// their browser asks for.
func (s *Site) showAnyone(w http.ResponseWriter, r *http.Request, status int, name string, p page) error {
	return s.showIn(w, r, s.languageOf(r), status, name, p)
}

func (s *Site) showIn(w http.ResponseWriter, r *http.Request, lang *words.Language, status int, name string, p page) error {
	if err := s.addDemoBar(r, p.base(), nil); err != nil { // to the mail that the page asks to look into
		return err
	}
	return s.render(w, r, lang, status, name, p)
}

// languageOfReader is for pages that a mail leads to: that of the mail, where its
// reader has chosen one.
func (s *Site) languageOfReader(r *http.Request, d roster.District, person uuid.UUID) *words.Language {
	prefs, err := s.opts.Identity.Preferences(r.Context(), identity.Session{District: d.ID, Person: person})
	if err != nil {
		s.opts.Log.WarnContext(r.Context(), "a page is in the language of the browser", "error", err)
	}
	return s.look.words.Language(prefs.Language, r.Header.Get("Accept-Language"), prefs.HomeLanguage, d.Settings.Language)
}

func (s *Site) languageOf(r *http.Request) *words.Language {
	return s.look.words.Language(r.Header.Get("Accept-Language"))
}

func (s *Site) render(w http.ResponseWriter, r *http.Request, lang *words.Language, status int, name string, p page) error {
	b, err := s.execute(lang, name, "layout", p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", lang.Tag)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b) // a browser that has gone needs no answer
	}
	return nil
}

// fragment renders one part of a page, for the browser client.
func (s *Site) fragment(w http.ResponseWriter, lang *words.Language, pageName, part string, data any) error {
	b, err := s.execute(lang, pageName, part, data)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b) // a browser that has gone needs no answer
	return nil
}

// execute renders into memory first: a page that fails half-way becomes an
// error page, not half a page.
func (s *Site) execute(lang *words.Language, name, part string, data any) ([]byte, error) {
	t, ok := s.look.pages[lang.Tag][name]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, part, data); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return b.Bytes(), nil
}
