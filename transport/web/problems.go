package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/operation"
)

// problem is something to put right in a form: said in the summary before the
// heading, and again at its field.
type problem struct {
	Field string // the id of the field that the summary links to; empty for none
	Words string
	// Stays says that the focus stays at the button that was pressed: the
	// problem is read out, and nothing is to be put right at once.
	Stays bool
}

// At is what is wrong with a field; without words where nothing is.
func (f *frame) At(field string) problem {
	for _, p := range f.Problems {
		if p.Field == field {
			return p
		}
	}
	return problem{Field: field}
}

// FocusStays says whether all that is wrong leaves the focus where it is.
func (f *frame) FocusStays() bool {
	return !slices.ContainsFunc(f.Problems, func(p problem) bool { return !p.Stays })
}

// refusal puts a refusal of the hub into words. ok is false for what is no
// refusal that a form can show.
func (s *Site) refusal(r *http.Request, lang *words.Language, err error) (problem, bool) {
	var e *hub.Error
	if !errors.As(err, &e) || e.Code == hub.CodeNotFound {
		return problem{}, false
	}
	s.logFailure(r, err)
	key := lang.Or("error_"+string(e.Code)+"_"+e.Field, "error_"+string(e.Code), "error_other")
	words := lang.Say(key)
	if e.Limit > 0 {
		words = lang.Count(key, int64(e.Limit), "got", e.Got)
	}
	return problem{Field: e.Field, Words: words}, true
}

// statusOf is the HTTP status that goes with a refusal.
func statusOf(err error) int { return operation.Status(hub.CodeOf(err)) }

// errorPage says that something cannot be shown, and what to do now.
type errorPage struct {
	frame
	Heading, Words string
	Unsent         string // what was written in vain
	Home           string
}

// fail answers with a page for an error. What is unknown and what is somebody
// else's is the same page (G7).
func (s *Site) fail(w http.ResponseWriter, r *http.Request, v *visitor, err error) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, hub.ErrNotFound), errors.Is(err, roster.ErrNoPerson), errors.Is(err, errNoPage):
		s.errorPage(w, r, v, http.StatusNotFound, "not_found")
	case errors.As(err, &tooLarge):
		s.errorPage(w, r, v, http.StatusRequestEntityTooLarge, "too_large")
	case errors.Is(err, errBadForm):
		s.errorPage(w, r, v, http.StatusBadRequest, "bad_form")
	case errors.Is(err, identity.ErrNoLink):
		s.errorPage(w, r, v, http.StatusNotFound, "link_gone")
	case errors.Is(err, errNoAddressLink):
		s.errorPage(w, r, v, http.StatusNotFound, "address_link_gone")
	case errors.Is(err, errAddressTaken):
		s.errorPage(w, r, v, http.StatusConflict, "address_taken")
	case errors.Is(err, errNoToken):
		s.errorPage(w, r, v, http.StatusNotFound, "no_token")
	case errors.Is(err, replymail.ErrNoReply):
		s.errorPage(w, r, v, http.StatusNotFound, "reply_gone")
	case hub.CodeOf(err) != "":
		s.logFailure(r, err)
		s.errorPage(w, r, v, statusOf(err), string(hub.CodeOf(err)))
	case r.Context().Err() != nil:
		// Whoever asked has gone.
	default:
		s.logFailure(r, err)
		s.errorPage(w, r, v, http.StatusInternalServerError, "failed")
	}
}

// logFailure says why something failed, where that is no answer by a rule.
func (s *Site) logFailure(r *http.Request, err error) {
	if hub.Failed(err) {
		s.opts.Log.ErrorContext(r.Context(), "page failed", "method", r.Method, "path", r.URL.Path, "err", err)
	}
}

// errNoPage is for what this person has no such page of, errBadForm for what no
// form of ours sends, the others for links in mails that lead nowhere.
var (
	errNoPage        = errors.New("no such page for this person")
	errBadForm       = errors.New("the form is malformed")
	errNoAddressLink = errors.New("no such link to change an address")
	errAddressTaken  = errors.New("the address is that of others")
	errNoToken       = errors.New("no such link to end mails")
)

// errorPage shows the words of page_NAME_heading and page_NAME_words, or those
// of the refusal of that name.
func (s *Site) errorPage(w http.ResponseWriter, r *http.Request, v *visitor, status int, name string) {
	lang := s.languageOf(r)
	if v != nil {
		lang = v.lang
	}
	p := &errorPage{Home: "/"}
	p.Heading = lang.Say(lang.Or("page_"+name+"_heading", "page_refused_heading"))
	p.Words = lang.Say(lang.Or("page_"+name+"_words", "error_"+name, "error_other"))
	p.Title = p.Heading
	var err error
	if v != nil {
		p.Home = v.home()
		err = s.show(w, r, v, status, "error", p)
	} else {
		err = s.render(w, r, lang, status, "error", p)
	}
	if err != nil {
		s.opts.Log.ErrorContext(r.Context(), "error page failed", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

func (s *Site) notFound(w http.ResponseWriter, r *http.Request) {
	v, err := s.visitor(r)
	if err != nil {
		v = nil
	}
	s.errorPage(w, r, v, http.StatusNotFound, "not_found")
}

func (s *Site) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	s.errorPage(w, r, nil, http.StatusMethodNotAllowed, "method")
}

func (s *Site) foreign(w http.ResponseWriter, r *http.Request) {
	s.errorPage(w, r, nil, http.StatusForbidden, "foreign")
}
