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
	Drafts     draftsLink
	Sent       string // where the message is, if it was sent already
}

// Nobody says that a family has nobody to write to, and has written nothing that
// would have to be kept.
func (p composePage) Nobody() bool {
	return p.AsFamily && p.Form.Subject == "" && p.Form.Body == "" &&
		!slices.ContainsFunc(p.Families, func(f familyView) bool { return len(f.Teachers) > 0 })
}

type limitsView struct{ Subject, Body int }

// compose is the page to write a message on, as it was left. A new one gets an
// address of its own first.
func (s *Site) compose(w http.ResponseWriter, r *http.Request, v *visitor) error {
	query := r.URL.Query()
	if from, err := uuid.Parse(query.Get("continues")); err == nil {
		return s.continueFrom(w, r, v, from)
	}
	id, err := uuid.Parse(query.Get("new"))
	if err != nil {
		query.Set("new", uuid.NewString())
		http.Redirect(w, r, "/compose?"+query.Encode(), http.StatusSeeOther)
		return nil
	}
	written, err := s.draft(r.Context(), v, newSlot(id))
	if err != nil {
		return err
	}
	if len(written) == 0 {
		return s.beginNew(w, r, v, id)
	}
	form := readCompose(url.Values(written))
	form.Draft, form.Search = id, searchForm{}
	form.Side = sideOf(v, query.Get("side"), written.get("side"))
	if side := written.get("side"); side != "" && form.Side != roster.Side(side) {
		form.To = nil // they were chosen in another part
	}
	return s.showCompose(w, r, v, http.StatusOK, form, nil)
}

// beginNew is the page of a message of which nothing is kept: it is empty but
// for the guardians of the student whose family one writes to, or it was sent.
func (s *Site) beginNew(w http.ResponseWriter, r *http.Request, v *visitor, id uuid.UUID) error {
	sent, err := s.opts.Hub.StartedWith(r.Context(), v.actor(), id)
	if err != nil {
		return fmt.Errorf("compose: %w", err)
	}
	if len(sent) > 0 {
		return s.showSent(w, r, v, http.StatusOK, sent)
	}
	query := r.URL.Query()
	form := composeForm{Draft: id, Key: id, Side: sideOf(v, query.Get("side"))}
	if student, err := uuid.Parse(query.Get("student")); err == nil && form.Side == roster.AsWorker {
		if err := s.addGuardians(r, v, &form, student); err != nil {
			return err
		}
	}
	return s.showCompose(w, r, v, http.StatusOK, form, nil)
}

// addGuardians puts the guardians of a student among the recipients, those whom
// one may write to, and finds the student.
func (s *Site) addGuardians(r *http.Request, v *visitor, form *composeForm, student uuid.UUID) error {
	facts, err := s.opts.Roster.Facts(r.Context(), v.district.ID, []uuid.UUID{student}, v.now)
	if err != nil {
		return fmt.Errorf("compose: %w", err)
	}
	for _, g := range facts.People[student].Guardians {
		form.add(roster.Recipient{Person: g.Guardian, Student: student})
	}
	form.Search = searchForm{Student: student, Searched: true}
	return s.dropRefused(r, v, form)
}

// showSent says that a message was sent already, to somebody who has come back
// to where it was written.
func (s *Site) showSent(w http.ResponseWriter, r *http.Request, v *visitor, status int, sent []uuid.UUID) error {
	p := &composePage{Sent: "/inbox"}
	if len(sent) == 1 {
		p.Sent = conversationPath(sent[0]) + "#new"
	}
	p.Title, p.Section = v.lang.Say("compose_sent_title"), messagesTab(v)
	if byScript(r) { // which takes what is wrong from the page, and leaves the form as it is
		p.Problems = []problem{{Words: v.lang.Say("compose_sent")}}
	}
	return s.show(w, r, v, status, "compose", p)
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
	if do == "discard" {
		return s.discard(w, r, v, form.slot())
	}
	if sent, err := s.sentBefore(r, v, form, do); err != nil || len(sent) > 0 {
		if err != nil {
			return err
		}
		return s.showSent(w, r, v, http.StatusConflict, sent)
	}
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

// sentBefore are the conversations that a form has started already, unless it is
// to be sent: then the hub answers what was stored.
func (s *Site) sentBefore(r *http.Request, v *visitor, form composeForm, do string) ([]uuid.UUID, error) {
	if do == "send" {
		return nil, nil
	}
	sent, err := s.opts.Hub.StartedWith(r.Context(), v.actor(), form.Key)
	if err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	return sent, nil
}

// saveComposed keeps the form. A continuation is kept under the conversation it
// goes on from, which must be the visitor's.
func (s *Site) saveComposed(r *http.Request, v *visitor, form composeForm) error {
	if form.Continues != uuid.Nil {
		if _, err := s.opts.Hub.Conversation(r.Context(), v.actor(), form.Continues); err != nil {
			return fmt.Errorf("continue: %w", err)
		}
	}
	return s.keepDraft(r.Context(), v, form.slot(), draft(form.values()))
}

// press changes the form as one of its buttons does.
func (s *Site) press(r *http.Request, v *visitor, form *composeForm, do, argument string) ([]problem, error) {
	form.Search.After = ""
	switch do {
	case "find":
		form.Search.Searched, form.Search.Student = true, uuid.Nil
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
	var err error
	if p.Drafts, err = s.draftsLink(r.Context(), v, form.slot()); err != nil {
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
