package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

const (
	preferenceColumns = `f.language, f.time_zone, coalesce(f.mail, ''), coalesce(f.daily_at, 0),
		coalesce(f.own_quiet, false), f.quiet_from, f.quiet_until, f.home_language`
	selectPreferences = `SELECT ` + preferenceColumns + ` FROM preference f WHERE f.district = $1 AND f.person = $2`
	savePreferences   = `INSERT INTO preference (district, person, language, time_zone, mail, daily_at, own_quiet, quiet_from, quiet_until)
		SELECT district, id, $3::text, $4::text, $5::text, $6::integer, $7::boolean, $8::text, $9::text FROM person WHERE district = $1 AND id = $2
		ON CONFLICT (district, person) DO UPDATE SET language = excluded.language, time_zone = excluded.time_zone,
			mail = excluded.mail, daily_at = excluded.daily_at, own_quiet = excluded.own_quiet,
			quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until`
	saveHomeLanguages = `
WITH given AS (SELECT DISTINCT ON (sourced_id) sourced_id, language
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS g (sourced_id, language, no) ORDER BY sourced_id, no DESC),
saved AS (INSERT INTO preference (district, person, language, time_zone, home_language)
    SELECT p.district, p.id, '', '', g.language FROM given g JOIN person p ON p.district = $1 AND p.sourced_id = g.sourced_id
    ORDER BY p.id
    ON CONFLICT (district, person) DO UPDATE SET home_language = excluded.home_language)
SELECT g.sourced_id FROM given g
WHERE NOT EXISTS (SELECT FROM person p WHERE p.district = $1 AND p.sourced_id = g.sourced_id)`
)

// preferred is a row of preferenceColumns, NULL where nothing was chosen.
type preferred struct {
	identity.Preferences
	ownQuiet bool
	quiet    roster.Quiet
}

func (p *preferred) columns() []any {
	return []any{text(&p.Language), text(&p.TimeZone), text(&p.Mail), &p.DailyAt, &p.ownQuiet, text(&p.quiet.From), text(&p.quiet.Until), text(&p.HomeLanguage)}
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
	err := s.readOne(ctx, func(ctx context.Context, q queryer) error {
		return q.QueryRow(ctx, selectPreferences, district, person).Scan(p.columns()...)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.Preferences{}, nil
	}
	return p.preferences(), wrap("preferences", err)
}

// SavePreferences implements identity.Store. ErrNoPerson where the person is
// not of the district.
func (s *Store) SavePreferences(ctx context.Context, district, person uuid.UUID, p identity.Preferences) error {
	var quiet roster.Quiet
	if p.Quiet != nil {
		quiet = *p.Quiet
	}
	return wrap("save preferences", s.changeOne(ctx, roster.ErrNoPerson, savePreferences, district, person,
		kept(p.Language), kept(p.TimeZone), string(p.Mail), p.DailyAt, p.Quiet != nil, kept(quiet.From), kept(quiet.Until)))
}

// SaveHomeLanguages implements identity.Store. Done twice it is done.
func (s *Store) SaveHomeLanguages(ctx context.Context, district uuid.UUID, languages []identity.HomeLanguage) (unknown []string, err error) {
	ids, tags := make([]string, len(languages)), make([]string, len(languages))
	for i, l := range languages {
		ids[i], tags[i] = kept(l.SourcedID), kept(l.Language)
	}
	err = s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, _ bool) error {
		rows, err := tx.Query(ctx, saveHomeLanguages, district, ids, tags)
		unknown, err = scanAll(rows, err, func(id *string) []any { return []any{text(id)} })
		return err
	})
	return unknown, wrap("save home languages", err)
}
