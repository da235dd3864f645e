package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

const (
	preferenceColumns = `coalesce(f.language, ''), coalesce(f.time_zone, ''), coalesce(f.mail, ''), coalesce(f.daily_at, 0),
		coalesce(f.own_quiet, 0), coalesce(f.quiet_from, ''), coalesce(f.quiet_until, ''), coalesce(f.home_language, '')`
	selectPreferences = `SELECT ` + preferenceColumns + ` FROM preference f WHERE f.district = ?1 AND f.person = ?2`
	savePreferences   = `INSERT INTO preference (district, person, language, time_zone, mail, daily_at, own_quiet, quiet_from, quiet_until)
		SELECT district, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM person WHERE district = ?1 AND id = ?2
		ON CONFLICT (district, person) DO UPDATE SET language = excluded.language, time_zone = excluded.time_zone,
			mail = excluded.mail, daily_at = excluded.daily_at, own_quiet = excluded.own_quiet,
			quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until`
	saveHomeLanguage = `INSERT INTO preference (district, person, language, time_zone, home_language)
		SELECT district, id, '', '', ?3 FROM person WHERE district = ?1 AND sourced_id = ?2
		ON CONFLICT (district, person) DO UPDATE SET home_language = excluded.home_language`
)

// preferred is a row of preferenceColumns.
type preferred struct {
	identity.Preferences
	ownQuiet bool
	quiet    roster.Quiet
}

func (p *preferred) columns() []any {
	return []any{&p.Language, &p.TimeZone, &p.Mail, &p.DailyAt, &p.ownQuiet, &p.quiet.From, &p.quiet.Until, &p.HomeLanguage}
}

func (p *preferred) preferences() identity.Preferences {
	if p.ownQuiet {
		quiet := p.quiet
		p.Quiet = &quiet
	}
	return p.Preferences
}

// Preferences implements identity.Store: empty for who has chosen nothing.
func (s *Store) Preferences(ctx context.Context, district, person uuid.UUID) (identity.Preferences, error) {
	var p preferred
	err := s.reader.QueryRowContext(ctx, selectPreferences, key(district), key(person)).Scan(p.columns()...)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.Preferences{}, nil
	}
	return p.preferences(), wrap("preferences", readFailure(ctx, err))
}

// SavePreferences implements identity.Store. ErrNoPerson where the person is
// not of the district.
func (s *Store) SavePreferences(ctx context.Context, district, person uuid.UUID, p identity.Preferences) error {
	var quiet roster.Quiet
	if p.Quiet != nil {
		quiet = *p.Quiet
	}
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, savePreferences, key(district), key(person),
			p.Language, p.TimeZone, string(p.Mail), p.DailyAt, p.Quiet != nil, quiet.From, quiet.Until)
		if err != nil {
			return err
		}
		return expectRow(r, roster.ErrNoPerson)
	})
	return wrap("save preferences", err)
}

// SaveHomeLanguages implements identity.Store.
func (s *Store) SaveHomeLanguages(ctx context.Context, district uuid.UUID, languages []identity.HomeLanguage) (unknown []string, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		unknown = nil
		for _, l := range languages {
			r, err := tx.ExecContext(ctx, saveHomeLanguage, key(district), l.SourcedID, l.Language)
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil {
				return err
			} else if n == 0 {
				unknown = append(unknown, l.SourcedID)
			}
		}
		return nil
	})
	return unknown, wrap("save home languages", err)
}
