package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// composeForm is all that stands in the compose form, whichever of its buttons
// was pressed: each of them keeps the letter.
type composeForm struct {
	Draft   uuid.UUID // the id of the draft that it is; uuid.Nil if it continues a conversation
	Side    roster.Side
	Key     uuid.UUID
	Subject string
	Body    string
	// Mode is the choice among several families, FamilyMode the one for a single
	// family: fields of their own, so that what was chosen for one family never
	// becomes the choice for several (R19).
	Mode, FamilyMode roster.Mode
	To               []roster.Recipient
	Continues        uuid.UUID
	Search           searchForm
	At               int64 // when the browser client saved it, in milliseconds by its clock
}

// searchForm is the contact search (R18).
type searchForm struct {
	School, Grade, Course, Section, Teacher, Name string
	After                                         string
	Student                                       uuid.UUID // whose family one began to write to
	Searched                                      bool
}

// mostTo bounds how many recipients a form may carry; the district's own limit
// (R7) is far below and said in words.
const mostTo = 1_000

func readCompose(values url.Values) composeForm {
	id := keyOf(values.Get("draft"))
	f := composeForm{
		Side: roster.AsWorker, Draft: id, Key: id,
		Subject: values.Get("subject"), Body: values.Get("body"), Mode: modeIn(values, modeField), FamilyMode: modeIn(values, familyModeField),
		Search: searchForm{
			School: values.Get("school"), Grade: values.Get("grade"), Course: values.Get("course"),
			Section: values.Get("section"), Teacher: values.Get("teacher"), Name: clip(values.Get("name")),
			After: values.Get("after"), Searched: values.Get("searched") != "",
		},
		At: number(values.Get("at")),
	}
	if values.Get("key") != "" {
		f.Key = keyOf(values.Get("key"))
	}
	if student, err := uuid.Parse(values.Get("student")); err == nil {
		f.Search.Student = student
	}
	if values.Get("side") == string(roster.AsFamily) {
		f.Side = roster.AsFamily
	}
	if id, err := uuid.Parse(values.Get("continues")); err == nil {
		f.Continues = id
	}
	for _, typed := range values["to"] {
		if to, ok := parseRecipient(typed); ok && len(f.To) < mostTo {
			f.add(to)
		}
	}
	return f
}

// The fields of the choice of R19.
const (
	modeField       = "mode"
	familyModeField = "family_mode"
)

func modeIn(values url.Values, field string) roster.Mode {
	if mode := roster.Mode(values.Get(field)); mode.Known() {
		return mode
	}
	return ""
}

func (f composeForm) modeField() string {
	if roster.Families(f.To) > 1 {
		return modeField
	}
	return familyModeField
}

// mode is what was chosen for as many families as there are now.
func (f composeForm) mode() roster.Mode {
	if f.modeField() == modeField {
		return f.Mode
	}
	return f.FamilyMode
}

// values is the form as its draft holds it: the message, and not how one found
// whom it is for.
func (f composeForm) values() url.Values {
	v := url.Values{
		"side": {string(f.Side)}, "key": {f.Key.String()}, "draft": {f.Draft.String()}, "subject": {f.Subject}, "body": {f.Body},
	}
	v.Set(f.modeField(), string(f.mode()))
	if f.Continues != uuid.Nil {
		v.Set("continues", f.Continues.String())
	}
	for _, to := range f.To {
		v.Add("to", recipientText(to))
	}
	return v
}

// slot is where the form is kept as a draft.
func (f composeForm) slot() string {
	if f.Continues != uuid.Nil {
		return slotOf(f.Continues)
	}
	return newSlot(f.Draft)
}

// path is the address of the page on which it is written.
func (f composeForm) path() string {
	if f.Continuing() {
		return continuePath(f.Continues)
	}
	return newPath(f.Draft)
}

// newPath is the address of a new message. It is that message's alone: a browser
// that goes back finds the same one there, or that it was sent.
func newPath(draft uuid.UUID) string { return "/compose?new=" + draft.String() }

// Field is the name of the field for the text.
func (f composeForm) Field() string { return bodyFieldOf(f.Key) }

// Continuing says whether the message continues a closed conversation.
func (f composeForm) Continuing() bool { return f.Continues != uuid.Nil }

func (f composeForm) request() hub.StartRequest {
	return hub.StartRequest{
		Key: f.Key, Side: f.Side, Subject: f.Subject, Body: f.Body,
		Recipients: f.To, Mode: f.mode(), Continues: f.Continues,
	}
}

func (f *composeForm) add(to roster.Recipient) {
	if !slices.Contains(f.To, to) {
		f.To = append(f.To, to)
	}
}

func (f *composeForm) remove(to roster.Recipient) {
	f.To = slices.DeleteFunc(f.To, func(r roster.Recipient) bool { return r == to })
}

func (q searchForm) query() roster.StudentQuery {
	id := func(s string) uuid.UUID {
		parsed, err := uuid.Parse(s)
		if err != nil {
			return uuid.Nil
		}
		return parsed
	}
	return roster.StudentQuery{
		Student: q.Student, School: id(q.School), Grade: q.Grade, Course: q.Course, Section: id(q.Section),
		Teacher: id(q.Teacher), Name: q.Name, After: q.After,
	}
}

// A recipient is written PERSON:STUDENT in forms and on buttons.
func recipientText(to roster.Recipient) string { return to.Person.String() + ":" + to.Student.String() }

func parseRecipient(s string) (roster.Recipient, bool) {
	person, student, found := strings.Cut(s, ":")
	p, err := uuid.Parse(person)
	if err != nil || !found {
		return roster.Recipient{}, false
	}
	st, err := uuid.Parse(student)
	return roster.Recipient{Person: p, Student: st}, err == nil
}
