package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const (
	defaultFound = 25
	mostFound    = 100
)

// FindStudents implements roster.Store.
func (s *Store) FindStudents(ctx context.Context, district uuid.UUID, scope roster.Scope, want roster.StudentQuery) (page roster.StudentPage, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		page, err = findStudentsTx(ctx, tx, district, scope, want)
		return err
	})
	return page, wrap("find students", err)
}

func findStudentsTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, scope roster.Scope, want roster.StudentQuery) (page roster.StudentPage, err error) {
	q, err := newSearch(ctx, tx, district, scope)
	if err != nil {
		return page, err
	}
	q.as(want)
	if err := tx.QueryRowContext(ctx, `SELECT count(*)`+q.from(""), q.args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("counting: %w", err)
	}
	ids, next, err := q.page(ctx, tx, want.After, clampLimit(want.Limit))
	if err != nil {
		return page, err
	}
	page.Next = next
	page.Students, err = foundStudents(ctx, tx, district, ids, scope.Today)
	return page, err
}

func clampLimit(limit int) int {
	if limit <= 0 {
		return defaultFound
	}
	return min(limit, mostFound)
}

// page are the ids of a page in the order of their names, and where the next
// one begins.
func (q *search) page(ctx context.Context, tx *sql.Tx, after string, limit int) (ids []uuid.UUID, next string, err error) {
	q = q.clone()
	if after != "" {
		at, err := parsePlace(after)
		if err != nil {
			return nil, "", err
		}
		q.and(`(s.sort_key, s.person) > (:after_name, :after_person)`, sql.Named("after_name", at.name), sql.Named("after_person", key(at.person)))
	}
	query := `SELECT s.sort_key, s.person` + q.from("") + fmt.Sprintf(` ORDER BY s.sort_key, s.person LIMIT %d`, limit+1)
	found, err := collect(ctx, tx, scanPlace, query, q.args...)
	if err != nil {
		return nil, "", fmt.Errorf("page: %w", err)
	}
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].String()
	}
	for _, f := range found {
		ids = append(ids, f.person)
	}
	return ids, next, nil
}

// place is a place in a list of people by name: behind this one.
type place struct {
	name   string
	person uuid.UUID
}

func scanPlace(row scanner) (p place, err error) { return p, row.Scan(&p.name, &p.person) }

// String is opaque to whoever keeps it.
func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString(append(p.person[:], p.name...))
}

func parsePlace(text string) (p place, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < len(p.person) {
		return p, &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	copy(p.person[:], b)
	p.name = string(bytes.Clone(b[len(p.person):]))
	return p, nil
}
