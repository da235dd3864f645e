package roster

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// mostChoices is how many a facet offers.
const mostChoices = 500

// Choices are the different ones that have a value, in the order of their words;
// at most 500.
func Choices(all []Choice) []Choice {
	type ordered struct {
		Choice
		folded string
	}
	var list []ordered
	seen := map[Choice]bool{}
	for _, c := range all {
		if c.Value != "" && !seen[c] {
			seen[c] = true
			list = append(list, ordered{c, Fold(c.Label)})
		}
	}
	slices.SortFunc(list, func(a, b ordered) int {
		return cmp.Or(cmp.Compare(a.folded, b.folded), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	var some []Choice
	for _, c := range list[:min(len(list), mostChoices)] {
		some = append(some, c.Choice)
	}
	return some
}

// GradeChoices are Choices of grades, the youngest first.
func GradeChoices(grades []string) []Choice {
	all := make([]Choice, len(grades))
	for i, g := range grades {
		all[i] = Choice{Value: g, Label: g}
	}
	offered := Choices(all)
	slices.SortStableFunc(offered, func(a, b Choice) int { return CompareGrades(a.Value, b.Value) })
	return offered
}

// CourseChoices and SectionChoices are Choices of the sections that students
// attend: of their courses, and of themselves.
func CourseChoices(attended []Section) []Choice {
	all := make([]Choice, len(attended))
	for i, s := range attended {
		all[i] = Choice{Value: s.Course, Label: s.Course}
	}
	return Choices(all)
}

// SectionChoices are explained at CourseChoices.
func SectionChoices(attended []Section) []Choice {
	all := make([]Choice, len(attended))
	for i, s := range attended {
		all[i] = Choice{Value: s.ID.String(), Label: SectionName(s.Title, s.Period)}
	}
	return Choices(all)
}

// SectionName is what a class is called: its title with its period.
func SectionName(title, period string) string {
	if period == "" {
		return title
	}
	return title + " · " + period
}

// AttendedBy narrows sections to those of the course and to the one section
// that a search asks for.
func (q StudentQuery) AttendedBy(sections []Section) []Section {
	return slices.DeleteFunc(sections, func(s Section) bool {
		return q.Course != "" && s.Course != q.Course || q.Section != uuid.Nil && s.ID != q.Section
	})
}
