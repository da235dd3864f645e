package sqlite

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

func (s *Store) FindStudents(ctx context.Context, district uuid.UUID, scope roster.Scope, q roster.StudentQuery) (roster.StudentPage, error) {
	panic("not yet")
}
func (s *Store) Facets(ctx context.Context, district uuid.UUID, scope roster.Scope, q roster.StudentQuery) (roster.Facets, error) {
	panic("not yet")
}
func (s *Store) TeachersOf(ctx context.Context, district uuid.UUID, students []uuid.UUID, today roster.Date) ([]roster.TeacherOf, error) {
	panic("not yet")
}
func (s *Store) FindPeople(ctx context.Context, district uuid.UUID, name string, after string, limit int) ([]roster.Person, string, error) {
	panic("not yet")
}
func (s *Store) WouldSeal(ctx context.Context, district uuid.UUID, ended []roster.SnapshotGuardianship) (int, error) {
	panic("not yet")
}
