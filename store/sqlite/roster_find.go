package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
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
	if want.Name != "" {
		if err := tx.QueryRowContext(ctx, anyLapsed, q.args...).Scan(&q.lapsed); err != nil {
			return page, fmt.Errorf("bars that have ended: %w", err)
		}
	}
	q.as(want)
	if err := tx.QueryRowContext(ctx, `SELECT count(*)`+q.from(""), q.args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("counting: %w", err)
	}
	ids, next, err := q.page(ctx, tx, want.After, roster.PageSize(want.Limit))
	if err != nil {
		return page, err
	}
	page.Next = next
	page.Students, err = foundStudents(ctx, tx, district, ids, scope.Today)
	return page, err
}

// page are the ids of a page in the order of their names, and where the next
// one begins.
func (q *search) page(ctx context.Context, tx *sql.Tx, after string, limit int) (ids []uuid.UUID, next string, err error) {
	q = q.clone()
	if after != "" {
		at, err := placeOf(after)
		if err != nil {
			return nil, "", err
		}
		q.and(`(s.sort_key, s.person) > (:after_name, :after_person)`, sql.Named("after_name", at.SortKey), sql.Named("after_person", key(at.Person)))
	}
	query := `SELECT s.sort_key, s.person` + q.from("") + fmt.Sprintf(` ORDER BY s.sort_key, s.person LIMIT %d`, limit+1)
	found, err := collect(ctx, tx, scanPlace, query, q.args...)
	if err != nil {
		return nil, "", fmt.Errorf("page: %w", err)
	}
	ids, next = roster.PageOf(found, limit)
	return ids, next, nil
}

func scanPlace(row scanner) (p roster.Place, err error) { return p, row.Scan(&p.SortKey, &p.Person) }

// placeOf is where a page begins.
func placeOf(after string) (roster.Place, error) {
	at, ok := roster.ParsePlace(after)
	if !ok {
		return at, &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	return at, nil
}
