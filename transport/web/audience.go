package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// recipientView is somebody in the recipients box.
type recipientView struct {
	Value, Name, Part string
	Words             string // name and part: Ana Ruiz, parent of Leo
	Refused           string // why they cannot be written to
}

func (s *Site) recipients(ctx context.Context, v *visitor, form composeForm, refused []hub.Refused) ([]recipientView, error) {
	facts, err := s.recipientFacts(ctx, v, form.To)
	if err != nil {
		return nil, err
	}
	views := make([]recipientView, 0, len(form.To))
	for _, to := range form.To {
		person, ok := facts.People[to.Person]
		if !ok {
			continue // no such person, and so never a recipient
		}
		view := recipientView{Value: recipientText(to), Name: person.Name(), Part: relationTo(v, facts, form.Side, to)}
		view.Words = personView{Name: view.Name, Part: view.Part}.words(v.lang)
		for _, r := range refused {
			if r.Recipient != to {
				continue
			}
			if !named(r.Verdict, person.Person) {
				view.Name, view.Part = v.lang.Say("recipient_unnamed"), ""
				view.Words = view.Name
			}
			view.Refused = verdictWords(v.lang, r.Verdict)
		}
		views = append(views, view)
	}
	return views, nil
}

// namedTwice says how many people the recipients are, where a guardian stands
// among them once for each of several students.
func namedTwice(lang *words.Language, to []roster.Recipient) string {
	students := map[uuid.UUID]int{}
	for _, r := range to {
		students[r.Person]++
	}
	twice := int64(0)
	for _, n := range students {
		if n > 1 {
			twice++
		}
	}
	if twice == 0 {
		return ""
	}
	return lang.Count("recipients_twice", twice, "people", lang.Count("recipients_count", int64(len(students))))
}

func (s *Site) recipientFacts(ctx context.Context, v *visitor, to []roster.Recipient) (roster.Facts, error) {
	if len(to) == 0 {
		return roster.Facts{}, nil
	}
	var ids []uuid.UUID
	for _, r := range to {
		ids = append(ids, r.Person, r.Student)
	}
	facts, err := s.opts.Roster.Facts(ctx, v.district.ID, roster.Distinct(ids), v.now)
	if err != nil {
		return roster.Facts{}, fmt.Errorf("recipients: %w", err)
	}
	return facts, nil
}

// relationTo says what a recipient is to the student: student, parent of Leo,
// teacher of Leo; nothing where they are none of it.
func relationTo(v *visitor, facts roster.Facts, side roster.Side, to roster.Recipient) string {
	student := facts.People[to.Student]
	if to.Person == to.Student {
		return v.lang.Say("part_student")
	}
	for _, g := range student.Guardians {
		if g.Guardian == to.Person {
			return v.lang.Relation(g.Relation, student.FirstName())
		}
	}
	if side == roster.AsFamily {
		return v.lang.Say("part_teacher_of", "students", student.FirstName())
	}
	return ""
}

// named says whether a refusal leaves a recipient's name to be shown: only where
// the verdict itself means that the sender knows them. A form can hold the id of
// anybody in the district, and must not become a way to look up who that is.
func named(verdict roster.Verdict, p roster.Person) bool {
	switch verdict.Code {
	case roster.NotYourself, roster.Barred, roster.TooYoung, roster.NoGuardian, roster.StudentAlone:
		return true
	case roster.StaffToStaff:
		return p.Staff()
	}
	return false
}

func verdictWords(lang *words.Language, verdict roster.Verdict) string {
	return lang.Say(lang.Or("refused_"+string(verdict.Code), "refused"))
}

// audienceView says who will see the letter, and the choice of R19.
type audienceView struct {
	Words   string // who will see it, where there is nothing to choose or it was chosen
	LeftOut string // the students among the recipients whom no conversation is with
	Chosen  string // the way it is said for: without script the page may show another choice by now
	Groups  []string
	Choices []modeView
	Field   string // in which the choice is sent
	Choose  bool   // one of them has to be chosen

	refused []hub.Refused
}

// modeView is one way to put the recipients into conversations, with what it
// comes to in numbers.
type modeView struct {
	Value, Label, Numbers string
	Chosen                bool
}

func (s *Site) audience(r *http.Request, v *visitor, form composeForm) (audienceView, []problem, error) {
	if len(form.To) == 0 {
		return audienceView{}, nil, nil
	}
	ctx := r.Context()
	preview, err := s.opts.Hub.Preview(ctx, v.actor(), form.request())
	var refused *hub.Error
	if errors.As(err, &refused) {
		wrong, _ := s.refusal(r, v.lang, err)
		return audienceView{}, []problem{wrong}, nil
	}
	if err != nil {
		return audienceView{}, nil, fmt.Errorf("audience: %w", err)
	}
	view := audienceView{refused: preview.Refused, Field: form.modeField(), Choose: preview.Families > 1}
	var problems []problem
	switch {
	case len(preview.Refused) > 0:
		problems = []problem{{Field: "recipients", Words: v.lang.Say("error_not_allowed")}}
		return view, problems, nil
	case preview.TooMany != nil:
		wrong, _ := s.refusal(r, v.lang, &hub.Error{
			Code: hub.CodeTooManyRecipients, Field: "recipients", Limit: preview.TooMany.Limit, Got: preview.TooMany.Got,
		})
		problems = []problem{wrong}
	}
	if view.Choices, err = s.modes(ctx, v, form, preview); err != nil {
		return view, nil, err
	}
	for _, choice := range view.Choices {
		if choice.Chosen {
			view.Chosen = choice.Label
		}
	}
	known, err := s.participants(ctx, v, preview)
	if err != nil {
		return view, nil, err
	}
	view.say(v, known, preview)
	return view, problems, nil
}

// say puts the conversations into words.
func (view *audienceView) say(v *visitor, known names, preview hub.Preview) {
	for _, in := range preview.Conversations {
		var people []string
		for _, p := range in {
			if p.Person != v.person.ID {
				people = append(people, personView{
					Name: known[p.Person].Name(), Part: v.lang.Part(p.Ties, known.first),
				}.words(v.lang))
			}
		}
		view.Groups = append(view.Groups, v.lang.ShortParts(people, mostInGroup))
	}
	var leftOut []string
	for _, student := range preview.LeftOut {
		leftOut = append(leftOut, known[student].Name())
	}
	if len(leftOut) > 0 {
		view.LeftOut = v.lang.Say("audience_left_out", "names", v.lang.Short(leftOut, mostInGroup))
	}
	switch len(view.Groups) {
	case 0:
	case 1:
		view.Words = v.lang.Say("audience_one", "names", view.Groups[0])
	default:
		view.Words = v.lang.Count("audience_many", int64(len(view.Groups)))
	}
}

const mostInGroup = 12

func (s *Site) participants(ctx context.Context, v *visitor, preview hub.Preview) (names, error) {
	ids := slices.Clone(preview.LeftOut)
	for _, in := range preview.Conversations {
		for _, p := range in {
			ids = append(ids, p.Person)
			for _, t := range p.Ties {
				ids = append(ids, t.Student)
			}
		}
	}
	return s.people(ctx, v, roster.Distinct(ids))
}

// modes are the choices of R19, each with the conversations and people it comes
// to. Where all are of one family there is a choice only if it would make a
// difference.
func (s *Site) modes(ctx context.Context, v *visitor, form composeForm, preview hub.Preview) ([]modeView, error) {
	offered := []roster.Mode{roster.Together, roster.PerFamily, roster.PerGuardian}
	if preview.Families <= 1 {
		offered = []roster.Mode{roster.Together, roster.PerGuardian}
	}
	var views []modeView
	for _, mode := range offered {
		request := form.request()
		request.Mode = mode
		would, err := s.opts.Hub.Preview(ctx, v.actor(), request)
		if err != nil {
			return nil, fmt.Errorf("audience: %w", err)
		}
		views = append(views, modeOf(v.lang, form, mode, would))
	}
	if preview.Families <= 1 && preview.People <= 1 {
		return nil, nil
	}
	if preview.Families <= 1 && form.mode() == "" && len(views) > 0 {
		views[0].Chosen = true
	}
	return views, nil
}

func modeOf(lang *words.Language, form composeForm, mode roster.Mode, would hub.Preview) modeView {
	conversations := int64(len(would.Conversations))
	numbers := lang.Say("mode_numbers",
		"conversations", lang.Count("conversations", conversations),
		"people", lang.Count("people", int64(would.People)))
	if would.TooMany != nil {
		numbers = lang.Count("mode_too_many", int64(would.TooMany.Limit), "numbers", numbers)
	}
	return modeView{
		Value: string(mode), Label: lang.Say("mode_" + string(mode) + "_" + string(form.Side)), Numbers: numbers,
		Chosen: form.mode() == mode,
	}
}
