package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// FindPeople implements roster.Store: those in whose names the text is found,
// without regard to case and accents.
func (s *Store) FindPeople(ctx context.Context, district uuid.UUID, name, after string, limit int) (people []roster.Person, next string, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		people, next, err = findPeopleTx(ctx, tx, district, name, after, roster.PageSize(limit))
		return err
	})
	return people, next, wrap("find people", err)
}

func findPeopleTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, name, after string, limit int) ([]roster.Person, string, error) {
	at, err := placeOf(after)
	if err != nil {
		return nil, "", err
	}
	query := `SELECT sort_key, id FROM person INDEXED BY person_name WHERE district = ? AND (sort_key, id) > (?, ?)`
	args := []any{key(district), at.SortKey, key(at.Person)}
	for _, part := range strings.Fields(roster.Fold(name)) {
		query += ` AND instr(words, ?) > 0`
		args = append(args, part)
	}
	found, err := collect(ctx, tx, scanPlace, query+` ORDER BY sort_key, id LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	ids, next := roster.PageOf(found, limit)
	people, err := peopleTx(ctx, tx, district, ids)
	if err != nil {
		return nil, "", err
	}
	slices.SortFunc(people, func(a, b roster.Person) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return people, next, nil
}
