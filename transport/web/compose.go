package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

type composePage struct {
	frame
	Form       composeForm
	Slot       string
	DraftAt    string
	AsFamily   bool
	BothSides  bool // one may write as staff, or as family
	Off        bool
	MayNot     string   // why the reader begins no conversation
	Granted    []string // why one finds students beyond the roster's
	Facets     []facetView
	Results    *resultsView
	Families   []familyView // for families: the teachers of each student
	Recipients []recipientView
	Twice      string // how many people they are, where some are named for several students
	Audience   audienceView
	Limits     limitsView
}

// Nobody says that a family has nobody to write to, and has written nothing that
// would have to be kept.
func (p composePage) Nobody() bool {
	return p.AsFamily && p.Form.Subject == "" && p.Form.Body == "" &&
		!slices.ContainsFunc(p.Families, func(f familyView) bool { return len(f.Teachers) > 0 })
}

type limitsView struct{ Subject, Body int }

// compose is the page to write a new letter on, as it was left.
func (s *Site) compose(w http.ResponseWriter, r *http.Request, v *visitor) error {
	query := r.URL.Query()
	if from, err := uuid.Parse(query.Get("continues")); err == nil {
		return s.continueFrom(w, r, v, from)
	}
	written, err := s.draft(r.Context(), v, composeSlot)
	if err != nil {
		return err
	}
	form := readCompose(url.Values(written))
	form.Side = sideOf(v, query.Get("side"), written.get("side"))
	if side := written.get("side"); side != "" && form.Side != roster.Side(side) {
		form.To = nil // they were chosen in another part
	}
	if query.Get("do") == "find" {
		form.Search = searchForm{Name: clip(query.Get("name")), Searched: true}
	}
	return s.showCompose(w, r, v, http.StatusOK, form, nil)
}

// sideOf is the part in which somebody writes: the one they ask for, where they
// hold it.
func sideOf(v *visitor, wishes ...string) roster.Side {
	switch {
	case !v.person.Staff():
		return roster.AsFamily
	case !v.person.IsFamily():
		return roster.AsWorker
	}
	for _, wish := range wishes {
		if side := roster.Side(wish); side == roster.AsFamily || side == roster.AsWorker {
			return side
		}
	}
	return roster.AsWorker
}

// composePosted does what the pressed button says. The letter is kept as a
// draft first, whatever happens then.
func (s *Site) composePosted(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	form := readCompose(r.PostForm)
	form.Side = sideOf(v, r.PostForm.Get("side"))
	do, argument, _ := strings.Cut(r.PostForm.Get("do"), ":")
	problems, err := s.press(r, v, &form, do, argument)
	if err != nil {
		return err
	}
	if err := s.saveComposed(r, v, form); err != nil {
		return err
	}
	if do == "send" {
		return s.send(w, r, v, form)
	}
	return s.showCompose(w, r, v, http.StatusOK, form, problems)
}

// saveComposed keeps the form. A continuation is kept under the conversation it
// goes on from, which must be the visitor's.
func (s *Site) saveComposed(r *http.Request, v *visitor, form composeForm) error {
	if form.Continues != uuid.Nil {
		if _, err := s.opts.Hub.Conversation(r.Context(), v.actor(), form.Continues); err != nil {
			return fmt.Errorf("continue: %w", err)
		}
	}
	return s.saveDraft(r.Context(), v, form.slot(), draft(form.values()))
}

// press changes the form as one of its buttons does.
func (s *Site) press(r *http.Request, v *visitor, form *composeForm, do, argument string) ([]problem, error) {
	form.Search.After = ""
	switch do {
	case "find":
		form.Search.Searched = true
	case "page":
		form.Search.Searched, form.Search.After = true, argument
	case "add", "remove":
		to, ok := parseRecipient(argument)
		if !ok {
			return nil, badForm(errors.New("no such recipient"))
		}
		form.Search.After = r.PostForm.Get("after")
		if do == "add" {
			return addOne(v, form, to), nil
		}
		form.remove(to)
	case "removeall":
		form.To = nil
	case "addall":
		return s.addAll(r, v, form, argument == "guardians")
	}
	return nil, nil
}

// addOne adds a recipient, or says that there are as many as may be.
func addOne(v *visitor, form *composeForm, to roster.Recipient) []problem {
	before := roster.People(form.To)
	added := *form
	added.To = slices.Clone(form.To)
	added.add(to)
	if now := roster.People(added.To); now > before && now > roster.MaxRecipients {
		return []problem{{Field: "recipients", Words: v.lang.Count("error_add_one", roster.MaxRecipients, "got", before), Stays: true}}
	}
	form.To = added.To
	return nil
}

// send starts the conversations and leads back to the inbox (R20).
func (s *Site) send(w http.ResponseWriter, r *http.Request, v *visitor, form composeForm) error {
	started, err := s.opts.Hub.Start(r.Context(), v.actor(), form.request())
	if err != nil {
		return s.notSent(w, r, v, form, err)
	}
	if err := s.forgetDraft(r.Context(), v, form.slot()); err != nil {
		return err
	}
	s.flash(w, saidSent, len(started.Receipts))
	goOn(w, r, "/inbox")
	return nil
}

func (s *Site) notSent(w http.ResponseWriter, r *http.Request, v *visitor, form composeForm, err error) error {
	first, ok := s.refusal(r, v.lang, err)
	if !ok {
		return err
	}
	problems := []problem{first}
	if hub.CodeOf(err) == hub.CodeKeyReused {
		form.Key = uuid.New()
	}
	if hub.CodeOf(err) == hub.CodeRequired || hub.CodeOf(err) == hub.CodeTooLong {
		problems = missing(v, form, first)
	}
	return s.showCompose(w, r, v, statusOf(err), form, problems)
}

// missing says everything that is missing at once, with what the hub named.
func missing(v *visitor, form composeForm, named problem) []problem {
	var problems []problem
	need := func(field string, empty bool) {
		switch {
		case named.Field == field:
			problems = append(problems, named)
		case empty:
			problems = append(problems, problem{Field: field, Words: v.lang.Say("error_required_" + field)})
		}
	}
	need("recipients", len(form.To) == 0)
	need("mode", roster.Families(form.To) > 1 && form.mode() == "")
	need("subject", strings.TrimSpace(form.Subject) == "")
	need("body", strings.TrimSpace(form.Body) == "")
	if len(problems) == 0 {
		problems = []problem{named}
	}
	return problems
}

func (s *Site) showCompose(w http.ResponseWriter, r *http.Request, v *visitor, status int, form composeForm, wrong []problem) error {
	p := &composePage{
		Form: form, Slot: form.slot(), DraftAt: strconv.FormatInt(form.At, 10), AsFamily: form.Side == roster.AsFamily, Off: !v.district.Enabled,
		BothSides: v.person.Staff() && v.person.IsFamily(), Limits: limitsView{hub.MaxSubject, hub.MaxBody},
	}
	p.Title, p.Section, p.Problems = v.lang.Say("compose_title"), messagesTab(v), wrong
	if p.AsFamily && p.BothSides {
		p.Section = "messages"
	}
	if err := s.fillCompose(r, v, p); err != nil {
		return err
	}
	if p.Results != nil {
		p.Title = v.lang.Count("compose_title_found", int64(p.Results.Found))
	}
	return s.show(w, r, v, status, "compose", p)
}

func (s *Site) fillCompose(r *http.Request, v *visitor, p *composePage) error {
	if p.Off {
		return nil
	}
	var err error
	if p.MayNot, err = s.mayNotBegin(r.Context(), v); err != nil || p.MayNot != "" {
		return err
	}
	audience, problems, err := s.audience(r, v, p.Form)
	if err != nil {
		return err
	}
	p.Audience = audience
	for _, wrong := range problems {
		if p.At(wrong.Field).Words == "" {
			p.Problems = append(p.Problems, wrong)
		}
	}
	if p.Recipients, err = s.recipients(r.Context(), v, p.Form, audience.refused); err != nil {
		return err
	}
	p.Twice = namedTwice(v.lang, p.Form.To)
	if p.AsFamily {
		p.Families, err = s.families(r.Context(), v, p.Form, audience.refused)
		return err
	}
	return s.contactSearch(r.Context(), v, p)
}
