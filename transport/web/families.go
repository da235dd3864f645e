package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// familyView is one student with their current teachers: all to whom a family
// may write (R4).
type familyView struct {
	Student  string
	Self     bool
	Teachers []teacherView
}

type teacherView struct {
	Value, Name, Teaches string
	Added                bool
	Refused              string // why the reader cannot write to them
}

func (s *Site) families(ctx context.Context, v *visitor, form composeForm, refused []hub.Refused) ([]familyView, error) {
	families, err := s.opts.Hub.Families(ctx, v.actor())
	if err != nil {
		return nil, fmt.Errorf("families: %w", err)
	}
	views := make([]familyView, len(families))
	for i, f := range families {
		views[i] = familyView{Student: f.Student.FirstName(), Self: f.Student.ID == v.person.ID}
		for _, t := range f.Teachers {
			views[i].Teachers = append(views[i].Teachers, teacherOf(v, form, refused, f, t))
		}
	}
	return views, nil
}

// teacherOf names each title once: two sections of a course are one to read.
func teacherOf(v *visitor, form composeForm, refused []hub.Refused, f hub.Family, t hub.FamilyTeacher) teacherView {
	to := roster.Recipient{Person: t.ID, Student: f.Student.ID}
	view := teacherView{
		Value: recipientText(to), Name: t.Name(), Added: slices.Contains(form.To, to),
		Teaches: v.lang.List(slices.Compact(slices.Clone(t.Teaches))),
	}
	for _, r := range refused {
		if r.Recipient == to {
			view.Refused = verdictWords(v.lang, r.Verdict)
		}
	}
	return view
}
