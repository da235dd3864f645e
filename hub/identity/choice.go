package identity

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Choice is somebody whom the address of a session opens, with the students
// they are guardian of and not barred from, so that one knows them apart.
type Choice struct {
	Person   roster.Person
	Students []roster.Person
}

// Choices are the people whom the session may be: those whom its address opens
// (R28), or, where it was made by a command or is fixed, its own person alone.
// By name.
func (s *Service) Choices(ctx context.Context, session Session) ([]Choice, error) {
	ids, err := s.eligible(ctx, session)
	if err != nil {
		return nil, err
	}
	facts, err := s.people.Facts(ctx, session.District, ids, s.now())
	if err != nil {
		return nil, fmt.Errorf("facts of the people: %w", err)
	}
	choices := make([]Choice, 0, len(ids))
	for _, id := range ids {
		p, ok := facts.People[id]
		if !ok {
			continue
		}
		choices = append(choices, Choice{Person: p.Person, Students: studentsOf(facts, p)})
	}
	slices.SortFunc(choices, func(a, b Choice) int { return byName(a.Person, b.Person) })
	return choices, nil
}

// Choose makes the session that of another of its address's people. Pages that
// are open as the one before are closed. ErrNotFound for anybody else.
func (s *Service) Choose(ctx context.Context, session Session, person uuid.UUID) error {
	ids, err := s.eligible(ctx, session)
	if err != nil {
		return err
	}
	if !slices.Contains(ids, person) {
		return hub.ErrNotFound
	}
	if person == session.Person {
		return nil
	}
	if err := s.store.ChoosePerson(ctx, session.ID, person); err != nil {
		return fmt.Errorf("choosing the person: %w", err)
	}
	s.publishOut(ctx, session, session.ID)
	return nil
}

func (s *Service) eligible(ctx context.Context, session Session) ([]uuid.UUID, error) {
	if session.Address == "" || session.Fixed {
		return []uuid.UUID{session.Person}, nil
	}
	holders, err := s.store.HoldersIn(ctx, session.District, session.Address)
	if err != nil {
		return nil, fmt.Errorf("holders of the address: %w", err)
	}
	var ids []uuid.UUID
	for _, h := range openable(holders) {
		ids = append(ids, h.Person)
	}
	return ids, nil
}

func studentsOf(facts roster.Facts, p roster.PersonFacts) []roster.Person {
	var students []roster.Person
	for _, g := range p.Students {
		barred := slices.ContainsFunc(p.Bars, func(b roster.Bar) bool {
			return b.Guardian == p.ID && b.Student == g.Student
		})
		if student, ok := facts.People[g.Student]; ok && !barred && !student.Gone {
			students = append(students, student.Person)
		}
	}
	slices.SortFunc(students, byName)
	return students
}

func byName(a, b roster.Person) int {
	return cmp.Or(cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.SourcedID, b.SourcedID))
}
